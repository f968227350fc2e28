"""Write outlines.json: every country's outline in its own equal-area projection, with the projection's numbers.

Run from the project's root: python -m events.geo.data.build_outlines
"""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from shapely.geometry import MultiPolygon
from shapely.geometry.base import BaseGeometry

from events.geo.data.drawing import main_parts, path, projected, simplified
from events.geo.data.natural_earth import UNLINKED, Box, countries, is_in
from events.geo.worldmap import Frame

DATA = Path(__file__).parent
SIZE = 800  # units of the longer side
MARGIN = 12  # units around the land, so that a light on the coast is not cut
TOLERANCE = 0.6
LEAST_ISLAND = 1.5  # square units


class Inset(NamedTuple):
    """A far part where people live, drawn apart under the main land: its area in degrees, its width in units."""

    area: Box
    width: int


# For each country how far its insets rise into the main drawing's lower left corner, in units.
INSETS: dict[str, tuple[int, list[Inset]]] = {
    "EC": (40, [Inset((-92.2, -1.7, -89, 0.8), 200)]),
    "ES": (40, [Inset((-18.5, 27.3, -13, 29.6), 230)]),
    "PT": (0, [Inset((-31.5, 36.7, -24.8, 40), 230), Inset((-17.6, 32.2, -16, 33.3), 90)]),
    "US": (90, [Inset((-180, 51, -129.9, 72), 210), Inset((-161, 18.5, -154, 22.6), 120)]),
}


def fitted(land: BaseGeometry, *, width: float, height: float, left: float, top: float, area: tuple = ()) -> Frame:
    """Return the frame in which a land's box starts at left and top and just fits width and height."""
    west, south, east, north = land.bounds
    rough = Frame(round((south + north) / 2, 3), round((west + east) / 2, 3), 1)
    x0, y0, x1, y1 = projected(land, rough.project).bounds
    scale = min(width / (x1 - x0), height / (y1 - y0))
    x, y = round(left - x0 * scale, 2), round(top - y0 * scale, 2)
    return replace(rough, scale=round(scale, 2), x=x, y=y, area=area)


def insets(code: str, land: MultiPolygon, *, bottom: float) -> Iterator[tuple[Frame, BaseGeometry]]:
    """Yield the frames of a country's insets with their land in units, in a row from the left."""
    rise, row = INSETS.get(code, (0, []))
    left, top = MARGIN, bottom - rise
    for inset in row:
        part = MultiPolygon([piece for piece in land.geoms if is_in(piece, inset.area)])
        frame = fitted(part, width=inset.width, height=SIZE, left=left, top=top, area=inset.area)
        yield frame, projected(part, frame.project)
        left += inset.width + 2 * MARGIN


def outline(code: str, land: MultiPolygon) -> list:
    """Return path, width, height and the numbers of the frames of one country."""
    main = main_parts(code, land, apart=[inset.area for inset in INSETS.get(code, (0, []))[1]])
    side = SIZE - 2 * MARGIN
    frame = fitted(main, width=side, height=side, left=MARGIN, top=MARGIN)
    drawn = [(frame, projected(main, frame.project))]
    drawn = [*insets(code, land, bottom=drawn[0][1].bounds[3] + MARGIN), *drawn]
    whole = MultiPolygon([piece for _, part in drawn for piece in part.geoms])
    simple = simplified([whole], tolerance=TOLERANCE)[0]
    least = min(LEAST_ISLAND, whole.area / 400)
    size = [round(whole.bounds[2] + MARGIN), round(whole.bounds[3] + MARGIN)]
    return [path(simple, least=least), *size, [numbers(frame) for frame, _ in drawn]]


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
