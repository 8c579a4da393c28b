"""Pools for rare events: Mantel-Haenszel (OR, RR, RD) and Peto, one common effect, no tau2."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike

from synthesis.arrays import Numbers, Pair
from synthesis.measures import binary
from synthesis.measures.binary import TwoByTwo, ZeroCellRule
from synthesis.measures.effects import two_by_two
from synthesis.random_effects.fitting import chi2_p, critical, two_sided_p

__all__ = ["Chi2Test", "Sparse", "mantel_haenszel", "peto"]


@dataclass(frozen=True, slots=True)
class Chi2Test:
    """A chi-squared statistic, its degrees of freedom, and its p-value."""

    stat: float
    df: int
    pval: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Sparse:
    """A common effect in metafor's letters; OR and RR on the log scale, NaN where nothing informs it.

    Parameters
    ----------
    k, k_yi
        Studies given, and those that have an effect of their own and so a part in `q`.
    q, q_pval, i2, h2
        Heterogeneity around the pooled estimate; `i2` in percent.
    mh
        Cochran-Mantel-Haenszel test of no effect (OR only).
    tarone, breslow_day
        Tests of equal odds ratios, with and without Tarone's correction (OR only).
    """

    estimate: float
    se: float
    ci_lb: float
    ci_ub: float
    stat: float
    pval: float
    q: float
    q_pval: float
    i2: float
    h2: float
    k: int
    k_yi: int
    method: str
    level: float
    mh: Chi2Test | None = None
    tarone: Chi2Test | None = None
    breslow_day: Chi2Test | None = None


def mantel_haenszel(
    measure: str,
    *,
    add: tuple[float, float] = (0.5, 0.0),
    to: tuple[ZeroCellRule, ZeroCellRule] = ("only0", "none"),
    level: float = 0.95,
    correct: bool = True,
    **data: ArrayLike,
) -> Sparse:
    """Pool counts by Mantel-Haenszel.

    Parameters
    ----------
    measure
        ``OR``, ``RR`` or ``RD``.
    add, to
        Zero-cell rules of `synthesis.effect_sizes`: first for the studies' own effects in `q`, from which
        studies without events are dropped, then for the pooled estimate, which needs no correction.
    level
        Confidence level, a fraction.
    correct
        Continuity correction of the Cochran-Mantel-Haenszel test.
    **data
        ``ai bi ci di`` or ``ai n1i ci n2i``, shape (k,).

    Raises
    ------
    ValueError
        For another measure, no complete study, or input that `synthesis.effect_sizes` refuses.
    """
    if measure not in _POOLS:
        raise ValueError(f"measure: found {measure!r}; expected one of {' '.join(_POOLS)}")
    raw = _without_missing(two_by_two(measure, data))
    table = raw.corrected(add[1], to[1])
    # Strata without events give 0 / 0: they have no effect of their own, and the pool may have none.
    with np.errstate(divide="ignore", invalid="ignore"):
        estimate, se = _POOLS[measure](table)
        yi, vi = _OWN[measure](raw.dropped().corrected(add[0], to[0]))
        has_effect = np.isfinite(yi) & np.isfinite(vi)
        q = float(((yi - estimate) ** 2 / vi)[has_effect].sum())
        pooled = _sparse(estimate, se, q, int(has_effect.sum()), k=len(raw.ai), method="MH", level=level)
        return _with_tests(pooled, table, correct=correct) if measure == "OR" else pooled


def peto(*, level: float = 0.95, **data: ArrayLike) -> Sparse:
    """Pool counts to Peto's log odds ratio: sum (O - E) / sum V (Yusuf et al. 1985, appendix).

    Parameters
    ----------
    level
        Confidence level, a fraction.
    **data
        ``ai bi ci di`` or ``ai n1i ci n2i``, shape (k,).

    Raises
    ------
    ValueError
        For input that `synthesis.effect_sizes` refuses.
    """
    raw = _without_missing(two_by_two("PETO", data))
    observed, v = _observed_less_expected(raw)
    informs = v > 0
    with np.errstate(divide="ignore", invalid="ignore"):
        total = np.float64(v.sum())
        estimate, se = float(observed.sum() / total), float(np.sqrt(1 / total))
        q = max(0.0, float((observed**2 / v)[informs].sum() - observed.sum() ** 2 / total))
        return _sparse(estimate, se, q, int(informs.sum()), k=len(raw.ai), method="PETO", level=level)


def _without_missing(table: TwoByTwo) -> TwoByTwo:
    kept = ~np.isnan(table.ai + table.bi + table.ci + table.di)
    if not kept.any():
        raise ValueError("ai: found no study with all its counts; expected at least one")
    return TwoByTwo(table.ai[kept], table.bi[kept], table.ci[kept], table.di[kept])


def _sparse(estimate: float, se: float, q: float, k_yi: int, *, k: int, method: str, level: float) -> Sparse:
    df = k_yi - 1
    q = q if df > 0 else 0.0
    half, stat = critical(level, None) * se, float(np.divide(estimate, se))
    return Sparse(
        estimate=estimate,
        se=se,
        ci_lb=estimate - half,
        ci_ub=estimate + half,
        stat=stat,
        pval=two_sided_p(stat, None),
        q=q,
        q_pval=chi2_p(q, df),
        i2=100 * max(0.0, (q - df) / q) if q > 0 else 0.0,
        h2=q / df if df > 0 else 1.0,
        k=k,
        k_yi=k_yi,
        method=method,
        level=level,
    )


def _odds_ratio(table: TwoByTwo) -> tuple[float, float]:
    """Log odds ratio; variance by Robins, Breslow & Greenland 1986."""
    total = table.n1i + table.n2i
    r, s = table.ai * table.di / total, table.bi * table.ci / total
    p, q = (table.ai + table.di) / total, (table.bi + table.ci) / total
    sum_r, sum_s = r.sum(), s.sum()
    cross = (p * s + q * r).sum() / (sum_r * sum_s)
    variance = ((p * r).sum() / sum_r**2 + cross + (q * s).sum() / sum_s**2) / 2
    return _finite(np.log(sum_r / sum_s), np.sqrt(variance))


def _risk_ratio(table: TwoByTwo) -> tuple[float, float]:
    """Log risk ratio; variance by Greenland & Robins 1985."""
    total = table.n1i + table.n2i
    sum_r, sum_s = (table.ai * table.n2i / total).sum(), (table.ci * table.n1i / total).sum()
    events = table.ai + table.ci
    above = (table.n1i * table.n2i * events / total**2 - table.ai * table.ci / total).sum()
    return _finite(np.log(sum_r / sum_s), np.sqrt(above / (sum_r * sum_s)))


def _risk_difference(table: TwoByTwo) -> tuple[float, float]:
    """Risk difference; variance by Sato, Greenland & Robins 1989."""
    n1i, n2i, total = table.n1i, table.n2i, table.n1i + table.n2i
    weight = (n1i * n2i / total).sum()
    estimate = ((table.ai * n2i - table.ci * n1i) / total).sum() / weight
    p1, p2 = n1i / total, n2i / total
    first = (table.ci * p1**2 - table.ai * p2**2 + p1 * p2 * (n2i - n1i) / 2).sum()
    second = ((table.ai * table.di + table.ci * table.bi) / total).sum() / 2
    return _finite(estimate, np.sqrt(estimate * first + second) / weight)


def _finite(estimate: np.float64, se: np.float64) -> tuple[float, float]:
    known = np.isfinite(estimate) and np.isfinite(se)
    return (float(estimate), float(se)) if known else (np.nan, np.nan)


def _with_tests(pooled: Sparse, table: TwoByTwo, *, correct: bool) -> Sparse:
    if np.isnan(pooled.estimate):
        return pooled
    tarone, breslow_day = _equal_odds_ratios(table, float(np.exp(pooled.estimate)))
    return replace(pooled, mh=_no_effect(table, correct=correct), tarone=tarone, breslow_day=breslow_day)


def _no_effect(table: TwoByTwo, *, correct: bool) -> Chi2Test:
    """Test of no effect in any stratum (Mantel & Haenszel 1959)."""
    observed, v = _observed_less_expected(table)
    distance = abs(float(observed.sum())) - (0.5 if correct else 0.0)
    stat = distance**2 / float(v.sum())
    return Chi2Test(stat, 1, chi2_p(stat, 1))


def _equal_odds_ratios(table: TwoByTwo, ratio: float) -> tuple[Chi2Test, Chi2Test]:
    """Return Tarone's (1985) and Breslow & Day's (1980, section 4.4) test of equal odds ratios."""
    kept = (table.ai + table.ci > 0) & (table.bi + table.di > 0)
    ai, n1i, n2i = table.ai[kept], table.n1i[kept], table.n2i[kept]
    events = ai + table.ci[kept]
    # The root of the quadratic in the expected count, in the form that also serves a ratio of 1.
    b = n2i - events + ratio * (n1i + events)
    expected = 2 * ratio * n1i * events / (b + np.sqrt(b**2 - 4 * (ratio - 1) * ratio * n1i * events))
    cells = (expected, n1i - expected, events - expected, n2i - events + expected)
    v = 1 / np.sum([1 / cell for cell in cells], axis=0)
    stat, df = float(((ai - expected) ** 2 / v).sum()), len(ai) - 1
    corrected = max(0.0, stat - float((ai - expected).sum() ** 2 / v.sum()))
    return Chi2Test(corrected, df, chi2_p(corrected, df)), Chi2Test(stat, df, chi2_p(stat, df))


def _observed_less_expected(table: TwoByTwo) -> Pair:
    """Return O - E of the treated group's events and the hypergeometric variance, each of shape (k,)."""
    total, events = table.n1i + table.n2i, table.ai + table.ci
    p1, p2 = table.n1i / total, table.n2i / total
    v: Numbers = p1 * p2 * events * (table.bi + table.di) / (total - 1)
    return table.ai - p1 * events, v


_POOLS: dict[str, Callable[[TwoByTwo], tuple[float, float]]] = {
    "OR": _odds_ratio,
    "RR": _risk_ratio,
    "RD": _risk_difference,
}
_OWN: dict[str, Callable[[TwoByTwo], Pair]] = {
    "OR": binary.odds_ratio,
    "RR": binary.risk_ratio,
    "RD": binary.risk_difference,
}
