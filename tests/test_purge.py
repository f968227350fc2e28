"""What is deleted when its time has come, and what stays."""

from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.utils import timezone

from events import access, images
from events.models import Event, Link, Status
from tests import pictures
from tests.factories import make_event

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("status", "days", "stays"), [("unconfirmed", 6, True), ("unconfirmed", 8, False)])
def test_an_unconfirmed_event_is_kept_for_seven_days(clock, status, days, stays):
    make_event(status=status)
    clock.shift(timedelta(days=days))

    call_command("purge")

    assert Event.objects.exists() == stays


@pytest.mark.parametrize("status", [status for status in Status if status != Status.UNCONFIRMED])
def test_no_other_event_is_deleted_by_age(clock, status):
    make_event(status=status)
    clock.shift(timedelta(days=1000))

    call_command("purge")

    assert Event.objects.exists()


def test_links_go_when_they_are_no_longer_valid(clock):
    access.make_link(make_event(), purpose=Link.Purpose.CONFIRM, now=timezone.now())
    call_command("purge")
    assert Link.objects.exists()

    clock.shift(timedelta(days=8))
    call_command("purge")

    assert not Link.objects.exists()


def test_a_picture_that_no_event_has_goes_after_two_days(clock):
    lost, used = (images.store(images.clean(pictures.photo())) for _picture in range(2))
    make_event(image=used, image_alt="Sample", image_width=640, image_height=480)
    call_command("purge")
    assert default_storage.exists(f"pictures/{lost}/480.avif")

    clock.move_to(timezone.now() + timedelta(days=400))  # files bear the machine's time, not the clock's of the test
    call_command("purge")

    assert not default_storage.exists(f"pictures/{lost}/480.avif")
    assert default_storage.exists(f"pictures/{used}/480.avif")
