"""A page that was left open while something else happened: nothing is lost, nothing newer is overwritten."""

import os
import re
from datetime import date, time, timedelta

import pytest
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from events import access, amendments, moderation
from events.models import Amendment, Event, Link, Status
from tests.factories import make_city, make_moderator
from tests.organisers import (
    ADDRESS,
    change,
    changes_of,
    errors_in,
    find_link,
    organiser,
    page_of,
    propose,
    start_session,
    take,
    words_of,
)
from tests.organisers import make_own_event as make_event
from tests.reading import text_of
from tests.test_leaks import store_picture

pytestmark = pytest.mark.django_db


def send(inside, event, data, *, name="edit"):
    return inside.post(reverse(f"my-event-{name}", args=[event.pk]), data, follow=True)


def copy_of(inside, event):
    """What a browser sends with the form of a copy."""
    form = page_of(inside, event, "my-event-copy").context["form"]
    data = {name: form[name].value() for name in form.fields} | {"start_date": "2026-12-27", "consent": "on"}
    return {name: value for name, value in data.items() if value not in (None, "", False)}


@pytest.mark.parametrize("decide", [moderation.reopen, moderation.decline])
def test_an_answer_to_a_question_that_was_dropped_meanwhile_is_given_back_and_not_called_sent(decide):
    event, inside, moderator = make_event(status=Status.PENDING), organiser(), make_moderator("DE")
    moderation.return_(event, by=moderator, reason="Is the hall open?")
    answer = changes_of(event, reason="Yes, it is open.")
    decide(Event.objects.get(), by=moderator, reason="No answer.")

    page = send(inside, event, answer)

    assert "Your changes were sent" not in page.text
    assert "Yes, it is open." in page.text
    errors_in(page)


def test_a_word_alone_with_what_is_proposed_already_reaches_the_moderator_once():
    event, inside = make_event(), organiser()
    propose(event, title="Better evening")
    word = changes_of(event, reason="The hall asks for it, please hurry.")

    for _press in range(2):
        assert "Your changes were sent" in send(inside, event, word).text

    assert words_of(inside, event).count("please hurry") == 1
    assert Amendment.objects.get().changes == {"title": "Better evening"}


def take_back(event, inside):
    take(inside, event, "take-back", proposal=Amendment.objects.get().version)


def accept(event, _inside):
    there = Amendment.objects.get()
    amendments.accept(there, by=make_moderator("DE"), version=there.version)


@pytest.mark.parametrize("settle", [take_back, accept])
def test_a_tab_from_before_neither_replaces_nor_takes_back_what_is_proposed_now(settle):
    event, inside = make_event(title="First evening"), organiser()
    old = propose(event, title="Better evening").version
    settle(event, inside)
    stale = changes_of(event, title="Stale evening") | {"proposal": old}
    change(inside, event, title="Newest evening")

    send(inside, event, stale)
    take(inside, event, "take-back", proposal=old)

    assert Amendment.objects.get().changes == {"title": "Newest evening"}


@pytest.mark.parametrize("name", ["edit", "copy"])
def test_a_form_brings_back_no_picture_that_was_deleted_meanwhile(name, clock):
    event, inside = make_event(start_date=date(2026, 12, 1), **store_picture()), organiser()
    stale = changes_of(event, title="Stale evening") if name == "edit" else copy_of(inside, event)
    Event.objects.update(**store_picture())
    age_by_weeks(event.image)
    call_command("purge")

    page = send(inside, event, stale, name=name)

    assert "Choose it again" in errors_in(page)
    assert not Amendment.objects.exists()
    assert Event.objects.count() == 1


def age_by_weeks(name):
    then = (timezone.now() - timedelta(days=20)).timestamp()
    for file in default_storage.listdir(f"pictures/{name}")[1]:
        os.utime(default_storage.path(f"pictures/{name}/{file}"), (then, then))


def test_whoever_was_away_too_long_enters_in_another_tab_and_sends_the_same_page_again():
    event, inside = make_event(title="First evening"), organiser()
    typed = changes_of(event, title="Better evening")
    Link.objects.all().delete()  # the session is over

    page = send(inside, event, typed)

    assert page.status_code == 404
    assert "It is not lost" in text_of(page.text)
    Client().post(reverse("my-events"), {"contact_email": ADDRESS})
    inside.post(find_link())
    assert "Your changes were sent" in send(inside, event, typed).text


def test_whoever_opens_an_own_page_without_having_entered_is_told_how_to_enter():
    page = page_of(Client(), make_event())

    assert page.status_code == 404
    assert "To see this, enter first" in page.text
    assert 'name="contact_email"' in page.text
    assert "It is not lost" not in page.text


def test_a_copy_that_is_sent_while_all_is_being_deleted_leaves_nothing():
    event, inside = make_event(start_date=date(2025, 12, 28)), organiser()
    data, session = copy_of(inside, event), inside.session
    held = access.find_address(session, now=timezone.now())
    Link.objects.all().delete()

    with pytest.raises(access.NotEntered):
        access.hold(session, now=timezone.now())
    inside.post(reverse("my-event-copy", args=[event.pk]), data)

    assert held == ADDRESS
    assert Event.objects.count() == 1


def test_the_second_of_two_tabs_reads_what_of_the_first_it_would_undo():
    event, inside = make_event(status=Status.PENDING, title="First evening"), organiser()
    second = changes_of(event, supporters="Sample Foundation")
    change(inside, event, title="Better evening")

    page = text_of(send(inside, event, second).text)

    told = page[page.index("If you send it now, this changes:") :]
    assert re.search("Name of the event Better evening First evening", told)
    assert re.search("With the support of Sample Foundation", told)


# What follows from a change


@pytest.mark.parametrize(("day", "ends_on"), [("2026-12-28", 28), ("2026-12-30", 30)])
def test_an_event_that_is_moved_lasts_as_long_as_before(day, ends_on):
    fields = {"start_date": date(2026, 12, 29), "start_time": time(19), "end_time": time(23)}
    event, inside = make_event(status=Status.RETURNED, end_date=date(2026, 12, 29), **fields), organiser()

    change(inside, event, start_date=day)

    moved = Event.objects.get()
    assert moved.end_date == date(2026, 12, ends_on)
    assert moved.ends_at - moved.starts_at == timedelta(hours=4)


def test_the_new_city_of_two_that_begin_alike_is_the_one_written():
    kingdom = {"country": "GB", "zone": "Europe/London"}
    long = make_city(id=10, name="Londonderry", search="|londonderry|derry|", latitude=55.0, longitude=-7.3, **kingdom)
    short = make_city(id=11, name="London", search="|london|", latitude=51.5, longitude=-0.12, **kingdom)
    at = {"latitude": 55.0, "longitude": -7.3}
    event = make_event(status=Status.RETURNED, city="Londonderry", place=long, **at, **kingdom)

    change(organiser(), event, city="London")

    assert (Event.objects.get().city, Event.objects.get().place) == ("London", short)


def test_a_known_city_brings_its_zone_after_an_unknown_one_whose_zone_was_chosen():
    make_city(id=20, name="Tomsk", country="RU", zone="Asia/Tomsk", search="|tomsk|", latitude=56.5, longitude=85.0)
    village = {"country": "RU", "city": "Sample village", "place": None, "latitude": None, "longitude": None}
    event = make_event(status=Status.RETURNED, zone="Asia/Yekaterinburg", **village)

    change(organiser(), event, city="Tomsk")

    assert Event.objects.get().zone == "Asia/Tomsk"


def test_the_new_date_of_a_postponed_event_ends_its_postponement():
    event, inside = make_event(start_date=date(2026, 12, 27)), organiser()
    take(inside, event, "postpone")
    change(inside, event, supporters="Sample Foundation")
    accept(event, inside)
    assert Event.objects.get().condition == "postponed"

    change(inside, event, start_date="2026-12-30")
    accept(event, inside)

    assert Event.objects.get().condition == "planned"
    assert "Postponed" not in text_of(Client().get(event.get_absolute_url(), follow=True).text)


def test_what_is_postponed_can_be_cancelled_after_the_date_that_it_had(clock):
    event, inside = make_event(start_date=date(2026, 12, 27)), organiser()
    take(inside, event, "postpone")
    clock.shift(timedelta(days=60))
    inside.cookies["sessionid"] = start_session()
    event.refresh_from_db()

    take(inside, event, "cancel")

    assert Event.objects.get().condition == "cancelled"
