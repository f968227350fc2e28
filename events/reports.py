"""What visitors report about published events, until a moderator has settled it."""

from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction

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
