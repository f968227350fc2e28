"""Inventing one sample event: always the same one for the same seed, edition and number."""

import json
import random
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from django.conf import settings

from events.forms.when_and_where import find_end
from events.models import AddressVisibility, Admission, City, Condition, Event, Format, Kind, Status
from events.samples.pictures import MOTIFS, VARIANTS
from events.samples.work import SHARED, is_double

PICTURES = [(motif, variant) for motif in MOTIFS for variant in range(VARIANTS)]

# How often, out of a hundred
_KINDS = {
    **{Kind.EVENING: 30, Kind.CONCERT: 22, Kind.CHILDREN: 12, Kind.RECEPTION: 8, Kind.CONFERENCE: 7},
    **{Kind.EXHIBITION: 5, Kind.FILM: 4, Kind.CHARITY: 4, Kind.OUTDOOR: 4, Kind.OTHER: 4},
}
_FORMATS = {Format.IN_PERSON: 86, Format.ONLINE: 6, Format.HYBRID: 8}
_ADMISSIONS = {Admission.FREE: 55, Admission.REGISTRATION: 25, Admission.TICKET: 12, Admission.INVITATION: 8}
_VISIBILITIES = {AddressVisibility.PUBLIC: 80, AddressVisibility.CITY_ONLY: 10, AddressVisibility.ON_REQUEST: 10}
# Days from 31 December: 5 December to 15 January, most events in the last week of the year.
_DAYS = dict.fromkeys(range(-26, 16), 0.6) | {-5: 6, -4: 8, -3: 9, -2: 9, -1: 14, 0: 38}
_FIRST_HOURS = {Kind.CHILDREN: (11, 15), Kind.CONFERENCE: (11, 17), Kind.CHARITY: (11, 16)}  # others: the evening

Place = tuple[City, str]  # the row, and the name as people there write it in Latin letters


class Sample(NamedTuple):
    """An invented event, the status and the condition it is to have, and which of `PICTURES` it shows, if any."""

    event: Event
    status: Status
    condition: Condition
    picture: int | None


def key(number: int, *, seed: int, edition: int) -> str:
    """What tells a sample from all others, kept as the event's `submission`."""
    return f"sample:{edition}:{seed}:{number}"


def invent(number: int, *, seed: int, edition: int, places: dict[str, list[Place]]) -> Sample:
    """Invent one event. `places` come from `find_places`; the first events are in one country each."""
    dice = random.Random(f"{seed}:{edition}:{number}")  # noqa: S311 - repeatable, not secret
    country = _country(dice, number, places)
    language = read("countries")[country][1] if dice.random() < 0.7 else "az"
    words, kind = read("texts")[language], Kind(_draw(dice, _KINDS))
    event = Event(
        kind=kind,
        languages=",".join(dict.fromkeys([language, "az", dice.choice(["en", "ru", "az"])])),
        contact_language=language if language in dict(settings.LANGUAGES) else "en",
        is_sample=True,
        submission=key(number, seed=seed, edition=edition),
        **_what(dice, kind, words),
        **_how(dice, number),
        **_when(dice, kind, edition),
    )
    _put_somewhere(event, dice, places[country], words)
    if is_double(number):
        _repeat(event, invent(number - 1, seed=seed, edition=edition, places=places).event)
    picture = dice.randrange(len(PICTURES)) if dice.random() < 1 / 3 else None
    if picture is not None:
        event.image_alt = words["alts"][PICTURES[picture][0]]
    # Some have organised many events, many a single one, whose first it is; there are more with every event.
    event.contact_email = f"organiser{dice.randrange(number // 4 + 5)}@example.org"
    return Sample(event, *_fate(number), picture)


def _repeat(event: Event, other: Event) -> None:
    """Make the event the same gathering once more, registered by somebody else."""
    for name in SHARED:
        setattr(event, name, getattr(other, name))


def find_places() -> dict[str, list[Place]]:
    """The cities that samples may be in, by country; those that the table of cities does not hold are left out."""
    wanted = {code: [name.partition("=") for name in row[2].split(", ")] for code, row in read("countries").items()}
    names = {name for parts in wanted.values() for name, _sign, _local in parts}
    rows = City.objects.filter(country__in=wanted, name__in=names).order_by("population")
    cities = {(city.country, city.name): city for city in rows}  # of two with one name the larger
    found = {
        code: [(cities[code, name], local or name) for name, _sign, local in parts if (code, name) in cities]
        for code, parts in wanted.items()
    }
    return {code: places for code, places in found.items() if places}


@cache
def read(name: str) -> dict[str, Any]:
    """Read countries.json (code to weight, language and cities) or texts.json (language to what is said in it)."""
    return json.loads((Path(__file__).parent / f"{name}.json").read_text(encoding="utf-8"))


def _draw(dice: random.Random, weights: Mapping[Any, float]) -> Any:
    return dice.choices([*weights], [*weights.values()])[0]


def _country(dice: random.Random, number: int, places: dict[str, list[Place]]) -> str:
    codes = [*places]
    if number < len(codes):
        return codes[number]
    return _draw(dice, {code: read("countries")[code][0] for code in codes})


def _fate(number: int) -> tuple[Status, Condition]:
    """Of a hundred events eight wait, two are returned, two declined, and some of those published do not take place."""
    if number % 12 == 11:
        return Status.PENDING, Condition.PLANNED
    if number % 50 in {24, 49}:
        return (Status.RETURNED if number % 50 == 24 else Status.DECLINED), Condition.PLANNED
    if number % 60 == 17:
        return Status.PUBLISHED, Condition.CANCELLED
    return Status.PUBLISHED, Condition.POSTPONED if number % 80 == 33 else Condition.PLANNED


def _what(dice: random.Random, kind: Kind, words: dict[str, Any]) -> dict[str, str]:
    title, azerbaijani = dice.choice(words["titles"][kind]), read("texts")["az"]
    if words is not azerbaijani and dice.random() < 0.25:
        title = f"{title} · {azerbaijani['titles'][kind][0]}"
    organisers = dice.sample(words["organisers"], 2 if dice.random() < 0.2 else 1)
    return {
        "title": title,
        "description": "\n\n".join([words["notice"], words["programme"][kind], dice.choice(words["welcome"])]),
        "organiser": "; ".join(organisers),
        "supporters": dice.choice(words["supporters"]) if dice.random() < 0.25 else "",
    }


def _how(dice: random.Random, number: int) -> dict[str, str]:
    format, admission = _draw(dice, _FORMATS), _draw(dice, _ADMISSIONS)
    has_registration = admission in {Admission.REGISTRATION, Admission.TICKET}
    return {
        "format": format,
        "admission": admission,
        "online_url": "" if format == Format.IN_PERSON else f"https://example.org/broadcast/{number}",
        "registration_url": f"https://example.org/registration/{number}" if has_registration else "",
        "website": f"https://example.org/events/{number}" if dice.random() < 0.3 else "",
        "public_contact": f"info{number % 60}@example.org" if dice.random() < 0.4 else "",
    }


def _when(dice: random.Random, kind: Kind, edition: int) -> dict[str, date | time | None]:
    start = date(edition, 12, 31) + timedelta(_draw(dice, _DAYS))
    if kind == Kind.EXHIBITION:
        return {"start_date": start, "end_date": start + timedelta(dice.randint(1, 10))}
    if dice.random() < 0.04:
        return {"start_date": start}
    first, last = _FIRST_HOURS.get(kind, (17, 20))
    clock = time(dice.randint(first, last), dice.choice((0, 0, 30)))
    end = datetime.combine(start, clock) + timedelta(hours=dice.choice((2, 2.5, 3, 4)))
    if (start.month, start.day) == (12, 31) and first == 17 and dice.random() < 0.8:
        end = datetime.combine(start + timedelta(1), time(dice.randint(0, 3), 30))  # they meet the New Year together
    when: dict[str, date | time | None] = {"start_date": start, "start_time": clock}
    if dice.random() < 0.88:
        when["end_time"] = end.time()
    return when | {"end_date": find_end(when)}


def _put_somewhere(event: Event, dice: random.Random, places: list[Place], words: dict[str, Any]) -> None:
    """Give it a city, a larger one more often, and unless it is online a venue; some online ones have no city."""
    place, city = dice.choices(places, [1 / (rank + 1) for rank in range(len(places))])[0]
    event.country, event.zone = place.country, place.zone
    event.latitude, event.longitude = place.latitude, place.longitude
    if event.format != Format.ONLINE or dice.random() < 0.5:
        event.place, event.city = place, city
    if event.format != Format.ONLINE:
        event.venue, event.address = dice.choice(words["venues"]), words["street"].format(n=dice.randint(1, 99))
        event.address_visibility = _draw(dice, _VISIBILITIES)
