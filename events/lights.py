"""Published events as lights: how many in each country and city, and where on the map each light stands."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from math import sqrt
from typing import Any

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import ngettext

from events import text
from events.geo import countries, worldmap
from events.models import Event


@dataclass(frozen=True)
class Light:
    """A city with `events` in the edition shown, or an ember (`events` is 0): reported only in earlier editions."""

    country: str
    city: str
    events: int
    latitude: float
    longitude: float

    @property
    def radius(self) -> float:
        """In units of an outline, so that the area grows with the number of events."""
        return round(min(4 + 2.2 * sqrt(self.events), 16), 1) if self.events else 3


@dataclass(frozen=True)
class Country:
    """A country in a list or on the map, with the number of its events."""

    code: str
    name: str
    events: int

    @cached_property
    def url(self) -> str:
        return reverse("country", args=(self.code.lower(),))

    @cached_property
    def label(self) -> str:
        return label(self.name, events=self.events)


@dataclass(frozen=True)
class Region:
    key: str
    name: str
    countries: list[Country]

    @property
    def box(self) -> worldmap.Box:
        return worldmap.view_box(self.key)

    @property
    def events(self) -> int:
        return sum(country.events for country in self.countries)


@dataclass(frozen=True)
class Directory:
    """What an edition holds, counted once for a page: events by country, and the lights."""

    by_country: Counter[str]
    lights: list[Light]
    embers: list[Light]

    @property
    def events(self) -> int:
        return self.by_country.total()

    def countries(self, language: str) -> list[Country]:
        """All countries of the world by the alphabet of `language`."""
        names = sorted(countries.names(language).items(), key=lambda pair: text.sort_key(pair[1], language))
        return [Country(code, name, self.by_country[code]) for code, name in names]


def count(edition: int, *, country: str = "") -> Directory:
    """Count the events of `edition`, in the whole world or in one `country`. One query, whatever their number."""
    events = Event.objects.published().filter(edition__lte=edition)
    if country:
        events = events.filter(country=country)
    fields = ("country", "city", "place_id", "place__name", "place__latitude", "place__longitude")
    counted = events.order_by().values(*fields).annotate(events=Count("id", filter=Q(edition=edition)))
    rows = sorted(counted, key=lambda row: -row["events"])  # a city not in the data is named as most events have it
    by_country: Counter[str] = Counter()
    for row in rows:
        by_country[row["country"]] += row["events"]
    shining = list(_lights(rows))
    lights = [light for light in shining if light.events]
    return Directory(+by_country, lights, [light for light in shining if not light.events])


def regions(all_countries: Iterable[Country]) -> list[Region]:
    """The countries grouped by region, those with most events first."""
    grouped: dict[str, list[Country]] = {key: [] for key in countries.REGIONS}
    for country in all_countries:
        grouped[countries.region_of(country.code)].append(country)
    return [
        Region(key, str(countries.region_name(key)), sorted(members, key=lambda country: -country.events))
        for key, members in grouped.items()
    ]


def _lights(rows: list[dict[str, Any]]) -> Iterator[Light]:
    """One light per city: spellings of one place are one light; a place not in the data shines at its country's."""
    cities: dict[tuple[str, Any], dict[str, Any]] = {}
    for row in rows:
        if row["city"]:
            seen = cities.setdefault((row["country"], row["place_id"] or text.fold(row["city"])), {**row, "events": 0})
            seen["events"] += row["events"]
    for row in cities.values():
        known = row["place_id"] is not None
        position = (row["place__latitude"], row["place__longitude"]) if known else countries.point(row["country"])
        yield Light(row["country"], row["place__name"] if known else row["city"], row["events"], *position)


@dataclass(frozen=True)
class Spot:
    """A light at its point of a drawing, in the drawing's units."""

    light: Light
    x: float
    y: float


def on_outline(lights: Iterable[Light], outline: worldmap.Outline) -> list[Spot]:
    """Where the lights stand on the outline of their country; those on far islands are not on the drawing."""
    shown = (light for light in lights if outline.has_place(light.latitude, light.longitude))
    return [Spot(light, *outline.project(light.latitude, light.longitude)) for light in shown]


def label(name: str, *, events: int) -> str:
    """ "Germany, 14 events" in the language of the moment."""
    return ngettext("%(name)s, %(n)s event", "%(name)s, %(n)s events", events) % {"name": name, "n": events}
