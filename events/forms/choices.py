"""Long lists to choose from, in the reader's language and by its alphabet."""

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from events import text
from events.geo import countries, languages

MOST_SPOKEN = ("az", "en", "ru", "tr", "de", "fr", "ar", "fa")

Choices = list[tuple[str, str]]


def country_choices() -> Choices:
    """All countries: code and name."""
    language = get_language() or "en"
    return [("", _("Choose…")), *_by_alphabet(countries.names(language), language)]


def language_choices() -> list[tuple[str, Choices]]:
    """The languages that events are held in: those heard most, then the others."""
    language = get_language() or "en"
    names = {code: languages.name(code, language=language) for code in languages.CODES}
    most = [(code, names.pop(code)) for code in MOST_SPOKEN]
    return [(_("Spoken most often"), most), (_("More languages"), _by_alphabet(names, language))]


def zone_choices() -> Choices:
    """The time zones that countries use, by their IANA names."""
    used = {zone for code in countries.names("en") for zone in countries.zones(code)}
    return [("", _("As in the city")), *((zone, zone.replace("_", " ")) for zone in sorted(used))]


def _by_alphabet(names: dict[str, str], language: str) -> Choices:
    return sorted(names.items(), key=lambda pair: text.sort_key(pair[1], language))
