"""The life of an event: who may move it where, and what is left behind."""

from copy import copy
from datetime import date

import pytest
from django.core.files.storage import default_storage
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from post_office.models import Email

from events import access, amendments, erasure, images, moderation
from events.models import Condition, Event, Link, Status, Step, Verb
from tests import pictures
from tests.factories import make_event, make_moderator

pytestmark = pytest.mark.django_db

ACTS = {
    Verb.CONFIRM: lambda event, by: moderation.confirm(event),
    Verb.PUBLISH: lambda event, by: moderation.publish(event, by=by),
    Verb.RETURN: lambda event, by: moderation.return_(event, by=by, reason="The hall?"),
    Verb.DECLINE: lambda event, by: moderation.decline(event, by=by, reason="Not about the day."),
    Verb.SPAM: lambda event, by: moderation.spam(event, by=by),
    Verb.REOPEN: lambda event, by: moderation.reopen(event, by=by),
    Verb.WITHDRAW: lambda event, by: moderation.withdraw(event, by=by),
    Verb.CANCEL: lambda event, by: moderation.cancel(event, by=by),
    Verb.POSTPONE: lambda event, by: moderation.postpone(event, by=by),
    Verb.RESTORE: lambda event, by: moderation.restore(event, by=by),
    Verb.EDIT: lambda event, by: moderation.edit(event, version=event.version),
    Verb.ACCEPT: lambda event, by: moderation.amend(event, event, by=by, version=event.version),
}
# Product: what may follow what. Written out here, so that a slip in the table of moves is seen.
ALLOWED = {
    Status.UNCONFIRMED: {"confirm": "pending", "withdraw": "withdrawn"},
    Status.PENDING: {
        "publish": "published",
        "return": "returned",
        "decline": "declined",
        "spam": "declined",
        "withdraw": "withdrawn",
        "edit": "pending",
    },
    Status.RETURNED: {"decline": "declined", "reopen": "pending", "withdraw": "withdrawn", "edit": "pending"},
    Status.PUBLISHED: {
        "reopen": "pending",
        "withdraw": "withdrawn",
        "cancel": "published",
        "postpone": "published",
        "accept": "published",
    },
    Status.DECLINED: {"reopen": "pending", "withdraw": "withdrawn"},
    Status.WITHDRAWN: {},
}


@pytest.mark.parametrize("status", Status.values)
@pytest.mark.parametrize("verb", list(ACTS))
def test_a_verb_leads_where_the_product_says_or_changes_nothing(status, verb):
    event, moderator = make_event(status=status), make_moderator("DE")
    target = ALLOWED[status].get(verb)

    if target:
        ACTS[verb](event, moderator)
    else:
        with pytest.raises(moderation.NotAllowed):
            ACTS[verb](event, moderator)

    event.refresh_from_db()
    assert event.status == (target or status)
    assert event.version == (2 if target else 1)
    assert [step.verb for step in event.steps.all()] == ([verb] if target else [])


@pytest.mark.parametrize(
    ("status", "verb", "letters"),
    [
        (Status.UNCONFIRMED, Verb.CONFIRM, 1),
        (Status.PENDING, Verb.PUBLISH, 1),
        (Status.PENDING, Verb.RETURN, 1),
        (Status.PENDING, Verb.DECLINE, 1),
        (Status.PENDING, Verb.SPAM, 0),
        (Status.PUBLISHED, Verb.CANCEL, 1),
        (Status.PUBLISHED, Verb.POSTPONE, 1),
        (Status.PUBLISHED, Verb.WITHDRAW, 1),
        (Status.UNCONFIRMED, Verb.WITHDRAW, 0),  # nobody has proven that it is their address
        (Status.PUBLISHED, Verb.ACCEPT, 1),
        (Status.PUBLISHED, Verb.REOPEN, 1),
        (Status.RETURNED, Verb.REOPEN, 1),
        (Status.DECLINED, Verb.REOPEN, 1),
        (Status.RETURNED, Verb.EDIT, 0),
    ],
)
def test_the_organiser_gets_a_letter_of_each_step_but_spam_and_what_they_see_on_the_page(status, verb, letters):
    ACTS[verb](make_event(status=status), make_moderator("DE"))

    assert Email.objects.filter(to="private@example.org").count() == letters


def test_what_was_refused_in_silence_is_reopened_in_silence_and_heard_of_again_after_the_next_decision():
    event, moderator = make_event(status=Status.PENDING), make_moderator("DE")
    moderation.spam(event, by=moderator)

    moderation.reopen(event, by=moderator, reason="Not spam after all.")
    assert not Email.objects.exists()

    moderation.publish(event, by=moderator)
    moderation.reopen(event, by=moderator)
    subjects = [letter.subject.partition(": ")[2] for letter in Email.objects.order_by("id")]
    assert subjects == ["your event is published", "a moderator looks at your event again"]


def test_a_step_tells_who_when_and_why():
    event, moderator = make_event(status=Status.PENDING), make_moderator("DE")

    moderation.decline(event, by=moderator, reason="Not about the day.")

    step = Step.objects.get(event=event)
    assert (step.status, step.by, step.reason, step.version) == ("declined", moderator, "Not about the day.", 2)
    assert step.at


def test_a_moderator_with_a_stale_page_is_told_and_nothing_happens():
    event, moderator = make_event(status=Status.PENDING), make_moderator("DE")
    moderation.return_(event, by=moderator, reason="The hall?")
    moderation.reopen(event, by=moderator)

    with pytest.raises(moderation.NotAllowed, match="first"):
        moderation.publish(event, by=moderator, version=1)

    event.refresh_from_db()
    assert event.status == Status.PENDING
    assert event.steps.count() == 2


def test_a_moderator_of_germany_cannot_decide_an_event_in_france():
    event = make_event(status=Status.PENDING, country="FR", city="Paris")

    for verb in (Verb.PUBLISH, Verb.RETURN, Verb.DECLINE, Verb.SPAM, Verb.WITHDRAW):
        with pytest.raises(moderation.NotAllowed):
            ACTS[verb](event, make_moderator("DE"))

    event.refresh_from_db()
    assert (event.status, event.steps.count(), Email.objects.count()) == (Status.PENDING, 0, 0)


@pytest.mark.parametrize("reason", ["", "  \n "])
def test_nobody_is_declined_without_a_reason(reason):
    event, moderator = make_event(status=Status.PENDING), make_moderator("DE")

    with pytest.raises(moderation.NotAllowed, match="reason"):
        moderation.decline(event, by=moderator, reason=reason)

    assert Event.objects.get().status == Status.PENDING


def test_a_cancelled_event_stays_visible_and_marked():
    event = make_event()

    moderation.cancel(event, by=None)

    assert Event.objects.published().get().condition == Condition.CANCELLED


def test_an_event_takes_place_after_all():
    event = make_event()
    moderation.postpone(event, by=None)
    moderation.restore(event, by=None)

    assert [step.verb for step in event.steps.all()] == ["postpone", "restore"]
    assert Event.objects.get().condition == Condition.PLANNED


@pytest.mark.parametrize("verb", [Verb.CANCEL, Verb.POSTPONE])
def test_pressing_twice_writes_one_step(verb):
    event = make_event()
    ACTS[verb](event, None)

    with pytest.raises(moderation.NotAllowed):
        ACTS[verb](event, None)

    assert event.steps.count() == 1


def test_a_letter_that_cannot_be_written_undoes_the_step(monkeypatch):
    event = make_event(status=Status.PENDING)
    monkeypatch.setattr("events.mail.published", lambda event, reason: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        moderation.publish(event, by=make_moderator("DE"))

    assert Event.objects.get().status == Status.PENDING
    assert not Step.objects.exists()


@pytest.mark.parametrize(
    "change",
    [
        {"status": "nonsense"},
        {"condition": "nonsense"},
        {"kind": "nonsense"},
        {"ends_at": "2026-12-01T00:00Z"},
        {"format": "online", "online_url": "", "source_url": ""},
        {"city": ""},
        {"image": "0" * 32, "image_alt": ""},
        {"latitude": 91, "longitude": 0},
        {"contact_email": '"a,b"@example.org'},
    ],
)
def test_the_database_itself_refuses_impossible_rows(change):
    event = make_event()

    with pytest.raises(IntegrityError), transaction.atomic():
        Event.objects.filter(pk=event.pk).update(**change)


def test_a_version_of_an_event_has_one_step():
    event = make_event(status=Status.PENDING)
    moderation.publish(event, by=make_moderator("DE"))

    with pytest.raises(IntegrityError), transaction.atomic():
        Step.objects.create(event=event, verb=Verb.PUBLISH, status=Status.PUBLISHED, version=2)
        connection.check_constraints()


# How it begins


def make_new(**fields):
    """An event as a form brings it, not stored."""
    values = {
        "title": "Sample evening",
        "kind": "concert",
        "organiser": "Sample",
        "contact_email": "private@example.org",
    }
    place = {"country": "DE", "city": "Berlin", "zone": "Europe/Berlin"}
    return Event(**{**values, **place, "start_date": date(2026, 12, 27), "submission": "digest", **fields})


@pytest.mark.parametrize(("is_proven", "status", "links"), [(False, "unconfirmed", 1), (True, "pending", 0)])
def test_who_has_proven_the_address_is_not_asked_to_confirm_it(is_proven, status, links):
    event = moderation.submit(make_new(), now=timezone.now(), is_proven=is_proven)

    step, letter = event.steps.get(), Email.objects.get()
    assert (event.status, step.verb, step.status, Link.objects.count()) == (status, "submit", status, links)
    assert ("/confirm/" in letter.message, "Sample evening" in letter.message) == (not is_proven, is_proven)


@pytest.mark.parametrize("is_proven", [False, True])
def test_the_same_submission_sent_again_is_the_event_that_waits_already(is_proven):
    first, again = (moderation.submit(make_new(), now=timezone.now(), is_proven=is_proven) for _time in range(2))

    assert first == again
    assert (Event.objects.count(), Step.objects.count(), Email.objects.count()) == (1, 1, 1)


def test_the_same_submission_after_a_decision_is_another_event_and_that_too_only_once():
    first = moderation.submit(make_new(), now=timezone.now(), is_proven=True)
    moderation.decline(first, by=make_moderator("DE"), reason="Not about the day.")

    second, again = (moderation.submit(make_new(), now=timezone.now(), is_proven=True) for _time in range(2))

    assert second == again != first


def test_an_event_without_a_submission_is_nobodys_twin():
    imported = make_event(status=Status.PENDING)

    event = moderation.submit(make_new(submission=None), now=timezone.now())

    assert event != imported


# How all of it ends


def store_picture():
    name = images.store(images.clean(pictures.photo()))
    return {"image": name, "image_alt": "Sample", "image_width": 640, "image_height": 480}


def test_whoever_deletes_their_data_leaves_no_row_no_letter_and_no_picture():
    own, wanted = store_picture(), store_picture()
    event = make_event(contact_email="Sentinel@example.org", **own)
    proposed = copy(event)
    proposed.image = wanted["image"]
    amendments.propose(event, proposed, version=1, proposal=0)
    waiting = make_event(contact_email="sentinel@example.org", status=Status.PENDING)
    moderation.return_(waiting, by=make_moderator("DE"), reason="The hall?")
    access.make_entry("sentinel@example.org", now=timezone.now())

    assert erasure.forget("sentinel@example.org") == 2

    assert [model.objects.count() for model in (Event, Step, Link, Email)] == [0, 0, 0, 0]
    for picture in (own, wanted):
        assert not default_storage.exists(f"pictures/{picture['image']}/480.avif")


def test_what_others_have_stays_when_somebody_deletes_their_data():
    shared = store_picture()
    make_event(contact_email="sentinel@example.org", **shared)
    other = make_event(contact_email="other@example.org", **shared)
    access.make_confirmation(other, now=timezone.now())
    moderation.postpone(other, by=None)
    unnamed = make_event(contact_email="")

    assert erasure.forget("sentinel@example.org") == 1
    assert erasure.forget("") == 0

    assert {*Event.objects.all()} == {other, unnamed}
    assert (Link.objects.count(), Email.objects.count()) == (1, 1)
    assert default_storage.exists(f"pictures/{shared['image']}/480.avif")
