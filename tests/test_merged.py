"""Events that were put together with the same event: where visitors are led, and what their organisers are told."""

import json
import zipfile
from datetime import UTC, datetime
from io import BytesIO

import pytest
from django.test import Client
from django.urls import reverse
from post_office.models import Email

from events import erasure, merging, moderation
from events.models import Event, Status
from events.moves import NotAllowed
from tests.factories import make_event, make_moderator, submission
from tests.organisers import ADDRESS, make_own_event, organiser, page_of, words_of
from tests.reading import links_of

pytestmark = pytest.mark.django_db

OTHER = "other@example.org"


@pytest.fixture
def moderator():
    return make_moderator("DE")


def publish(event, *, by):
    moderation.publish(event, by=by)
    return event


@pytest.fixture
def remains(moderator):
    return publish(make_own_event(title="Evening that stays", status=Status.PENDING, contact_email=OTHER), by=moderator)


@pytest.fixture
def merged(moderator, remains):
    """Published, and then merged into the other."""
    event = publish(make_own_event(title="Sentinel evening", status=Status.PENDING), by=moderator)
    merging.merge(event, by=moderator, into=remains, reason="Sentinel reason")
    return event


def visit(event, name="event-short"):
    return Client().get(reverse(name, args=[event.pk]))


# Visitors


def test_the_address_of_a_merged_event_leads_to_the_one_in_its_place_for_the_time_being(merged, remains):
    for address in (f"/ru/events/{merged.pk}/", f"/ru/events/{merged.pk}/{merged.slug}/"):
        answer = Client().get(address)
        assert (answer.status_code, answer.headers["Location"]) == (302, f"/ru/events/{remains.pk}/{remains.slug}/")
        assert "max-age=60" in answer.headers["Cache-Control"]
        assert "entinel" not in answer.text + str(answer.headers)


def test_who_subscribed_to_a_merged_event_gets_the_calendar_of_the_one_in_its_place(merged, remains):
    answer = Client().get(f"/events/{merged.pk}.ics?lang=tr", follow=True)

    assert answer.redirect_chain == [(f"/events/{remains.pk}.ics?lang=tr", 302)]
    assert "Evening that stays" in answer.text


def test_over_several_mergings_one_comes_to_the_event_that_visitors_find(moderator, merged, remains):
    for _merging in range(2):
        last = publish(make_event(status=Status.PENDING), by=moderator)
        merging.merge(remains, by=moderator, into=last)
        remains = last

    assert visit(merged).headers["Location"] == last.get_absolute_url()
    assert visit(merged, "calendar").headers["Location"].startswith(f"/events/{last.pk}.ics")
    assert links_of(page_of(organiser(), merged).text)[last.title] == last.get_absolute_url()


def test_when_the_one_in_its_place_is_reopened_a_merged_event_is_gone(moderator, merged, remains):
    moderation.reopen(remains, by=moderator)

    for name in ("event-short", "report", "calendar"):
        answer = visit(merged, name)
        assert (answer.status_code, "entinel" in answer.text, "stays" in answer.text) == (410, False, False)


def refuse(event, *, verb):
    moderation.reopen(event, by=make_moderator("DE"))
    verb(event, by=make_moderator("DE"), reason="Not about the day.")


ENDS = {
    "withdraw": lambda event: moderation.withdraw(event, by=None),
    "forget": lambda _event: erasure.forget(OTHER),
    "decline": lambda event: refuse(event, verb=moderation.decline),
    "spam": lambda event: refuse(event, verb=moderation.spam),
}


@pytest.mark.parametrize("end", ENDS)
def test_when_the_one_in_its_place_is_taken_back_a_merged_event_waits_for_a_moderator_again(
    moderator, merged, remains, end
):
    ENDS[end](remains)

    merged.refresh_from_db()
    assert (merged.status, merged.merged_into) == (Status.PENDING, None)
    assert {visit(merged, name).status_code for name in ("event-short", "report", "calendar")} == {404}
    letters = Email.objects.filter(to=ADDRESS).order_by("-id")
    assert "a moderator looks at your event again" in letters[0].subject
    moderation.publish(merged, by=moderator)
    assert Client().get(merged.get_absolute_url()).status_code == 200


def test_what_its_organiser_takes_back_does_not_come_back_in_another_registration_of_theirs(moderator):
    one, other = (publish(make_own_event(status=Status.PENDING), by=moderator) for _time in range(2))
    merging.merge(one, by=moderator, into=other)

    moderation.withdraw(other, by=None)

    assert Event.objects.get(pk=one.pk).status == Status.WITHDRAWN


@pytest.mark.parametrize("end", ENDS)
def test_nobody_has_to_decide_once_more_on_a_merged_event_that_is_over(clock, merged, remains, end):
    clock.move_to(datetime(2027, 1, 5, 12, tzinfo=UTC))
    ENDS[end](remains)

    assert Event.objects.get(pk=merged.pk).status == Status.WITHDRAWN
    assert visit(merged).status_code == 410


def test_a_merged_event_that_was_never_published_was_never_there(moderator, remains):
    event = make_event(status=Status.PENDING)
    merging.merge(event, by=moderator, into=remains)

    assert [visit(event, name).status_code for name in ("event-short", "report", "calendar")] == [404, 404, 404]


def test_when_the_merging_is_undone_the_address_leads_nowhere_else(moderator, merged):
    merging.split(merged, by=moderator)
    assert visit(merged).status_code == 404

    moderation.publish(merged, by=moderator)
    assert Client().get(merged.get_absolute_url()).status_code == 200


# Organisers


def test_the_organiser_reads_that_it_was_put_together_and_finds_the_other(merged, remains):
    page = page_of(organiser(), merged)
    words, links = words_of(organiser(), merged), links_of(page.text)

    assert "A moderator put this entry together with the other one" in words
    assert links["Evening that stays"] == remains.get_absolute_url()
    assert "put together with another entry of the same event · a moderator" in words
    assert "It was taken back" not in words
    assert "Sentinel reason" not in words
    assert links_of(organiser().get("/en/my-events/").text)["Evening that stays"] == remains.get_absolute_url()


def test_the_organiser_of_one_that_was_never_published_finds_the_other_too(moderator, remains):
    event = make_own_event(status=Status.PENDING)
    merging.merge(event, by=moderator, into=remains)

    assert "Evening that stays" in links_of(page_of(organiser(), event).text)


def test_of_an_other_event_that_is_not_public_any_more_the_organiser_is_told_nothing(moderator, merged, remains):
    moderation.reopen(remains, by=moderator)
    Event.objects.filter(pk=remains.pk).update(title="Secret")

    words = words_of(organiser(), merged)
    assert "put this entry together with the other one" in words
    assert "Secret" not in words + words_of(organiser(), merged)
    assert "Visitors find the event here" not in words


def test_the_organiser_of_the_one_that_stays_is_told_nothing_of_the_merged_one(merged, remains):
    words = words_of(organiser(OTHER), remains)

    assert "Sentinel" not in words
    assert "put together" not in words


def test_the_list_of_merged_events_asks_the_database_no_more_for_many(
    moderator, merged, remains, django_assert_num_queries
):
    inside = organiser()
    for number in (1, 5):
        for _event in range(number):
            merging.merge(make_own_event(status=Status.PENDING), by=moderator, into=remains)
        with django_assert_num_queries(4):
            inside.get("/en/my-events/")


def test_a_merged_event_can_be_copied_for_another_date(merged):
    answer = organiser().post(
        reverse("my-event-copy", args=[merged.pk]), submission(title="Another", start_date="2026-12-30"), follow=True
    )

    assert "The new event was sent to a moderator" in answer.text
    copy = Event.objects.get(title="Another")
    assert (copy.status, copy.merged_into) == (Status.PENDING, None)


def test_the_data_of_the_merged_events_organiser_tells_what_happened_and_nothing_of_the_other(merged):
    archive = zipfile.ZipFile(BytesIO(organiser().get("/en/my-events/data/").content))
    data = json.loads(archive.read("events.json"))

    [event] = data["events"]
    assert [step["what"] for step in event["history"]] == ["publish", "merge"]
    assert "stays" not in json.dumps(data)
    assert OTHER not in json.dumps(data)


@pytest.mark.parametrize(("address", "left"), [(ADDRESS, "Evening that stays"), (OTHER, "Sentinel evening")])
def test_whoever_deletes_their_data_leaves_the_others_event(merged, remains, address, left):
    answer = organiser(address).post("/en/my-events/delete/", {"is_sure": "on"}, follow=True)

    assert "All your data is deleted" in answer.text
    assert (Event.objects.get().title, Event.objects.get().merged_into) == (left, None)
    if address == OTHER:
        assert "A moderator will look at it" in words_of(organiser(), merged)


def test_what_its_organiser_took_back_is_not_taken_apart():
    moderator = make_moderator("DE")
    double, survivor = make_event(), make_event()
    merging.merge(double, by=moderator, into=survivor)
    merging.split(double, by=moderator)
    moderation.withdraw(double, by=None)

    with pytest.raises(NotAllowed):
        merging.split(double, by=moderator)
    assert Event.objects.get(pk=double.pk).status == Status.WITHDRAWN
