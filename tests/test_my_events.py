"""An organiser's own events: how each stands, what happened to it, and the steps that they take."""

import re
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse
from post_office.models import Email

from events import amendments, moderation
from events.models import Amendment, Condition, Event, Status, Step
from tests.factories import make_moderator
from tests.organisers import ADDRESS, change, errors_in, organiser, page_of, propose, take, words_of
from tests.organisers import make_own_event as make_event
from tests.reading import text_of
from tests.test_leaks import store_picture

pytestmark = pytest.mark.django_db

# The list


def test_the_list_tells_how_each_event_stands():
    waiting = make_event(title="Waiting evening", status=Status.PENDING)
    moderation.return_(waiting, by=make_moderator("DE"), reason="Is the hall open?")
    make_event(title="Old evening", start_date=date(2024, 12, 28))
    propose(make_event(title="Shown evening"), title="Better evening")
    make_event(title="Their evening", contact_email="other@example.org")

    page = text_of(organiser().get("/en/my-events/").text)

    assert page.index("Edition 2026") < page.index("Waiting evening") < page.index("Edition 2024")
    assert "Is the hall open?" in page
    assert "Your change waits for a moderator" in page
    assert "It is over." in page
    assert "Their evening" not in page


def test_the_list_asks_the_database_no_more_for_many_events(django_assert_num_queries):
    inside, moderator = organiser(), make_moderator("DE")
    for number in (1, 8):
        for event in [make_event() for _event in range(number)]:
            moderation.reopen(event, by=moderator, reason="Sample")
            moderation.publish(event, by=moderator)
            Amendment.objects.create(event=event, changes={"title": "x"}, base=1, sent_at=event.created_at)
        with django_assert_num_queries(4):
            inside.get("/en/my-events/")


def test_an_address_without_events_is_told_so():
    assert "There are no events of this address" in organiser().get("/en/my-events/").text


def test_who_submitted_and_has_entered_confirms_without_the_letter():
    event = make_event(status=Status.UNCONFIRMED)
    inside = organiser()
    assert "Confirm and send for review" in inside.get("/en/my-events/").text

    answer = inside.post(reverse("my-event-confirm", args=[event.pk]), follow=True)

    assert "A moderator will look at the event" in answer.text
    assert Event.objects.get().status == Status.PENDING


# One event


@pytest.mark.parametrize("status", Status)
def test_one_event_is_shown_with_what_happens_next(status):
    event = make_event(title="Sample <evening>", status=status, **store_picture())

    page = page_of(organiser(), event).text

    assert "Sample &lt;evening&gt;" in page
    assert str(status.label) in text_of(page)
    address = re.search(r'srcset="(/pictures/[^ ]+)', page)[1].replace("&amp;", "&")
    assert Client().get(address).getvalue()


def test_no_moderator_is_named_and_spam_reads_like_any_refusal():
    event = make_event(status=Status.PENDING)
    moderation.spam(event, by=make_moderator("DE", first_name="Sentinel"), reason="Sentinel reason")

    page = words_of(organiser(), event)

    assert "declined · a moderator" in page
    for word in ("spam", "Spam", "Sentinel", "moderator1"):
        assert word not in re.sub("Look into the spam folder", "", page)


def test_what_moderators_write_for_themselves_is_not_shown():
    moderator, event = make_moderator("DE"), make_event(status=Status.PENDING)
    moderation.spam(event, by=moderator, reason="Sentinel spam")
    moderation.reopen(event, by=moderator, reason="Sentinel reopen")
    moderation.publish(event, by=moderator, reason="Bring chairs.")
    moderation.reopen(event, by=moderator, reason="The hall asked us.")
    moderation.return_(event, by=moderator, reason="Is the hall open?")

    page = words_of(organiser(), event)

    assert "Sentinel" not in page
    for told in ("Bring chairs.", "The hall asked us."):  # it stood in a letter
        assert told in page
    assert page.count("Is the hall open?") == 2  # as the note, and in the history


def test_an_old_note_is_history():
    moderator, event = make_moderator("DE"), make_event(status=Status.PENDING)
    moderation.return_(event, by=moderator, reason="Is the hall open?")
    assert "A moderator wrote" in words_of(organiser(), event)
    change(organiser(), event, title="Better evening")

    page = words_of(organiser(), event)

    assert "A moderator wrote" not in page
    assert "Is the hall open?" in page


def test_what_waits_for_an_answer_has_one_way_to_it():
    returned, refused = make_event(status=Status.PENDING), make_event(title="Shown evening")
    moderation.return_(returned, by=make_moderator("DE"), reason="Is the hall open?")
    amendment = propose(refused, title="Better evening")
    open_page = page_of(organiser(), refused).text
    amendments.refuse(amendment, by=make_moderator("DE"), version=1, reason="Too short.")

    for event in (returned, refused):
        page = page_of(organiser(), event).text
        assert page.count(f'href="{reverse("my-event-edit", args=[event.pk])}"') == 1
        assert "Answer and change" in page
        form = page_of(organiser(), event, "my-event-edit").text
        assert "Your answer" in form
        assert '<a href="#id_reason">' in form
    assert ("Take my change back" in open_page, "Drop my change" in open_page) == (True, False)
    assert ("Take my change back" in page, "Drop my change" in page) == (False, True)


def test_where_nobody_asked_no_answer_is_spoken_of():
    page = page_of(organiser(), make_event(), "my-event-edit").text

    assert "answer</" not in page
    assert "#id_reason" not in page


@pytest.mark.parametrize(
    ("name", "status", "condition", "verb"),
    [
        ("cancel", "published", "cancelled", "cancel"),
        ("postpone", "published", "postponed", "postpone"),
        ("withdraw", "withdrawn", "planned", "withdraw"),
    ],
)
def test_a_step_is_asked_about_and_then_taken(name, status, condition, verb):
    event, inside = make_event(), organiser()
    assert "No, leave it as it is" in page_of(inside, event, f"my-event-{name}").text

    answer = take(inside, event, name, reason="The hall burnt.")

    event.refresh_from_db()
    assert (event.status, event.condition) == (status, condition)
    step = event.steps.get()
    assert (step.verb, step.by, step.reason) == (verb, None, "The hall burnt.")
    assert 'role="status"' in answer.text
    assert Email.objects.get().to == [ADDRESS]


def test_what_was_cancelled_is_undone_at_once():
    event, inside = make_event(), organiser()
    page = take(inside, event, "cancel")

    assert "Undo" in page.text
    event.refresh_from_db()
    take(inside, event, "restore")

    assert Event.objects.get().condition == Condition.PLANNED


def test_pressing_twice_is_no_fault():
    event, inside = make_event(), organiser()
    take(inside, event, "cancel")

    answer = take(inside, event, "cancel")

    assert "not possible" not in answer.text
    assert event.steps.count() == 1


def test_whoever_comes_second_is_told_and_keeps_their_words():
    event, inside = make_event(), organiser()
    moderation.postpone(Event.objects.get(), by=make_moderator("DE"))

    answer = take(inside, event, "cancel", reason="The hall burnt.")

    assert "Somebody else was first" in errors_in(answer)
    assert "The hall burnt." in answer.text
    assert Event.objects.get().condition == Condition.POSTPONED
    seen = re.search(r'name="version" value="(\d+)"', answer.text)[1]
    take(inside, event, "cancel", version=seen)
    assert Event.objects.get().condition == Condition.CANCELLED


@pytest.mark.parametrize("version", ["", "x", "-1", "0", "99999999999999999999"])
def test_a_nonsense_version_is_too_old(version):
    event, inside = make_event(status=Status.PENDING), organiser()

    assert "Somebody else was first" in errors_in(take(inside, event, "withdraw", version=version))
    answer = change(inside, event, title="Better evening", version=version, proposal=version)

    assert errors_in(answer)
    assert not Step.objects.exists()


def test_what_is_over_can_be_put_right_but_not_called_off():
    event, inside = make_event(start_date=date(2025, 12, 28)), organiser()
    page = page_of(inside, event).text

    assert ("Cancel…" in page, "Postpone…" in page, "Change it" in page) == (False, False, True)
    take(inside, event, "cancel")
    assert Event.objects.get().condition == Condition.PLANNED
    assert propose(event, start_date="2025-12-29").changes["start_date"] == "2025-12-29"
