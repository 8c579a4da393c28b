"""One pooled estimate, and the quantiles and p-values that go with it."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.special import betainc, chdtrc, ndtr, ndtri, stdtrit

from synthesis.arrays import Numbers, Studies
from synthesis.random_effects.fits import fit_sets
from synthesis.random_effects.plan import TESTS, Plan, Test, checked_level
from synthesis.random_effects.sets import Sets

__all__ = ["TESTS", "Fit", "Plan", "Test", "chi2_p", "critical", "fit", "fitted", "percent", "two_sided_p"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """A pooled estimate in metafor's letters.

    Parameters
    ----------
    estimate, se, ci_lb, ci_ub, stat, pval
        The pooled effect; `stat` is z or t.
    df
        Degrees of freedom of the test; None for z.
    tau2, se_tau2
        Between-study variance.
    i2, h2
        `i2` in percent, from tau2 and the typical sampling variance (Higgins & Thompson 2002, eq. 9);
        from q where the model has no tau2.
    q, q_pval
        Cochran's Q and its chi-squared p-value on k - 1.
    test
        The test used: one study, or no degrees of freedom, falls back on ``z``.
    """

    estimate: float
    se: float
    ci_lb: float
    ci_ub: float
    stat: float
    pval: float
    tau2: float
    se_tau2: float | None
    i2: float
    h2: float
    q: float
    q_pval: float
    k: int
    method: str
    test: Test
    level: float
    df: int | None


def fit(studies: Studies, plan: Plan) -> Fit:
    """Return the pooled estimate of k studies (checked input); formulas: `fits.fit_sets`.

    Parameters
    ----------
    studies
        Effects, variances, and own weights instead of the inverse variances where given.
    plan
        How to pool.
    """
    return Fit(**fitted(studies, plan))


def fitted(studies: Studies, plan: Plan) -> dict[str, Any]:
    """Return what `fit` returns by name, for what says more than `Fit`."""
    one = fit_sets(Sets.one(studies.yi, studies.vi, studies.weights), plan)
    k = len(studies.yi)
    test: Test = "z" if k == 1 else plan.test
    return {
        "estimate": float(one.estimate),
        "se": float(one.se),
        "ci_lb": float(one.ci_lb),
        "ci_ub": float(one.ci_ub),
        "stat": float(one.stat),
        "pval": float(one.pval),
        "tau2": float(one.tau2),
        "se_tau2": None if np.isnan(one.se_tau2) else float(one.se_tau2),
        "i2": float(one.i2),
        "h2": float(one.h2),
        "q": float(one.q),
        "q_pval": float(one.q_pval),
        "k": k,
        "method": plan.method,
        "test": test,
        "level": plan.level,
        "df": None if test == "z" else k - 1,
    }


def percent(studies: Studies, tau2: float) -> Numbers:
    """Return the weights in percent of the pooled estimate, shape (k,).

    Parameters
    ----------
    studies
        Effects, variances, and own weights instead of the inverse variances where given.
    tau2
        Between-study variance.
    """
    w = 1 / (studies.vi + tau2) if studies.weights is None else studies.weights
    return np.asarray(100 * w / w.sum())


def critical(level: float, df: int | None) -> float:
    """Return the two-sided quantile of z (df None) or of t.

    Parameters
    ----------
    level
        Confidence level, a fraction.
    df
        Degrees of freedom.

    Raises
    ------
    ValueError
        For a level that is not between 0 and 1.
    """
    tail = 0.5 + checked_level(level) / 2
    return float(ndtri(tail)) if df is None else float(stdtrit(df, tail))


def two_sided_p(stat: float, df: int | None) -> float:
    """Return the two-sided p-value of z (df None) or of t, exact far into the tails.

    Parameters
    ----------
    stat
        The test statistic.
    df
        Degrees of freedom.
    """
    if df is None:
        return float(2 * ndtr(-abs(stat)))
    return 0.0 if np.isinf(stat) else float(betainc(df / 2, 0.5, df / (df + stat**2)))


def chi2_p(q: float, df: int) -> float:
    """Return the upper tail of chi-squared; 1 without degrees of freedom.

    Parameters
    ----------
    q
        The statistic, 0 or more.
    df
        Degrees of freedom, 0 or more.
    """
    return float(chdtrc(df, q)) if df > 0 else 1.0
