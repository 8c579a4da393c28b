"""One pooled estimate: weights, interval, heterogeneity. What is refitted goes through here, too."""

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from scipy.special import betainc, chdtrc, ndtr, ndtri, stdtrit

from synthesis.arrays import Numbers, Studies
from synthesis.random_effects.heterogeneity import METHODS, Tau2, estimate_tau2, given_tau2
from synthesis.random_effects.moments import Moments, moments

__all__ = ["TESTS", "Fit", "Plan", "Test", "chi2_p", "critical", "fit", "percent", "two_sided_p"]

Test = Literal["z", "knha", "adhoc"]
TESTS: tuple[Test, ...] = get_args(Test)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How to pool: estimator of tau2 (or its fixed value), test, confidence level."""

    method: str = "REML"
    test: Test = "z"
    level: float = 0.95
    tau2: float | None = None

    def __post_init__(self) -> None:
        if self.method not in METHODS:
            raise ValueError(f"method: found {self.method!r}; expected one of {' '.join(METHODS)}")
        if self.test not in TESTS:
            raise ValueError(f"test: found {self.test!r}; expected one of {' '.join(TESTS)}")
        if not 0 < self.level < 1:
            raise ValueError(f"level: found {self.level}; expected a fraction between 0 and 1, such as 0.95")
        if self.tau2 is not None and not 0 <= self.tau2 < np.inf:
            raise ValueError(f"tau2: found {self.tau2}; expected 0 or more, or None to estimate it")


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
    """Return the pooled estimate of k studies (checked input).

    Hartung & Knapp 2001 and Sidik & Jonkman 2002 for ``knha``; ``adhoc`` never lets its factor
    fall below 1 (Jackson et al. 2017).

    Parameters
    ----------
    studies
        Effects, variances, and own weights instead of the inverse variances where given.
    plan
        How to pool.
    """
    yi, vi, k = studies.yi, studies.vi, len(studies.yi)
    tau2 = _tau2(yi, vi, plan)
    at_zero, at_tau2 = moments(yi, vi), moments(yi, vi, tau2.value)
    estimate, variance = at_tau2.mean, 1 / at_tau2.s1
    if studies.weights is not None:
        estimate, variance = _weighted(yi, vi + tau2.value, studies.weights)
    test: Test = "z" if k == 1 else plan.test
    df = None if test == "z" else k - 1
    se = float(np.sqrt(variance * _factor(yi, vi + tau2.value, estimate, test)))
    half = critical(plan.level, df) * se
    i2, h2 = _inconsistency(at_zero, tau2.value, k, plan.method)
    stat = _ratio(estimate, se)
    return Fit(
        estimate=estimate,
        se=se,
        ci_lb=estimate - half,
        ci_ub=estimate + half,
        stat=stat,
        pval=two_sided_p(stat, df),
        tau2=tau2.value,
        se_tau2=tau2.se,
        i2=i2,
        h2=h2,
        q=at_zero.q if k > 1 else 0.0,
        q_pval=chi2_p(at_zero.q, k - 1),
        k=k,
        method=plan.method,
        test=test,
        level=plan.level,
        df=df,
    )


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
    """
    tail = 0.5 + level / 2
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


def _tau2(yi: Numbers, vi: Numbers, plan: Plan) -> Tau2:
    if plan.tau2 is None:
        return estimate_tau2(yi, vi, plan.method)
    return given_tau2(yi, vi, plan.method, plan.tau2)


def _weighted(yi: Numbers, total: Numbers, weights: Numbers) -> tuple[float, float]:
    share = weights / weights.sum()
    return float(share @ yi), float(share**2 @ total)


def _factor(yi: Numbers, total: Numbers, estimate: float, test: Test) -> float:
    if test == "z":
        return 1.0
    factor = float(((yi - estimate) ** 2 / total).sum()) / (len(yi) - 1)
    return max(1.0, factor) if test == "adhoc" else factor


def _inconsistency(at_zero: Moments, tau2: float, k: int, method: str) -> tuple[float, float]:
    if k == 1:
        return 0.0, 1.0
    if method == "EE":
        i2 = 100 * max(0.0, at_zero.q - (k - 1)) / at_zero.q if at_zero.q > 0 else 0.0
        return i2, at_zero.q / (k - 1)
    typical = (k - 1) / at_zero.trace
    return 100 * tau2 / (tau2 + typical), tau2 / typical + 1


def _ratio(estimate: float, se: float) -> float:
    if se > 0:
        return estimate / se
    # Identical effects under Hartung-Knapp leave no spread: the statistic is infinite, or 0 at no effect.
    return 0.0 if estimate == 0 else float(np.copysign(np.inf, estimate))
