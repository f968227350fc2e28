"""By which clocks the people of the world live: the time zones of each country, stations left out.

Zones: tz database. Order: GeoNames. Names: CLDR. See data/README.md.
"""

import json
from functools import cache
from pathlib import Path
from typing import NamedTuple

FILE = Path(__file__).parent / "data" / "clocks.json"


class Clock(NamedTuple):
    """The time zone of a country or of a part of it, and language to the name of the city it is called after."""

    country: str
    zone: str
    names: dict[str, str]

    def city(self, language: str) -> str:
        """Return the name of the city in a language of the site, English for any other."""
        return self.names.get(language) or self.names["en"]


@cache
def read() -> tuple[Clock, ...]:
    """Return all clocks, those by which most people live first."""
    return tuple(Clock(*row) for row in json.loads(FILE.read_text(encoding="utf-8")))
