"""The queue of the desk: what waits for a moderator, in which order, and who has which event open."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from typing import NamedTuple, cast
from zoneinfo import ZoneInfo

from django.contrib.auth.models import User
from django.db import IntegrityError
from django.db.models import Case, Count, Exists, F, OuterRef, Q, Value, When
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from events import text
from events.geo import countries
from events.models import Amendment, Claim, Event, Report, Status
from events.models.event_queryset import EventQuerySet, is_over
from events.models.moderator import countries_of
from events.moves import NotAllowed

CLAIM_LASTS = timedelta(minutes=5)  # after a page was opened; long enough to read, short enough to be forgotten
NEARLY = timedelta(seconds=30)  # a claim of this moment is not written once more
SOON = timedelta(hours=48)
MOST_NAMED = 3  # countries, at the top of every page

NOT_PUBLIC = [status for status in Status if status != Status.PUBLISHED]
IS_PROPOSED = Q(amendment__is_refused=False, amendment__base=F("version"))  # an outdated one waits for its organiser
IS_REPORTED = Exists(Report.objects.filter(event=OuterRef("pk"), settled_at=None))


# The few rows that ask for something: else each of thousands of published events would be asked for its own.
_PUBLIC = ~Q(status__in=NOT_PUBLIC)  # said so, no index leads to all published ones
_PROPOSED = Q(pk__in=Amendment.objects.filter(is_refused=False, base=F("event__version")).values("event"))
_REPORTED = Q(pk__in=Report.objects.open().values("event"))
IS_WAITING = Q(status=Status.PENDING) | _PROPOSED & _PUBLIC | _REPORTED & _PUBLIC


def waiting(events: EventQuerySet) -> EventQuerySet:
    """Of `events` those that wait: new ones, and published ones for which something is proposed or reported."""
    return events.filter(IS_WAITING)


def in_order(events: EventQuerySet, *, now: datetime) -> EventQuerySet:
    """Those that start next first, and last those that are over."""
    return events.order_by(Case(When(is_over(now), then=Value(1)), default=Value(0)), "starts_at", "id")


def find_order(events: EventQuerySet, *, now: datetime) -> list[int]:
    """The numbers of these events in their order. One query; all of them, because to order a page would cost as much,
    and to count them once more."""
    return [*in_order(events, now=now).values_list("pk", flat=True)]


def say_left(event: Event, *, now: datetime) -> str:
    """How long it is until the event starts, as short as can be; days are those of the place, as on its page."""
    if event.starts_at <= now:
        return _("over") if event.local_over <= now else _("started")
    n, unit = shorten(event.starts_at - now)
    if unit == "d":
        n = (event.start_date - now.astimezone(ZoneInfo(event.zone)).date()).days
    return _say_in(n, unit, text.current_language())


def shorten(length: timedelta) -> tuple[int, str]:
    """A length of time as one number and its unit, by which people reckon: "min", "h", and from two days on "d"."""
    minutes = max(0, int(length.total_seconds()) // 60)
    if minutes < 60:
        return minutes, "min"
    return (minutes // 60, "h") if minutes < 48 * 60 else (minutes // 1440, "d")


@lru_cache(maxsize=1000)
def _say_in(n: int, unit: str, language: str) -> str:
    words = {"min": _("in %(n)s min"), "h": _("in %(n)s h"), "d": _("in %(n)s d")}
    return words[unit] % {"n": n}


def find_next(events: EventQuerySet, *, by: User, after: Event, now: datetime) -> Event | None:
    """Of `events` the one to decide after this: the next that nobody else has open; after the last the first."""
    free = events.exclude(Q(claim__until__gt=now) & ~Q(claim__by=by))
    return follow(free, after=after, now=now).first()


def follow(events: EventQuerySet, *, after: Event, now: datetime) -> EventQuerySet:
    """The others in their order, beginning with those that come after this one: what was skipped comes round again."""
    later = Q(starts_at__gt=after.starts_at) | Q(starts_at=after.starts_at, pk__gt=after.pk)
    further = is_over(now) & later if after.local_over <= now else is_over(now) | later
    rounds = Case(When(further, then=Value(0)), default=Value(1))
    others = in_order(events.exclude(pk=after.pk), now=now)
    return others.annotate(rounds=rounds).order_by("rounds", *others.query.order_by)


# In figures


class Post(NamedTuple):
    """Whose events the user decides, in words, and how many of them wait; empty words if nobody's."""

    countries: str
    waiting: int


class Waiting(NamedTuple):
    """How many events wait in a country, of which kinds, and how many of them start soon."""

    country: str
    total: int
    new: int
    amended: int
    reported: int
    soon: int


def find_post(user: User, *, number: int | None = None) -> Post:
    """One query, and none for whoever decides nothing, or where the `number` of what waits is known."""
    words = _name_countries(user)
    if words and number is None:
        number = waiting(Event.objects.for_moderator(user)).count()
    return Post(words, number or 0)


def count_by_country(user: User, *, now: datetime) -> list[Waiting]:
    """What waits for the user in each country, those with most first, and else by the alphabet. One query."""
    kinds = {
        "total": Count("pk"),
        "new": Count("pk", filter=Q(status=Status.PENDING)),
        "amended": Count("pk", filter=_PROPOSED & _PUBLIC),
        "reported": Count("pk", filter=_REPORTED & _PUBLIC),
        "soon": Count("pk", filter=is_soon(now)),
    }
    counted = waiting(Event.objects.for_moderator(user)).order_by().values_list("country").annotate(**kinds)
    return sorted((Waiting(*row) for row in counted), key=lambda row: (-row.total, _place_in_alphabet(row.country)))


def add_up(rows: Sequence[Waiting]) -> Waiting:
    """In all countries together."""
    sums = [sum(column) for column in zip(*(row[1:] for row in rows), strict=True)] or [0] * 5
    return Waiting("", *sums)


def is_soon(now: datetime) -> Q:
    return Q(starts_at__gt=now, starts_at__lte=now + SOON)


def _name_countries(user: User) -> str:
    if user.is_superuser:
        return _("all countries")
    codes, language = countries_of(user), text.current_language()
    if len(codes) > MOST_NAMED:
        return ngettext("%(n)s country", "%(n)s countries", len(codes)) % {"n": len(codes)}
    return ", ".join(countries.name(code, language=language) for code in sorted(codes, key=_place_in_alphabet))


def _place_in_alphabet(code: str) -> list[tuple[int, int]]:
    """By which countries are sorted in the language of the page."""
    language = text.current_language()
    return text.sort_key(countries.name(code, language=language), language)


# Who has it open


def claim(event: Event, *, by: User, now: datetime) -> User | None:
    """Note that `by` has the event open, unless somebody else has, who is returned; `NotAllowed` if it is gone.

    At most one query, if the event was read together with its claim.
    """
    known, until = getattr(event, "claim", None), now + CLAIM_LASTS
    if known and known.by_id != by.pk and known.until > now:
        return cast(User, known.by)
    if known and known.by_id == by.pk and known.until > until - NEARLY:
        return None
    mine = Claim.objects.filter(Q(by=by) | Q(until__lte=now), event=event)
    if known and mine.update(by=by, until=until):
        return None
    try:
        Claim(event_id=event.pk, by=by, until=until).save(force_insert=True)
    except IntegrityError as error:  # somebody else was a moment faster, or the event was deleted
        there = Claim.objects.select_related("by").filter(event=event).first()
        if not there and not Event.objects.for_moderator(by).filter(pk=event.pk).exists():
            raise NotAllowed.too_late() from error
        return there.by if there and there.by_id != by.pk else None  # or has gone on already
    return None


def release(event: Event, *, by: User) -> None:
    """The moderator has decided, or gone on: others may open it without being told."""
    Claim.objects.filter(event=event, by=by).delete()
