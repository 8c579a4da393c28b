"""The (restricted) likelihood of variance components, its slope and its curvature, block by block."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from synthesis.arrays import Numbers
from synthesis.multilevel.blocks import Layout

__all__ = ["Problem", "Solution", "derivatives", "solve"]


@dataclass(frozen=True, slots=True, eq=False)
class Problem:
    """Effects whose covariance is M = V + sum of theta_c K_c.

    Parameters
    ----------
    y
        Effects, shape (k,).
    x
        Design, shape (k, p), of full rank; orthonormal columns round least.
    layout
        The blocks with their sampling covariances V.
    patterns
        The components' K_c, one array (c, g, n, n) a stack.
    restricted
        REML instead of ML.
    """

    y: Numbers
    x: Numbers
    layout: Layout
    patterns: tuple[Numbers, ...]
    restricted: bool

    @property
    def components(self) -> int:
        """Return the number of components."""
        return len(self.patterns[0])


@dataclass(frozen=True, slots=True, eq=False)
class Solution:
    """Generalised least squares at one theta.

    Parameters
    ----------
    ll
        Log-likelihood, with metafor's constants for an orthonormal design.
    beta
        Coefficients, shape (p,).
    vcov
        (X'WX)^-1, shape (p, p), W = M^-1.
    q
        r'Wr of the residuals r.
    covariances, inverses
        M and W, one array (g, n, n) a stack.
    residuals
        Shape (k,).
    """

    ll: float
    beta: Numbers
    vcov: Numbers
    q: float
    covariances: tuple[Numbers, ...]
    inverses: tuple[Numbers, ...]
    residuals: Numbers


def solve(problem: Problem, theta: Sequence[float] | Numbers) -> Solution:
    """Return the generalised least-squares fit and the log-likelihood at theta (Harville 1977, eq. 4.3).

    Parameters
    ----------
    problem
        The model.
    theta
        Components, for which M is positive definite.
    """
    covariances = _covariances(problem, theta)
    roots = [_inverse_root(one) for one in covariances]
    x, y, stacks = problem.x, problem.y, problem.layout.stacks
    whitened = [root @ x[stack.rows] for root, stack in zip(roots, stacks, strict=True)]
    target = [(root @ y[stack.rows][..., None])[..., 0] for root, stack in zip(roots, stacks, strict=True)]
    p = x.shape[1]
    tall, z = (
        np.concatenate([one.reshape(-1, p) for one in whitened]),
        np.concatenate([one.ravel() for one in target]),
    )
    u, r = np.linalg.qr(tall)
    half = np.linalg.inv(r)
    beta = half @ (u.T @ z)
    left = z - u @ (u.T @ z)
    log_det = -2 * sum(float(np.log(np.diagonal(one, axis1=1, axis2=2)).sum()) for one in roots)
    free = len(y) - p if problem.restricted else len(y)
    twice = free * np.log(2 * np.pi) + log_det + left @ left
    if problem.restricted:
        twice += 2 * np.log(np.abs(np.diag(r))).sum()
    return Solution(
        ll=float(-0.5 * twice),
        beta=beta,
        vcov=half @ half.T,
        q=float(left @ left),
        covariances=covariances,
        inverses=tuple(root.transpose(0, 2, 1) @ root for root in roots),
        residuals=y - x @ beta,
    )


def derivatives(problem: Problem, at: Solution) -> tuple[Numbers, Numbers]:
    """Return the log-likelihood's gradient (c,) and expected information (c, c) by theta.

    With P the projection that takes the coefficients out: gradient 1/2 (r'W K W r - tr(P K)) and
    information 1/2 tr(P K P K'); ML has W for P (Harville 1977, eqs. 5.1-5.4).

    Parameters
    ----------
    problem
        The model.
    at
        Its solution at theta.
    """
    count = problem.components
    gradient, information = np.zeros(count), np.zeros((count, count))
    taken = np.zeros((count, problem.x.shape[1], problem.x.shape[1]))
    for stack, w, k in zip(problem.layout.stacks, at.inverses, problem.patterns, strict=True):
        wk, wx = w @ k, w @ problem.x[stack.rows]
        wr = (w @ at.residuals[stack.rows][..., None])[..., 0]
        gradient += np.einsum("gi,cgij,gj->c", wr, k, wr) - np.einsum("cgii->c", wk)
        information += np.einsum("cgij,dgji->cd", wk, wk)
        if problem.restricted:
            kwx = k @ wx
            taken += np.einsum("gip,cgiq->cpq", wx, kwx)
            mixed = np.einsum("cgip,dgiq->cdpq", kwx, w @ kwx)
            information -= 2 * np.einsum("cdpq,qp->cd", mixed, at.vcov)
    if problem.restricted:
        inner = at.vcov @ taken
        gradient += np.einsum("cpp->c", inner)
        information += np.einsum("cpq,dqp->cd", inner, inner)
    return gradient / 2, information / 2


def _covariances(problem: Problem, theta: Sequence[float] | Numbers) -> tuple[Numbers, ...]:
    return tuple(
        stack.v + np.tensordot(np.asarray(theta), k, axes=1)
        for stack, k in zip(problem.layout.stacks, problem.patterns, strict=True)
    )


def _inverse_root(covariance: Numbers) -> Numbers:
    """Return R with R'R = M^-1, lower triangular: the inverse of M's Cholesky factor."""
    return np.asarray(np.linalg.inv(np.linalg.cholesky(covariance)))
