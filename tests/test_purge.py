"""What is deleted when its time has come, and what stays."""

import os
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.utils import timezone
from post_office.models import STATUS, Email

from events import access, images, limits
from events.forms.picture import KEPT_FOR
from events.models import Event, Link, Status
from tests import pictures
from tests.factories import make_event
from tests.organisers import ADDRESS, make_own_event, propose, read_tables, start_session

pytestmark = pytest.mark.django_db

PICTURES_FOR = KEPT_FOR + timedelta(days=1)
MARGIN = timedelta(minutes=10)  # longer than a slow machine takes for a picture


def store_picture(*, age):
    """The name of a picture whose files were all written that long ago: else they bear the time of the machine."""
    name = images.store(images.clean(pictures.photo()))
    for path in paths_of(name):
        set_age(path, age)
    return name


def paths_of(name):
    return [default_storage.path(f"pictures/{name}/{file}") for file in default_storage.listdir(f"pictures/{name}")[1]]


def set_age(path, age):
    written = (timezone.now() - age).timestamp()
    os.utime(path, (written, written))


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
    access.make_confirmation(make_event(), now=timezone.now())
    call_command("purge")
    assert Link.objects.exists()

    clock.shift(timedelta(days=8))
    call_command("purge")

    assert not Link.objects.exists()


@pytest.mark.parametrize(("hours", "stays"), [(11, True), (13, False)])
def test_sessions_go_when_they_are_over(clock, hours, stays):
    start_session()
    clock.shift(timedelta(hours=hours))

    call_command("purge")

    assert Session.objects.exists() == stays


@pytest.mark.parametrize(
    ("status", "days", "stays"),
    [
        *[(STATUS.sent, 0.9, True), (STATUS.sent, 1.1, False)],
        *[(STATUS.failed, 29, True), (STATUS.failed, 31, False)],
        *[(STATUS.queued, 1000, True), (STATUS.requeued, 1000, True)],
    ],
)
def test_letters_go_when_they_are_sent_or_given_up(clock, status, days, stays):
    Email.objects.create(from_email="site@example.org", to=["private@example.org"], status=status)
    clock.shift(timedelta(days=days))

    call_command("purge")

    assert Email.objects.exists() == stays


@pytest.mark.parametrize(("days", "contact"), [(729, ("private@example.org", "Sample Person")), (731, ("", ""))])
def test_contacts_are_forgotten_two_years_after_the_event(clock, days, contact):
    event = make_event(contact_name="Sample Person", public_contact="info@example.org")
    clock.move_to(event.starts_at + timedelta(days=days))

    call_command("purge")

    event.refresh_from_db()
    assert (event.contact_email, event.contact_name) == contact
    assert (event.public_contact, event.version) == ("info@example.org", 1)


def test_nothing_else_knows_a_contact_that_is_forgotten(clock):
    source = limits.hash_source(ADDRESS)
    event = make_own_event(contact_name="Sample Person", source=source)
    propose(event, contact_name="Another Person", title="Better evening")
    words = ("sample person", "another person", ADDRESS, source)
    assert all(word in read_tables().lower() for word in words)
    clock.move_to(event.starts_at + timedelta(days=731))

    call_command("purge")

    assert not any(word in read_tables().lower() for word in words)


@pytest.mark.parametrize(("age", "stays"), [(PICTURES_FOR - MARGIN, True), (PICTURES_FOR + MARGIN, False)])
def test_a_picture_that_no_event_has_goes_a_day_after_no_form_brings_it_any_more(age, stays):
    lost, used = (store_picture(age=age) for _picture in range(2))
    make_event(image=used, image_alt="Sample", image_width=640, image_height=480)

    call_command("purge")

    assert default_storage.exists(f"pictures/{lost}/480.avif") == stays
    assert default_storage.exists(f"pictures/{used}/480.avif")


def test_a_picture_is_as_old_as_its_newest_file():
    name = store_picture(age=PICTURES_FOR + MARGIN)
    set_age(paths_of(name)[0], PICTURES_FOR - MARGIN)

    call_command("purge")

    assert default_storage.exists(f"pictures/{name}/480.avif")
