"""The relay of midnights with the events of an edition: whose each is, what is on then, where its light stands."""

import heapq
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import sqrt
from typing import NamedTuple

from django.db.models import Count

from events import day, text
from events.day import Midnight
from events.geo import countries
from events.models import Condition, Event
from events.models.event_queryset import ASSUMED_LENGTH, EventQuerySet

SHOWN = 3  # events at one stop, so that the page does not grow with the number of events
CITIES = 2  # named of a country that lives by several clocks

WIDTH, HEIGHT = 1200, 190  # of the arc, in units of its drawing
MARGIN, BASE, RISE = 40, 150, 96
ARC = {
    "width": WIDTH,
    "height": HEIGHT,
    "path": f"M{MARGIN} {BASE}Q{WIDTH // 2} {BASE - 2 * RISE} {WIDTH - MARGIN} {BASE}",
}


@dataclass(frozen=True)
class Place:
    """A country whose midnight comes, in part where it names cities, with its events there in the edition."""

    code: str
    name: str
    cities: str
    events: int


@dataclass(frozen=True)
class Light:
    """A stop on the arc, in the drawing's units; `share` is that of the way, `brightness` that of the brightest."""

    share: float
    brightness: float

    @property
    def x(self) -> float:
        return round(MARGIN + (WIDTH - 2 * MARGIN) * self.share, 1)

    @property
    def y(self) -> float:
        return round(BASE - RISE * 4 * self.share * (1 - self.share), 1)

    @property
    def radius(self) -> float:
        """The area grows with the number of events, as on the map."""
        return round(4 + 11 * sqrt(self.brightness), 1)

    @property
    def glow(self) -> float:
        return 3 * self.radius


@dataclass(frozen=True)
class Stop:
    """One midnight of the relay, as the page tells it."""

    midnight: Midnight
    city: str  # the largest whose midnight it is
    places: list[Place]
    light: Light
    events_on: int
    shown: list[Event]

    @property
    def events(self) -> int:
        return sum(place.events for place in self.places)

    @property
    def baku(self) -> datetime:
        return self.midnight.instant.astimezone(day.BAKU)

    @property
    def is_in_baku(self) -> bool:
        return (self.baku.hour, self.baku.minute) == (0, 0)

    @property
    def is_labelled(self) -> bool:
        """Whether the arc names its hour: one in three."""
        return (self.baku.hour % 3, self.baku.minute) == (0, 0)

    @property
    def anchor(self) -> str:
        return self.midnight.offset.replace("−", "-").lower()

    @property
    def more(self) -> int:
        return self.events_on - len(self.shown)

    @property
    def lit(self) -> list[Place]:
        return [place for place in self.places if place.events]

    @property
    def others(self) -> list[Place]:
        return [place for place in self.places if not place.events]


@dataclass(frozen=True)
class Relay:
    """The whole way around the world."""

    stops: list[Stop]
    events: int  # of the edition

    @property
    def last(self) -> Stop:
        return self.stops[-1]

    @property
    def hours(self) -> int:
        """From the first midnight to the last."""
        return round((self.last.midnight.instant - self.stops[0].midnight.instant) / timedelta(hours=1))


class Span(NamedTuple):
    """When a published event is on; `end` is the midnight that it is waiting for, where it has one."""

    pk: int
    starts_at: datetime
    ends_at: datetime
    midnight: datetime | None


def follow(edition: int, *, language: str) -> Relay:
    """All midnights of an edition with its events. Three queries, whatever their number."""
    midnights = day.relay(edition)
    published = Event.objects.published().in_edition(edition)
    waiting = _count_by_midnight(published, edition=edition)
    counts, chosen = _choose(_spans(published, midnights), midnights)
    events = published.abridged().in_bulk({pk for pks in chosen for pk in pks})
    places = _places(midnights, waiting, language=language)
    lights = _lights(midnights, places)
    shown = [[events[pk] for pk in pks] for pks in chosen]
    cities = [midnight.clocks[0].city(language) for midnight in midnights]
    return Relay([*map(Stop, midnights, cities, places, lights, counts, shown)], waiting.total())


def _count_by_midnight(published: EventQuerySet, *, edition: int) -> Counter[tuple[str, datetime | None]]:
    """The events of each country by the midnight of their own clocks."""
    counted: Counter[tuple[str, datetime | None]] = Counter()
    for country, zone, number in published.order_by().values_list("country", "zone").annotate(Count("id")):
        counted[country, day.end_in(zone, edition=edition)] += number
    return counted


def _places(
    midnights: tuple[Midnight, ...], waiting: Counter[tuple[str, datetime | None]], *, language: str
) -> list[list[Place]]:
    """The countries of each midnight by the alphabet of `language`; cities where a country has several midnights."""
    cities = [_cities(midnight, language=language) for midnight in midnights]
    times = Counter(code for named in cities for code in named)
    names = {code: countries.name(code, language=language) for code in times}
    order = {
        code: place for place, code in enumerate(sorted(names, key=lambda code: text.sort_key(names[code], language)))
    }
    return [
        [
            Place(code, names[code], named[code] if times[code] > 1 else "", waiting[code, midnight.instant])
            for code in sorted(named, key=order.__getitem__)
        ]
        for midnight, named in zip(midnights, cities, strict=True)
    ]


def _cities(midnight: Midnight, *, language: str) -> dict[str, str]:
    """Country to the cities after which its clocks of this midnight are called, the first few."""
    found: dict[str, list[str]] = defaultdict(list)
    for clock in midnight.clocks:
        found[clock.country].append(clock.city(language))
    return {code: ", ".join(named[:CITIES]) for code, named in found.items()}


def _spans(published: EventQuerySet, midnights: tuple[Midnight, ...]) -> Iterator[Span]:
    """The events that take place as planned and are on during the relay."""
    first, last = midnights[0].instant, midnights[-1].instant
    on = published.filter(condition=Condition.PLANNED, starts_at__lte=last).upcoming(now=first)
    fields = ("pk", "starts_at", "ends_at", "zone", "edition")
    for pk, starts_at, ends_at, zone, edition in on.order_by().values_list(*fields):
        yield Span(pk, starts_at, ends_at or starts_at + ASSUMED_LENGTH, day.end_in(zone, edition=edition))


def _choose(spans: Iterable[Span], midnights: tuple[Midnight, ...]) -> tuple[list[int], list[list[int]]]:
    """For each midnight the number of events that are on, and the keys of some.

    Those that see their own midnight come first, then those not shown at a midnight before, then those that began
    last: an exhibition of a week is on at every midnight and would stand at every one.
    """
    instants = [midnight.instant for midnight in midnights]
    on: list[list[Span]] = [[] for _ in instants]
    for span in spans:
        for stop in range(bisect_left(instants, span.starts_at), bisect_left(instants, span.ends_at)):
            on[stop].append(span)
    chosen: list[list[int]] = []
    seen: set[int] = set()
    for instant, found in zip(instants, on, strict=True):
        ranks = ((span.midnight == instant, span.pk not in seen, span.starts_at, -span.pk) for span in found)
        chosen.append([-key for *_, key in heapq.nlargest(SHOWN, ranks)])
        seen.update(chosen[-1])
    return [len(found) for found in on], chosen


def _lights(midnights: tuple[Midnight, ...], places: list[list[Place]]) -> list[Light]:
    """Where the midnights stand on the way, by time."""
    first, last = midnights[0].instant, midnights[-1].instant
    events = [sum(place.events for place in at) for at in places]
    most = max(events) or 1
    shares = [(midnight.instant - first) / (last - first) for midnight in midnights]
    return [Light(share, number / most) for share, number in zip(shares, events, strict=True)]
