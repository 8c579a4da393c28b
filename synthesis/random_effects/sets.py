"""One set of studies or thousands side by side: the same lines compute one and all."""

from dataclasses import dataclass

import numpy as np

from synthesis.arrays import Flags, Indices, Numbers, Studies

__all__ = ["Sets"]


@dataclass(frozen=True, slots=True, eq=False)
class Sets:
    """Arrays of shape (n, k) for n sets of at most k studies, or of shape (k,) for a single set.

    Parameters
    ----------
    yi, vi
        Effects and variances. A place without a study has the effect 0 and an infinite variance: it weighs
        nothing, whatever tau2 is.
    count
        How many studies each set has, shape (n,) or (), 1 or more.
    anchor
        The effect of each set's most precise study, shape (n,) or (). Sums of effects are taken from there
        on, so that identical effects have no rounding in their mean.
    weights
        Own weights instead of the inverse variances, 0 without a study; or None.
    """

    yi: Numbers
    vi: Numbers
    count: Numbers
    anchor: Numbers
    weights: Numbers | None = None

    @classmethod
    def one(cls, yi: Numbers, vi: Numbers, weights: Numbers | None = None) -> "Sets":
        """Return a single set, from arrays of shape (k,)."""
        return cls(yi, vi, np.array(float(len(yi))), yi[vi.argmin()], weights)

    @classmethod
    def of(cls, yi: Numbers, vi: Numbers, there: Flags, weights: Numbers | None = None) -> "Sets":
        """Return n sets from arrays of shape (n, k) or (k,): in each row the studies that are `there`."""
        effects, variances = np.where(there, yi, 0.0), np.where(there, vi, np.inf)
        own = None if weights is None else np.where(there, weights, 0.0)
        anchor = effects[np.arange(len(there)), variances.argmin(axis=1)]
        return cls(effects, variances, there.sum(axis=1, dtype=np.float64), anchor, own)

    @classmethod
    def parts(cls, studies: Studies, there: Flags) -> "Sets":
        """Return a set for each row of `there`, shape (n, k): which of the k studies it holds."""
        return cls.of(studies.yi, studies.vi, there, studies.weights)

    @property
    def there(self) -> Flags:
        """Tell where a study is."""
        return np.isfinite(self.vi)

    def take(self, rows: Indices | Flags) -> "Sets":
        """Return some of n sets."""
        weights = None if self.weights is None else self.weights[rows]
        return Sets(self.yi[rows], self.vi[rows], self.count[rows], self.anchor[rows], weights)
