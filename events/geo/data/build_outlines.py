"""Write outlines.json: every country's outline in its own equal-area projection, with the projection's numbers.

Run from the project's root: python -m events.geo.data.build_outlines
"""

import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import NamedTuple

from shapely.geometry import GeometryCollection, MultiPolygon, Point
from shapely.geometry.base import BaseGeometry

from events.geo.cities import read
from events.geo.data.drawing import diagonal, main_parts, path, projected, simplified
from events.geo.data.natural_earth import UNLINKED, Box, countries, is_in
from events.geo.worldmap import Frame

DATA = Path(__file__).parent
SIZE = 800  # units of the longer side
LEAST_SIDE = 340  # units of the shorter side: a chain of atolls is no pole
MARGIN = 12  # units around the land, so that a light on the coast is not cut
TOLERANCE = 0.6
LEAST_ISLAND = 1.5  # square units


class Inset(NamedTuple):
    """A far part where people live, drawn apart in the lower left corner.

    Its area in degrees; in units its width and how far it rises above the lower edge of the main land.
    """

    area: Box
    width: int
    rise: int


INSETS: dict[str, list[Inset]] = {
    "EC": [Inset((-92.2, -1.7, -89, 0.8), 200, 40)],
    "ES": [Inset((-18.5, 27.3, -13, 29.6), 230, 40)],
    "PT": [Inset((-31.5, 36.7, -24.8, 40), 200, 0), Inset((-17.6, 32.2, -16, 33.3), 90, 0)],
    "US": [Inset((-180, 51, -129.9, 72), 210, 90), Inset((-161, 18.5, -154, 22.6), 120, 20)],
}


def fitted(land: BaseGeometry, *, inside: Box, area: tuple[float, ...] = ()) -> Frame:
    """Return the frame in which a land just fits a box of left, top, width and height."""
    left, top, width, height = inside
    west, south, east, north = land.bounds
    rough = Frame(round((south + north) / 2, 3), round((west + east) / 2, 3), 1)
    x0, y0, x1, y1 = projected(land, rough.project).bounds
    scale = min(width / (x1 - x0), height / (y1 - y0))
    x, y = left - x0 * scale, top - y0 * scale
    return replace(rough, scale=round(scale, 2), x=round(x, 2), y=round(y, 2), area=area)


def insets(code: str, land: MultiPolygon, *, bottom: float) -> Iterator[tuple[Frame, BaseGeometry]]:
    """Yield the frames of a country's insets with their land in units, in a row from the left."""
    left = MARGIN
    for inset in INSETS.get(code, []):
        part = MultiPolygon([piece for piece in land.geoms if is_in(piece, inset.area)])
        frame = fitted(part, inside=(left, bottom + MARGIN - inset.rise, inset.width, SIZE), area=inset.area)
        yield frame, projected(part, frame.project)
        left += inset.width + 2 * MARGIN


def main_frame(land: MultiPolygon) -> Frame:
    """Return the frame of the main land, with empty sides where the land is very narrow."""
    side = SIZE - 2 * MARGIN
    frame = fitted(land, inside=(MARGIN, MARGIN, side, side))
    west, north, east, south = projected(land, frame.project).bounds
    right, down = max(0, LEAST_SIDE - (east - west)) / 2, max(0, LEAST_SIDE - (south - north)) / 2
    return replace(frame, x=round(frame.x + right, 2), y=round(frame.y + down, 2))


def with_cities(code: str, land: MultiPolygon) -> BaseGeometry:
    """Return the land and the cities just off its coarse coast, which the drawing has to hold as well."""
    near = land.envelope.buffer(min(max(0.05 * diagonal(land), 0.02), 0.3))
    return GeometryCollection([land, *(city for city in cities().get(code, []) if near.contains(city))])


@cache
def cities() -> dict[str, list[Point]]:
    """Read the places of all cities by country."""
    found: dict[str, list[Point]] = defaultdict(list)
    for city in read():
        found[city.country].append(Point(city.longitude, city.latitude))
    return found


def outline(code: str, land: MultiPolygon) -> list:
    """Return path, width, height and the numbers of the frames of one country."""
    main = main_parts(code, land, apart=[inset.area for inset in INSETS.get(code, [])])
    shown = with_cities(code, main)
    frame = main_frame(shown)
    left, top, right, bottom = projected(shown, frame.project).bounds
    parts = [*insets(code, land, bottom=bottom), (frame, projected(main, frame.project))]
    whole = MultiPolygon([piece for _, part in parts for piece in part.geoms])
    d = path(simplified([whole], tolerance=TOLERANCE)[0], least=min(LEAST_ISLAND, whole.area / 400))
    # The main land stands in the middle: what is free left of it and above it is free right of it and below it.
    width, height = max(left + right, whole.bounds[2] + MARGIN), max(top + bottom, whole.bounds[3] + MARGIN)
    return [d, round(width), round(height), [numbers(frame) for frame, _ in parts]]


def numbers(frame: Frame) -> list:
    """Return a frame as its arguments; a main drawing has no area."""
    values = [frame.latitude, frame.longitude, frame.scale, frame.x, frame.y]
    return [*values, list(frame.area)] if frame.area else values


if __name__ == "__main__":
    rows = [
        f'"{code}": {json.dumps(outline(code, country.land), separators=(",", ":"))}'
        for code, country in sorted(countries().items())
        if code != UNLINKED
    ]
    (DATA / "outlines.json").write_text("{\n" + ",\n".join(rows) + "\n}\n")
    print(f"{(DATA / 'outlines.json').stat().st_size:,} bytes, {len(rows)} countries")
