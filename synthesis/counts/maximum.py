"""The highest point of a smooth log-likelihood of few parameters, and its curvature there."""

from collections.abc import Callable, Sequence

import numpy as np

from synthesis.arrays import Numbers

__all__ = ["NotConverged", "hessian", "jacobian", "maximise", "profile"]

_STEP, _FLAT = 1e-5, 1e-3


class NotConverged(ValueError):
    """No start led to a point where the likelihood is flat."""


def maximise(function: Callable[[Numbers], float], starts: Sequence[Numbers]) -> Numbers:
    """Return where a function is highest, of the ends of all starts.

    Parameters
    ----------
    function
        Of p parameters, smooth.
    starts
        Points of shape (p,).

    Raises
    ------
    NotConverged
        Where the best end is not flat: a slope is above 1e-3.
    """
    from scipy.optimize import minimize  # noqa: PLC0415 - importing synthesis must stay light

    def loss(at: Numbers) -> float:
        return -function(at)

    def slope(at: Numbers) -> Numbers:
        return np.asarray(-jacobian(lambda one: np.array([function(one)]), at)[0])

    ends = [minimize(loss, start, jac=slope, method="BFGS", options={"gtol": 1e-5}) for start in starts]
    best = min(ends, key=lambda end: float(end.fun))
    at = np.asarray(best.x, dtype=np.float64)
    if not np.isfinite(best.fun) or bool(np.abs(slope(at)).max() > _FLAT):
        raise NotConverged(f"likelihood: found no maximum from {len(starts)} starts; expected a flat point")
    return at


def profile(function: Callable[[Numbers], Numbers], start: Numbers) -> Numbers:
    """Return each study's own parameter that is best for it, by Newton's method, all at once.

    Parameters
    ----------
    function
        Takes parameters of shape (3, k), returns log-likelihoods of shape (3, k); concave in each column.
    start
        Shape (k,), near the maximum; where nothing is left to gain it stays.
    """
    at, h = start, 1e-4
    for _ in range(100):
        low, mid, high = function(np.stack([at - h, at, at + h]))
        slope, bend = (high - low) / (2 * h), (high - 2 * mid + low) / h**2
        step = np.where(np.abs(slope) < 1e-9, 0.0, slope / np.maximum(-bend, 1e-6))
        at = at + np.clip(step, -2.0, 2.0)
        if np.abs(step).max() < 1e-6:
            break
    return at


def jacobian(function: Callable[[Numbers], Numbers], at: Numbers) -> Numbers:
    """Return first derivatives by central differences, shape (outputs, p).

    Parameters
    ----------
    function
        From shape (p,) to shape (outputs,).
    at
        Shape (p,).
    """
    columns = []
    for i in range(len(at)):
        h = np.zeros_like(at)
        h[i] = _STEP * max(1.0, abs(at[i]))
        columns.append((function(at + h) - function(at - h)) / (2 * h[i]))
    return np.stack(columns, axis=1)


def hessian(function: Callable[[Numbers], float], at: Numbers, step: float = 2e-3) -> Numbers:
    """Return second derivatives, shape (p, p), by central differences extrapolated once (Richardson 1911).

    Parameters
    ----------
    function
        Of p parameters.
    at
        Shape (p,).
    step
        The wider of both steps, in units of the parameters where they are above 1.
    """
    return (4 * _differences(function, at, step / 2) - _differences(function, at, step)) / 3


def _differences(function: Callable[[Numbers], float], at: Numbers, step: float) -> Numbers:
    p = len(at)
    moves = np.eye(p) * step * np.maximum(1.0, np.abs(at))
    found = np.empty((p, p))
    middle = function(at)
    for i in range(p):
        found[i, i] = (function(at + moves[i]) - 2 * middle + function(at - moves[i])) / moves[i, i] ** 2
        for j in range(i):
            same = function(at + moves[i] + moves[j]) + function(at - moves[i] - moves[j])
            other = function(at + moves[i] - moves[j]) + function(at - moves[i] + moves[j])
            found[i, j] = found[j, i] = (same - other) / (4 * moves[i, i] * moves[j, j])
    return found
