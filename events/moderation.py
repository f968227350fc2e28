"""Every verb of an event's life, and the only code that sets a status.

A verb is one conditional UPDATE that demands the allowed status and the version the person was looking at, one `Step`
and, for most, one letter, in one transaction. Whoever comes second gets `NotAllowed` and nothing is written.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.db.models import Case, F, Q, QuerySet, Value, When
from django.utils import timezone
from django.utils.translation import gettext as _

from events import access, limits, mail
from events.models import AMENDABLE, Amendment, Condition, Event, Status, Step, Verb, change_version, find_changes
from events.models.event_queryset import EventQuerySet
from events.models.moderator import is_moderator_of
from events.moves import MOVES, Move, NotAllowed, demand_reason, note

Letter = Callable[[], None] | None  # queues it, where the verb writes one
DERIVED = ("starts_at", "ends_at", "edition", "search_text", "slug")


# By the organiser


def submit(event: Event, *, now: datetime, is_proven: bool = False) -> Event:
    """Store a new event and send the confirmation letter, or, of an address that `is_proven`, put it in the queue.

    The same submission sent twice stays one event, unless the first was decided already.
    """
    if twin := find_twin(event, now=now):
        if is_proven and twin.status == Status.UNCONFIRMED:
            with suppress(NotAllowed):  # somebody else has just done it
                confirm(twin)
        return twin
    try:
        with transaction.atomic():
            event.status = Status.PENDING if is_proven else Status.UNCONFIRMED
            event.source = limits.hash_source(event.contact_email)
            event.save(force_insert=True)
            Step.objects.create(event=event, verb=Verb.SUBMIT, status=event.status, version=event.version)
            if is_proven:
                mail.received(event)
            else:
                mail.confirm_submission(event, token=access.make_confirmation(event, now=now))
    except IntegrityError:
        if not Event.objects.filter(submission=event.submission).exists():
            raise
        event.pk = None
        return submit(event, now=now, is_proven=is_proven)  # the other request was first: it is the twin
    return event


def find_twin(event: Event, *, now: datetime) -> Event | None:
    """The event that the same submission made before, if it waits; else `event` gets a number of its own.

    It does not wait when it was decided, nor when it can no longer be confirmed. Each sending again of such a one is
    told from the one before by the number of that.
    """
    if not event.submission:
        return None
    digest = str(event.submission).partition(".")[0]
    while twin := Event.objects.filter(submission=event.submission).first():
        is_alive = twin.status == Status.UNCONFIRMED and twin.created_at > now - access.CONFIRM_WITHIN
        if is_alive or twin.status == Status.PENDING:
            return twin
        event.submission = f"{digest}.{twin.pk}"
    return None


def confirm(event: Event) -> None:
    """The organiser proved the e-mail address: the event waits for a moderator."""
    make_move(Verb.CONFIRM, event, by=None, letter=lambda: mail.received(event))


def edit(event: Event, *, version: int, reason: str = "") -> None:
    """Store what the organiser changed in an event that is not public; it waits for a moderator (again)."""
    make_move(Verb.EDIT, event, by=None, version=version, reason=reason, contents=event)


def withdraw(event: Event, *, by: User | None, version: int | None = None, reason: str = "") -> None:
    """Take the event back for good, as its organiser (`by` is None) or as a moderator on their behalf."""
    # Nothing that was typed goes to an address that nobody has proven to be theirs.
    letter = None if event.status == Status.UNCONFIRMED else lambda: mail.withdrawn(event)
    make_move(Verb.WITHDRAW, event, by=by, version=version, reason=reason, letter=letter)


def cancel(event: Event, *, by: User | None, version: int | None = None, reason: str = "") -> None:
    """Mark a published event as cancelled; it stays visible."""
    letter = lambda: mail.cancelled(event, reason=reason)  # noqa: E731
    make_move(Verb.CANCEL, event, by=by, version=version, reason=reason, letter=letter)


def postpone(event: Event, *, by: User | None, version: int | None = None, reason: str = "") -> None:
    """Mark a published event as postponed; it stays visible."""
    letter = lambda: mail.postponed(event, reason=reason)  # noqa: E731
    make_move(Verb.POSTPONE, event, by=by, version=version, reason=reason, letter=letter)


def restore(event: Event, *, by: User | None, version: int | None = None, reason: str = "") -> None:
    """A cancelled or postponed event takes place as planned after all."""
    letter = lambda: mail.restored(event, reason=reason)  # noqa: E731
    make_move(Verb.RESTORE, event, by=by, version=version, reason=reason, letter=letter)


# By a moderator


def publish(event: Event, *, by: User, version: int | None = None, reason: str = "") -> None:
    """Show the event to everybody and tell the organiser."""
    letter = lambda: mail.published(event, reason=reason)  # noqa: E731
    make_move(Verb.PUBLISH, event, by=by, version=version, reason=reason, letter=letter)


def return_(event: Event, *, by: User, version: int | None = None, reason: str) -> None:
    """Send the event back to the organiser with a note on what to mend."""
    demand_reason(reason)
    letter = lambda: mail.returned(event, reason=reason, token=make_entry(event))  # noqa: E731
    make_move(Verb.RETURN, event, by=by, version=version, reason=reason, letter=letter)


def decline(event: Event, *, by: User, version: int | None = None, reason: str) -> None:
    """Refuse the event and tell the organiser why."""
    demand_reason(reason)
    letter = lambda: mail.declined(event, reason=reason)  # noqa: E731
    make_move(Verb.DECLINE, event, by=by, version=version, reason=reason, letter=letter)


def spam(event: Event, *, by: User, version: int | None = None, reason: str = "") -> None:
    """Refuse the event in silence: no letter."""
    make_move(Verb.SPAM, event, by=by, version=version, reason=reason)


def reopen(event: Event, *, by: User, version: int | None = None, reason: str = "") -> None:
    """Undo a decision: the event waits for a moderator again. What was refused in silence is reopened in silence."""
    was_spam = event.steps.filter(verb=Verb.SPAM, version=event.version if version is None else version).exists()
    letter = None if was_spam else lambda: mail.reopened(event, reason=reason)
    make_move(Verb.REOPEN, event, by=by, version=version, reason=reason, letter=letter)


def amend(event: Event, proposed: Event, *, by: User | None, version: int, reason: str = "") -> None:
    """Make a published event what was `proposed` for that `version` of it; `amendments` asks for it.

    `by` is None if it passes at once because its organiser is trusted.
    """
    letter = lambda: mail.amendment_accepted(event, reason=reason)  # noqa: E731
    make_move(Verb.ACCEPT, event, by=by, version=version, reason=reason, contents=proposed, letter=letter)


def make_entry(event: Event) -> str:
    """The token of the link to answer by; none for a reported event, whose organiser gets no letter."""
    return access.make_entry(event.contact_email, event=event, now=timezone.now()) if event.contact_email else ""


# In bulk


def add_all(events: Sequence[Event], *, status: Status, reason: str = "", by: User | None = None) -> list[Event]:
    """Store events that nobody submitted (imported or sample ones) as `status`, each with its step; no letters.

    `by` is the moderator who does it at the desk, in whose countries all must be; else `NotAllowed`.
    """
    if by and not all(is_moderator_of(by, str(event.country)) for event in events):
        raise NotAllowed(_("Some of the events are not in your countries."))
    with transaction.atomic():
        if status == Status.PUBLISHED:
            change_version()
        for event in events:
            event.status = status
            event.derive()
        stored = Event.objects.bulk_create(events, batch_size=500)
        facts = {"verb": Verb.IMPORT, "status": status, "version": 1, "reason": reason, "by": by}
        steps = (Step(event=event, **facts) for event in stored)
        Step.objects.bulk_create(steps, batch_size=1000)
    return stored


# The one way


def make_move(
    verb: Verb,
    event: Event,
    *,
    by: User | None,
    version: int | None = None,
    reason: str = "",
    contents: Event | None = None,
    facts: dict[str, Any] | None = None,
    letter: Letter = None,
) -> None:
    """Make the move of `verb`, or raise `NotAllowed` and leave everything as it is.

    `by` is the moderator, who may move only events of their countries, or None for the organiser. The event becomes
    what `contents` is, and the columns `facts` are written with it.
    """
    move, seen = MOVES[verb], event.version if version is None else version
    within = Event.objects.for_moderator(by) if by else Event.objects.all()
    with transaction.atomic():
        if move.is_public:
            change_version()
        # A verb sets a condition and never repeats it.
        rows = within.filter(pk=event.pk, status__in=move.sources, version=seen).exclude(condition=move.condition)
        # Read first, and right all the same: whatever changes a value changes the version, which the UPDATE demands.
        before = _find_before(contents, rows) if contents else {}
        columns = (_columns(contents) if contents else {}) | (facts or {}) | move.columns
        if not rows.update(version=F("version") + 1, **columns):
            raise NotAllowed.too_late()
        event.refresh_from_db()
        note(event, verb, by=by, reason=reason, before=before)
        if letter:
            letter()
        _clear_up(event, move, by=by)


def _clear_up(event: Event, move: Move, *, by: User | None) -> None:
    """What else is different after the move."""
    if move.settles_proposal:
        Amendment.objects.filter(event=event).delete()
    if move.frees_doubles:
        # Whoever takes a gathering back does not want it in another registration of theirs.
        own = {"contact_email__iexact": event.contact_email} if not by else {"pk": event.pk}
        free_doubles(Event.objects.filter(merged_into=event).exclude(**own))


def free_doubles(events: EventQuerySet) -> None:
    """Those that are not over wait for a moderator again: what they were put together with is gone."""
    for event in events.filter(status=Status.WITHDRAWN).upcoming(now=timezone.now()):
        with suppress(NotAllowed):  # a moderator has just done it
            letter = lambda event=event: mail.reopened(event)  # noqa: E731
            make_move(Verb.SPLIT, event, by=None, facts={"merged_into": None}, letter=letter)


def _find_before(contents: Event, rows: QuerySet[Event]) -> dict[str, Any]:
    """The values that will be replaced, as JSON holds them, with the postponement that a new date ends."""
    old = rows.first()
    if not old:
        return {}
    is_ended = old.condition == Condition.POSTPONED and old.start_date != contents.start_date
    return find_changes(contents, old) | ({"condition": old.condition} if is_ended else {})


def _columns(event: Event) -> dict[str, Any]:
    """All that an organiser may change of an event, and what follows from it: a new date ends a postponement."""
    event.derive()
    is_moved = Q(condition=Condition.POSTPONED) & ~Q(start_date=event.start_date)
    condition = Case(When(is_moved, then=Value(Condition.PLANNED)), default=F("condition"))
    return {name: getattr(event, name) for name in (*AMENDABLE, *DERIVED)} | {"condition": condition}
