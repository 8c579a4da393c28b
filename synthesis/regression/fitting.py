"""One meta-regression: coefficients, their tests, and the heterogeneity that is left."""

from dataclasses import dataclass

import numpy as np
from scipy.special import betainc, fdtrc, ndtr

from synthesis.arrays import Numbers, Studies, ratios
from synthesis.random_effects.fitting import Plan, Test, chi2_p, critical
from synthesis.random_effects.heterogeneity import estimate_tau2
from synthesis.regression.core import Core, core
from synthesis.regression.design import Design
from synthesis.regression.least_squares import project

__all__ = ["Regression", "fit", "two_sided_ps", "wald_p"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Regression:
    """A meta-regression in metafor's letters.

    Parameters
    ----------
    names
        The coefficients' names, p of them.
    beta, se, stat, pval, ci_lb, ci_ub
        Coefficients, shape (p,); `stat` is z or t on `df`.
    vcov
        Their covariance, shape (p, p).
    tau2, se_tau2
        Between-study variance that the moderators leave.
    i2, h2
        `i2` in percent: of the variance that the moderators leave, the part that is not sampling.
    r2
        Percent of tau2 that the moderators account for, 0 or more (Raudenbush 2009, eq. 16.23); the
        adjusted R2 of the weighted regression for ``EE``; None without an intercept, without
        moderators, or for a given tau2.
    qm, qm_df, qm_pval
        Test of all coefficients but the intercept: chi-squared, or F where the test is not z.
    qe, qe_pval
        Test of residual heterogeneity, chi-squared on k - p.
    weights
        Percent, shape (k,).
    """

    names: tuple[str, ...]
    beta: Numbers
    se: Numbers
    stat: Numbers
    pval: Numbers
    ci_lb: Numbers
    ci_ub: Numbers
    vcov: Numbers
    tau2: float
    se_tau2: float | None
    i2: float
    h2: float
    r2: float | None
    qm: float
    qm_df: tuple[int, int | None]
    qm_pval: float
    qe: float
    qe_pval: float
    k: int
    p: int
    df: int | None
    method: str
    test: Test
    level: float
    weights: Numbers


def fit(studies: Studies, design: Design, plan: Plan) -> Regression:
    """Return the meta-regression of k studies on a design (checked input).

    Parameters
    ----------
    studies
        Effects and variances.
    design
        Of full rank, with fewer columns than studies (or as many, where no tau2 is estimated).
    plan
        How to fit.
    """
    whole = core(studies, design.x, design.tested, plan)
    k, p = design.x.shape
    df = None if plan.test == "z" else k - p
    se = np.sqrt(np.diag(whole.vcov))
    stat = ratios(whole.beta, se)
    half = critical(plan.level, df) * se
    i2, h2, qe = _inconsistency(whole, plan.method)
    return Regression(
        names=design.names,
        beta=whole.beta,
        se=se,
        stat=stat,
        pval=two_sided_ps(stat, df),
        ci_lb=whole.beta - half,
        ci_ub=whole.beta + half,
        vcov=whole.vcov,
        tau2=whole.tau2.value,
        se_tau2=whole.tau2.se,
        i2=i2,
        h2=h2,
        r2=_explained(studies, design, whole, plan),
        qm=whole.qm,
        qm_df=(len(design.tested), df),
        qm_pval=wald_p(whole.qm, len(design.tested), df),
        qe=qe,
        qe_pval=chi2_p(qe, k - p),
        k=k,
        p=p,
        df=df,
        method=plan.method,
        test=plan.test,
        level=plan.level,
        weights=np.asarray(100 * whole.fit.w / whole.fit.w.sum()),
    )


def two_sided_ps(stat: Numbers, df: Numbers | int | None) -> Numbers:
    """Return two-sided p-values of z (df None) or of t, exact far into the tails.

    Parameters
    ----------
    stat
        Test statistics, any shape.
    df
        Degrees of freedom.
    """
    if df is None:
        return np.asarray(2 * ndtr(-np.abs(stat)))
    square = np.where(np.isinf(stat), 0.0, stat) ** 2
    return np.where(np.isinf(stat), 0.0, betainc(df / 2, 0.5, df / (df + square)))


def wald_p(qm: float, m: int, df: float | None) -> float:
    """Return the upper tail of a test of m coefficients: chi-squared (df None), or F on m and df.

    Parameters
    ----------
    qm
        The statistic, 0 or more.
    m
        Number of coefficients.
    df
        Denominator degrees of freedom, above 0.
    """
    if df is None:
        return chi2_p(qm, m)
    return 0.0 if np.isinf(qm) else float(fdtrc(m, df, qm))


def _inconsistency(whole: Core, method: str) -> tuple[float, float, float]:
    free = whole.problem.free
    if free == 0:
        return 0.0, 1.0, 0.0
    at_zero = whole.problem.at()
    qe = at_zero.q
    if method == "EE":
        return (100 * max(0.0, qe - free) / qe if qe > 0 else 0.0), qe / free, qe
    typical = free / at_zero.trace()
    return 100 * whole.tau2.value / (whole.tau2.value + typical), whole.tau2.value / typical + 1, qe


def _explained(studies: Studies, design: Design, whole: Core, plan: Plan) -> float | None:
    if design.intercept is None or len(design.names) == 1 or plan.tau2 is not None:
        return None
    if plan.method == "EE":
        return _adjusted(studies, whole)
    before = estimate_tau2(studies.yi, studies.vi, plan.method).value
    return 100 * max(0.0, (before - whole.tau2.value) / before) if before > 0 else 0.0


def _adjusted(studies: Studies, whole: Core) -> float:
    """Return the adjusted R2 of the weighted regression, in percent, 0 or more."""
    k, free = len(studies.yi), whole.problem.free
    total = project(studies.yi, np.ones((k, 1)), whole.fit.w).q
    if total == 0 or free == 0:
        return 0.0
    return 100 * max(0.0, 1 - (whole.fit.q / free) / (total / (k - 1)))
