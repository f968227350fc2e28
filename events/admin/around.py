"""What the page of an event tells around it: what waits beside it, who sent it, how long ago."""

from datetime import datetime
from itertools import islice
from typing import Any, NamedTuple

from django.contrib.auth.models import User
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from events import queue, text
from events.forms.case import Case
from events.geo import languages
from events.models import Event, Status, Verb
from events.models.step import is_address_proven

from .flags import PROPOSAL, Flag, find_proposed_at
from .lines import say_start, say_where
from .walk import Walk

MOST_LINES = 8  # of the queue
_COLUMNS = (
    *("title", "status", "version", "format", "country", "city"),
    *("edition", "start_date", "start_time", "starts_at", "ends_at", "zone"),
)


# What waits beside it


class Line(NamedTuple):
    pk: int
    title: str
    facts: str  # where and when
    left: str
    is_urgent: bool
    flags: list[Flag]


class Beside(NamedTuple):
    """Lines of the queue, the first that of the event itself, and how many there are in all."""

    lines: list[Line]
    total: int


def look_beside(case: Case, walk: Walk) -> Beside:
    """The event, and what comes after it on the walk, and after the last the first again.

    One query, and those of `walk.find_order`.
    """
    event, now, mine = case.event, walk.now, Event.objects.for_moderator(walk.by)
    order, asked = walk.find_order(event=event)
    at = order.index(event.pk) if event.pk in order else 0  # deleted just now
    others = (pk for pk in order[at:] + order[:at] if pk in asked and pk != event.pk)
    following = [*islice(others, MOST_LINES - 1)]
    rows = mine.annotate(**PROPOSAL).only(*_COLUMNS).in_bulk(following)
    here = _say_line(event, is_amended=bool(case.amendment), is_reported=bool(case.reports), now=now)
    lines = [_say_row(rows[pk], now=now) for pk in following if pk in rows]
    return Beside([here, *lines], len(order) - (not case.is_waiting))


def _say_row(event: Any, *, now: datetime) -> Line:
    """A published one to which nothing is proposed waits because it was reported."""
    is_public, is_amended = event.status == Status.PUBLISHED, bool(find_proposed_at(event))
    return _say_line(event, is_amended=is_amended, is_reported=is_public and not is_amended, now=now)


def _say_line(event: Event, *, is_amended: bool, is_reported: bool, now: datetime) -> Line:
    flags = [Flag("reported", _("reported"))] if is_reported else []
    flags += [Flag("amended", _("amended"))] if is_amended else []
    facts = f"{say_where(event)} · {say_start(event, now=now)}"
    is_urgent = now < event.starts_at <= now + queue.SOON
    return Line(event.pk, event.title, facts, queue.say_left(event, now=now), is_urgent, flags)


# Who sent it


class Contact(NamedTuple):
    """What nobody but moderators sees of an organiser."""

    name: str
    email: str
    is_confirmed: bool
    language: str
    record: str


def find_contact(case: Case, *, by: User) -> Contact:
    """One query."""
    event = case.event
    return Contact(
        event.contact_name,
        event.contact_email,
        is_address_proven(event, case.steps),
        languages.name(event.contact_language, language=text.current_language()),
        find_record(event, by=by) if event.contact_email else "",
    )


def find_record(event: Event, *, by: User) -> str:
    """What the address sent before, as far as `by` may know it."""
    theirs = Event.objects.for_moderator(by).of_organiser(event.contact_email).exclude(pk=event.pk).order_by()
    others = [row for row in theirs.values_list("edition", "status") if row[1] != Status.UNCONFIRMED]
    if not others:
        return _("The first event of this address.")
    number, since = len(others), min(edition for edition, _status in others)
    declined = sum(status == Status.DECLINED for _edition, status in others)
    events = ngettext("%(n)d other event, the first in %(year)d", "%(n)d other events, the first in %(year)d", number)
    good = ngettext("%(n)d declined", "%(n)d declined", declined) % {"n": declined} if declined else _("none declined")
    return f"{events % {'n': number, 'year': since}}; {good}"


# How long ago


def say_since(moment: datetime, *, now: datetime) -> str:
    minutes = max(0, int((now - moment).total_seconds()) // 60)
    if minutes < 60:
        return ngettext("%(n)d minute ago", "%(n)d minutes ago", minutes) % {"n": minutes}
    if minutes < 48 * 60:
        return ngettext("%(n)d hour ago", "%(n)d hours ago", minutes // 60) % {"n": minutes // 60}
    return ngettext("%(n)d day ago", "%(n)d days ago", minutes // 1440) % {"n": minutes // 1440}


def find_arrival(case: Case) -> datetime:
    """Since when it waits: what was sent last."""
    if case.amendment:
        return case.amendment.sent_at
    sent = [step.at for step in case.steps if step.verb in _SENT]
    return sent[-1] if sent else case.event.created_at


_SENT = {Verb.SUBMIT, Verb.IMPORT, Verb.CONFIRM, Verb.EDIT, Verb.PROPOSE}
