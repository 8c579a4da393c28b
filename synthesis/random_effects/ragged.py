"""Many sets of studies of unequal size, end to end in one row of numbers, and those that cannot be pooled."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from synthesis.arrays import Indices, Numbers, Pair, as_numbers, as_studies, poolable
from synthesis.random_effects.sets import Sets

__all__ = ["Batch", "Ragged", "Refusal", "ragged"]

Batch = Sequence[tuple[ArrayLike, ArrayLike] | Numbers]

# Numbers held at once.
_AT_ONCE = 1 << 18


class Refusal(NamedTuple):
    """A set that cannot be pooled: its place in the batch, counted from 0, and why."""

    place: int
    reason: str


@dataclass(frozen=True, slots=True, eq=False)
class Ragged:
    """Sets end to end.

    Parameters
    ----------
    yi, vi
        Effects and variances of all sets, one after the other.
    start, count
        Where each set begins, and how many studies it has; none where it is refused. Shape (n,).
    refused
        In the order of their places.
    """

    yi: Numbers
    vi: Numbers
    start: Indices
    count: Indices
    refused: tuple[Refusal, ...]

    def lots(self) -> Iterator[tuple[Indices, Sets]]:
        """Yield places and sets of like size, of which few places are empty."""
        order = np.argsort(self.count, kind="stable")
        order = order[self.count[order] > 0]
        while len(order):
            count = self.count[order]
            room = np.searchsorted(count * np.arange(1, len(count) + 1), _AT_ONCE, side="right")
            alike = np.searchsorted(count, 2 * count[0], side="right")
            lot, order = np.split(order, [max(1, min(int(room), int(alike)))])
            yield lot, self._padded(lot)

    def _padded(self, lot: Indices) -> Sets:
        column = np.arange(self.count[lot].max())
        there = column < self.count[lot, None]
        places = np.where(there, self.start[lot, None] + column, 0)
        return Sets.of(self.yi[places], self.vi[places], there)


def ragged(batch: Batch) -> Ragged:
    """Read a batch (`batch.pool_many` says in what shapes) and set aside what cannot be pooled.

    Raises
    ------
    ValueError
        For two arrays of unequal shape.
    TypeError
        For an entry that is no pair.
    """
    match batch:
        case (np.ndarray(ndim=2) as yi, np.ndarray(ndim=2) as vi) if isinstance(batch, tuple):
            return _of_arrays(yi.astype(np.float64), vi.astype(np.float64))
        case _:
            return _of_pairs(batch)


def _of_arrays(yi: Numbers, vi: Numbers) -> Ragged:
    if yi.shape != vi.shape:
        raise ValueError(f"batch: found arrays of shape {yi.shape} and {vi.shape}; expected the same shape")
    there = ~(np.isnan(yi) & np.isnan(vi))
    return _checked(yi[there], vi[there], there.nonzero()[1], there.sum(axis=1), {})


def _of_pairs(batch: Batch) -> Ragged:
    effects, variances, refused = [np.empty(0)], [np.empty(0)], {}
    for place, pair in enumerate(batch):
        try:
            yi, vi = _pair(pair, place)
        except ValueError as error:
            refused[place] = str(error)
            yi = vi = np.empty(0)
        effects.append(yi)
        variances.append(vi)
    count = np.array([len(each) for each in effects[1:]], dtype=np.intp)
    yi, vi = np.concatenate(effects), np.concatenate(variances)
    return _checked(yi, vi, np.arange(len(yi)) - np.repeat(np.cumsum(count) - count, count), count, refused)


def _pair(pair: tuple[ArrayLike, ArrayLike] | Numbers, place: int) -> Pair:
    if len(pair) != 2:
        raise TypeError(
            f"batch: found {len(pair)} entries in set {place}; expected its effects and variances"
        )
    yi, vi = as_numbers(pair[0], "yi"), as_numbers(pair[1], "vi")
    if len(yi) != len(vi):
        raise ValueError(f"vi: found {len(vi)} variances for {len(yi)} effects; expected one for each")
    return yi, vi


def _checked(yi: Numbers, vi: Numbers, column: Indices, count: Indices, refused: dict[int, str]) -> Ragged:
    """Refuse the sets with no study, or with numbers that `pool` would refuse; `column` names the studies."""
    start = np.cumsum(count) - count
    wrong = ~poolable(yi, vi)
    owners = np.repeat(np.arange(len(count)), count)
    for place in np.union1d(owners[wrong], np.flatnonzero(count == 0)).tolist():
        here = slice(start[place], start[place] + count[place])
        refused.setdefault(place, _reason(yi[here], vi[here], column[here]))
    usable = count.copy()
    usable[list(refused)] = 0
    return Ragged(yi, vi, start, usable, tuple(Refusal(*each) for each in sorted(refused.items())))


def _reason(yi: Numbers, vi: Numbers, column: Indices) -> str:
    try:
        as_studies(yi, vi, [f"study {i + 1}" for i in column])
    except ValueError as error:
        return str(error)
    raise AssertionError("a set was refused without a reason")
