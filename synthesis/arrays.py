"""The shapes that all formulas share: float arrays of shape (k,), one entry a study."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = [
    "Flags",
    "Indices",
    "Numbers",
    "Pair",
    "Studies",
    "as_numbers",
    "as_studies",
    "names_or_numbers",
    "poolable",
    "ratios",
]

Numbers = NDArray[np.float64]
Indices = NDArray[np.intp]
Flags = NDArray[np.bool_]
Pair = tuple[Numbers, Numbers]


@dataclass(frozen=True, slots=True, eq=False)
class Studies:
    """What is pooled: effects, variances and labels of k studies, and own weights where given."""

    yi: Numbers
    vi: Numbers
    slab: tuple[str, ...]
    weights: Numbers | None = None

    def take(self, places: Indices) -> "Studies":
        """Return the studies at these places, counted from 0, in this order."""
        weights = None if self.weights is None else self.weights[places]
        return Studies(self.yi[places], self.vi[places], tuple(self.slab[i] for i in places), weights)

    def without(self, place: int) -> "Studies":
        """Return all studies but one."""
        return self.take(np.delete(np.arange(len(self.yi)), place))


def as_numbers(values: ArrayLike, name: str) -> Numbers:
    """Return values as a float array of shape (k,).

    Parameters
    ----------
    values
        Numbers; None stands for a missing one.
    name
        The argument's name, for the message.

    Raises
    ------
    ValueError
        Where an entry is not a number, or the shape is not one-dimensional.
    """
    try:
        array = np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise ValueError(f"{name}: found something else ({error}); expected numbers") from error
    if array.ndim > 1:
        raise ValueError(f"{name}: found {array.ndim} dimensions; expected one number per study")
    return array if array.ndim else array.reshape(1)


def names_or_numbers(slab: Sequence[str] | None, k: int) -> tuple[str, ...]:
    """Return the studies' labels, numbered from 1 where none were given.

    Raises
    ------
    ValueError
        Where there are not as many labels as studies.
    """
    if slab is None:
        return _numbered(k)
    if len(slab) != k:
        raise ValueError(f"slab: found {len(slab)} labels; expected one for each of the {k} studies")
    return tuple(str(label) for label in slab)


@lru_cache(maxsize=1)
def _numbered(k: int) -> tuple[str, ...]:
    # A third of the time of pooling 100,000 studies, and the same for every set of k.
    return tuple(map("study {}".format, range(1, k + 1)))


def as_studies(yi: ArrayLike, vi: ArrayLike, slab: Sequence[str] | None = None) -> Studies:
    """Return checked effects and variances with their labels.

    Parameters
    ----------
    yi, vi
        Effects and their sampling variances (above 0), shape (k,).
    slab
        Labels of the studies; numbered from 1 where none were given.

    Raises
    ------
    ValueError
        For nothing to pool, unequal lengths, a number that is not finite, or a variance not above 0;
        the message names the study.
    """
    effects, variances = as_numbers(yi, "yi"), as_numbers(vi, "vi")
    names = names_or_numbers(slab, len(effects))
    _check(effects, variances, names)
    return Studies(effects, variances, names)


def ratios(values: ArrayLike, spreads: ArrayLike) -> Numbers:
    """Return values over their standard errors; without spread infinite, or 0 where the value is 0.

    Parameters
    ----------
    values, spreads
        Any shape; the spreads 0 or more, as Hartung and Knapp's are where effects are identical.
    """
    value, spread = np.asarray(values, dtype=np.float64), np.asarray(spreads, dtype=np.float64)
    if (spread > 0).all():
        return np.asarray(value / spread)
    without = np.where(value == 0, 0.0, np.copysign(np.inf, value))
    return np.where(spread > 0, value / np.where(spread > 0, spread, 1.0), without)


# Within these bounds no sum of weighted squares overflows; no study's numbers come near them.
_LEAST, _MOST = 1e-50, 1e50


def poolable(yi: Numbers, vi: Numbers) -> Flags:
    """Return which effects and variances can be pooled, shape (k,): finite, and the variances above 0."""
    return _within(yi, -_MOST) & _within(vi, _LEAST)


def _within(array: Numbers, low: float) -> Flags:
    return np.asarray((array >= low) & (array <= _MOST))


def _check(yi: Numbers, vi: Numbers, slab: tuple[str, ...]) -> None:
    if len(yi) == 0:
        raise ValueError("yi: found no study; expected at least one effect to pool")
    if len(yi) != len(vi):
        raise ValueError(f"vi: found {len(vi)} variances for {len(yi)} effects; expected one for each")
    for name, array, low in (("yi", yi, -_MOST), ("vi", vi, _LEAST)):
        right = _within(array, low)
        if not right.all():
            place = int(right.argmin())
            expected = "a finite number" if name == "yi" else "a variance above 0"
            expected += f" (and {low:g} to {_MOST:g})" if np.isfinite(array[place]) and array[place] else ""
            raise ValueError(
                f"{slab[place]}: found {name} = {array[place]:g}; expected {expected} "
                "(leave the study out, or correct its numbers)"
            )
