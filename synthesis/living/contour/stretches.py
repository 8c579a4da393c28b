"""Along a line, where a state changes: every change between two ends, found by scanning and narrowing."""

from collections.abc import Callable, Iterator
from enum import StrEnum
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from synthesis.arrays import Numbers

__all__ = ["Line", "Margins", "Side", "Stretch", "side_of", "stretches"]

_PARTS = 16
_ROUNDS = 6


class Side(StrEnum):
    """Where something lies: above the upper mark, below the lower one, or between them."""

    ABOVE = "above"
    BETWEEN = "between"
    BELOW = "below"


class Margins(NamedTuple):
    """How far something lies above its upper mark and below its lower one; negative where it does not.

    Arrays of shape (n,), an entry for each place.
    """

    above: Numbers
    below: Numbers


class Stretch(NamedTuple):
    """A part of the line on which the side is the same."""

    low: float
    high: float
    side: Side


Line = Callable[[Numbers], Margins]
"""The margins at places of the line, all at once."""


def side_of(above: float, below: float) -> Side:
    """Return the side that two margins tell of."""
    if above > 0:
        return Side.ABOVE
    return Side.BELOW if below > 0 else Side.BETWEEN


def stretches(line: Line, points: Numbers) -> tuple[Stretch, ...]:
    """Return the stretches of equal side from the first point to the last, in order.

    Between points whose sides differ the change is bracketed and narrowed down to the last digits, which a
    jump bears as well as a root. Where a margin comes close to 0 among points of one side and turns back, its
    extremum is sought, so that a stretch shorter than the distance of the points is found where the margin is
    smooth. A jump to and fro between two neighbouring points is not.

    Parameters
    ----------
    line
        The margins at places.
    points
        Where to look first, ascending, shape (n,), n >= 2.
    """
    seen = np.unique(np.concatenate([points, [*_turns(line, points)]]))
    sides = _sides(line, seen)
    changes = [(float(seen[0]), sides[0])]
    for (left, right), (there, here) in zip(pairwise(map(float, seen)), pairwise(sides), strict=True):
        changes.extend(_changes(line, left, right, there, here))
    ends = [*(x for x, _ in changes[1:]), float(seen[-1])]
    return tuple(Stretch(x, end, side) for (x, side), end in zip(changes, ends, strict=True))


def _sides(line: Line, places: Numbers) -> list[Side]:
    return [side_of(above, below) for above, below in zip(*line(places), strict=True)]


def _changes(line: Line, left: float, right: float, there: Side, here: Side) -> Iterator[tuple[float, Side]]:
    """Yield each change between two points: two of them where one side turns into the opposite one."""
    while there is not here:
        low, high, found = left, right, here
        while low < (low + high) / 2 < high:
            places = np.linspace(low, high, _PARTS + 1)
            sides = [there, *_sides(line, places[1:-1]), found]
            first = next(i for i, side in enumerate(sides) if side is not there)
            low, high, found = float(places[first - 1]), float(places[first]), sides[first]
        yield high, found
        left, there = high, found


def _turns(line: Line, points: Numbers) -> Iterator[float]:
    """Yield the extremum of a margin wherever it crosses 0 there and back among neighbouring points."""
    for which, margin in enumerate(line(points)):
        sign = np.where(margin > 0, 1.0, -1.0)
        height = sign * margin
        dips = (sign[1:-1] == sign[:-2]) & (sign[1:-1] == sign[2:])
        dips &= (height[1:-1] <= height[:-2]) & (height[1:-1] <= height[2:])
        for i in np.flatnonzero(dips) + 1:
            yield from _crossing(line, which, float(sign[i]), (float(points[i - 1]), float(points[i + 1])))


def _crossing(line: Line, which: int, sign: float, between: tuple[float, float]) -> Iterator[float]:
    low, high = between
    for _ in range(_ROUNDS):
        places = np.linspace(low, high, _PARTS + 1)
        heights = sign * line(places)[which]
        lowest = int(np.argmin(heights))
        if heights[lowest] < 0 or (sign > 0 and heights[lowest] == 0):
            yield float(places[lowest])
            return
        low, high = float(places[max(lowest - 1, 0)]), float(places[min(lowest + 1, _PARTS)])
