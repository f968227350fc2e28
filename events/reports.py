"""What visitors report about published events, until a moderator has settled it."""

from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Max

from events.models import Event, Report
from events.moves import NotAllowed, hold


def is_waiting(event: Event, *, subject: str, text: str) -> bool:
    """Whether exactly this was reported already, and no moderator has settled it."""
    return Report.objects.open().filter(event=event, subject=subject, text=text).exists()


def add(event: Event, *, subject: str, text: str) -> None:
    """Store what a visitor reports about a published event; `NotAllowed` if it is none any more."""
    with transaction.atomic():
        event = hold(Event.objects.published().filter(pk=event.pk))
        if not is_waiting(event, subject=subject, text=text):  # sent twice it is one report
            Report.objects.create(event=event, subject=subject, text=text)


def settle(event: Event, *, by: User, last: int, now: datetime) -> None:
    """Nothing is left to do about the reports up to the number `last`, which `by` has read."""
    with transaction.atomic():
        event = hold(Event.objects.for_moderator(by).filter(pk=event.pk))
        seen = Report.objects.open().filter(event=event, pk__lte=last)
        if not seen.update(settled_at=now, settled_by=by):
            raise NotAllowed.too_late()


def reopen(event: Event, *, by: User) -> None:
    """Take back what `by` settled last of this event: those reports wait again."""
    with transaction.atomic():
        event = hold(Event.objects.for_moderator(by).filter(pk=event.pk))
        settled = Report.objects.filter(event=event, settled_by=by)
        last = settled.aggregate(last=Max("settled_at"))["last"]
        if not last or not settled.filter(settled_at=last).update(settled_at=None, settled_by=None):
            raise NotAllowed.too_late()
