"""Between-study variance tau2: ten estimators, each with its standard error; none can fail to converge."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.special import chdtri

from synthesis.arrays import Numbers
from synthesis.random_effects.moments import Moments, log_likelihood, moments, score, score_signs
from synthesis.roots import root

__all__ = ["METHODS", "Tau2", "estimate_tau2", "given_tau2", "solve_q", "upper_bound"]

METHODS = ("REML", "DL", "PM", "ML", "EB", "HE", "HS", "HSk", "SJ", "PMM", "EE")

_TINY = float(np.finfo(np.float64).tiny)
_GRID = 160


@dataclass(frozen=True, slots=True)
class Tau2:
    """Between-study variance and its standard error; None where the model has none (EE, one study)."""

    value: float
    se: float | None


def estimate_tau2(yi: Numbers, vi: Numbers, method: str = "REML") -> Tau2:
    """Return tau2, never below 0.

    Parameters
    ----------
    yi, vi
        Effects and variances (above 0), shape (k,).
    method
        ``REML ML`` (global maximum), ``EB PM`` (Morris 1983; Paule & Mandel 1982), ``PMM``
        (median-unbiased), ``DL HE HS HSk SJ`` (moments), ``EE`` (none).

    Raises
    ------
    ValueError
        For an unknown method.
    """
    if method not in METHODS:
        raise ValueError(f"method: found {method!r}; expected one of {' '.join(METHODS)}")
    if method == "EE" or len(yi) == 1:
        return Tau2(0.0, None)
    return _ESTIMATORS[method](yi, vi)


def given_tau2(yi: Numbers, vi: Numbers, method: str, tau2: float) -> Tau2:
    """Return a tau2 with the standard error that the likelihood's curvature there gives (REML, ML).

    Parameters
    ----------
    yi, vi
        Effects and variances, shape (k,).
    method
        Methods other than REML and ML, and one study, have no such standard error: None.
    tau2
        The value.
    """
    if len(yi) == 1 or method not in ("REML", "ML"):
        return Tau2(tau2, None)
    sums = moments(yi, vi, tau2)
    return Tau2(tau2, _sqrt(2 / (sums.trace2 if method == "REML" else sums.s2)))


def solve_q(yi: Numbers, vi: Numbers, target: float) -> float:
    """Return the tau2 at which the generalised Q equals `target`; 0 where Q(0) is not above it.

    Q falls strictly with tau2 (Viechtbauer 2007), so that the root is the only one.

    Parameters
    ----------
    yi, vi
        Effects and variances, shape (k,).
    target
        Above 0.
    """
    if moments(yi, vi).q <= target:
        return 0.0
    top = upper_bound(yi)
    while moments(yi, vi, top).q > target:
        top *= 4
    return root(lambda t: moments(yi, vi, t).q - target, 0.0, top)


def upper_bound(yi: Numbers) -> float:
    """Return a tau2 beyond which no likelihood rises: the squared range of the effects.

    Parameters
    ----------
    yi
        Effects, shape (k,).
    """
    return max(float(np.ptp(yi)) ** 2, _TINY)


def _likelihood(yi: Numbers, vi: Numbers, *, restricted: bool) -> float:
    """Return the tau2 of the global maximum: each local maximum is bracketed, refined and compared.

    A (restricted) likelihood can have several maxima; features in log(tau2) are about one unit wide,
    so that a grid with steps of about a fifth misses none that matters.
    """
    top = upper_bound(yi)
    bottom = min(float(vi.min()), top) * 1e-3
    grid = np.concatenate([[0.0], np.geomspace(bottom, 2 * top, _GRID)])
    slope = score_signs(yi, vi, grid, restricted=restricted)
    peaks = [0.0] if slope[0] <= 0 else []
    falls = np.flatnonzero((slope[:-1] > 0) & (slope[1:] <= 0))
    peaks += [_peak(yi, vi, float(grid[i]), float(grid[i + 1]), restricted=restricted) for i in falls]
    if len(peaks) == 1:
        return peaks[0]
    return max(peaks, key=lambda tau2: log_likelihood(yi, vi, tau2, restricted=restricted))


def _peak(yi: Numbers, vi: Numbers, low: float, high: float, *, restricted: bool) -> float:
    def slope(tau2: float) -> float:
        return score(yi, vi, tau2, restricted=restricted)

    # At a grid point that is itself the peak, the grid's quick sign may be rounding only.
    if slope(low) <= 0:
        return low
    return high if slope(high) > 0 else root(slope, low, high)


def _reml(yi: Numbers, vi: Numbers) -> Tau2:
    """Restricted maximum likelihood; se = sqrt(2 / tr(PP)) (Viechtbauer 2005)."""
    return given_tau2(yi, vi, "REML", _likelihood(yi, vi, restricted=True))


def _ml(yi: Numbers, vi: Numbers) -> Tau2:
    """Maximum likelihood; se = sqrt(2 / sum w^2) (Viechtbauer 2005)."""
    return given_tau2(yi, vi, "ML", _likelihood(yi, vi, restricted=False))


def _pm(yi: Numbers, vi: Numbers) -> Tau2:
    """Solve Q(tau2) = k - 1 (Paule & Mandel 1982); empirical Bayes has the same root (Morris 1983)."""
    tau2 = solve_q(yi, vi, len(yi) - 1)
    return Tau2(tau2, _se_solved(yi, vi, tau2))


def _pmm(yi: Numbers, vi: Numbers) -> Tau2:
    """Solve Q(tau2) = median of chi2(k - 1) (Viechtbauer 2021)."""
    tau2 = solve_q(yi, vi, float(chdtri(len(yi) - 1, 0.5)))
    return Tau2(tau2, _se_solved(yi, vi, tau2))


def _dl(yi: Numbers, vi: Numbers) -> Tau2:
    """DerSimonian & Laird 1986, eq. 8."""
    at_zero, k = moments(yi, vi), len(yi)
    tau2 = max(0.0, (at_zero.q - (k - 1)) / at_zero.trace)
    return Tau2(tau2, _se_moment(at_zero, k, tau2))


def _hs(yi: Numbers, vi: Numbers, *, corrected: bool = False) -> Tau2:
    """Hunter & Schmidt 2004; corrected: Brannick et al. 2019 (k / (k - 1) on Q)."""
    at_zero, k = moments(yi, vi), len(yi)
    q = at_zero.q * k / (k - 1) if corrected else at_zero.q
    tau2 = max(0.0, (q - k) / at_zero.s1)
    se = _se_moment(at_zero, k, tau2) * at_zero.trace / at_zero.s1
    return Tau2(tau2, se * k / (k - 1) if corrected else se)


def _he(yi: Numbers, vi: Numbers) -> Tau2:
    """Hedges & Olkin 1985, chapter 9: the variance of the effects less the mean sampling variance."""
    k = len(yi)
    trace = float(vi.sum()) * (1 - 1 / k)
    tau2 = max(0.0, float(np.var(yi, ddof=1)) - trace / (k - 1))
    total2 = float(vi @ vi)
    trace2 = total2 * (1 - 2 / k) + float(vi.sum()) ** 2 / k**2
    return Tau2(tau2, _sqrt(2 * trace2 + 4 * tau2 * trace + 2 * tau2**2 * (k - 1)) / (k - 1))


def _sj(yi: Numbers, vi: Numbers) -> Tau2:
    """Sidik & Jonkman 2005, started at the variance of the effects (divisor k)."""
    k, start = len(yi), float(np.var(yi))
    if start == 0:
        return Tau2(0.0, 0.0)
    sums = moments(yi, vi, start)
    tau2 = start * sums.q / (k - 1)
    w = 1 / (vi + start)
    w2v, w3v = float((w * w) @ vi), float((w * w * w) @ vi)
    w2v2, w3v2 = float((w * vi) @ (w * vi)), float((w * w * vi) @ (w * vi))
    pvpv = w2v2 - 2 * w3v2 / sums.s1 + (w2v / sums.s1) ** 2
    pvp = w2v - 2 * w3v / sums.s1 + sums.s2 * w2v / sums.s1**2
    spread = 2 * pvpv + 4 * tau2 * pvp + 2 * tau2**2 * sums.trace2
    return Tau2(tau2, start / (k - 1) * _sqrt(spread))


def _se_moment(sums: Moments, k: int, tau2: float) -> float:
    """Return a moment estimator's standard error: variance of a quadratic form (Searle 1971)."""
    return _sqrt(2 * (k - 1) + 4 * tau2 * sums.trace + 2 * tau2**2 * sums.trace2) / sums.trace


def _se_solved(yi: Numbers, vi: Numbers, tau2: float) -> float:
    """Return metafor's standard error of EB, PM and PMM: sqrt(2 k^2 / (k - 1)) / sum w."""
    return _sqrt(2 * len(yi) ** 2 / (len(yi) - 1)) / moments(yi, vi, tau2).s1


def _sqrt(value: float) -> float:
    return float(np.sqrt(value))


_ESTIMATORS: dict[str, Callable[[Numbers, Numbers], Tau2]] = {
    "REML": _reml,
    "ML": _ml,
    "PM": _pm,
    "PMM": _pmm,
    "EB": _pm,
    "DL": _dl,
    "HE": _he,
    "HS": _hs,
    "HSk": lambda yi, vi: _hs(yi, vi, corrected=True),
    "SJ": _sj,
}
