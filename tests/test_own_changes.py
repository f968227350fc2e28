"""An organiser changes an event, proposes a change of a published one, or copies it; nothing typed is lost."""

import re
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from events import amendments, moderation
from events.models import Amendment, Event, Status, Step
from tests import pictures
from tests.factories import make_city, make_moderator
from tests.organisers import (
    ADDRESS,
    change,
    changes_of,
    errors_in,
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

# Changing


def test_an_answer_goes_back_to_the_queue_in_its_place():
    event = make_event(status=Status.PENDING)
    moderation.return_(event, by=make_moderator("DE"), reason="Is the hall open?")

    answer = change(organiser(), event, title="Better evening", reason="Yes, it is.")

    event = Event.objects.get()
    assert (event.status, event.title) == (Status.PENDING, "Better evening")
    assert event.steps.last().reason == "Yes, it is."
    assert "Your changes were sent to a moderator" in answer.text
    assert f'data-draft-done="event-{event.pk}"' in answer.text


def test_the_form_comes_as_the_event_is_and_sending_it_so_changes_nothing():
    event = make_event(**store_picture())

    answer = change(organiser(), event)

    assert "Nothing was changed." in errors_in(answer)
    assert not Amendment.objects.exists()


def test_another_city_is_not_taken_for_the_old_one_where_no_script_says_so():
    event = make_event(status=Status.RETURNED)
    cologne = make_city(id=2, name="Köln", search="|koln|", latitude=50.93, longitude=6.95)

    change(organiser(), event, city="Köln")

    event = Event.objects.get()
    assert (event.place, event.latitude) == (cologne, 50.93)


@pytest.mark.parametrize("with_errors", [False, True])
def test_a_picture_is_kept_replaced_and_removed(with_errors):
    event, inside = make_event(status=Status.RETURNED, **store_picture()), organiser()
    first = event.image
    wrong = {"title": ""} if with_errors else {}

    def send(**fields):
        data = changes_of(event, **fields, **wrong)
        answer = inside.post(reverse("my-event-edit", args=[event.pk]), data)
        if with_errors:
            kept = re.search(r'name="image_kept" value="([^"]*)"', answer.text)
            fields = {**fields, "image_kept": kept[1] if kept else "", "image": None}
            inside.post(reverse("my-event-edit", args=[event.pk]), changes_of(event, **fields))
        event.refresh_from_db()

    send()
    assert event.image == first
    send(image=SimpleUploadedFile("new.jpg", pictures.photo(), "image/jpeg"))
    assert event.image not in {"", first}
    send(image_removed="on")
    assert (event.image, event.image_width, event.image_alt) == ("", None, "")


def test_the_own_picture_of_an_event_is_never_too_old(clock):
    event, inside = make_event(status=Status.RETURNED, **store_picture()), organiser()
    data = changes_of(event)
    clock.shift(timedelta(days=2))
    inside.cookies["sessionid"] = start_session()
    address = reverse("my-event-edit", args=[event.pk])

    inside.post(address, data)

    assert Event.objects.get().image == event.image
    assert Event.objects.get().status == Status.PENDING


def test_what_was_typed_stays_when_a_moderator_was_first():
    event, inside = make_event(status=Status.PENDING), organiser()
    data = changes_of(event, title="Better evening")
    moderation.return_(Event.objects.get(), by=make_moderator("DE"), reason="Is the hall open?")
    address = reverse("my-event-edit", args=[event.pk])

    answer = inside.post(address, data)

    page = text_of(answer.text)
    assert "Something happened to the event" in errors_in(answer)
    assert "returned with a note · a moderator" in page
    assert 'value="Better evening"' in answer.text
    seen = re.search(r'name="version" value="(\d+)"', answer.text)[1]
    inside.post(address, data | {"version": seen})
    assert (Event.objects.get().title, Event.objects.get().status) == ("Better evening", Status.PENDING)


def test_what_was_typed_becomes_a_proposal_when_it_was_published_meanwhile():
    event, inside = make_event(title="First evening", status=Status.PENDING), organiser()
    data = changes_of(event, title="Better evening")
    moderation.publish(Event.objects.get(), by=make_moderator("DE"))
    address = reverse("my-event-edit", args=[event.pk])
    seen = re.search(r'name="version" value="(\d+)"', inside.post(address, data).text)[1]

    inside.post(address, data | {"version": seen})

    assert Event.objects.get().title == "First evening"
    assert Amendment.objects.get().changes == {"title": "Better evening"}


def test_what_was_typed_for_an_event_that_was_declined_can_still_be_read():
    event, inside = make_event(status=Status.PENDING), organiser()
    data = changes_of(event, title="Better evening")
    moderation.decline(Event.objects.get(), by=make_moderator("DE"), reason="Not about the day.")

    answer = inside.post(reverse("my-event-edit", args=[event.pk]), data)

    assert "cannot be changed any more" in errors_in(answer)
    assert 'value="Better evening"' in answer.text


def test_of_two_tabs_the_second_is_told_what_the_first_did():
    event, inside = make_event(), organiser()
    one, two = (changes_of(event, title=title) for title in ("One evening", "Two evening"))
    address = reverse("my-event-edit", args=[event.pk])
    inside.post(address, one)

    answer = inside.post(address, two)

    assert "change proposed · you" in text_of(answer.text)
    assert Amendment.objects.get().changes == {"title": "One evening"}
    seen = re.search(r'name="proposal" value="(\d+)"', answer.text)[1]
    inside.post(address, two | {"proposal": seen})
    assert Amendment.objects.get().changes == {"title": "Two evening"}


def test_sending_a_change_twice_is_no_fault():
    event, inside = make_event(status=Status.PENDING), organiser()
    data = changes_of(event, title="Better evening")
    answers = [inside.post(reverse("my-event-edit", args=[event.pk]), data) for _time in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert Step.objects.count() == 1


# Proposals


def test_a_change_of_a_published_event_is_seen_by_nobody_until_it_is_accepted():
    event = make_event(title="First evening", **store_picture())
    doors = ["/en/", "/en/events/", "/en/countries/de/", event.get_absolute_url(), f"/events/{event.pk}.ics"]
    doors += ["/en/editions/", "/en/around-the-clock/", "/en/events/?q=first"]
    before = {door: Client().get(door).content for door in doors}

    new = SimpleUploadedFile("new.jpg", pictures.photo(), "image/jpeg")
    amendment = propose(event, title="Sentinel evening", city="Sentineltown", start_time="20:00", image=new)

    assert {door: Client().get(door).content for door in doors} == before
    assert Client().get(reverse("picture", args=[amendment.image, 480, "avif"])).status_code == 404
    page = page_of(organiser(), event).text
    for name in (event.image, amendment.image):
        address = re.search(rf'/pictures/{name}-480.avif\?key=[^ "]+', page)[0]
        assert Client().get(address).getvalue()
    amendments.accept(amendment, by=make_moderator("DE"), version=1)
    assert all(Client().get(door).content != before[door] for door in doors[:5])


def test_what_is_proposed_stands_beside_what_is_published():
    event = make_event(title="First evening", languages="az")
    propose(event, title="Better evening", languages=["az", "ru"])

    page = page_of(organiser(), event).text

    assert "<del>First evening</del>" in page
    assert "<ins>Better evening</ins>" in page
    assert "Azerbaijani, Russian" in page


def test_a_refused_change_is_shown_with_its_reason_and_can_be_sent_anew():
    event = make_event()
    amendment = propose(event, title="Better evening")
    amendments.refuse(amendment, by=make_moderator("DE"), version=1, reason="Too long.")

    page = text_of(page_of(organiser(), event).text)
    assert "A moderator could not accept your change" in page
    assert "Too long." in page
    assert changes_of(event)["title"] == "Better evening"
    assert propose(event, title="Best evening").is_refused is False


def test_a_proposal_that_a_cancellation_overtook_is_to_be_sent_again():
    event, inside = make_event(), organiser()
    propose(event, title="Better evening")
    take(inside, event, "postpone")

    assert "Look at it once more and send it again" in words_of(inside, event)
    assert propose(event).is_outdated is False


def test_a_proposal_is_taken_back():
    event, inside = make_event(title="First evening"), organiser()
    propose(event, title="Better evening")

    page = inside.get(reverse("my-event", args=[event.pk])).text
    assert '<input type="hidden" name="proposal" value="1">' in page
    answer = take(inside, event, "take-back", proposal=1)

    assert "Your change is taken back" in answer.text
    assert not Amendment.objects.exists()
    assert "First evening" in words_of(inside, event)


@pytest.mark.parametrize("proposal", ["1", "", "x", "99999999999999999999"])
def test_a_tab_that_was_left_open_takes_no_newer_proposal_back(proposal):
    event, inside = make_event(title="First evening"), organiser()
    for title in ("Better evening", "Best evening"):
        change(inside, event, title=title)

    take(inside, event, "take-back", proposal=proposal)

    assert Amendment.objects.get().changes["title"] == "Best evening"


# Copying


def test_a_copy_of_an_old_event_has_all_but_the_dates_and_waits_for_a_moderator():
    old = make_event(
        start_date=date(2024, 12, 28), place=make_city(), supporters="Sample Foundation", **store_picture()
    )
    inside = organiser()
    form = page_of(inside, old, "my-event-copy").context["form"]
    assert (form["supporters"].value(), form["start_date"].value()) == ("Sample Foundation", None)
    data = {name: form[name].value() for name in form.fields} | {"start_date": "2026-12-27", "consent": "on"}
    data = {name: value for name, value in data.items() if value not in (None, "", False)}

    for _time in range(2):
        inside.post(reverse("my-event-copy", args=[old.pk]), data)

    new = Event.objects.exclude(pk=old.pk).get()
    assert (new.status, new.edition, new.image, new.contact_email) == (Status.PENDING, 2026, old.image, ADDRESS)
    assert new.supporters == "Sample Foundation"


def test_a_copy_for_the_same_day_is_asked_about():
    event, inside = make_event(), organiser()
    form = page_of(inside, event, "my-event-copy").context["form"]
    data = {name: form[name].value() for name in form.fields} | {"start_date": "2026-12-27", "consent": "on"}
    data = {name: value for name, value in data.items() if value not in (None, "", False)}

    answer = inside.post(reverse("my-event-copy", args=[event.pk]), data)

    assert "Is it one of these?" in answer.text
    assert Event.objects.count() == 1
    inside.post(reverse("my-event-copy", args=[event.pk]), data | {"is_new": "on"})
    assert Event.objects.count() == 2
