"""Two people at the same moment."""

from concurrent.futures import ThreadPoolExecutor
from copy import copy
from datetime import date, timedelta
from threading import Barrier

import pytest
from django.core.management import call_command
from django.db import connections
from django.utils import timezone
from post_office.models import Email

from events import amendments, erasure, moderation
from events.forms.edit import CopyForm
from events.models import Amendment, Event, Link, Status, Step
from tests.factories import make_event, make_moderator
from tests.organisers import make_own_event, organiser

ROUNDS = 15


def at_once(*acts):
    """Run all `acts` in threads that start together; returns what each returned or raised."""
    barrier = Barrier(len(acts))

    def act_in_thread(act):
        try:
            barrier.wait()
            return act()
        except Exception as error:
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(act_in_thread, acts))


@pytest.mark.django_db(transaction=True)
def test_two_moderators_publish_at_once_and_there_is_one_step_and_one_letter_fifty_times_over():
    first, second = make_moderator("DE"), make_moderator("DE")
    for _round in range(50):
        event = make_event(status=Status.PENDING)
        copies = Event.objects.get(pk=event.pk), Event.objects.get(pk=event.pk)

        outcomes = at_once(
            lambda copies=copies: moderation.publish(copies[0], by=first),
            lambda copies=copies: moderation.publish(copies[1], by=second),
        )

        assert sorted(type(outcome).__name__ for outcome in outcomes) == ["NoneType", "NotAllowed"]
        assert Step.objects.filter(event=event).count() == 1
        assert Event.objects.get(pk=event.pk).version == 2
    assert Email.objects.count() == 50


@pytest.mark.django_db(transaction=True)
def test_publish_against_decline_has_one_winner_and_its_letter_alone():
    moderator, reason = make_moderator("DE"), "Not about the day."
    for number in range(20):
        event = make_event(title=f"Evening of round {number:02}", status=Status.PENDING)
        copies = Event.objects.get(pk=event.pk), Event.objects.get(pk=event.pk)

        outcomes = at_once(
            lambda copies=copies: moderation.publish(copies[0], by=moderator),
            lambda copies=copies: moderation.decline(copies[1], by=moderator, reason=reason),
        )

        assert sorted(type(outcome).__name__ for outcome in outcomes) == ["NoneType", "NotAllowed"]
        winner = Status.PUBLISHED if outcomes[0] is None else Status.DECLINED
        assert Step.objects.get(event=event).status == Event.objects.get(pk=event.pk).status == winner
        letter = Email.objects.get(message__contains=event.title)  # the only one
        is_published, has_reason = "is published" in letter.subject + letter.message, reason in letter.message
        assert (is_published, has_reason) == (winner == Status.PUBLISHED, winner == Status.DECLINED)
    assert Email.objects.count() == 20


# Two requests that bring the same


def make_submission(number):
    event = Event(submission=f"same {number}", organiser="Sample", country="DE", city="Berlin", zone="Europe/Berlin")
    event.title, event.kind, event.contact_email = f"Evening {number}", "concert", "private@example.org"
    event.start_date = timezone.now().date()
    return event


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_proven", [False, True])
def test_a_form_that_comes_twice_at_once_makes_one_event_and_one_letter(is_proven):
    now = timezone.now()
    for number in range(20):
        send = [lambda n=number: moderation.submit(make_submission(n), now=now, is_proven=is_proven)] * 3

        events = at_once(*send)

        assert len({event.pk for event in events}) == 1, events
        assert Event.objects.get(submission=f"same {number}").status == ("pending" if is_proven else "unconfirmed")
    assert (Event.objects.count(), Step.objects.count(), Email.objects.count()) == (20, 20, 20)


@pytest.mark.django_db(transaction=True)
def test_copies_that_equal_an_unconfirmed_event_confirm_it_once_and_none_fails():
    now = timezone.now()
    for number in range(ROUNDS):
        moderation.submit(make_submission(number), now=now)

        events = at_once(*[lambda n=number: moderation.submit(make_submission(n), now=now, is_proven=True)] * 3)

        assert len({event.pk for event in events}) == 1, events
        event = Event.objects.get(submission=f"same {number}")
        assert (event.status, event.steps.count()) == ("pending", 2)


# A proposal, and what happens at the same moment


def outcomes_of(*acts):
    """What happened to each: "done", or "NotAllowed"; anything else, a deadlock for example, is an error."""
    outcomes = ["done" if outcome is None else type(outcome).__name__ for outcome in at_once(*acts)]
    assert {*outcomes} <= {"done", "NotAllowed"}, outcomes
    return outcomes


def propose(event, title, *, proposal=0):
    proposed = copy(event)  # as it was read: the event itself may be gone by now
    proposed.title = title
    amendments.propose(event, proposed, version=event.version, proposal=proposal)


def make_proposal():
    """An event for which "Second name" is proposed, as two people have read it at the same moment."""
    event = make_event(title="First name")
    propose(event, "Second name")
    return [Amendment.objects.select_related("event").get(event=event) for _reader in range(2)]


@pytest.mark.django_db(transaction=True)
def test_a_proposal_is_accepted_or_its_event_is_cancelled_first():
    moderator = make_moderator("DE")
    for _round in range(ROUNDS):
        one, other = make_proposal()

        outcomes = outcomes_of(
            lambda one=one: amendments.accept(one, by=moderator, version=1),
            lambda other=other: moderation.cancel(other.event, by=None),
        )

        event = Event.objects.get(pk=one.event_id)
        assert sorted(outcomes) == ["NotAllowed", "done"]
        is_accepted = outcomes[0] == "done"
        assert (event.version, event.title) == (2, "Second name" if is_accepted else "First name")
        assert event.condition == ("planned" if is_accepted else "cancelled")
        assert Amendment.objects.filter(event=event).exists() != is_accepted
    assert Email.objects.count() == ROUNDS


@pytest.mark.django_db(transaction=True)
def test_a_proposal_is_accepted_as_it_was_seen_or_replaced_first():
    moderator = make_moderator("DE")
    for _round in range(ROUNDS):
        one, other = make_proposal()

        outcomes = outcomes_of(
            lambda one=one: amendments.accept(one, by=moderator, version=1),
            lambda other=other: propose(other.event, "Third name", proposal=1),
        )

        event = Event.objects.get(pk=one.event_id)
        assert sorted(outcomes) == ["NotAllowed", "done"]
        is_accepted = outcomes[0] == "done"
        assert event.title == ("Second name" if is_accepted else "First name")
        left = [row.changes for row in Amendment.objects.filter(event=event)]
        assert left == ([] if is_accepted else [{"title": "Third name"}])


@pytest.mark.django_db(transaction=True)
def test_two_moderators_accept_or_refuse_at_once_and_one_did():
    moderator = make_moderator("DE")
    for number in range(ROUNDS * 2):
        one, other = make_proposal()
        second = amendments.accept if number % 2 else amendments.refuse

        outcomes = outcomes_of(
            lambda one=one: amendments.accept(one, by=moderator, version=1),
            lambda other=other, second=second: second(other, by=moderator, version=1, reason="No."),
        )

        assert sorted(outcomes) == ["NotAllowed", "done"]
        assert Step.objects.filter(event=one.event, verb__in=["accept", "refuse"]).count() == 1
    assert Email.objects.count() == ROUNDS * 2


@pytest.mark.django_db(transaction=True)
def test_of_two_proposals_at_once_one_is_kept():
    for _round in range(ROUNDS):
        event = make_event(title="First name")

        outcomes = outcomes_of(lambda event=event: propose(event, "A"), lambda event=event: propose(event, "B"))

        assert sorted(outcomes) == ["NotAllowed", "done"]
        assert Amendment.objects.get(event=event).changes == {"title": "AB"[outcomes.index("done")]}
        assert Step.objects.filter(event=event).count() == 1


@pytest.mark.django_db(transaction=True)
def test_an_old_event_is_confirmed_or_deleted_at_that_moment():
    for _round in range(ROUNDS):
        event = make_event(status=Status.UNCONFIRMED)
        Event.objects.update(created_at=timezone.now() - timedelta(days=8))

        outcomes = outcomes_of(lambda event=event: moderation.confirm(event), lambda: call_command("purge"))

        is_confirmed = outcomes[0] == "done"
        assert outcomes[1] == "done"
        assert Event.objects.exists() == Step.objects.exists() == Email.objects.exists() == is_confirmed
        Event.objects.all().delete()
        Email.objects.all().delete()


@pytest.mark.django_db(transaction=True)
def test_a_copy_that_is_made_while_all_is_being_deleted_is_deleted_too_or_not_made():
    old = date(2024, 12, 28)
    for _round in range(ROUNDS):
        event, inside = make_own_event(start_date=old), organiser()
        form = CopyForm(event=event, now=timezone.now())
        data = {name: form[name].value() for name in form.fields} | {"start_date": "2026-12-27", "consent": "on"}
        data = {name: value for name, value in data.items() if value not in (None, "", False)}

        at_once(
            lambda event=event, inside=inside, data=data: inside.post(f"/en/my-events/{event.pk}/copy/", data),
            lambda: erasure.forget("private@example.org"),
        )

        assert [model.objects.count() for model in (Event, Step, Link, Email)] == [0, 0, 0, 0]


@pytest.mark.django_db(transaction=True)
def test_whoever_deletes_their_data_leaves_nothing_whatever_happens_at_that_moment():
    moderator = make_moderator("DE")
    for number in range(ROUNDS * 6):
        one, other = make_proposal()
        waiting = make_event(status=Status.PENDING)
        acts = [
            lambda one=one: amendments.accept(one, by=moderator, version=1),
            lambda one=one: amendments.refuse(one, by=moderator, version=1, reason="No."),
            lambda one=one: amendments.take_back(one),
            lambda other=other: propose(other.event, "Third name", proposal=1),
            lambda waiting=waiting: moderation.publish(waiting, by=moderator),
            lambda waiting=waiting: moderation.return_(waiting, by=moderator, reason="Which hall?"),
        ]

        outcomes_of(lambda: erasure.forget("private@example.org") and None, acts[number % len(acts)])

        left = [model.objects.count() for model in (Event, Step, Amendment, Link, Email)]
        assert left == [0, 0, 0, 0, 0], number % len(acts)
