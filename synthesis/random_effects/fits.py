"""Pooled estimates of one set of studies or of thousands: weights, interval, heterogeneity."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import cast

import numpy as np
from scipy.special import betainc, chdtrc, ndtr, ndtri, stdtrit

from synthesis.arrays import Numbers, Pair, ratios
from synthesis.random_effects.heterogeneity import Tau2s, estimate_tau2s, given_tau2s
from synthesis.random_effects.moments import Moments, sums
from synthesis.random_effects.plan import Plan, Test
from synthesis.random_effects.sets import Sets

__all__ = ["Fits", "fit_sets"]

_TINY = float(np.finfo(np.float64).tiny)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Fits:
    """The numbers of `Fit` for n sets, each of shape (n,), or of a single set, shape ().

    nan stands for what a set does not have: `se_tau2` where the model has none, `df` of a z test.
    `total` is the sum of the inverse variances 1 / (vi + tau2), whatever the weights are.
    """

    estimate: Numbers
    se: Numbers
    ci_lb: Numbers
    ci_ub: Numbers
    stat: Numbers
    pval: Numbers
    tau2: Numbers
    se_tau2: Numbers
    i2: Numbers
    h2: Numbers
    q: Numbers
    q_pval: Numbers
    k: Numbers
    df: Numbers
    total: Numbers

    @classmethod
    def joined(cls, parts: Iterable["Fits"]) -> "Fits":
        """Return the fits of several lots of sets in one."""
        lots = list(parts)
        return cls(
            **{
                name: np.concatenate([getattr(lot, name) for lot in lots])
                for name in cls.__dataclass_fields__
            }
        )


def fit_sets(sets: Sets, plan: Plan) -> Fits:
    """Return the pooled estimates of n sets of studies, or of one (checked input).

    Hartung & Knapp 2001 and Sidik & Jonkman 2002 for ``knha``; ``adhoc`` never lets its factor
    fall below 1 (Jackson et al. 2017).

    Parameters
    ----------
    sets
        Effects, variances, and own weights instead of the inverse variances where given.
    plan
        How to pool.
    """
    k = sets.count
    tau2 = _tau2(sets, plan)
    at_zero, at_tau2 = sums(sets, 0 * k), tau2.at or sums(sets, tau2.value)
    estimate, variance = at_tau2.mean, 1 / at_tau2.s1
    if sets.weights is not None:
        estimate, variance = _weighted(sets, sets.weights, tau2.value)
    if plan.test == "z":
        se = np.sqrt(variance)
        stat = estimate / se
        quantile, pval, df = _by_z(stat, plan.level)
    else:
        se = np.sqrt(variance * _factor(at_tau2, k, plan.test))
        stat = ratios(estimate, se)
        quantile, pval, df = _by_t(stat, k, plan.level)
    half = quantile * se
    i2, h2 = _inconsistency(at_zero, tau2.value, k, plan.method)
    return Fits(
        estimate=estimate,
        se=se,
        ci_lb=estimate - half,
        ci_ub=estimate + half,
        stat=stat,
        pval=pval,
        tau2=tau2.value,
        se_tau2=tau2.se,
        i2=i2,
        h2=h2,
        q=at_zero.q,
        q_pval=chdtrc(np.maximum(k - 1, 1), at_zero.q),
        k=k,
        df=df,
        total=at_tau2.s1,
    )


def _tau2(sets: Sets, plan: Plan) -> Tau2s:
    if plan.tau2 is None:
        return estimate_tau2s(sets, plan.method)
    return given_tau2s(sets, plan.method, np.full_like(sets.count, plan.tau2))


def _weighted(sets: Sets, weights: Numbers, tau2: Numbers) -> Pair:
    total = np.where(sets.there, sets.vi + tau2[..., None], 0.0)
    share = weights / weights.sum(axis=-1, keepdims=True)
    return np.vecdot(share, sets.yi), np.vecdot(share * share, total)


def _factor(at: Moments[Numbers], k: Numbers, test: Test) -> Numbers:
    # Only around the mean by inverse variances does the sum of squares average k - 1, whatever weights the
    # estimate has.
    factor = np.where(k > 1, at.q / np.maximum(k - 1, 1), 1.0)
    return np.maximum(1.0, factor) if test == "adhoc" else factor


def _inconsistency(at_zero: Moments[Numbers], tau2: Numbers, k: Numbers, method: str) -> Pair:
    # One study has q = 0 and trace = 0: it comes out as i2 = 0 and h2 = 1.
    df = np.maximum(k - 1, 1)
    if method == "EE":
        excess = np.maximum(0.0, at_zero.q - df) / np.maximum(at_zero.q, _TINY)
        return 100 * excess, np.where(k > 1, at_zero.q / df, 1.0)
    typical = df / np.maximum(at_zero.trace, _TINY)
    return 100 * tau2 / (tau2 + typical), tau2 / typical + 1


def _by_z(stat: Numbers, level: float) -> tuple[Numbers, Numbers, Numbers]:
    """Return quantile, p-value and degrees of freedom of z tests (`fitting.critical`, `two_sided_p`)."""
    return cast("Numbers", ndtri(0.5 + level / 2)), 2 * ndtr(-np.abs(stat)), stat * np.nan


def _by_t(stat: Numbers, k: Numbers, level: float) -> tuple[Numbers, Numbers, Numbers]:
    """Return the same of t tests on k - 1; of z where there is one study."""
    quantile, pval, none = _by_z(stat, level)
    several, free = k > 1, np.maximum(k - 1, 1)
    return (
        np.where(several, stdtrit(free, 0.5 + level / 2), quantile),
        np.where(several, betainc(free / 2, 0.5, free / (free + stat**2)), pval),
        np.where(several, free, none),
    )
