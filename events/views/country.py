"""A country's page. Each part of it takes one query at most, and shows a bounded number of events."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from itertools import count, groupby
from math import acos, cos, radians, sin
from typing import Any
from urllib.parse import urlencode

from django.db.models import Case, CharField, Count, F, Value, When, Window
from django.db.models.functions import Cast, Coalesce, RowNumber
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from events import day, lights, pieces, text
from events.geo import countries, worldmap
from events.models import Event, read_moment
from events.models.event_queryset import EventQuerySet, is_over

MOST_EVENTS = 60  # on a page; where there are more, the first PER_CITY of each city
PER_CITY = 4
PER_YEAR = 5  # events named of each earlier year
RECENT = 300  # events whose organisers are read
MOST_ORGANISERS = 100
MOST_NEIGHBOURS = 9

Key = tuple[str, float, float]  # of a city: folded name, latitude, longitude


@dataclass(frozen=True)
class City:
    """A city with the number of its events; `url` leads to its section of the page, or else to the listing."""

    name: str
    events: int
    url: str
    spot: lights.Spot | None  # where it shines, if that is on the outline


@dataclass(frozen=True)
class Section:
    """The cards of a city's events to come; of online events without a city when it has no name."""

    key: Key
    name: str
    anchor: str
    events: int  # all of them, over or not shown included
    all_url: str
    cards: list[SafeString]


@dataclass(frozen=True)
class Year:
    """An earlier edition: the number of its events, and the first of them."""

    edition: int
    events: int
    shown: list[Event]


@require_safe
@cache_control(public=True, max_age=60)
def show(request: HttpRequest, code: str) -> HttpResponse:
    """One country: its outline with lights, its events by city, who held them, and earlier years."""
    code, language = code.upper(), text.current_language()
    if code not in countries.names(language):
        raise Http404
    moment = read_moment(now=timezone.now())
    edition = day.coming_edition(moment.hour)
    # Gathered once for all parts, and only if one of them is not stored.
    gathered = cache(lambda: _gather(code, edition, now=moment.hour, language=language))
    parts = {
        part: pieces.render(f"events/_country_{part}.html", code, version=moment, context=gathered)
        for part in ("description", "night", "paper")
    }
    name = countries.name(code, language=language)
    return render(request, "events/country.html", {"name": name, "edition": edition, **parts})


def _gather(code: str, edition: int, *, now: datetime, language: str) -> dict[str, Any]:
    """All that the parts of a country's page tell."""
    directory = lights.count(edition, country=code)
    outline = worldmap.outline(code)
    to_come, over = _gather_events(edition, country=code, number=directory.events, now=now)
    sections = _arrange_sections(to_come, directory)
    return {
        "edition": edition,
        "country": lights.Country(code, countries.name(code, language=language), directory.events),
        "region": lights.Region(countries.region_of(code), countries.region_name(countries.region_of(code)), []),
        "outline": outline,
        "embers": lights.on_outline(directory.embers, outline) if outline else [],
        "cities": _arrange_cities(directory, sections, country=code, language=language),
        "sections": sections,
        "over": over,
        "is_short": len(to_come) + len(over) < directory.events,
        "organisers": _gather_organisers(country=code, language=language),
        "years": _gather_years(edition, country=code),
        "neighbours": [] if directory.events else _gather_neighbours(edition, country=code, language=language),
    }


def _gather_events(edition: int, *, country: str, number: int, now: datetime) -> tuple[list[Event], list[Event]]:
    """The events to come and those over that the page of a country with this `number` of them shows, each by start.

    Where there are many, the first of each city are in before the next ones of any.
    """
    if not number:
        return [], []
    order = ("is_over", "starts_at", "id")
    mark = Case(When(is_over(now), then=Value(1)), default=Value(0))
    events = _published(country).in_edition(edition).annotate(is_over=mark)
    if number > MOST_EVENTS:  # ranked by their numbers alone: whole rows would have to be sorted whole
        city = Coalesce(Cast("place_id", CharField()), "city")
        rank = Window(RowNumber(), partition_by=city, order_by=[F(name).asc() for name in order])
        first = events.annotate(rank=rank).filter(rank__lte=PER_CITY).order_by(*order).values("pk")[:MOST_EVENTS]
        events = _published(country).annotate(is_over=mark).filter(pk__in=first)
    shown = events.order_by(*order)[:MOST_EVENTS]
    return [event for event in shown if not event.is_over], [event for event in shown if event.is_over]


def _arrange_sections(events: list[Event], directory: lights.Directory) -> list[Section]:
    """The events by city, cities in the order of their first event."""
    rows = {event.pk: event for event in events}
    cards = pieces.cards(((event.pk, event.version) for event in events), rows=rows)
    numbers = {_key_of(light): light.events for light in directory.lights}
    online = directory.events - sum(numbers.values())
    cities: dict[Key, list[Event]] = {}
    for event in events:
        cities.setdefault(_key(event), []).append(event)
    anchors = _name_anchors(cities)
    return [
        Section(
            key,
            _city_name(group[0]),
            anchors[key],
            numbers.get(key, online),
            _all_url(str(group[0].country), _city_name(group[0])),
            [cards[event.pk] for event in group],
        )
        for key, group in cities.items()
    ]


def _arrange_cities(directory: lights.Directory, sections: list[Section], *, country: str, language: str) -> list[City]:
    """All cities with events, those with most first, by the alphabet among equals."""
    outline = worldmap.outline(country)
    spots = {spot.light: spot for spot in lights.on_outline(directory.lights, outline)} if outline else {}
    anchors = {section.key: f"#{section.anchor}" for section in sections}
    return [
        City(light.city, light.events, anchors.get(_key_of(light)) or _all_url(country, light.city), spots.get(light))
        for light in sorted(directory.lights, key=lambda light: (-light.events, text.sort_key(light.city, language)))
    ]


def _gather_organisers(*, country: str, language: str) -> list[str]:
    """Who held the latest events of a country, this edition's and earlier ones', by the alphabet; each once."""
    fields = _published(country).order_by("-edition", "-starts_at").values_list("organiser", flat=True)[:RECENT]
    names = {text.fold(name): name for field in reversed(dict.fromkeys(fields)) for name in text.names(field)}
    latest = [*names.values()][-MOST_ORGANISERS:]
    return sorted(latest, key=lambda name: text.sort_key(name, language))


def _gather_years(edition: int, *, country: str) -> list[Year]:
    """The editions before `edition` of which events are known, the latest first."""
    events = _published(country).filter(edition__lt=edition)
    rank = Window(RowNumber(), partition_by="edition", order_by=["starts_at", "id"])
    events = events.annotate(rank=rank, number=Window(Count("id"), partition_by="edition"))
    shown = events.filter(rank__lte=PER_YEAR).order_by("-edition", "rank")
    years = [(year, [*group]) for year, group in groupby(shown, key=lambda event: event.edition)]
    return [Year(year, group[0].number, [*group]) for year, group in years]


def _gather_neighbours(edition: int, *, country: str, language: str) -> list[lights.Country]:
    """The nearest countries of the same region that have events."""
    region = countries.region_of(country)
    codes = [code for code in countries.names(language) if countries.region_of(code) == region]
    events = Event.objects.published().in_edition(edition).filter(country__in=codes).order_by()
    numbers = dict(events.values_list("country").annotate(Count("id")))
    nearest = sorted(numbers, key=lambda code: _angle(countries.point(code), countries.point(country)))
    return [
        lights.Country(code, countries.name(code, language=language), numbers[code])
        for code in nearest[:MOST_NEIGHBOURS]
    ]


def _published(country: str) -> EventQuerySet:
    return Event.objects.published().filter(country=country).abridged()


def _key(event: Event) -> Key:
    position = (event.place.latitude, event.place.longitude) if event.place else countries.point(str(event.country))
    return (text.fold(_city_name(event)), *position)


def _key_of(light: lights.Light) -> Key:
    return (text.fold(light.city), light.latitude, light.longitude)


def _city_name(event: Event) -> str:
    return event.place.name if event.place else event.city


def _all_url(country: str, city: str) -> str:
    asked = {"country": country, "city": city} if city else {"country": country, "format": "online"}
    return f"{reverse('events')}?{urlencode(asked)}"


def _name_anchors(keys: dict[Key, list[Event]]) -> dict[Key, str]:
    """An anchor for each city: its name where an address can hold it, with a number where several have the same."""
    anchors: dict[str, Key] = {}
    for key in keys:
        name = text.slug(key[0], default="city")
        free = (candidate for number in count(1) if (candidate := _numbered(name, number)) not in anchors)
        anchors[next(free)] = key
    return {key: anchor for anchor, key in anchors.items()}


def _numbered(name: str, number: int) -> str:
    return f"city-{name}" if number == 1 else f"city-{name}-{number}"


def _angle(one: tuple[float, float], other: tuple[float, float]) -> float:
    """How far two points of the globe, in degrees, are from each other, in radians."""
    north, south, east = radians(one[0]), radians(other[0]), radians(one[1] - other[1])
    return acos(min(1, max(-1, sin(north) * sin(south) + cos(north) * cos(south) * cos(east))))
