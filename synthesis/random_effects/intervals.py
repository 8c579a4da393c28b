"""Intervals around a pooled estimate: of tau2 (by Q or likelihood) and of a new study's effect."""

from typing import Literal, NamedTuple, get_args

import numpy as np
from scipy.special import chdtri, gammaincinv

from synthesis.arrays import Numbers
from synthesis.random_effects import generalised_q
from synthesis.random_effects.fitting import Test, critical
from synthesis.random_effects.generalised_q_root import solve_q
from synthesis.random_effects.heterogeneity import upper_bound
from synthesis.random_effects.moments import log_likelihood, moments
from synthesis.roots import root

__all__ = [
    "NAMED_PREDICTIONS",
    "Interval",
    "PredictionDf",
    "PredictionKind",
    "Tau2Kind",
    "fixed_weights",
    "i2_bound",
    "prediction",
    "profile_likelihood",
    "q_profile",
]

PredictionDf = Literal["k-1", "k-2", "z"]
PredictionKind = Literal["V", "HTS", "HK", "S"]
Tau2Kind = Literal["QP", "PL", "J", "BJ"]

# The standard error of which test, and the quantile, that each name in the literature stands for.
NAMED_PREDICTIONS: dict[str, tuple[Test, PredictionDf]] = {
    "V": ("z", "k-1"),
    "HTS": ("z", "k-2"),
    "HK": ("knha", "k-1"),
    "S": ("z", "z"),
}


class Interval(NamedTuple):
    """Lower and upper bound."""

    lb: float
    ub: float


def q_profile(yi: Numbers, vi: Numbers, level: float = 0.95, near: float = 0.0) -> Interval:
    """Return the Q-profile interval of tau2 (Viechtbauer 2007), cut off at 0.

    Both bounds are 0 where even the lower quantile of chi-squared lies above Q(0).

    Parameters
    ----------
    yi, vi
        Effects and variances, shape (k,), k >= 2.
    level
        Confidence level, a fraction.
    near
        A tau2 to begin at, 0 or more, such as an estimate: the bounds are the same.
    """
    tail, df = (1 - level) / 2, len(yi) - 1
    # Not chdtri(df, 1 - tail): the complement of a small tail is 1.
    lowest = 2 * float(gammaincinv(df / 2, tail))
    return Interval(*solve_q(yi, vi, float(chdtri(df, tail)), lowest, near=near))


def profile_likelihood(
    yi: Numbers, vi: Numbers, tau2: float, *, restricted: bool, level: float = 0.95
) -> Interval:
    """Return the profile-likelihood interval of tau2 (Hardy & Thompson 1996), cut off at 0.

    Parameters
    ----------
    yi, vi
        Effects and variances, shape (k,), k >= 2.
    tau2
        The (restricted) maximum-likelihood estimate.
    restricted
        Profile the restricted likelihood.
    level
        Confidence level, a fraction.
    """
    floor = log_likelihood(yi, vi, tau2, restricted=restricted) - float(chdtri(1, 1 - level)) / 2

    def above(t: float) -> float:
        return log_likelihood(yi, vi, t, restricted=restricted) - floor

    lower = 0.0 if above(0.0) >= 0 else root(above, 0.0, tau2)
    top = max(2 * tau2, upper_bound(yi), float(vi.mean()))
    while above(top) > 0:
        top *= 4
    return Interval(lower, root(above, tau2, top))


def fixed_weights(yi: Numbers, vi: Numbers, kind: Literal["J", "BJ"], level: float = 0.95) -> Interval:
    """Return the interval of tau2 from Q with fixed weights, cut off at 0.

    Parameters
    ----------
    yi, vi
        Effects and variances, shape (k,), k >= 2.
    kind
        ``J``: weights 1 / sqrt(vi) (Jackson 2013); ``BJ``: 1 / vi (Biggerstaff & Jackson 2008).
    level
        Confidence level, a fraction.

    Raises
    ------
    ValueError
        For more than a thousand studies: the distribution of Q would lose digits.
    """
    if len(yi) > generalised_q.MOST:
        raise ValueError(f"{kind}: found {len(yi)} studies; expected at most {generalised_q.MOST} (take QP)")
    weights = 1 / (np.sqrt(vi) if kind == "J" else vi)
    return Interval(*generalised_q.bounds(yi, vi, weights, level))


def i2_bound(vi: Numbers, tau2: float) -> float:
    """Return I2 in percent at one tau2: of tau2 and the typical variance (Higgins & Thompson 2002, eq. 9).

    Parameters
    ----------
    vi
        Variances, shape (k,), k >= 2.
    tau2
        Between-study variance.
    """
    typical = (len(vi) - 1) / moments(np.zeros_like(vi), vi).trace
    return 100 * tau2 / (tau2 + typical)


def prediction(
    estimate: float, se: float, tau2: float, k: int, *, df: PredictionDf, level: float = 0.95
) -> Interval:
    """Return the prediction interval estimate -/+ quantile x sqrt(tau2 + se^2) of a new study's effect.

    ``k-2``: Higgins, Thompson & Spiegelhalter 2009, eq. 12; ``k-1``: RevMan and the Cochrane Handbook;
    ``z``: Riley et al. 2011 with known variances, metafor's own with z tests.

    Parameters
    ----------
    estimate, se, tau2, k
        Of the pooled model.
    df
        Which quantile.
    level
        Coverage, a fraction.

    Raises
    ------
    ValueError
        For an unknown name, or where no degree of freedom is left.
    """
    if df not in get_args(PredictionDf):
        known = (*get_args(PredictionDf), *NAMED_PREDICTIONS)
        raise ValueError(f"df: found {df!r}; expected one of {' '.join(known)}")
    free = None if df == "z" else k - int(df[-1])
    if free is not None and free < 1:
        raise ValueError(f"prediction interval: found k = {k} with t({df}); expected at least one degree")
    half = critical(level, free) * float(np.sqrt(tau2 + se**2))
    return Interval(estimate - half, estimate + half)
