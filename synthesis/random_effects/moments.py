"""The sums that every estimator rests on, for one set of studies or for many."""

from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np

from synthesis.arrays import Numbers
from synthesis.random_effects.sets import Sets

__all__ = ["Moments", "log_likelihood", "moments", "sums"]

Some = TypeVar("Some", float, Numbers)


@dataclass(frozen=True, slots=True, eq=False)
class Moments(Generic[Some]):
    """Weighted sums with w = 1 / (vi + tau2): s1 = sum w, s2 = sum w^2, s3 = sum w^3, mean and q.

    With P = W - W X (X'WX)^-1 X'W of the model without moderators, `trace` is tr(P), `trace2` tr(PP).
    Numbers for one set, arrays of shape (n,) for n sets.
    """

    s1: Some
    s2: Some
    s3: Some
    mean: Some
    q: Some

    @property
    def trace(self) -> Some:
        """Return tr(P) = s1 - s2 / s1."""
        return self.s1 - self.s2 / self.s1

    @property
    def trace2(self) -> Some:
        """Return tr(PP) = s2 - 2 s3 / s1 + (s2 / s1)^2."""
        return self.s2 - 2 * self.s3 / self.s1 + (self.s2 / self.s1) ** 2


def sums(sets: Sets, tau2: Numbers) -> Moments[Numbers]:
    """Return each set's weighted sums; q is the weighted sum of squares around the weighted mean.

    Parameters
    ----------
    sets
        n sets, or one.
    tau2
        Between-study variance of each, shape (n,) or ().
    """
    w = 1 / (sets.vi + tau2[..., None])
    s1 = w.sum(axis=-1)
    mean = sets.anchor + np.vecdot(w, sets.yi - sets.anchor[..., None]) / s1
    residual = sets.yi - mean[..., None]
    w2 = w * w
    return Moments(s1, w2.sum(axis=-1), np.vecdot(w2, w), mean, np.vecdot(w, residual * residual))


def moments(yi: Numbers, vi: Numbers, tau2: float = 0.0) -> Moments[float]:
    """Return the weighted sums of one set at one tau2.

    Parameters
    ----------
    yi, vi
        Effects and variances, shape (k,).
    tau2
        Between-study variance.
    """
    one = sums(Sets.one(yi, vi), np.array(tau2, dtype=np.float64))
    return Moments(float(one.s1), float(one.s2), float(one.s3), float(one.mean), float(one.q))


def log_likelihood(yi: Numbers, vi: Numbers, tau2: float, *, restricted: bool) -> float:
    """Return the (restricted) log-likelihood at one tau2, with metafor's constants.

    Parameters
    ----------
    yi, vi
        Effects and variances, shape (k,).
    tau2
        Between-study variance.
    restricted
        REML instead of ML.
    """
    one, k = moments(yi, vi, tau2), len(yi)
    full = -0.5 * (k * np.log(2 * np.pi) + float(np.log(vi + tau2).sum()) + one.q)
    return float(full + 0.5 * np.log(2 * np.pi * k / one.s1)) if restricted else float(full)
