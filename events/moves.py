"""What may follow what in the life of an event, as a table, and what all verbs share.

`moderation` makes the moves; `amendments` holds the verbs on what is proposed for a published event.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from events.models import Condition, Event, Status, Step, Verb, change_version


class NotAllowed(Exception):
    """The move is not possible (any more). The message is a sentence for the person who tried it."""

    @classmethod
    def too_late(cls) -> "NotAllowed":
        return cls(_("Somebody else was first, or this is not possible any more. Look at the event again."))


@dataclass(frozen=True)
class Move:
    """From which statuses a verb may lead, to which it leads, and which condition it sets, if any."""

    sources: frozenset[Status]
    target: Status
    condition: Condition | None = None
    settles_proposal: bool = False  # whether nothing is left to decide of what was proposed for the event
    frees_doubles: bool = False  # whether events that were put together with it are to be decided once more

    @property
    def columns(self) -> dict[str, Any]:
        """What it sets."""
        return {"status": self.target} | ({"condition": self.condition} if self.condition else {})

    @property
    def is_public(self) -> bool:
        """Whether visitors may see something else afterwards."""
        return Status.PUBLISHED in {*self.sources, self.target}


def _move(*sources: Status, to: Status, **facts: Any) -> Move:
    return Move(frozenset(sources), to, **facts)


_ALL_BUT_WITHDRAWN = frozenset(Status) - {Status.WITHDRAWN}

MOVES: dict[Verb, Move] = {
    Verb.CONFIRM: _move(Status.UNCONFIRMED, to=Status.PENDING),
    Verb.PUBLISH: _move(Status.PENDING, to=Status.PUBLISHED),
    Verb.RETURN: _move(Status.PENDING, to=Status.RETURNED),
    Verb.DECLINE: _move(Status.PENDING, Status.RETURNED, to=Status.DECLINED, frees_doubles=True),
    Verb.SPAM: _move(Status.PENDING, to=Status.DECLINED, frees_doubles=True),
    Verb.REOPEN: _move(Status.RETURNED, Status.PUBLISHED, Status.DECLINED, to=Status.PENDING),
    Verb.WITHDRAW: _move(*_ALL_BUT_WITHDRAWN, to=Status.WITHDRAWN, settles_proposal=True, frees_doubles=True),
    Verb.CANCEL: _move(Status.PUBLISHED, to=Status.PUBLISHED, condition=Condition.CANCELLED),
    Verb.POSTPONE: _move(Status.PUBLISHED, to=Status.PUBLISHED, condition=Condition.POSTPONED),
    Verb.RESTORE: _move(Status.PUBLISHED, to=Status.PUBLISHED, condition=Condition.PLANNED),
    # The form showed what was proposed before the event was reopened, and so what is stored holds it.
    Verb.EDIT: _move(Status.PENDING, Status.RETURNED, to=Status.PENDING, settles_proposal=True),
    Verb.ACCEPT: _move(Status.PUBLISHED, to=Status.PUBLISHED),
    Verb.REVERT: _move(Status.PUBLISHED, to=Status.PUBLISHED),
    Verb.MERGE: _move(Status.PENDING, Status.RETURNED, Status.PUBLISHED, to=Status.WITHDRAWN),
    Verb.SPLIT: _move(Status.WITHDRAWN, to=Status.PENDING),
}


def allows(verb: Verb, event: Event) -> bool:
    """Whether the status and the condition of the event allow the verb now."""
    move = MOVES[verb]
    return event.status in move.sources and move.condition != event.condition


def demand_reason(reason: str) -> None:
    if not reason.strip():
        raise NotAllowed(_("Write the organiser a reason."))


def hold(events: QuerySet[Event]) -> Event:
    """The one event of `events` as it is now, which nobody changes until the transaction ends; `NotAllowed` if none.

    Whoever changes anything that belongs to an event holds the event first: two that wait for each other's rows would
    be a deadlock.
    """
    event = events.select_for_update().first()
    if not event:
        raise NotAllowed.too_late()
    return event


@contextmanager
def holding(event: Event, *, by: User, version: int) -> Iterator[None]:
    """A transaction in which nothing can be proposed any more for a published event: look at what is, then decide.

    `NotAllowed` if the event is not what it was in this `version`. For one that is not public nothing can be proposed;
    should it be published just now, its version is another one, which every verb demands.
    """
    with transaction.atomic():
        if event.status == Status.PUBLISHED:
            change_version()  # before anything is held, as every verb on a public event does
            hold(Event.objects.for_moderator(by).filter(pk=event.pk, version=version))
        yield


def note(
    event: Event, verb: Verb, *, by: User | None = None, reason: str = "", before: dict[str, Any] | None = None
) -> None:
    """Write the step that led to the event as it is now, with values `before` it; `by` is None for the organiser."""
    facts = {"status": event.status, "version": event.version, "reason": reason, "before": before or {}}
    Step.objects.create(event=event, verb=verb, by=by, **facts)
