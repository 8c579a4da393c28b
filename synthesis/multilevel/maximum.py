"""The most likely variance components: several starts, then scoring to the last digits."""

from collections.abc import Callable
from itertools import product

import numpy as np

from synthesis.arrays import Numbers
from synthesis.multilevel.likelihood import Problem, derivatives, solve

__all__ = ["highest", "highest_unstructured", "polish", "slack"]

# Shares of the effects' variance from which the search starts, each component's with each other's.
_SHARES = (0.0, 0.03, 0.3, 1.5)
_STARTS = 3
_ROUNDS = 60
_TINY = 1e-200


def highest(problem: Problem) -> Numbers:
    """Return the components of the global maximum among those that are 0 or more, shape (c,).

    Parameters
    ----------
    problem
        Its patterns are positive semidefinite.
    """
    if problem.components == 0:
        return np.empty(0)
    scale = _scale(problem)
    grid = [scale * np.array(one) for one in product(_SHARES, repeat=problem.components)]
    heights = [solve(problem, one).ll for one in grid]
    best = [grid[i] for i in np.argsort(heights)[::-1][:_STARTS]]

    def value(theta: Numbers) -> tuple[float, Numbers]:
        at = solve(problem, theta * scale)
        return -at.ll, -derivatives(problem, at)[0] * scale

    peaks = [_climb(value, np.asarray(start / scale), lowest=0.0) * scale for start in best]
    return _best(problem, [polish(problem, one) for one in peaks])


def highest_unstructured(problem: Problem, m: int) -> Numbers:
    """Return the lower triangle of the most likely covariance matrix G (m, m), row by row.

    The search is over the Cholesky factor of G (Pinheiro & Bates 1996), so that G can be singular but never
    anything else.

    Parameters
    ----------
    problem
        One pattern for each entry of the lower triangle, row by row.
    m
        Size of G.
    """
    scale, lower = float(np.sqrt(_scale(problem))), np.tril_indices(m)

    def value(flat: Numbers) -> tuple[float, Numbers]:
        factor = np.zeros((m, m))
        factor[lower] = flat * scale
        at = solve(problem, (factor @ factor.T)[lower])
        slope = np.zeros((m, m))
        slope[lower] = derivatives(problem, at)[0]
        # A pattern holds an off-diagonal entry twice: half of its slope belongs to either side.
        both = (slope + slope.T) / 2
        return -at.ll, -(2 * both @ factor)[lower] * scale

    peaks = []
    for size, rho in product((0.2, 1.0), (0.0, 0.8, -0.8 / max(1, m - 1))):
        start = np.asarray(np.linalg.cholesky(size**2 * ((1 - rho) * np.eye(m) + rho))[lower])
        found = np.zeros((m, m))
        found[lower] = _climb(value, start, lowest=None) * scale
        peaks.append((found @ found.T)[lower])
    best = _best(problem, peaks)
    return _best(problem, [best, polish(problem, best, m=m)])


def polish(problem: Problem, theta: Numbers, m: int = 0) -> Numbers:
    """Return the nearby maximum by Fisher scoring, each step halved until it does not go down.

    Parameters
    ----------
    problem
        The model.
    theta
        Near a maximum.
    m
        Size of an unstructured covariance matrix; 0 for components that are 0 or more.
    """
    at = solve(problem, theta)
    for _ in range(_ROUNDS):
        gradient, information = derivatives(problem, at)
        free = np.ones(len(theta), dtype=bool) if m else (theta > 0) | (gradient > 0)
        step = np.zeros_like(theta)
        step[free] = np.linalg.lstsq(information[np.ix_(free, free)], gradient[free], rcond=None)[0]
        moved = _uphill(problem, theta, step, at.ll, m)
        if moved is None or np.abs(moved - theta).max() <= 1e-14 * np.abs(moved).max():
            return theta
        theta, at = moved, solve(problem, moved)
    return theta


def slack(problem: Problem, theta: Numbers) -> float:
    """Return how far the slope is from that of a maximum, in standard errors of the components.

    Parameters
    ----------
    problem
        The model.
    theta
        Components that are 0 or more; at 0 a fall is no slack.
    """
    gradient, information = derivatives(problem, solve(problem, theta))
    left = np.where(theta > 0, np.abs(gradient), np.maximum(gradient, 0))
    return float((left * np.sqrt(1 / np.maximum(np.diag(information), _TINY))).max(initial=0.0))


def _uphill(problem: Problem, theta: Numbers, step: Numbers, ll: float, m: int) -> Numbers | None:
    for halved in range(30):
        moved: Numbers = theta + step / 2**halved
        if not m:
            moved = np.maximum(moved, 0)
        elif not _positive(moved, m):
            continue
        # Rounding hides a rise of less than this.
        if solve(problem, moved).ll >= ll - 1e-13 * max(1.0, abs(ll)):
            return moved
    return None


def _positive(flat: Numbers, m: int) -> bool:
    matrix = np.zeros((m, m))
    matrix[np.tril_indices(m)] = flat
    values = np.linalg.eigvalsh(matrix)
    return bool(values[0] > 1e-10 * values[-1] > 0)


def _climb(
    value: Callable[[Numbers], tuple[float, Numbers]], start: Numbers, lowest: float | None
) -> Numbers:
    from scipy.optimize import minimize  # noqa: PLC0415 - half of the import time of synthesis otherwise

    found = minimize(
        value,
        start,
        jac=True,
        method="L-BFGS-B",
        bounds=[(lowest, None)] * len(start),
        options={"ftol": 1e-15, "gtol": 1e-9, "maxiter": 500},
    )
    return np.asarray(found.x, dtype=np.float64)


def _best(problem: Problem, thetas: list[Numbers]) -> Numbers:
    return max(thetas, key=lambda theta: solve(problem, theta).ll)


def _scale(problem: Problem) -> float:
    basis = np.linalg.qr(problem.x)[0]
    left = problem.y - basis @ (basis.T @ problem.y)
    typical = float(np.mean([np.diagonal(one.v, axis1=1, axis2=2).mean() for one in problem.layout.stacks]))
    return max(float(left @ left) / max(1, len(left) - int(basis.shape[1])), 1e-3 * typical)
