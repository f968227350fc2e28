"""Places of 5,000 people and more, and all of Azerbaijan (GeoNames, CC BY 4.0, see data/README.md)."""

import csv
import hashlib
import lzma
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

FILE = Path(__file__).parent / "data" / "cities.tsv.xz"
SPELLINGS = Path(__file__).parent / "data" / "spellings.tsv"


class CityRecord(NamedTuple):
    """One place: GeoNames id, name as people there write it, ISO country, degrees, IANA zone, people, other names."""

    id: int
    name: str
    country: str
    latitude: float
    longitude: float
    zone: str
    population: int
    names: tuple[str, ...]


def read() -> Iterator[CityRecord]:
    """Yield all places, by country and the largest first; the names begin with the place's own."""
    more = _spellings()
    with lzma.open(FILE, "rt", encoding="utf-8", newline="") as lines:
        next(lines)
        for id, name, country, latitude, longitude, zone, population, names in _rows(lines):
            every = (name, *filter(None, names.split("|")), *more[int(id)])
            yield CityRecord(int(id), name, country, float(latitude), float(longitude), zone, int(population), every)


def version() -> str:
    """Return a short hash of the files' content, which tells whether a table was loaded from them."""
    content = hashlib.sha256(FILE.read_bytes())
    content.update(SPELLINGS.read_bytes())
    return content.hexdigest()[:16]


def _spellings() -> dict[int, list[str]]:
    """Read the spellings that GeoNames lacks: GeoNames id to names."""
    found: dict[int, list[str]] = defaultdict(list)
    with SPELLINGS.open(encoding="utf-8", newline="") as lines:
        for id, _, names in _rows(line for line in lines if not line.startswith("#")):
            found[int(id)] += names.split("|")
    return found


def _rows(lines: Iterator[str]) -> Iterator[list[str]]:
    """Split lines at tabs; quotation marks are letters here."""
    return csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
