"""Published events that a new one may be once more: same place and day, and name, organiser or a link in common."""

from events import text
from events.models import Event

MOST = 3
ALIKE = 0.5  # the part of all words in two titles that they share
LINKS = ("website", "registration_url", "online_url")


def find(event: Event) -> list[Event]:
    """At most three published events that `event`, which is not stored yet, is likely to be; the likeliest first."""
    same_day = Event.objects.published().filter(start_date=event.start_date, country=event.country).exclude(pk=event.pk)
    likely = [(_likeness(other, event), other) for other in same_day.abridged() if _is_same_place(other, event)]
    likely.sort(key=lambda pair: pair[0], reverse=True)
    return [other for likeness, other in likely if likeness >= ALIKE][:MOST]


def _is_same_place(one: Event, other: Event) -> bool:
    if one.place_id and other.place_id:
        return one.place_id == other.place_id
    return text.fold(one.city) == text.fold(other.city)


def _likeness(one: Event, other: Event) -> float:
    """From 0 to 1; the likeness of the titles, and at least a half where they share an organiser or a link."""
    words, other_words = ({*text.fold(event.title).split()} for event in (one, other))
    alike = len(words & other_words) / max(1, len(words | other_words))
    return max(alike, ALIKE) if _shares_something(one, other) else alike


def _shares_something(one: Event, other: Event) -> bool:
    names, other_names = ({*map(text.fold, text.names(event.organiser))} - {""} for event in (one, other))
    links, other_links = ({getattr(event, field) for field in LINKS} - {""} for event in (one, other))
    return bool(names & other_names or links & other_links)
