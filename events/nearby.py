"""Other events near an event, by the points of their cities alone: no distance tells where a hidden address is."""

from collections.abc import Iterator
from datetime import datetime
from functools import partial
from math import cos, hypot, radians
from typing import NamedTuple

from events import pieces
from events.models import Condition, Event, Moment
from events.models.event_queryset import EventQuerySet

MOST = 4
REACH = 300  # kilometres
DEGREE = 111.2  # kilometres from one degree of latitude to the next


class Neighbour(NamedTuple):
    """An event and how far its city is, in whole kilometres; 0 for the same city, None where nobody can tell."""

    event: Event
    kilometres: int | None


class Place(NamedTuple):
    """A city with events to come: its point in degrees and the numbers of the events that come first."""

    latitude: float
    longitude: float
    events: list[int]


def find_neighbours(event: Event, *, moment: Moment) -> list[Neighbour]:
    """Events of the same edition that are not over, the nearest first; by time in the same country where none is near.

    The places are read once per `moment`, so that the cost of a page does not grow with the number of events.
    """
    distances = dict(_nearest(event, _places(event.edition, moment=moment)))
    if not distances:
        return [Neighbour(other, None) for other in _in_country(event, now=moment.hour)]
    rows = Event.objects.published().abridged().in_bulk(list(distances))
    return [Neighbour(rows[pk], kilometres) for pk, kilometres in distances.items() if pk in rows]


def _to_come(edition: int, *, now: datetime) -> EventQuerySet:
    """What one may still go to."""
    return Event.objects.published().in_edition(edition).filter(condition=Condition.PLANNED).upcoming(now=now)


def _in_country(event: Event, *, now: datetime) -> Iterator[Event]:
    events = _to_come(event.edition, now=now).filter(country=event.country)
    yield from events.exclude(pk=event.pk).abridged()[:MOST]


def _places(edition: int, *, moment: Moment) -> list[Place]:
    """The places of an edition's events to come, as they are stored for this moment or read anew."""
    make = partial(_read_places, edition, now=moment.hour)
    return pieces.remember("nearby", edition, version=moment, make=make)


def _read_places(edition: int, *, now: datetime) -> list[Place]:
    fields = ("pk", "place_id", "place__latitude", "place__longitude")
    rows = _to_come(edition, now=now).filter(place__isnull=False)
    places: dict[int, Place] = {}
    for pk, place, latitude, longitude in rows.values_list(*fields).iterator():
        found = places.setdefault(place, Place(latitude, longitude, []))
        if len(found.events) <= MOST:  # one more, because one of them may be the event itself
            found.events.append(pk)
    return list(places.values())


def _nearest(event: Event, places: list[Place]) -> list[tuple[int, int]]:
    """Numbers of the nearest events with their distance in kilometres."""
    if not event.place:
        return []
    origin = (event.place.latitude, event.place.longitude)
    within = sorted((_distance(origin, place), place) for place in places if abs(place.latitude - origin[0]) < 3)
    near = [(pk, round(far)) for far, place in within if far < REACH for pk in place.events if pk != event.pk]
    return near[:MOST]


def _distance(origin: tuple[float, float], place: Place) -> float:
    """Kilometres, on a plane that touches the globe there: within the reach right to one in a hundred."""
    north = place.latitude - origin[0]
    east = (place.longitude - origin[1] + 180) % 360 - 180
    return DEGREE * hypot(north, east * cos(radians(origin[0] + north / 2)))
