"""Every verb of an event's life, and the only code that sets a status.

A verb is one conditional UPDATE that demands the allowed status and the version the person was looking at, one `Step`
and, for most, one letter, in one transaction. Whoever comes second gets `NotAllowed` and nothing is written.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from events import access, mail
from events.models import Condition, Event, Link, Status, Step, Verb, change_version

Letter = Callable[[], None] | None  # queues it, where the verb writes one


class NotAllowed(Exception):
    """The move is not possible (any more). The message is a sentence for the person who tried it."""


@dataclass(frozen=True)
class Move:
    """From which statuses a verb may lead, to which it leads, and which condition it sets, if any."""

    sources: frozenset[Status]
    target: Status
    condition: Condition | None = None

    @property
    def is_public(self) -> bool:
        """Whether visitors may see something else afterwards."""
        return Status.PUBLISHED in {*self.sources, self.target}


def _move(*sources: Status, to: Status, condition: Condition | None = None) -> Move:
    return Move(frozenset(sources), to, condition)


MOVES: dict[Verb, Move] = {
    Verb.CONFIRM: _move(Status.UNCONFIRMED, to=Status.PENDING),
    Verb.PUBLISH: _move(Status.PENDING, to=Status.PUBLISHED),
    Verb.RETURN: _move(Status.PENDING, to=Status.RETURNED),
    Verb.DECLINE: _move(Status.PENDING, Status.RETURNED, to=Status.DECLINED),
    Verb.SPAM: _move(Status.PENDING, to=Status.DECLINED),
    Verb.REOPEN: _move(Status.RETURNED, Status.PUBLISHED, Status.DECLINED, to=Status.PENDING),
    Verb.WITHDRAW: _move(
        Status.UNCONFIRMED, Status.PENDING, Status.RETURNED, Status.PUBLISHED, Status.DECLINED, to=Status.WITHDRAWN
    ),
    Verb.CANCEL: _move(Status.PUBLISHED, to=Status.PUBLISHED, condition=Condition.CANCELLED),
    Verb.POSTPONE: _move(Status.PUBLISHED, to=Status.PUBLISHED, condition=Condition.POSTPONED),
    Verb.RESTORE: _move(Status.PUBLISHED, to=Status.PUBLISHED, condition=Condition.PLANNED),
}


# By the organiser


def submit(event: Event, *, now: datetime) -> Event:
    """Store a new event and send the confirmation letter.

    The same submission sent twice stays one event, unless the first was decided already.
    """
    try:
        with transaction.atomic():
            event.status = Status.UNCONFIRMED
            event.save(force_insert=True)
            Step.objects.create(event=event, verb=Verb.SUBMIT, status=event.status, version=event.version)
            token = access.make_link(event, purpose=Link.Purpose.CONFIRM, now=now)
            mail.confirm_submission(event, token=token)
    except IntegrityError:
        twin = Event.objects.filter(submission=event.submission).first()
        if not twin:
            raise
        if twin.status in {Status.UNCONFIRMED, Status.PENDING}:
            return twin
        event.pk, event.submission = None, f"{str(event.submission).partition('.')[0]}.{twin.pk}"
        return submit(event, now=now)
    return event


def confirm(event: Event) -> None:
    """The organiser proved the e-mail address: the event waits for a moderator."""
    _make(Verb.CONFIRM, event, by=None, letter=lambda: mail.received(event))


def withdraw(event: Event, *, by: User | None, version: int | None = None, reason: str = "") -> None:
    """Take the event back for good, as its organiser (`by` is None) or as a moderator on their behalf."""
    _make(Verb.WITHDRAW, event, by=by, version=version, reason=reason)


def cancel(event: Event, *, by: User | None, version: int | None = None, reason: str = "") -> None:
    """Mark a published event as cancelled; it stays visible."""
    _make(Verb.CANCEL, event, by=by, version=version, reason=reason)


def postpone(event: Event, *, by: User | None, version: int | None = None, reason: str = "") -> None:
    """Mark a published event as postponed; it stays visible."""
    _make(Verb.POSTPONE, event, by=by, version=version, reason=reason)


def restore(event: Event, *, by: User | None, version: int | None = None, reason: str = "") -> None:
    """A cancelled or postponed event takes place as planned after all."""
    _make(Verb.RESTORE, event, by=by, version=version, reason=reason)


# By a moderator


def publish(event: Event, *, by: User, version: int | None = None, reason: str = "") -> None:
    """Show the event to everybody and tell the organiser."""
    _make(Verb.PUBLISH, event, by=by, version=version, reason=reason, letter=lambda: mail.published(event))


def return_(event: Event, *, by: User, version: int | None = None, reason: str) -> None:
    """Send the event back to the organiser with a note on what to mend."""
    _demand(reason)
    letter = lambda: mail.returned(event, reason=reason)  # noqa: E731
    _make(Verb.RETURN, event, by=by, version=version, reason=reason, letter=letter)


def decline(event: Event, *, by: User, version: int | None = None, reason: str) -> None:
    """Refuse the event and tell the organiser why."""
    _demand(reason)
    _make(
        Verb.DECLINE, event, by=by, version=version, reason=reason, letter=lambda: mail.declined(event, reason=reason)
    )


def spam(event: Event, *, by: User, version: int | None = None, reason: str = "") -> None:
    """Refuse the event in silence: no letter."""
    _make(Verb.SPAM, event, by=by, version=version, reason=reason)


def reopen(event: Event, *, by: User, version: int | None = None, reason: str = "") -> None:
    """Undo a decision: the event waits for a moderator again."""
    _make(Verb.REOPEN, event, by=by, version=version, reason=reason)


# In bulk


def add_all(events: Sequence[Event], *, status: Status, reason: str = "") -> list[Event]:
    """Store events that nobody submitted (imported or sample ones) as `status`, each with its step; no letters."""
    with transaction.atomic():
        if status == Status.PUBLISHED:
            change_version()
        for event in events:
            event.status = status
            event.derive()
        stored = Event.objects.bulk_create(events, batch_size=500)
        steps = (Step(event=event, verb=Verb.IMPORT, status=status, version=1, reason=reason) for event in stored)
        Step.objects.bulk_create(steps, batch_size=1000)
    return stored


# The one way


def _make(
    verb: Verb, event: Event, *, by: User | None, version: int | None = None, reason: str = "", letter: Letter = None
) -> None:
    """Make the move of `verb`, or raise `NotAllowed` and leave everything as it is.

    `by` is the moderator, who may move only events of their countries, or None for the organiser.
    """
    move = MOVES[verb]
    seen = event.version if version is None else version
    within = Event.objects.for_moderator(by) if by else Event.objects.all()
    facts = {"condition": move.condition} if move.condition else {}
    with transaction.atomic():
        if move.is_public:
            change_version()
        # A verb sets a condition and never repeats it.
        rows = within.filter(pk=event.pk, status__in=move.sources, version=seen).exclude(condition=move.condition)
        if not rows.update(status=move.target, version=F("version") + 1, **facts):
            raise NotAllowed(_("Somebody else was first, or this is not possible any more. Look at the event again."))
        event.refresh_from_db()
        Step.objects.create(event=event, verb=verb, status=event.status, version=event.version, by=by, reason=reason)
        if letter:
            letter()


def _demand(reason: str) -> None:
    if not reason.strip():
        raise NotAllowed(_("Write the organiser a reason."))
