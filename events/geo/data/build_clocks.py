"""Write clocks.json: by which clocks the people of each country live, and what the cities that name them are called.

Run from the project's root: python -m events.geo.data.build_clocks, after build_cities.
"""

import csv
import json
import lzma
from collections import Counter
from functools import cache
from importlib.resources import files
from pathlib import Path

from babel import Locale
from babel.core import get_global

DATA = Path(__file__).parent
SITE_LANGUAGES = ("az", "en", "ru", "tr")
# Stations, and islands where nobody lives: no midnight of theirs is celebrated by a community.
UNINHABITED = {"AQ", "BV", "GS", "HM", "TF", "UM"}
STATIONS = "Antarctica/"
# Where CLDR has no name or an odd one.
OWN_NAMES = {
    "America/Coyhaique": {"az": "Koyayke", "ru": "Койайке"},
    "Pacific/Kiritimati": {"az": "Kiritimati"},
}


def table() -> list[tuple[str, str]]:
    """Return country and zone as the tz database lists them, without stations."""
    lines = files("tzdata").joinpath("zoneinfo/zone.tab").read_text().splitlines()
    rows = [line.split("\t") for line in lines if not line.startswith("#")]
    inhabited = [(row[0], row[2]) for row in rows if row[0] not in UNINHABITED]
    return [(country, zone) for country, zone in inhabited if not zone.startswith(STATIONS)]


def people() -> Counter[tuple[str, str]]:
    """Return how many people live in the cities of a country that belong to a zone."""
    counted: Counter[tuple[str, str]] = Counter()
    with lzma.open(DATA / "cities.tsv.xz", "rt", encoding="utf-8") as lines:
        next(lines)
        for row in csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
            counted[row[2], row[5]] += int(row[6])
    return counted


@cache
def cities(language: str) -> dict[str, str]:
    """Return zone to the name of its city; CLDR keeps keys of old (Europe/Kiev), which are turned into today's."""
    today = get_global("zone_aliases")
    known = {zone: names["city"] for zone, names in Locale(language).time_zones.items() if "city" in names}
    return {today.get(zone, zone): city for zone, city in known.items()} | known


def names(zone: str) -> dict[str, str]:
    """Return language to the name of the city after which a zone is called; from its key where CLDR has none."""
    plain = zone.rsplit("/", 1)[-1].replace("_", " ")
    return {language: cities(language).get(zone, plain) for language in SITE_LANGUAGES} | OWN_NAMES.get(zone, {})


def clocks() -> list[tuple[str, str, dict[str, str]]]:
    """Return country, zone and names, where most people live first."""
    counted = people()
    return [(*clock, names(clock[1])) for clock in sorted(table(), key=lambda clock: (-counted[clock], clock))]


if __name__ == "__main__":
    rows = [json.dumps(row, ensure_ascii=False) for row in clocks()]
    (DATA / "clocks.json").write_text("[\n" + ",\n".join(rows) + "\n]\n", encoding="utf-8")
