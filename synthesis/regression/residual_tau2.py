"""Residual between-study variance of a meta-regression: ten estimators, none of which can fail."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.special import chdtri

from synthesis.arrays import Numbers
from synthesis.random_effects.heterogeneity import Tau2
from synthesis.regression.least_squares import Projection, project
from synthesis.regression.likelihood import highest
from synthesis.roots import root

__all__ = ["Problem", "estimate_residual_tau2", "given_residual_tau2", "pose", "solve_residual_q"]


@dataclass(frozen=True, slots=True, eq=False)
class Problem:
    """Effects and variances of k studies, and what the design leaves of the effects.

    Parameters
    ----------
    yi, vi
        Shape (k,).
    basis
        Orthonormal basis of the design, shape (k, p).
    residuals
        yi less its unweighted fit: every quadratic form y'Py is the same, and rounds less.
    """

    yi: Numbers
    vi: Numbers
    basis: Numbers
    residuals: Numbers

    @property
    def free(self) -> int:
        """Return the residual degrees of freedom, k - p."""
        return len(self.yi) - int(self.basis.shape[1])

    def at(self, tau2: float = 0.0) -> Projection:
        """Return the fit of the residuals with weights 1 / (vi + tau2).

        Parameters
        ----------
        tau2
            Between-study variance.
        """
        return project(self.residuals, self.basis, 1 / (self.vi + tau2))


def pose(yi: Numbers, vi: Numbers, basis: Numbers) -> Problem:
    """Return the problem that the estimators solve.

    Parameters
    ----------
    yi, vi
        Effects and variances, shape (k,).
    basis
        Orthonormal basis of the design, shape (k, p), p <= k.
    """
    return Problem(yi, vi, basis, project(yi, basis, np.ones_like(vi)).e)


def estimate_residual_tau2(problem: Problem, method: str) -> Tau2:
    """Return the residual tau2, never below 0.

    Parameters
    ----------
    problem
        More studies than coefficients.
    method
        As in `synthesis.random_effects.heterogeneity.METHODS`.
    """
    if method == "EE" or problem.free == 0:
        return Tau2(0.0, None)
    return _ESTIMATORS[method](problem)


def given_residual_tau2(problem: Problem, method: str, tau2: float) -> Tau2:
    """Return a tau2 with the standard error that the likelihood's curvature there gives.

    REML: sqrt(2 / tr(PP)); ML: sqrt(2 / sum w^2) (Raudenbush 2009, chapter 16; Viechtbauer 2005).

    Parameters
    ----------
    problem
        Effects, variances, design.
    method
        Methods other than REML and ML have no such standard error: None.
    tau2
        The value.
    """
    if method not in ("REML", "ML") or problem.free == 0:
        return Tau2(tau2, None)
    fit = problem.at(tau2)
    return Tau2(tau2, _sqrt(2 / (fit.trace2() if method == "REML" else float(fit.w @ fit.w))))


def solve_residual_q(problem: Problem, target: float) -> float:
    """Return the tau2 at which the generalised Q equals `target`; 0 where Q(0) is not above it.

    Q falls strictly with tau2 (Viechtbauer 2007; Jackson, Turner, Rhodes & Viechtbauer 2014).

    Parameters
    ----------
    problem
        Effects, variances, design.
    target
        Above 0.
    """
    if problem.at().q <= target:
        return 0.0
    # With weights of at most 1 / tau2 Q cannot exceed the plain residual sum of squares / tau2.
    top = float(problem.residuals @ problem.residuals) / target
    return root(lambda tau2: problem.at(tau2).q - target, 0.0, top)


def _reml(problem: Problem) -> Tau2:
    """Restricted maximum likelihood (Harville 1977), the global maximum."""
    best = highest(problem.residuals, problem.vi, problem.basis, restricted=True)
    return given_residual_tau2(problem, "REML", best)


def _ml(problem: Problem) -> Tau2:
    """Maximum likelihood, the global maximum."""
    best = highest(problem.residuals, problem.vi, problem.basis, restricted=False)
    return given_residual_tau2(problem, "ML", best)


def _pm(problem: Problem) -> Tau2:
    """Solve Q(tau2) = k - p (Paule & Mandel 1982; DerSimonian & Kacker 2007); empirical Bayes alike."""
    return _solved(problem, problem.free)


def _pmm(problem: Problem) -> Tau2:
    """Solve Q(tau2) = median of chi2(k - p) (Viechtbauer 2021)."""
    return _solved(problem, float(chdtri(problem.free, 0.5)))


def _solved(problem: Problem, target: float) -> Tau2:
    """Return a root of Q with metafor's standard error, sqrt(2 k^2 / (k - p)) / sum w."""
    tau2 = solve_residual_q(problem, target)
    k, total = len(problem.yi), float((1 / (problem.vi + tau2)).sum())
    return Tau2(tau2, _sqrt(2 * k**2 / problem.free) / total)


def _dl(problem: Problem) -> Tau2:
    """DerSimonian & Laird 1986 with moderators: (Q - (k - p)) / tr(P) (Jackson et al. 2014, eq. 7)."""
    fit = problem.at()
    tau2 = max(0.0, (fit.q - problem.free) / fit.trace())
    return Tau2(tau2, _spread(fit, tau2, problem.vi) / fit.trace())


def _hs(problem: Problem, *, corrected: bool = False) -> Tau2:
    """Hunter & Schmidt 2004; corrected: Q is scaled by k / (k - p) (Brannick et al. 2019)."""
    fit, k = problem.at(), len(problem.yi)
    scale, total = k / problem.free if corrected else 1.0, float(fit.w.sum())
    tau2 = max(0.0, (scale * fit.q - k) / total)
    return Tau2(tau2, scale * _spread(fit, tau2, problem.vi) / total)


def _he(problem: Problem) -> Tau2:
    """Hedges & Olkin 1985, chapter 9: the unweighted residual variance less what sampling gives."""
    fit = project(problem.residuals, problem.basis, np.ones_like(problem.vi))
    tau2 = max(0.0, (fit.q - fit.trace(problem.vi)) / problem.free)
    return Tau2(tau2, _spread(fit, tau2, problem.vi) / problem.free)


def _sj(problem: Problem) -> Tau2:
    """Sidik & Jonkman 2005, started at the variance of the effects (divisor k)."""
    start = float(np.var(problem.yi))
    if start == 0:
        return Tau2(0.0, 0.0)
    fit = problem.at(start)
    tau2 = start * fit.q / problem.free
    return Tau2(tau2, start * _spread(fit, tau2, problem.vi) / problem.free)


def _spread(fit: Projection, tau2: float, vi: Numbers) -> float:
    """Return the standard deviation of y'Py (Searle 1971): y normal with variances vi + tau2."""
    return _sqrt(2 * fit.trace2(vi, vi) + 4 * tau2 * fit.trace2(vi) + 2 * tau2**2 * fit.trace2())


def _sqrt(value: float) -> float:
    return float(np.sqrt(value))


_ESTIMATORS: dict[str, Callable[[Problem], Tau2]] = {
    "REML": _reml,
    "ML": _ml,
    "PM": _pm,
    "PMM": _pmm,
    "EB": _pm,
    "DL": _dl,
    "HE": _he,
    "HS": _hs,
    "HSk": lambda problem: _hs(problem, corrected=True),
    "SJ": _sj,
}
