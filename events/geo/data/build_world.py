"""Write static/img/world.svg and worldmap.json: every country's shape on the Robinson map, its box, and who is small.

Run from the project's root: python -m events.geo.data.build_world
"""

import json
from pathlib import Path

from shapely.geometry import MultiPolygon
from shapely.geometry.base import BaseGeometry

from events.geo.data.drawing import main_parts, path, projected, simplified
from events.geo.data.natural_earth import UNLINKED, countries
from events.geo.worldmap import HEIGHT, WIDTH, bounds, project

DATA = Path(__file__).parent
DRAWING = DATA.parents[2] / "static" / "img" / "world.svg"
TOLERANCE = 0.74  # map units
LEAST_ISLAND = 0.6  # square map units
SMALL = 42  # square map units of the largest piece; below it a country is hard to see and to hit


def element(code: str, drawn: str) -> str:
    """Return a country's path; land without a code has no id, so that nothing can link to it."""
    return f'<path id="{code}" d="{drawn}"/>' if code != UNLINKED else f'<path d="{drawn}"/>'


def svg(elements: list[str]) -> str:
    """Return the file: one group of all land, in which each country can be used alone."""
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}">'
    return "\n".join([head, '<g id="land">', *elements, "</g>", "</svg>", ""])


def facts(main: BaseGeometry, land: MultiPolygon) -> list[int]:
    """Return x, y, width, height of the main parts, and 1 for a small country."""
    west, north, east, south = main.bounds
    largest = max(piece.area for piece in land.geoms)
    return [*bounds([(west, north), (east, south)]), int(largest < SMALL)]


if __name__ == "__main__":
    shapes = {code: country.land for code, country in sorted(countries().items())}
    full = {code: projected(land, project) for code, land in shapes.items()}
    drawn = dict(zip(full, simplified(list(full.values()), tolerance=TOLERANCE), strict=True))
    DRAWING.write_text(svg([element(code, path(land, least=LEAST_ISLAND)) for code, land in drawn.items()]))
    rows = [
        f'"{code}": {json.dumps(facts(projected(main_parts(code, land), project), full[code]))}'
        for code, land in shapes.items()
        if code != UNLINKED
    ]
    (DATA / "worldmap.json").write_text("{\n" + ",\n".join(rows) + "\n}\n")
    print(f"{DRAWING.stat().st_size:,} bytes, {len(rows)} countries")
