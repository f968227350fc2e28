"""Long lists to choose from, in the reader's language and by its alphabet."""

from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from events import text
from events.geo import countries, languages

MOST_SPOKEN = ("az", "en", "ru", "tr", "de", "fr", "ar", "fa")

Choices = list[tuple[str, str]]
Sorted = tuple[tuple[str, str], ...]
ANY = ("", gettext_lazy("Any"))


def country_choices() -> Choices:
    """All countries: code and name."""
    return [("", _("Choose…")), *_countries(text.current_language())]


def language_choices() -> list[tuple[str, Sorted]]:
    """The languages that events are held in: those heard most, then the others."""
    most, others = _languages(text.current_language())
    return [(_("Spoken most often"), most), (_("More languages"), others)]


def zone_choices() -> Choices:
    """The time zones that countries use, by their IANA names."""
    return [("", _("As in the city")), *_zones()]


def any_of(choices: list[Any] | Callable[[], list[Any]]) -> Callable[[], list[Any]]:
    """The same choices after "Any", which demands nothing; their own "Choose…" falls away."""
    return lambda: [ANY, *(choice for choice in (choices() if callable(choices) else choices) if choice[0])]


def with_events_first(codes: Iterable[str]) -> list[Any]:
    """All countries, in a group of their own those that have events."""
    first, everywhere = set(codes), _countries(text.current_language())
    lit = [choice for choice in everywhere if choice[0] in first]
    dark = [choice for choice in everywhere if choice[0] not in first]
    return [ANY, *([(_("With events"), lit), (_("Without events"), dark)] if lit else dark)]


def edition_choices(first: int, coming: int) -> Choices:
    """The years from that of the `first` edition known to the `coming` one, which needs no asking for."""
    return [("", str(coming)), *((str(year), str(year)) for year in range(coming - 1, min(first, coming) - 1, -1))]


def name_of(value: str, choices: Any) -> str:
    """What a choice is called, be it in a group or not; the value itself for one that is not there."""
    for code, label in choices:
        if isinstance(label, list | tuple):
            if (name := dict(label).get(value)) is not None:
                return str(name)
        elif code == value:
            return str(label)
    return value


# Sorting the names of 250 countries takes longer than all else that a page with a form does.


@cache
def _countries(language: str) -> Sorted:
    return _by_alphabet(countries.names(language), language)


@cache
def _languages(language: str) -> tuple[Sorted, Sorted]:
    names = {code: languages.name(code, language=language) for code in languages.CODES}
    most = tuple((code, names.pop(code)) for code in MOST_SPOKEN)
    return most, _by_alphabet(names, language)


@cache
def _zones() -> Sorted:
    used = {zone for code in countries.names("en") for zone in countries.zones(code)}
    return tuple((zone, zone.replace("_", " ")) for zone in sorted(used))


def _by_alphabet(names: dict[str, str], language: str) -> Sorted:
    return tuple(sorted(names.items(), key=lambda pair: text.sort_key(pair[1], language)))
