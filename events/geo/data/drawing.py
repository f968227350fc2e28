"""From shapes to SVG paths in whole units, for the build scripts."""

from collections.abc import Callable, Iterable
from itertools import pairwise

import numpy as np
from shapely import coverage_simplify, make_valid, transform
from shapely.geometry import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from events.geo.data.natural_earth import Box, is_in, polygons

NEAR = 0.2  # a piece belongs to the main land within this part of its size; size is the diagonal of its box
LARGE = 0.06  # or when it has this part of all the country's land

# Far or large pieces that would make the rest small, in degrees: only what lies in the box is drawn.
ONLY = {
    "AU": (112, -45, 155, -9),
    "CL": (-80, -57, -66, -17),
    "JP": (122, 24, 150, 46),
    "KI": (172.5, -3, 177.5, 3.5),  # the Gilbert Islands, where nine tenths of the people live
    "MV": (72, -1, 74.5, 7.5),
    "SC": (55, -5, 56.5, -3.5),
    "SH": (-6, -16.2, -5, -15.5),
    "UM": (182, 28, 183, 29),  # Midway
    "GS": (-39, -55.5, -35, -53),
    "TF": (68, -50, 71, -48),
    "PF": (-152.5, -18.5, -148.5, -15.5),  # the Society Islands
    "MU": (57, -21, 58, -19.5),
}


def projected(land: BaseGeometry, project: Callable[[float, float], tuple[float, float]]) -> BaseGeometry:
    """Return a shape of longitudes and latitudes in the units of a projection."""
    return transform(land, lambda points: np.array([project(latitude, longitude) for longitude, latitude in points]))


def main_parts(code: str, land: MultiPolygon, *, apart: Iterable[Box] = ()) -> MultiPolygon:
    """Return the pieces that make a useful drawing: the largest, what is near to what was taken, and what is large."""
    pieces = [piece for piece in land.geoms if not any(is_in(piece, box) for box in apart)]
    pieces = [piece for piece in pieces if code not in ONLY or is_in(piece, ONLY[code])]
    pieces.sort(key=lambda piece: -piece.area)
    near = NEAR * diagonal(pieces[0])
    taken = [piece for piece in pieces if piece.area >= LARGE * sum(p.area for p in pieces) or code in ONLY]
    rest, fresh = [piece for piece in pieces if piece not in taken], taken
    while fresh:
        reach = MultiPolygon(fresh).buffer(near)
        fresh = [piece for piece in rest if piece.intersects(reach)]
        rest = [piece for piece in rest if piece not in fresh]
        taken = taken + fresh
    return MultiPolygon(taken)


def diagonal(piece: BaseGeometry) -> float:
    """Return the length of the diagonal of a shape's box."""
    west, south, east, north = piece.bounds
    return float(np.hypot(east - west, north - south))


def simplified(shapes: list[BaseGeometry], *, tolerance: float) -> list[BaseGeometry]:
    """Return shapes with fewer points; neighbours keep one border."""
    return list(coverage_simplify(np.array([make_valid(shape) for shape in shapes]), tolerance))


def path(land: BaseGeometry, *, least: float) -> str:
    """Return SVG path data; rings below the least area (square units) are left out, but for the largest."""
    pieces = sorted(polygons(land), key=lambda piece: -piece.area)
    rings = [ring for piece in pieces for ring in (piece.exterior, *piece.interiors) if Polygon(ring).area >= least]
    lines = [line for ring in rings if (line := ring_path(ring.coords))]
    if not lines and pieces:
        lines = [speck(pieces[0])]
    return "".join(lines)


def speck(piece: Polygon) -> str:
    """Return the smallest square for a piece that rounds to nothing."""
    at = piece.centroid
    return f"M{round(at.x)} {round(at.y)}h1v1h-1z"


def ring_path(points: Iterable[tuple[float, float]]) -> str:
    """Return one closed ring in whole units and relative steps; empty where less than a triangle is left."""
    corners = without_needless([(round(x), round(y)) for x, y in points][:-1])
    if len(corners) < 3:
        return ""
    steps = [number(b - a) for one, two in pairwise(corners) for a, b in zip(one, two, strict=True)]
    return f"M{corners[0][0]} {corners[0][1]}l{''.join(steps).lstrip()}z"


def without_needless(corners: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Drop corners at which a ring stands still, goes straight on or turns back."""
    kept: list[tuple[int, int]] = []
    for corner in corners:
        while len(kept) > 1 and is_straight(kept[-2], kept[-1], corner):
            kept.pop()
        if not kept or kept[-1] != corner:
            kept.append(corner)
    return kept


def is_straight(a: tuple[int, int], b: tuple[int, int], c: tuple[int, int]) -> bool:
    """Tell whether three corners lie on one line."""
    return (b[0] - a[0]) * (c[1] - b[1]) == (b[1] - a[1]) * (c[0] - b[0])


def number(step: int) -> str:
    """Return a step with the separator it needs: a minus sign is one."""
    return f"{step}" if step < 0 else f" {step}"
