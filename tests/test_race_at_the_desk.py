"""Moderators, organisers and visitors at the same moment."""

from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager
from copy import copy

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from post_office.models import Email

from events import amendments, erasure, merging, moderation, queue, reports, trust
from events.models import Amendment, Claim, Event, Report, Status, Step, Trust
from events.moves import NotAllowed
from tests.factories import make_event, make_moderator
from tests.staff import sign_in
from tests.test_race import ROUNDS, at_once

pytestmark = pytest.mark.django_db(transaction=True)

THREADS = 50 if connection.vendor == "postgresql" else 10  # SQLite lets them write one after the other anyway


def names_of(outcomes):
    return sorted(type(outcome).__name__ for outcome in outcomes)


def desk_of(user):
    """What makes one browser after another of the same moderator, signed in once."""
    cookies = sign_in(Client(), user).cookies

    def open_browser():
        browser = Client()
        browser.cookies = copy(cookies)
        return browser

    return open_browser


def test_of_fifty_who_publish_or_decline_at_once_one_wins_and_the_others_are_told():
    desks = [desk_of(make_moderator("DE")), desk_of(make_moderator("DE"))]
    event = make_event(status=Status.PENDING)
    choices = [{"_publish": "x"}, {"_decline": "x", "reason": "Not about the day."}]
    browsers = [(desks[number % 2](), choices[number % 2]) for number in range(THREADS)]

    answers = at_once(
        *(
            lambda browser=browser, choice=choice: browser.post(
                f"/admin/events/event/{event.pk}/change/", {**choice, "version": 1}
            )
            for browser, choice in browsers
        )
    )

    event.refresh_from_db()
    step = Step.objects.get(event=event)
    [winner] = [number for number, answer in enumerate(answers) if answer.status_code == 302]
    assert event.version == 2
    assert event.status == step.status == (Status.PUBLISHED, Status.DECLINED)[winner % 2]
    losers = [answer for number, answer in enumerate(answers) if number != winner]
    assert {answer.status_code for answer in losers} == {200}
    assert all("Somebody else was first" in answer.text for answer in losers)
    [letter] = Email.objects.all()
    assert ("is published" in letter.subject) == (winner % 2 == 0)


def test_an_organiser_changes_the_event_or_a_moderator_decides_never_both():
    moderator = make_moderator("DE")
    for _round in range(ROUNDS):
        event = make_event(title="First name", status=Status.PENDING)
        changed, seen = Event.objects.get(pk=event.pk), Event.objects.get(pk=event.pk)
        changed.title = "Second name"

        outcomes = at_once(
            lambda changed=changed: moderation.edit(changed, version=1),
            lambda seen=seen: moderation.publish(seen, by=moderator, version=1),
        )

        event.refresh_from_db()
        assert names_of(outcomes) == ["NoneType", "NotAllowed"]
        is_changed = outcomes[0] is None
        assert event.title == ("Second name" if is_changed else "First name")
        assert event.status == (Status.PENDING if is_changed else Status.PUBLISHED)
        assert event.steps.get().before == ({"title": "First name"} if is_changed else {})


def suggest(event, title):
    """What its organiser proposes, who saw it as it was read."""
    proposed = copy(event)
    proposed.title = title
    amendments.propose(event, proposed, version=event.version, proposal=0)


@contextmanager
def just_before_the_event_is_written(act):
    """Begin `act` on a connection of its own when an event is about to be written on this one, and wait for its end.

    Not for long: it may wait for us. Yields a list, of what it returned or raised.
    """
    begun, outcomes = [], []

    def watch(execute, sql, *rest):
        if sql.startswith('UPDATE "events_event"') and not begun:
            begun.append(pool.submit(at_once, act))
            wait(begun, timeout=0.5)
        return execute(sql, *rest)

    with ThreadPoolExecutor(1) as pool, connection.execute_wrapper(watch):
        yield outcomes
        outcomes += begun[0].result()


@pytest.mark.parametrize(
    ("page", "sent"),
    [
        ("{event}/change/", {"_cancel": "x", "version": 2}),
        ("{event}/change/", {"_postpone": "x", "version": 2}),
        ("{event}/change/", {"_reopen": "x", "version": 2}),
        ("{event}/change/", {"_revert": "x", "version": 2, "reason": "It was right before."}),
        ("bulk/", {"_reopen": "x", "event": "{event}:2"}),
        ("{event}/merge/{other}/", {"keep": "{other}", "version": 2, "other_version": 1}),
    ],
)
def test_a_change_that_comes_in_the_very_moment_of_a_decision_is_refused_and_not_lost_out_of_sight(page, sent):
    moderator = make_moderator("DE")
    event, other = make_event(title="First name"), make_event()
    suggest(event, "Second name")
    amendments.accept(event.amendment, by=moderator, version=event.amendment.version)  # so that it can be reverted
    seen, desk = Event.objects.get(pk=event.pk), desk_of(moderator)()
    numbers = {"event": event.pk, "other": other.pk}

    with just_before_the_event_is_written(lambda: suggest(seen, "Third name")) as outcomes:
        answer = desk.post(
            "/admin/events/event/" + page.format(**numbers),
            {name: str(value).format(**numbers) for name, value in sent.items()},
        )

    assert names_of(outcomes) == ["NotAllowed"]
    assert answer.status_code == 302
    assert Event.objects.get(pk=event.pk).version == 3
    assert not Amendment.objects.exists()


def test_a_change_is_proposed_or_a_moderator_decides_who_has_not_seen_it_never_both():
    open_desk = desk_of(make_moderator("DE"))
    for _round in range(ROUNDS):
        event, desk = make_event(title="First name"), open_desk()

        proposed, decided = at_once(
            lambda event=event: suggest(event, "Second name"),
            lambda desk=desk, event=event: desk.post(
                f"/admin/events/event/{event.pk}/change/", {"_cancel": "x", "version": 1}
            ),
        )

        is_proposed = proposed is None
        assert is_proposed or isinstance(proposed, NotAllowed)
        assert decided.status_code == (200 if is_proposed else 302)
        assert ("Somebody else was first" in decided.text) == is_proposed
        assert Event.objects.get(pk=event.pk).version == (1 if is_proposed else 2)
        assert Amendment.objects.filter(event=event).exists() == is_proposed


def test_two_events_are_never_both_withdrawn_in_favour_of_each_other():
    moderator = make_moderator("DE")
    for _round in range(ROUNDS):
        one, other = make_event(), make_event()

        outcomes = at_once(
            lambda one=one, other=other: merging.merge(one, by=moderator, into=other),
            lambda one=one, other=other: merging.merge(copy(other), by=moderator, into=copy(one)),
        )

        assert names_of(outcomes) == ["NoneType", "NotAllowed"]
        pair = Event.objects.filter(pk__in=(one.pk, other.pk))
        assert {event.status for event in pair} == {Status.PUBLISHED, Status.WITHDRAWN}


def test_an_event_that_was_merged_into_one_that_is_just_taken_back_waits_again():
    moderator = make_moderator("DE")
    for _round in range(ROUNDS):
        double, survivor = make_event(), make_event(contact_email="other@example.org")

        outcomes = at_once(
            lambda double=double, survivor=survivor: merging.merge(double, by=moderator, into=survivor),
            lambda survivor=survivor: moderation.withdraw(Event.objects.get(pk=survivor.pk), by=None),
        )

        double.refresh_from_db()
        assert outcomes[1] is None
        assert double.status == (Status.PUBLISHED if outcomes[0] else Status.PENDING)
        assert double.merged_into is None


def test_reports_and_claims_at_the_moment_the_event_is_deleted_leave_nothing_and_raise_nothing_unforeseen():
    moderator = make_moderator("DE")
    for number in range(ROUNDS * 2):
        event = make_event()
        acts = [
            lambda event=event: reports.add(event, subject="wrong", text="It is on Sunday."),
            lambda event=event: queue.claim(event, by=moderator, now=timezone.now()),
            lambda event=event: trust.grant(event, by=moderator),
        ]

        outcomes = at_once(lambda: erasure.forget("private@example.org"), acts[number % len(acts)])

        assert names_of(outcomes) in (["NoneType", "int"], ["NotAllowed", "int"]), outcomes
        assert [model.objects.count() for model in (Event, Report, Claim, Trust)] == [0, 0, 0, 0]


def test_reports_are_settled_once_and_one_that_comes_meanwhile_stays_open():
    moderator = make_moderator("DE")
    for _round in range(ROUNDS):
        event = make_event()
        reports.add(event, subject="wrong", text="It is on Sunday.")
        last = Report.objects.get(event=event).pk
        settle = lambda event=event, last=last: reports.settle(event, by=moderator, last=last, now=timezone.now())  # noqa: E731

        outcomes = at_once(
            settle, settle, lambda event=event: reports.add(event, subject="other", text="It has no door.")
        )

        assert names_of(outcomes) == ["NoneType", "NoneType", "NotAllowed"]
        assert [report.text for report in Report.objects.open().filter(event=event)] == ["It has no door."]


def test_two_changes_of_a_trusted_organiser_at_once_and_a_decision_leave_one_true_history():
    moderator = make_moderator("DE")
    for _round in range(ROUNDS):
        event = make_event(title="First name")
        trust.grant(event, by=moderator)

        def propose(title, event=event):
            proposed = copy(event)
            proposed.title = title
            return amendments.propose(event, proposed, version=1, proposal=0)

        outcomes = at_once(
            lambda: propose("A"),
            lambda: propose("B"),
            lambda event=event: moderation.cancel(Event.objects.get(pk=event.pk), by=moderator, version=1),
        )

        winners = [number for number, outcome in enumerate(outcomes) if not isinstance(outcome, NotAllowed)]
        assert len(winners) == 1, outcomes
        event.refresh_from_db()
        assert event.version == 2
        assert not Amendment.objects.filter(event=event).exists()
        assert event.title == ["A", "B", "First name"][winners[0]]


def test_who_opens_an_event_at_once_with_another_is_told_of_the_other_or_the_other_way_round():
    one, other = make_moderator("DE"), make_moderator("DE")
    for _round in range(ROUNDS):
        event = make_event(status=Status.PENDING)

        told = at_once(
            lambda event=event: queue.claim(event, by=one, now=timezone.now()),
            lambda event=event: queue.claim(event, by=other, now=timezone.now()),
        )

        assert told in ([None, one], [other, None])
        assert Claim.objects.get(event=event).by == (one if told[0] is None else other)
