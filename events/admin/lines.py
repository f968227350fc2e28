"""The lines of the queue, all words made ready: templates are slow."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

from django.contrib.auth.models import User
from django.db.models import F
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from events import day, queue, text
from events.geo import countries
from events.models import Event, Status
from events.models.event_queryset import EventQuerySet
from events.templatetags.directory import long_day, short_day

from .flags import PROPOSAL, Flag, find_facts, say_flags

# What a line says, and what its flags and doubles are found by.
COLUMNS = (
    *("title", "description", "organiser", "supporters", "venue", "address", "image_alt", "contact_email"),
    *("status", "condition", "version", "format", "country", "city", "place"),
    *("website", "registration_url", "online_url"),
    *("edition", "start_date", "start_time", "starts_at", "ends_at", "zone", "created_at"),
)


class Line(NamedTuple):
    pk: int
    version: int
    title: str
    organiser: str
    where: str
    starts: str  # local day and time in words
    left: str  # until then
    is_urgent: bool
    age: str  # how long it waits, if it does
    state: str  # its status, if it is not a new one
    opened_by: str  # by which other moderator
    flags: tuple[Flag, ...]

    @property
    def value(self) -> str:
        """By which it is chosen, in the version that is shown."""
        return f"{self.pk}:{self.version}"


def select(events: EventQuerySet) -> EventQuerySet:
    """With no more than the lines need, and with who has each of them open until when."""
    opened = {"opened_by": F("claim__by__username"), "opened_until": F("claim__until")}
    return events.only(*COLUMNS).annotate(**opened, **PROPOSAL)


def read(events: EventQuerySet, numbers: list[int]) -> list[Event]:
    """Those of `events` with these numbers, in the same order; what was deleted just now is left out. One query."""
    rows = select(events).in_bulk(numbers)
    return [rows[number] for number in numbers if number in rows]


def make_lines(events: Sequence[Event], user: User, *, now: datetime) -> list[Line]:
    """For each of `events`, as `select` gives them, what the queue says of it. Five queries, none without events."""
    return [*_make_lines(events, user, now=now)] if events else []


def _make_lines(events: Sequence[Any], user: User, *, now: datetime) -> Iterator[Line]:
    facts = find_facts(events, user)
    flags = say_flags(events, user, facts=facts)
    for event in events:
        yield Line(
            event.pk,
            event.version,
            event.title,
            event.organiser,
            say_where(event),
            say_start(event, now=now),
            queue.say_left(event, now=now),
            now < event.starts_at <= now + queue.SOON,
            say_age(facts.find_since(event), now=now) if facts.waits(event) else "",
            "" if event.status == Status.PENDING else event.get_status_display(),
            event.opened_by if _is_opened(event, user, now=now) else "",
            tuple(flags[event.pk]),
        )


def _is_opened(event: Any, user: User, *, now: datetime) -> bool:
    """Whether another moderator has it open."""
    return event.opened_until and event.opened_until > now and event.opened_by != user.get_username()


def render_lines(lines: Sequence[Line], *, onward: str, is_chosen: bool) -> list[SafeString]:
    """Each as HTML; `onward` ends the address to which it leads."""
    language = text.current_language()
    return [_render(line, language, onward=onward, is_chosen=is_chosen) for line in lines]


# From one look at the queue to the next most lines stay as they are, to the last word.
@lru_cache(maxsize=2000)
def _render(line: Line, language: str, *, onward: str, is_chosen: bool) -> SafeString:
    context = {"line": line, "onward": onward, "is_chosen": is_chosen}
    return render_to_string("admin/events/event/_queue_line.html", context)


def say_where(event: Event) -> str:
    country = countries.name(str(event.country), language=text.current_language())
    return f"{event.city or event.get_format_display()}, {country}"


def say_start(event: Event, *, now: datetime) -> str:
    """By the clock of the place; with the year if one might take it for another."""
    is_coming = event.edition == day.coming_edition(now)
    on = short_day(event.start_date) if is_coming else long_day(event.start_date)
    return f"{on}, {event.start_time:%H:%M}" if event.start_time else on


def say_age(since: datetime, *, now: datetime) -> str:
    return _say_waiting(*queue.shorten(now - since), text.current_language())


@lru_cache(maxsize=1000)
def _say_waiting(n: int, unit: str, language: str) -> str:
    words = {"min": _("waits %(n)s min"), "h": _("waits %(n)s h"), "d": _("waits %(n)s d")}
    return words[unit] % {"n": n}
