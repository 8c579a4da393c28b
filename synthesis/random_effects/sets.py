"""One set of studies or thousands side by side: the same lines compute one and all."""

from dataclasses import dataclass
from typing import cast

import numpy as np

from synthesis.arrays import Flags, Indices, Numbers, Studies

__all__ = ["Sets"]


@dataclass(frozen=True, slots=True, eq=False)
class Sets:
    """Arrays of shape (n, k) for n sets of at most k studies, or of shape (k,) for a single set.

    What is one number for each set has the shape (n,). For a single set it is a number, not an array without
    dimensions, with which arithmetic takes five times as long.

    Parameters
    ----------
    yi, vi
        Effects and variances; the most precise study of each set comes first. A place without a study has
        the effect of the first and an infinite variance: it weighs nothing, whatever tau2 is.
    count
        How many studies each set has, 1 or more.
    weights
        Own weights instead of the inverse variances, 0 without a study; or None.
    """

    yi: Numbers
    vi: Numbers
    count: Numbers
    weights: Numbers | None = None

    @classmethod
    def one(cls, yi: Numbers, vi: Numbers, weights: Numbers | None = None) -> "Sets":
        """Return a single set, from arrays of shape (k,)."""
        first = vi.argmin()
        own = None if weights is None else _swapped(weights, first)
        return cls(_swapped(yi, first), _swapped(vi, first), cast("Numbers", np.float64(len(yi))), own)

    @classmethod
    def of(cls, yi: Numbers, vi: Numbers, there: Flags, weights: Numbers | None = None) -> "Sets":
        """Return n sets from arrays of shape (n, k) or (k,): in each row the studies that are `there`."""
        variances = np.where(there, vi, np.inf)
        rows, first = np.arange(len(there)), variances.argmin(axis=1)
        own = None if weights is None else np.where(there, weights, 0.0)
        effects = np.where(there, yi, np.broadcast_to(yi, there.shape)[rows, first][:, None])
        for each in (effects, variances) if own is None else (effects, variances, own):
            each[rows, first], each[:, 0] = each[:, 0], each[rows, first]
        return cls(effects, variances, there.sum(axis=1, dtype=np.float64), own)

    @classmethod
    def parts(cls, studies: Studies, there: Flags) -> "Sets":
        """Return a set for each row of `there`, shape (n, k): which of the k studies it holds."""
        return cls.of(studies.yi, studies.vi, there, studies.weights)

    @property
    def anchor(self) -> Numbers:
        """Return the effect of each most precise study.

        Sums of effects are taken from there on: identical effects have no rounding in their mean, and
        nothing cancels where this study outweighs all others.
        """
        first: Numbers = self.yi.T[0]
        return first

    @property
    def there(self) -> Flags:
        """Tell where a study is."""
        return np.isfinite(self.vi)

    def take(self, rows: Indices | Flags) -> "Sets":
        """Return some of n sets."""
        weights = None if self.weights is None else self.weights[rows]
        return Sets(self.yi[rows], self.vi[rows], self.count[rows], weights)


def _swapped(values: Numbers, place: np.intp) -> Numbers:
    copy = values.copy()
    copy[0], copy[place] = values[place], values[0]
    return copy
