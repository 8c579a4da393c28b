"""Between-study variance tau2: ten estimators, each with its standard error; none can fail to converge."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from scipy.special import chdtri

from synthesis.arrays import Numbers
from synthesis.random_effects.generalised_q_root import solve_each
from synthesis.random_effects.likelihood import highest
from synthesis.random_effects.moments import Moments, sums
from synthesis.random_effects.sets import Sets

__all__ = [
    "METHODS",
    "Tau2",
    "Tau2s",
    "estimate_tau2",
    "estimate_tau2s",
    "given_tau2s",
    "upper_bound",
]

METHODS = ("REML", "DL", "PM", "ML", "EB", "HE", "HS", "HSk", "SJ", "PMM", "EE")

_TINY = float(np.finfo(np.float64).tiny)


@dataclass(frozen=True, slots=True)
class Tau2:
    """Between-study variance and its standard error; None where the model has none (EE, one study)."""

    value: float
    se: float | None


@dataclass(frozen=True, slots=True, eq=False)
class Tau2s:
    """Between-study variances and standard errors of sets, shape (n,) or (); nan where the model has none.

    `at` are the sums at these values, where they were needed.
    """

    value: Numbers
    se: Numbers
    at: Moments[Numbers] | None = None


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
    one = estimate_tau2s(Sets.one(yi, vi), method)
    return Tau2(float(one.value), None if np.isnan(one.se) else float(one.se))


def estimate_tau2s(sets: Sets, method: str) -> Tau2s:
    """Return what `estimate_tau2` returns, for each set.

    Parameters
    ----------
    sets
        n sets, or one.
    method
        As there.

    Raises
    ------
    ValueError
        For an unknown method.
    """
    if method not in METHODS:
        raise ValueError(f"method: found {method!r}; expected one of {' '.join(METHODS)}")
    several = sets.count > 1
    if method != "EE" and several.all():
        return _ESTIMATORS[method](sets)
    both = Tau2s(np.zeros_like(sets.count), np.full_like(sets.count, np.nan))
    if method != "EE" and several.any():
        found = _ESTIMATORS[method](sets.take(several))
        both.value[several], both.se[several] = found.value, found.se
    return both


def given_tau2s(sets: Sets, method: str, tau2: Numbers) -> Tau2s:
    """Return tau2 with the standard error that the likelihood's curvature there gives (REML, ML).

    sqrt(2 / tr(PP)) and sqrt(2 / sum w^2) (Viechtbauer 2005).

    Parameters
    ----------
    sets
        n sets, or one.
    method
        Methods other than REML and ML, and one study, have no such standard error: nan.
    tau2
        The values, shape (n,) or ().
    """
    if method not in ("REML", "ML"):
        return Tau2s(tau2, np.full_like(tau2, np.nan))
    # One study has a curvature of 0 (REML), and no heterogeneity in any case.
    with np.errstate(divide="ignore"):
        found = _curved(sets, tau2, restricted=method == "REML")
    return replace(found, se=np.where(sets.count > 1, found.se, np.nan))


def upper_bound(yi: Numbers) -> float:
    """Return a tau2 beyond which no likelihood rises: the squared range of the effects.

    Parameters
    ----------
    yi
        Effects, shape (k,).
    """
    return max(float(np.ptp(yi)) ** 2, _TINY)


def _reml(sets: Sets) -> Tau2s:
    """Restricted maximum likelihood."""
    return _curved(sets, highest(sets, restricted=True), restricted=True)


def _ml(sets: Sets) -> Tau2s:
    """Maximum likelihood."""
    return _curved(sets, highest(sets, restricted=False), restricted=False)


def _curved(sets: Sets, tau2: Numbers, *, restricted: bool) -> Tau2s:
    """Add the standard error that the likelihood's curvature gives (`given_tau2s`)."""
    at = sums(sets, tau2)
    return Tau2s(tau2, np.sqrt(2 / (at.trace2 if restricted else at.s2)), at)


def _pm(sets: Sets) -> Tau2s:
    """Solve Q(tau2) = k - 1 (Paule & Mandel 1982); empirical Bayes has the same root (Morris 1983)."""
    return _with_se(sets, solve_each(sets, sets.count - 1))


def _pmm(sets: Sets) -> Tau2s:
    """Solve Q(tau2) = median of chi2(k - 1) (Viechtbauer 2021)."""
    return _with_se(sets, solve_each(sets, np.asarray(chdtri(sets.count - 1, 0.5), dtype=np.float64)))


def _dl(sets: Sets) -> Tau2s:
    """DerSimonian & Laird 1986, eq. 8."""
    at_zero, df = sums(sets, np.zeros_like(sets.count)), sets.count - 1
    tau2 = np.maximum(0.0, (at_zero.q - df) / at_zero.trace)
    return Tau2s(tau2, _se_moment(at_zero, df, tau2))


def _hs(sets: Sets, *, corrected: bool = False) -> Tau2s:
    """Hunter & Schmidt 2004; corrected: Brannick et al. 2019 (k / (k - 1) on Q)."""
    at_zero, k = sums(sets, np.zeros_like(sets.count)), sets.count
    more = k / (k - 1) if corrected else np.ones_like(k)
    tau2 = np.maximum(0.0, (at_zero.q * more - k) / at_zero.s1)
    return Tau2s(tau2, _se_moment(at_zero, k - 1, tau2) * at_zero.trace / at_zero.s1 * more)


def _he(sets: Sets) -> Tau2s:
    """Hedges & Olkin 1985, chapter 9: the variance of the effects less the mean sampling variance."""
    k, vi = sets.count, np.where(sets.there, sets.vi, 0.0)
    total = vi.sum(axis=-1)
    trace = total * (1 - 1 / k)
    tau2 = np.maximum(0.0, (_squares(sets) - trace) / (k - 1))
    trace2 = np.vecdot(vi, vi) * (1 - 2 / k) + total**2 / k**2
    return Tau2s(tau2, np.sqrt(2 * trace2 + 4 * tau2 * trace + 2 * tau2**2 * (k - 1)) / (k - 1))


def _sj(sets: Sets) -> Tau2s:
    """Sidik & Jonkman 2005, started at the variance of the effects (divisor k)."""
    df, start = sets.count - 1, _squares(sets) / sets.count
    # Identical effects: any start gives q = 0, and tau2 = 0 with a standard error of 0.
    at = sums(sets, np.where(start > 0, start, 1.0))
    tau2 = start * at.q / df
    w = 1 / (sets.vi + np.where(start > 0, start, 1.0)[..., None])
    wv, w2 = w * np.where(sets.there, sets.vi, 0.0), w * w
    w2v, w3v = np.vecdot(w, wv), np.vecdot(w2, wv)
    w2v2, w3v2 = np.vecdot(wv, wv), np.vecdot(w * wv, wv)
    pvpv = w2v2 - 2 * w3v2 / at.s1 + (w2v / at.s1) ** 2
    pvp = w2v - 2 * w3v / at.s1 + at.s2 * w2v / at.s1**2
    spread = 2 * pvpv + 4 * tau2 * pvp + 2 * tau2**2 * at.trace2
    return Tau2s(tau2, start / df * np.sqrt(spread))


def _squares(sets: Sets) -> Numbers:
    """Return the unweighted sum of squares around the mean of each set."""
    y = np.where(sets.there, sets.yi - sets.anchor[..., None], 0.0)
    residual = np.where(sets.there, y - (y.sum(axis=-1) / sets.count)[..., None], 0.0)
    return np.asarray(np.vecdot(residual, residual))


def _se_moment(at: Moments[Numbers], df: Numbers, tau2: Numbers) -> Numbers:
    """Return a moment estimator's standard error: variance of a quadratic form (Searle 1971)."""
    return np.sqrt(2 * df + 4 * tau2 * at.trace + 2 * tau2**2 * at.trace2) / at.trace


def _with_se(sets: Sets, tau2: Numbers) -> Tau2s:
    """Add metafor's standard error of EB, PM and PMM: sqrt(2 k^2 / (k - 1)) / sum w."""
    k, at = sets.count, sums(sets, tau2)
    return Tau2s(tau2, np.sqrt(2 * k**2 / (k - 1)) / at.s1, at)


_ESTIMATORS: dict[str, Callable[[Sets], Tau2s]] = {
    "REML": _reml,
    "ML": _ml,
    "PM": _pm,
    "PMM": _pmm,
    "EB": _pm,
    "DL": _dl,
    "HE": _he,
    "HS": _hs,
    "HSk": lambda sets: _hs(sets, corrected=True),
    "SJ": _sj,
}
