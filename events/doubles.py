"""Events that may be one and the same: same place and day, and name, organiser or a link in common."""

from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from typing import NamedTuple, TypeVar

from events import text
from events.models import Event

MOST = 3
ALIKE = 0.5  # the part of all words in two titles that they share
LINKS = ("website", "registration_url", "online_url")
FOLDED = 20_000  # texts kept folded: the queue compares the same few thousand again and again


class Candidate(NamedTuple):
    """Of an event no more than to compare it: where hundreds are compared, a whole row of each costs too much."""

    pk: int
    start_date: date
    country: str
    place_id: int | None
    city: str
    title: str
    organiser: str
    website: str
    registration_url: str
    online_url: str


Comparable = TypeVar("Comparable", "Event", "Candidate")


def find(event: Event) -> list[Event]:
    """At most three published events that `event`, which is not stored yet, is likely to be; the likeliest first."""
    same_day = Event.objects.published().filter(start_date=event.start_date, country=event.country)
    return choose(event, among=same_day.abridged())


def choose(event: Event, *, among: Iterable[Comparable]) -> list[Comparable]:
    """At most three of `among` that the event is likely to be, never itself; the likeliest first."""
    others = (other for other in among if other.pk != event.pk and _is_same_place_and_day(other, event))
    likely = [(likeness, other) for other in others if (likeness := find_likeness(other, event)) >= ALIKE]
    likely.sort(key=lambda pair: pair[0], reverse=True)
    return [other for _likeness, other in likely][:MOST]


def _is_same_place_and_day(one: Event | Candidate, other: Event | Candidate) -> bool:
    if one.start_date != other.start_date:
        return False
    if one.place_id and other.place_id:
        return one.place_id == other.place_id
    return fold_city(one) == fold_city(other) and one.country == other.country


def fold_city(event: Event | Candidate) -> str:
    """The name of the city by which two events are in the same one."""
    return _fold(event.city)


def find_likeness(one: Event | Candidate, other: Event | Candidate) -> float:
    """From 0 to 1; the likeness of the titles, and at least a half where they share an organiser or a link."""
    words, other_words = _words(one.title), _words(other.title)
    alike = len(words & other_words) / max(1, len(words | other_words))
    return alike if alike >= ALIKE or not _shares_something(one, other) else ALIKE


def _shares_something(one: Event | Candidate, other: Event | Candidate) -> bool:
    if _names(one.organiser) & _names(other.organiser):
        return True
    links, other_links = ({getattr(event, field) for field in LINKS} - {""} for event in (one, other))
    return bool(links & other_links)


_fold = lru_cache(maxsize=FOLDED)(text.fold)


@lru_cache(maxsize=FOLDED)
def _words(title: str) -> frozenset[str]:
    return frozenset(text.fold(title).split())


@lru_cache(maxsize=FOLDED)
def _names(organiser: str) -> frozenset[str]:
    return frozenset(map(text.fold, text.names(organiser))) - {""}
