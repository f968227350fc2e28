"""What is deleted when its time has come, and what stays."""

import os
from datetime import date, timedelta

import pytest
from django.contrib.sessions.models import Session
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.utils import timezone
from post_office.models import STATUS, Email

from events import access, images, limits
from events.forms.picture import KEPT_FOR
from events.models import Claim, Event, Link, Report, Status, Trust
from tests import pictures
from tests.factories import make_event, make_moderator
from tests.organisers import ADDRESS, change, make_own_event, organiser, propose, read_tables, start_session

pytestmark = pytest.mark.django_db

PICTURES_FOR = KEPT_FOR + timedelta(days=1)
MARGIN = timedelta(minutes=10)  # longer than a slow machine takes for a picture


def store_picture(*, age):
    """The name of a picture whose files were all written that long ago."""
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


def test_how_an_old_event_was_before_a_change_is_forgotten_and_that_it_was_changed_is_not(clock):
    old, young = (make_own_event(status=Status.PENDING, start_date=date(year, 12, 27)) for year in (2026, 2027))
    for event in (old, young):
        change(organiser(), event, contact_name="Sentinel", title="Better evening")
        change(organiser(), event, contact_name="Another Person", title="Best evening")
    clock.move_to(old.starts_at + timedelta(days=731))

    call_command("purge")

    kept = {event: [*event.steps.values_list("verb", "before")] for event in (old, young)}
    assert kept[old] == [("edit", {}), ("edit", {})]
    assert kept[young][1][1] == {"contact_name": "Sentinel", "title": "Better evening"}


@pytest.mark.parametrize(("days", "stays"), [(89, True), (91, False)])
def test_a_report_about_an_event_that_is_gone_is_kept_for_ninety_days(clock, days, stays):
    event = make_event(status=Status.WITHDRAWN)
    Report.objects.create(event=event, subject="wrong", text="The hall is closed.")
    clock.shift(timedelta(days=days))

    call_command("purge")

    assert Report.objects.exists() == stays


@pytest.mark.parametrize(("days", "stays"), [(729, True), (731, False)])
def test_trust_ends_when_the_last_event_of_the_address_is_forgotten(clock, days, stays):
    event = make_event(contact_email="Private@Example.org")
    Trust.objects.create(address="private@example.org", country="DE", by=make_moderator("DE"))
    clock.move_to(event.starts_at + timedelta(days=days))

    call_command("purge")

    assert Trust.objects.exists() == stays


def test_trust_stays_with_whoever_has_a_newer_event(clock):
    event = make_event()
    make_event(start_date=date(2027, 12, 27))
    Trust.objects.create(address="private@example.org", country="DE", by=make_moderator("DE"))
    clock.move_to(event.starts_at + timedelta(days=731))

    call_command("purge")

    assert Trust.objects.exists()


@pytest.mark.parametrize(("settled", "days", "stays"), [(True, 89, True), (True, 91, False), (False, 91, True)])
def test_a_report_is_kept_until_ninety_days_after_it_was_settled(clock, settled, days, stays):
    event = make_event()
    facts = {"settled_at": timezone.now(), "settled_by": make_moderator("DE")} if settled else {}
    Report.objects.create(event=event, subject="wrong", text="The hall is closed.", **facts)
    clock.shift(timedelta(days=days))

    call_command("purge")

    assert Report.objects.exists() == stays


@pytest.mark.parametrize(("days", "stays"), [(729, True), (731, False)])
def test_no_report_is_kept_for_longer_than_two_years_after_its_event(clock, days, stays):
    event = make_event()
    Report.objects.create(event=event, subject="wrong", text="The hall is closed.")
    clock.move_to(event.starts_at + timedelta(days=days))

    call_command("purge")

    assert Report.objects.exists() == stays


@pytest.mark.parametrize(("minutes", "stays"), [(4, True), (6, False)])
def test_who_had_an_event_open_is_forgotten_when_the_claim_is_over(clock, minutes, stays):
    until = timezone.now() + timedelta(minutes=5)
    Claim.objects.create(event=make_event(), by=make_moderator("DE"), until=until)
    clock.shift(timedelta(minutes=minutes))

    call_command("purge")

    assert Claim.objects.exists() == stays


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
