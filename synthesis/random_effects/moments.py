"""The sums that every estimator rests on, for one set of studies or for many."""

from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np

from synthesis.arrays import Numbers, Pair
from synthesis.random_effects.sets import Sets

__all__ = ["Moments", "log_likelihood", "moments", "sums", "traces"]

Some = TypeVar("Some", float, Numbers)


@dataclass(frozen=True, slots=True, eq=False)
class Moments(Generic[Some]):
    """Weighted sums with w = 1 / (vi + tau2): s1 = sum w, s2 = sum w^2, mean and q.

    With P = W - W X (X'WX)^-1 X'W of the model without moderators, `trace` is tr(P), `trace2` tr(PP).
    Numbers for one set, arrays of shape (n,) for n sets.
    """

    s1: Some
    s2: Some
    trace: Some
    trace2: Some
    mean: Some
    q: Some


def sums(sets: Sets, tau2: Numbers) -> Moments[Numbers]:
    """Return each set's weighted sums; q is the weighted sum of squares around the weighted mean.

    Parameters
    ----------
    sets
        n sets, or one.
    tau2
        Between-study variance of each, shape (n,) or ().
    """
    first = sets.vi.T[0] + tau2
    others = first[..., None] / (sets.vi[..., 1:] + tau2[..., None])
    y = sets.yi[..., 1:] - sets.anchor[..., None]
    rest, rest2, rest3 = _powers(others)
    total = 1 + rest
    mean = np.vecdot(others, y) / total
    residual = y - mean[..., None]
    q = mean * mean + np.vecdot(others, residual * residual)
    trace, trace2 = traces(rest, rest2, rest3)
    return Moments(
        total / first,
        (1 + rest2) / first**2,
        trace / first,
        trace2 / first**2,
        sets.anchor + mean,
        q / first,
    )


def traces(rest: Numbers, rest2: Numbers, rest3: Numbers) -> Pair:
    """Return tr(P) and tr(PP) of weights relative to the largest, which is 1.

    The powers of the largest weight cancel in tr(P) = s1 - s2 / s1 and in tr(PP) = s2 - 2 s3 / s1 +
    (s2 / s1)^2: what stays when both are multiplied out has no large terms of opposite sign.

    Parameters
    ----------
    rest, rest2, rest3
        Sums of the others' first, second and third powers, of any shape.
    """
    s1, square = 1 + rest, rest * rest
    trace = (2 * rest + (square - rest2)) / s1
    trace2 = ((1 + rest2) * (square + rest2) + 2 * s1 * (rest2 - rest3)) / (s1 * s1)
    return trace, trace2


def _powers(others: Numbers) -> tuple[Numbers, Numbers, Numbers]:
    """Return the sums of the first, second and third powers along the last axis."""
    ones, squares = np.ones(others.shape[-1]), others * others
    return others.dot(ones), squares.dot(ones), np.vecdot(squares, others)


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
    return Moments(*(float(getattr(one, name)) for name in Moments.__dataclass_fields__))


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
