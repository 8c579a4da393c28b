"""Mantel-Haenszel's common effect over tables of two by two, and its tests."""

import numpy as np

from synthesis.arrays import Numbers, Pair
from synthesis.counts.result import Chi2Test, CommonEffect
from synthesis.measures.binary import TwoByTwo
from synthesis.random_effects.fitting import chi2_p

__all__ = [
    "common",
    "equal_odds_ratios",
    "no_effect",
    "observed_less_expected",
    "odds_ratio",
    "risk_difference",
    "risk_difference_gr",
    "risk_ratio",
]


def odds_ratio(table: TwoByTwo) -> CommonEffect:
    """Return the log odds ratio (Mantel & Haenszel 1959); variance by Robins, Breslow & Greenland 1986.

    Parameters
    ----------
    table
        Counts of shape (k,).
    """
    total = table.n1i + table.n2i
    r, s = table.ai * table.di / total, table.bi * table.ci / total
    p, q = (table.ai + table.di) / total, (table.bi + table.ci) / total
    sum_r, sum_s = r.sum(), s.sum()
    cross = (p * s + q * r).sum() / (sum_r * sum_s)
    variance = ((p * r).sum() / sum_r**2 + cross + (q * s).sum() / sum_s**2) / 2
    return common(np.log(sum_r / sum_s), np.sqrt(variance), s)


def risk_ratio(table: TwoByTwo) -> CommonEffect:
    """Return the log risk ratio and its variance (Greenland & Robins 1985).

    Parameters
    ----------
    table
        Counts of shape (k,).
    """
    total = table.n1i + table.n2i
    weight = table.ci * table.n1i / total
    sum_r, sum_s = (table.ai * table.n2i / total).sum(), weight.sum()
    events = table.ai + table.ci
    above = (table.n1i * table.n2i * events / total**2 - table.ai * table.ci / total).sum()
    return common(np.log(sum_r / sum_s), np.sqrt(above / (sum_r * sum_s)), weight)


def risk_difference(table: TwoByTwo) -> CommonEffect:
    """Return the risk difference; variance by Sato, Greenland & Robins 1989.

    Parameters
    ----------
    table
        Counts of shape (k,).
    """
    n1i, n2i, total = table.n1i, table.n2i, table.n1i + table.n2i
    weight = n1i * n2i / total
    estimate = ((table.ai * n2i - table.ci * n1i) / total).sum() / weight.sum()
    p1, p2 = n1i / total, n2i / total
    first = (table.ci * p1**2 - table.ai * p2**2 + p1 * p2 * (n2i - n1i) / 2).sum()
    second = ((table.ai * table.di + table.ci * table.bi) / total).sum() / 2
    return common(estimate, np.sqrt(estimate * first + second) / weight.sum(), weight)


def risk_difference_gr(table: TwoByTwo) -> CommonEffect:
    """Return the risk difference with the variance of large strata (Greenland & Robins 1985), RevMan's.

    Parameters
    ----------
    table
        Counts of shape (k,).
    """
    n1i, n2i, total = table.n1i, table.n2i, table.n1i + table.n2i
    weight = n1i * n2i / total
    estimate = ((table.ai * n2i - table.ci * n1i) / total).sum() / weight.sum()
    own = table.ai * table.bi / n1i**3 + table.ci * table.di / n2i**3
    return common(estimate, np.sqrt((weight**2 * own).sum()) / weight.sum(), weight)


def common(estimate: np.float64, se: np.float64, weights: Numbers) -> CommonEffect:
    """Return an effect, NaN throughout where its estimate or standard error is not finite.

    Parameters
    ----------
    estimate, se, weights
        As computed, possibly from sums that are 0.
    """
    known = np.isfinite(estimate) and np.isfinite(se)
    return CommonEffect(*((float(estimate), float(se)) if known else (np.nan, np.nan)), weights)


def no_effect(distance: float, variance: float, *, correct: bool) -> Chi2Test:
    """Return the test of no effect in any stratum (Mantel & Haenszel 1959).

    Parameters
    ----------
    distance, variance
        Sum of observed less expected events in the treated group, and its variance.
    correct
        Take half an event off the distance.
    """
    stat = (abs(distance) - (0.5 if correct else 0.0)) ** 2 / variance
    return Chi2Test(stat, 1, chi2_p(stat, 1))


def equal_odds_ratios(table: TwoByTwo, ratio: float) -> tuple[Chi2Test, Chi2Test]:
    """Return Tarone's (1985) and Breslow & Day's (1980, section 4.4) test of equal odds ratios.

    Parameters
    ----------
    table
        Counts of shape (k,).
    ratio
        The common odds ratio, above 0.
    """
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


def observed_less_expected(table: TwoByTwo) -> Pair:
    """Return O - E of the treated group's events and the hypergeometric variance, each of shape (k,).

    Parameters
    ----------
    table
        Counts of shape (k,).
    """
    total, events = table.n1i + table.n2i, table.ai + table.ci
    p1, p2 = table.n1i / total, table.n2i / total
    v: Numbers = p1 * p2 * events * (table.bi + table.di) / (total - 1)
    return table.ai - p1 * events, v
