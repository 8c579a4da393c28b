"""The heart of a meta-regression, as each refit needs it: coefficients, covariance, tau2, test of all."""

from dataclasses import dataclass

import numpy as np

from synthesis.arrays import Numbers, Studies
from synthesis.random_effects.fitting import Plan, Test
from synthesis.random_effects.heterogeneity import Tau2
from synthesis.regression.least_squares import Projection, project
from synthesis.regression.residual_tau2 import (
    Problem,
    estimate_residual_tau2,
    given_residual_tau2,
    pose,
)

__all__ = ["Core", "core", "full_rank", "orthonormal"]

# What is left of a column after the others are taken out, as a share of it: less is rounding.
_COLLINEAR = 1e-10


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Core:
    """What a refit needs: coefficients, covariance, tau2 and the fit they come from.

    Parameters
    ----------
    beta, vcov
        Coefficients (p,) and their covariance (p, p), the factor included.
    factor
        Hartung-Knapp's factor of `vcov`; 1 for z.
    qm
        Test of the moderators: chi-squared, or F with ``knha`` and ``adhoc``.
    fit
        The weighted fit in an orthonormal basis.
    """

    beta: Numbers
    vcov: Numbers
    tau2: Tau2
    factor: float
    qm: float
    fit: Projection
    problem: Problem


def orthonormal(x: Numbers) -> tuple[Numbers, Numbers]:
    """Return an orthonormal basis of x's columns, and the triangle that makes x of it.

    Parameters
    ----------
    x
        Shape (k, p), of full rank.
    """
    basis, triangle = np.linalg.qr(x)
    return basis, triangle


def core(studies: Studies, x: Numbers, tested: tuple[int, ...], plan: Plan) -> Core:
    """Return coefficients, covariance and tau2 of k studies (checked input).

    Hartung & Knapp's factor with moderators: Knapp & Hartung 2003, eq. 4.

    Parameters
    ----------
    studies
        Effects and variances.
    x
        Design, shape (k, p), of full rank.
    tested
        Places of the coefficients that QM tests.
    plan
        How to fit.
    """
    # The tested columns last: their share of the fit then is the Wald statistic, and nothing is inverted.
    order = [*(i for i in range(x.shape[1]) if i not in tested), *tested]
    basis, triangle = orthonormal(x[:, order])
    problem = pose(studies.yi, studies.vi, basis)
    tau2 = _tau2(problem, plan)
    fitted = project(studies.yi, basis, 1 / (studies.vi + tau2.value))
    back: Numbers = np.linalg.inv(triangle)[np.argsort(order)].astype(np.float64, copy=False)
    beta, plain = back @ fitted.coefficients, fitted.covariance(back)
    factor = _factor(fitted.q, problem.free, plan.test)
    return Core(
        beta=beta,
        vcov=factor * plain,
        tau2=tau2,
        factor=factor,
        qm=_wald(fitted.along[-len(tested) :], factor, plan.test),
        fit=fitted,
        problem=problem,
    )


def full_rank(x: Numbers) -> bool:
    """Return whether no column of a design follows from those before it, and rows are enough.

    Parameters
    ----------
    x
        Shape (k, p).
    """
    if x.shape[0] < x.shape[1]:
        return False
    left = np.abs(np.diag(np.linalg.qr(x, mode="r")))
    return bool((left > _COLLINEAR * np.linalg.norm(x, axis=0)).all())


def _tau2(problem: Problem, plan: Plan) -> Tau2:
    if plan.tau2 is None:
        return estimate_residual_tau2(problem, plan.method)
    return given_residual_tau2(problem, plan.method, plan.tau2)


def _factor(q: float, free: int, test: Test) -> float:
    if test == "z":
        return 1.0
    return max(1.0, q / free) if test == "adhoc" else q / free


def _wald(along: Numbers, factor: float, test: Test) -> float:
    chi2 = float(along @ along)
    if test == "z":
        return chi2
    if factor > 0:
        return chi2 / factor / len(along)
    return np.inf if chi2 > 0 else 0.0
