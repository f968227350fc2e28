"""The digest: to each moderator, in the morning of their own clock, one letter on what waits in their countries."""

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import translation
from django.utils.translation import ngettext

from events import mail, queue, text
from events.geo import countries
from events.models import Event, Moderator, Report, Status
from events.models.event_queryset import EventQuerySet

# Local hours. What calls may fail for a while, then the letter comes later; in the afternoon it is none any more.
MORNING = range(7, 12)
MOST = 10  # events that a letter names


class Line(NamedTuple):
    """An event in a few words without anything but its place that somebody typed, and where it is decided."""

    words: str
    address: str


def find_receivers() -> QuerySet[Moderator]:
    """Everybody who may get a digest at all."""
    return (
        Moderator.objects.filter(user__is_active=True, user__is_staff=True)
        .exclude(user__email="")
        .select_related("user")
    )


def queue_letter(moderator: Moderator, *, now: datetime) -> bool:
    """Queue the letter of this morning, unless it is none, or it was looked at before. Returns whether there is one.

    That this day is done is written in the transaction of the letter: whoever comes second finds no row to change, and
    whoever is killed in between leaves both for the next.
    """
    local = now.astimezone(ZoneInfo(moderator.zone))
    if local.hour not in MORNING:
        return False
    with transaction.atomic():
        rows = Moderator.objects.filter(pk=moderator.pk, zone=moderator.zone).exclude(digested_on=local.date())
        return bool(rows.update(digested_on=local.date())) and _write(moderator, now=now)


def _write(moderator: Moderator, *, now: datetime) -> bool:
    """Queue the letter if anything waits."""
    own = [str(country) for country in moderator.countries]  # of a superuser too, who may see all
    events = Event.objects.for_moderator(moderator.user).filter(country__in=own)
    waiting = queue.in_order(queue.waiting(events), now=now)
    with translation.override(moderator.language):
        counts, first = [*_count(events)], [_say(event, now=now) for event in waiting[:MOST]]
        if first:
            mail.digest(moderator.user.email, language=moderator.language, counts=counts, first=first)
    return bool(first)


def _count(events: EventQuerySet) -> Iterator[str]:
    """How much waits of each kind, as far as anything does."""
    public = queue.waiting(events).filter(status=Status.PUBLISHED)
    if n := events.filter(status=Status.PENDING).count():
        yield ngettext("%(n)s new event", "%(n)s new events", n) % {"n": n}
    if n := public.filter(queue.IS_PROPOSED).count():
        yield ngettext("%(n)s proposed change", "%(n)s proposed changes", n) % {"n": n}
    if n := Report.objects.open().filter(event__in=public.order_by()).count():
        yield ngettext("%(n)s report", "%(n)s reports", n) % {"n": n}


def _say(event: Event, *, now: datetime) -> Line:
    country = countries.name(str(event.country), language=text.current_language())
    words = [queue.say_left(event, now=now), ", ".join([event.city or str(event.get_format_display()), country])]
    return Line(" · ".join(words), settings.SITE_URL + reverse("admin:events_event_change", args=(event.pk,)))
