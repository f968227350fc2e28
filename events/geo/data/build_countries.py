"""Write country_names.json, language_names.json (CLDR) and countries.json (region, a point on land, time zones).

Run from the project's root: python -m events.geo.data.build_countries, after build_cities.
"""

import csv
import json
import lzma
from collections import Counter, defaultdict
from importlib.resources import files
from pathlib import Path

from babel import Locale
from django_countries.data import COUNTRIES
from shapely.geometry import Point

from events.geo.data.natural_earth import Country, countries
from events.geo.languages import CODES

DATA = Path(__file__).parent
SITE_LANGUAGES = ("az", "en", "ru", "tr")

# Where CLDR's form is longer or other than what people say.
COUNTRY_NAMES = {
    "CD": {"en": "DR Congo", "ru": "ДР Конго", "az": "Konqo DR", "tr": "Kongo DC"},
    "CF": {"ru": "ЦАР"},
    "CG": {"en": "Congo", "ru": "Конго", "az": "Konqo", "tr": "Kongo"},
    "CV": {"tr": "Yeşil Burun Adaları"},
    "FM": {"ru": "Микронезия"},
    "GB": {"az": "Birləşmiş Krallıq"},
    "HK": {"en": "Hong Kong", "ru": "Гонконг", "az": "Honq Konq", "tr": "Hong Kong"},
    "KG": {"ru": "Кыргызстан"},
    "KP": {"ru": "Северная Корея"},
    "KR": {"ru": "Южная Корея"},
    "MM": {"en": "Myanmar", "ru": "Мьянма", "tr": "Myanmar"},
    "MO": {"en": "Macao", "ru": "Макао", "az": "Makao", "tr": "Makao"},
    "PM": {"az": "Sen-Pyer və Mikelon"},
    "PS": {"en": "Palestine", "ru": "Палестина", "az": "Fələstin", "tr": "Filistin"},
    "TL": {"tr": "Doğu Timor"},
    "TR": {"en": "Türkiye"},
    "US": {"az": "ABŞ", "ru": "США", "tr": "ABD"},
    "ZA": {"ru": "ЮАР"},
}
LANGUAGE_NAMES = {
    "nb": {"en": "Norwegian", "az": "norveç", "ru": "норвежский", "tr": "Norveççe"},
    "tly": {"az": "talış", "ru": "талышский"},
}

UN_REGIONS = {"Europe": "europe", "Asia": "asia", "Americas": "americas", "Africa": "africa", "Oceania": "oceania"}
# Where visitors look for them, and islands of the southern oceans that the source counts by ocean.
REGIONS = {"CY": "europe", "AQ": "oceania", "HM": "oceania", "TF": "africa", "IO": "africa", "SH": "africa"}
REGIONS |= {"GS": "americas", "SC": "africa", "MU": "africa", "MV": "asia", "UM": "oceania"}
POINTS = {"AQ": (-75.0, 0.0)}
# Uninhabited and in no table of zones: those who administer them.
ZONES = {"BV": ["Europe/Oslo"], "HM": ["Indian/Kerguelen"]}


def names(field: str, codes: tuple[str, ...], own: dict[str, dict[str, str]]) -> dict[str, dict[str, str]]:
    """Return language to code to name."""
    found: dict[str, dict[str, str]] = {}
    for language in SITE_LANGUAGES:
        cldr = getattr(Locale(language), field)
        found[language] = {code: own.get(code, {}).get(language) or cldr[code] for code in codes}
    return found


def zones() -> dict[str, list[str]]:
    """Return each country's zones by the tz table, those where most people live first.

    GeoNames gives some towns at a border the zone of the neighbour; it is that of the town, not of the country.
    """
    people: dict[str, Counter[str]] = defaultdict(Counter)
    for line in files("tzdata").joinpath("zoneinfo/zone.tab").read_text().splitlines():
        if not line.startswith("#"):
            country, _, zone = line.split("\t")[:3]
            people[country][zone] = 0
    with lzma.open(DATA / "cities.tsv.xz", "rt", encoding="utf-8") as lines:
        next(lines)
        for row in csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
            if row[5] in people[row[2]]:
                people[row[2]][row[5]] += int(row[6])
    return {code: [zone for zone, _ in counted.most_common()] for code, counted in people.items()} | ZONES


def place(country: Country) -> tuple[float, float]:
    """Return latitude and longitude of the label, or of the middle of the largest piece when that is at sea."""
    latitude, longitude = country.label
    at = Point(longitude + 360 if longitude < -169 else longitude, latitude)
    if not country.land.contains(at):
        at = max(country.land.geoms, key=lambda piece: piece.area).representative_point()
    return round(at.y, 2), round((at.x + 180) % 360 - 180, 2)


def facts() -> dict[str, dict[str, object]]:
    """Return code to region, point and zones."""
    shapes, found = countries(), zones()
    regions = {code: UN_REGIONS.get(country.region, "") for code, country in shapes.items()} | REGIONS
    points = {code: place(country) for code, country in shapes.items()} | POINTS
    return {code: {"region": regions[code], "point": points[code], "zones": found[code]} for code in sorted(COUNTRIES)}


def write(name: str, content: dict) -> None:
    """Write one line per key, so that a change is seen in a comparison."""
    rows = [f"{json.dumps(key)}: {json.dumps(value, ensure_ascii=False)}" for key, value in content.items()]
    (DATA / name).write_text("{\n" + ",\n".join(rows) + "\n}\n", encoding="utf-8")


if __name__ == "__main__":
    write("country_names.json", names("territories", tuple(sorted(COUNTRIES)), COUNTRY_NAMES))
    write("language_names.json", names("languages", CODES, LANGUAGE_NAMES))
    write("countries.json", facts())
