"""Countries by ISO 3166 code: name, region of the world, a point on their land, time zones.

Names: CLDR. Points: Natural Earth. Zones: GeoNames and tz data. See data/README.md.
"""

import json
from functools import cache
from pathlib import Path
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

DATA = Path(__file__).parent / "data"

REGION_NAMES: dict[str, str | Promise] = {
    "europe": _("Europe"),
    "asia": _("Asia and the Caucasus"),
    "americas": _("The Americas"),
    "africa": _("Africa"),
    "oceania": _("Australia and Oceania"),
}
REGIONS: tuple[str, ...] = tuple(REGION_NAMES)  # in the order in which pages show them


@cache
def _read(file: str) -> dict[str, dict[str, Any]]:
    """Read one of the data files."""
    return json.loads((DATA / file).read_text(encoding="utf-8"))


def names(language: str) -> dict[str, str]:
    """Return code to name in a language of the site, English for any other; in the order of the codes."""
    known = _read("country_names.json")
    return known.get(language, known["en"])


def name(code: str, *, language: str) -> str:
    """Return a country's name in a language of the site; in English or as its code when there is none."""
    return names(language).get(code) or names("en").get(code) or code


def region_name(key: str) -> str:
    """Return a region's name in the language of the moment."""
    return str(REGION_NAMES[key])


def region_of(code: str) -> str:
    """Return the key of the region a country belongs to; KeyError for a code that ISO 3166 does not know."""
    return _read("countries.json")[code]["region"]


def point(code: str) -> tuple[float, float]:
    """Return latitude and longitude of a place on a country's land; KeyError for an unknown code."""
    latitude, longitude = _read("countries.json")[code]["point"]
    return latitude, longitude


def zones(code: str) -> tuple[str, ...]:
    """Return the IANA time zones used in a country, those where most people live first."""
    return tuple(_read("countries.json")[code]["zones"])
