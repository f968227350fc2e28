"""The world map and the outlines of countries: where a place lies on them.

The build scripts draw the land with the same projections, so that lights and coasts agree.
Shapes: Natural Earth (public domain), see data/README.md. Borders imply no position.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from math import cos, pi, radians, sin, sqrt
from pathlib import Path

from .countries import point

DATA = Path(__file__).parent / "data"

Box = tuple[float, float, float, float]  # x, y, width, height in map units

WIDTH = 2000  # map units, for all 360 degrees of the equator
HEIGHT = 860  # from northern Greenland to the South Sandwich Islands; Antarctica is cut off
CENTRE = 11.0  # degrees east of the middle of the map
CUT = CENTRE - 180  # the map is cut in the Bering Strait, so that neither Russia nor Fiji is
_SLACK = 0.5  # degrees by which an island whose middle lies east of the cut reaches over it

# Robinson's table, every 5 degrees from the equator to the pole: length of the parallel, distance from the equator.
_LENGTHS: tuple[float, ...] = (1, 0.9986, 0.9954, 0.99, 0.9822, 0.973, 0.96, 0.9427, 0.9216, 0.8962)
_LENGTHS += (0.8679, 0.835, 0.7986, 0.7597, 0.7186, 0.6732, 0.6213, 0.5722, 0.5322)
_DISTANCES: tuple[float, ...] = (0, 0.062, 0.124, 0.186, 0.248, 0.31, 0.372, 0.434, 0.4958, 0.5571)
_DISTANCES += (0.6176, 0.6769, 0.7346, 0.7903, 0.8435, 0.8936, 0.9394, 0.9761, 1)
_RATIO = 1.3523 / (2 * 0.8487 * pi)  # the pole's distance from the equator, as a part of the equator's length
_EQUATOR = 496  # map units from the upper edge


def project(latitude: float, longitude: float) -> tuple[float, float]:
    """Return x and y in map units of a place in degrees (Robinson, x to the right and y down)."""
    east = longitude - CENTRE + (360 if longitude < CUT - _SLACK else 0)
    x = WIDTH / 2 + WIDTH * _between(_LENGTHS, abs(latitude)) * east / 360
    down = WIDTH * _RATIO * _between(_DISTANCES, abs(latitude))
    return x, _EQUATOR + (down if latitude < 0 else -down)


def _between(table: tuple[float, ...], latitude: float) -> float:
    """Interpolate the table by the cubic through the four values around a latitude of 0 to 90 degrees."""
    step = latitude / 5
    first = min(max(int(step) - 1, 0), len(table) - 4)
    a, b, c, d = table[first : first + 4]
    t = step - first
    return (
        -a * (t - 1) * (t - 2) * (t - 3) / 6
        + b * t * (t - 2) * (t - 3) / 2
        - c * t * (t - 1) * (t - 3) / 2
        + d * t * (t - 1) * (t - 2) / 6
    )


def _frame(west: float, south: float, east: float, north: float) -> Box:
    """Return the map box around an area in degrees."""
    latitudes = [south + (north - south) * step / 20 for step in range(21)]
    return bounds(project(latitude, longitude) for latitude in latitudes for longitude in (west, east))


def bounds(places: Iterable[tuple[float, float]]) -> Box:
    """Return the box around points, rounded to whole units."""
    xs, ys = zip(*places, strict=True)
    return round(min(xs)), round(min(ys)), round(max(xs) - min(xs)), round(max(ys) - min(ys))


WORLD: Box = (0, 15, WIDTH, HEIGHT - 20)  # what is left out above and below nobody lives on
REGION_BOXES: dict[str, Box] = {
    # From Ireland to Baku: no wider, because this is also the enlarged view beside the world.
    "europe": _frame(-11, 34.5, 50.5, 65.5),
    "asia": _frame(26, -11, 146, 55),
    "americas": _frame(-168, -56, -34, 75),
    "africa": _frame(-26, -36, 58, 38),
    "oceania": _frame(110, -48, 190.9, 20),
}


def view_box(region: str) -> Box:
    """Return the box of a region by its key; of the whole world for anything else."""
    return REGION_BOXES.get(region, WORLD)


@cache
def _shapes() -> dict[str, list[int]]:
    """Read data/worldmap.json: code to x, y, width, height and 1 for a small country."""
    return json.loads((DATA / "worldmap.json").read_text())


def has_shape(code: str) -> bool:
    """Tell whether static/img/world.svg has an element of this id."""
    return code in _shapes()


def is_small(code: str) -> bool:
    """Tell whether a country is too small to be seen or hit on the map and needs a dot."""
    return code not in _shapes() or bool(_shapes()[code][4])


def dot(code: str) -> tuple[float, float]:
    """Return where a country's dot stands in map units; Antarctica's at the lower edge."""
    x, y = project(*point(code))
    return round(x, 1), round(min(y, HEIGHT - 10), 1)


def box(code: str) -> Box:
    """Return the map box of a country's main parts; around its dot where it has no shape."""
    if has_shape(code):
        left, top, width, height = _shapes()[code][:4]
        return left, top, width, height
    x, y = dot(code)
    return x - 10, y - 10, 20, 20


@dataclass(frozen=True)
class Frame:
    """One drawing inside an outline: Lambert's azimuthal equal area projection around a centre.

    Centre in degrees; scale in outline units per earth radius; x and y of the centre in outline units;
    area is west, south, east, north in degrees, for insets, which hold the places inside it.
    """

    latitude: float
    longitude: float
    scale: float
    x: float = 0
    y: float = 0
    area: tuple[float, float, float, float] | tuple[()] = ()

    def has(self, latitude: float, longitude: float) -> bool:
        """Tell whether the frame is the one that shows a place."""
        if not self.area:
            return True
        west, south, east, north = self.area
        return south <= latitude <= north and (longitude - west) % 360 <= east - west

    def project(self, latitude: float, longitude: float) -> tuple[float, float]:
        """Return x and y in outline units of a place in degrees."""
        north, east, middle = radians(latitude), radians(longitude - self.longitude), radians(self.latitude)
        nearness = sin(middle) * sin(north) + cos(middle) * cos(north) * cos(east)
        k = self.scale * sqrt(2 / max(1 + nearness, 1e-9))
        x = k * cos(north) * sin(east)
        y = k * (cos(middle) * sin(north) - sin(middle) * cos(north) * cos(east))
        return self.x + x, self.y - y


@dataclass(frozen=True)
class Outline:
    """A country's outline in its own units, 800 on the longer side; the path is empty where only atolls would be."""

    path: str
    width: int
    height: int
    frames: tuple[Frame, ...]  # insets first, the main drawing last

    def project(self, latitude: float, longitude: float) -> tuple[float, float]:
        """Return x and y of a place in degrees; outside of width and height where far islands are left out."""
        frame = next(frame for frame in self.frames if frame.has(latitude, longitude))
        x, y = frame.project(latitude, longitude)
        return round(x, 1), round(y, 1)

    def has_place(self, latitude: float, longitude: float) -> bool:
        """Tell whether a place in degrees lies on the drawing."""
        x, y = self.project(latitude, longitude)
        return 0 <= x <= self.width and 0 <= y <= self.height


@cache
def _outlines() -> dict[str, list]:
    """Read data/outlines.json: code to path, width, height, frames."""
    return json.loads((DATA / "outlines.json").read_text())


@cache
def outline(code: str) -> Outline | None:
    """Return a country's outline, None where there is nothing to draw on."""
    if code not in _outlines():
        return None
    path, width, height, frames = _outlines()[code]
    return Outline(path, width, height, tuple(Frame(*numbers) for numbers in frames))
