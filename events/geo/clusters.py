"""Which places lie so near each other that a drawing shows them as one."""

from collections import defaultdict
from collections.abc import Hashable, Sequence

Place = tuple[float, float, Hashable]  # x and y in units of the drawing; only places of one kind are gathered
_WIDER = 1.5


def gather(places: Sequence[Place], *, nearer_than: float, at_most: int) -> list[list[int]]:
    """Return groups of indexes into `places`, each beginning with its head: the first one that was given.

    A place joins the nearest head of its kind within `nearer_than` units. Where that leaves more than `at_most`
    groups, the distance grows until it does not, or until each kind is one group.
    """
    groups = _gather(places, distance=nearer_than)
    kinds = len({kind for _, _, kind in places})
    while len(groups) > max(at_most, kinds):
        nearer_than *= _WIDER
        groups = _gather(places, distance=nearer_than)
    return groups


def _gather(places: Sequence[Place], *, distance: float) -> list[list[int]]:
    """One pass. Heads are kept by the squares of a grid, so that a place asks only its own and the eight around it."""
    groups: list[list[int]] = []
    grid: dict[tuple[int, int, Hashable], list[int]] = defaultdict(list)
    for index, (x, y, kind) in enumerate(places):
        column, row = int(x // distance), int(y // distance)
        squares = [(column + right, row + down, kind) for right in (-1, 0, 1) for down in (-1, 0, 1)]
        heads = [group for square in squares for group in grid.get(square, ())]
        near = [(_between(places, index, groups[group][0]), group) for group in heads]
        nearest, group = min(near, default=(distance, -1))
        if nearest < distance:
            groups[group].append(index)
        else:
            grid[column, row, kind].append(len(groups))
            groups.append([index])
    return groups


def _between(places: Sequence[Place], one: int, other: int) -> float:
    """Return the distance of two places."""
    return ((places[one][0] - places[other][0]) ** 2 + (places[one][1] - places[other][1]) ** 2) ** 0.5
