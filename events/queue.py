"""The queue of the desk: what waits for a moderator, in which order, and who has which event open."""

from datetime import datetime, timedelta

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Case, Exists, F, OuterRef, Q, Value, When

from events.models import Claim, Event, Report, Status
from events.models.event_queryset import EventQuerySet, is_over
from events.moves import hold

CLAIM_LASTS = timedelta(minutes=5)  # after a page was opened; long enough to read, short enough to be forgotten

IS_PROPOSED = Q(amendment__is_refused=False, amendment__base=F("version"))  # an outdated one waits for its organiser
IS_REPORTED = Exists(Report.objects.filter(event=OuterRef("pk"), settled_at=None))


def waiting(events: EventQuerySet) -> EventQuerySet:
    """Of `events` those that wait: new ones, and published ones for which something is proposed or reported."""
    asked = Q(IS_PROPOSED) | Q(IS_REPORTED)
    return events.filter(Q(status=Status.PENDING) | Q(status=Status.PUBLISHED) & asked)


def in_order(events: EventQuerySet, *, now: datetime) -> EventQuerySet:
    """Those that start next first, and last those that are over. `is_late` tells them apart."""
    return events.annotate(is_late=Case(When(is_over(now), then=Value(1)), default=Value(0))).order_by(
        "is_late", "starts_at", "id"
    )


def find_next(user: User, *, after: Event | None = None, now: datetime) -> Event | None:
    """The event to decide after this one: the next that nobody else has open, or the first, if this was the last."""
    free = waiting(Event.objects.for_moderator(user)).exclude(Q(claim__until__gt=now) & ~Q(claim__by=user))
    queue = in_order(free, now=now)
    if not after:
        return queue.first()
    late = int(after.local_over <= now)
    further = Q(starts_at__gt=after.starts_at) | Q(starts_at=after.starts_at, pk__gt=after.pk)
    others = queue.exclude(pk=after.pk)
    return others.filter(Q(is_late__gt=late) | Q(further, is_late=late)).first() or others.first()


# Who has it open


def claim(event: Event, *, by: User, now: datetime) -> User | None:
    """Note that `by` has the event open, unless somebody else has, who is returned; `NotAllowed` if it is gone."""
    with transaction.atomic():
        hold(Event.objects.filter(pk=event.pk))
        there = Claim.objects.select_related("by").filter(event=event, until__gt=now).exclude(by=by).first()
        if not there:
            Claim.objects.update_or_create(event=event, defaults={"by": by, "until": now + CLAIM_LASTS})
    return there.by if there else None


def release(event: Event, *, by: User) -> None:
    """The moderator has decided, or gone on: others may open it without being told."""
    Claim.objects.filter(event=event, by=by).delete()
