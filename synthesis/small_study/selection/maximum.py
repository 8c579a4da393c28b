"""The maximum of a selection model's likelihood: several starts, then Newton to the last digits."""

from dataclasses import dataclass
from itertools import product

import numpy as np

from synthesis.arrays import Flags, Numbers
from synthesis.random_effects.heterogeneity import estimate_tau2
from synthesis.random_effects.moments import moments
from synthesis.small_study.selection.likelihood import (
    Selected,
    log_likelihood,
    value_and_gradient,
    value_gradient_hessian,
)

__all__ = ["Maximum", "Range", "maximise", "starts"]

# Deltas are searched on a log scale from here on, where their range starts at 0.
_SMALLEST = 1e-9
_RUNS = 5
_STEPS = 200
# The likelihood that Newton's next step would still win, at the maximum.
_DECREMENT = 1e-13


@dataclass(frozen=True, slots=True, eq=False)
class Range:
    """Where parameters may lie, shape (2 + d,): `low` to `high`; what is not `free` stays."""

    low: Numbers
    high: Numbers
    free: Flags


@dataclass(frozen=True, slots=True, eq=False)
class Maximum:
    """The best parameters (2 + d,), their log-likelihood and its Hessian, and which lie on their bounds."""

    parameters: Numbers
    value: float
    hessian: Numbers
    bound: Flags
    converged: bool


def starts(data: Selected, fixed: Numbers, *, tau2_free: bool) -> list[Numbers]:
    """Return parameters to start from: the fit without selection, less of it, several deltas.

    Parameters
    ----------
    data
        What is fitted.
    fixed
        Given deltas, NaN for those to be found, shape (d,).
    tau2_free
        Whether tau2 is estimated; it is 0 otherwise.
    """
    tau2 = estimate_tau2(data.yi, data.vi, "ML").value if tau2_free else 0.0
    mean = moments(data.yi, data.vi, tau2).mean
    typical = float(np.median(data.vi))
    spread = np.sqrt(typical + tau2)
    deltas = _deltas(data, fixed)
    means = (mean, mean - np.sign(mean) * spread, 0.0)
    variances = (max(tau2, 0.01 * typical), tau2 + typical) if tau2_free else (0.0,)
    return [np.array([mu, var, *delta]) for mu, var, delta in product(means, variances, deltas)]


def maximise(data: Selected, tried: list[Numbers], within: Range) -> Maximum:
    """Return the highest point reached from the most promising starts.

    Parameters
    ----------
    data
        What is fitted.
    tried
        Starts; the few with the highest likelihood are followed.
    within
        Bounds, and which parameters are free.
    """
    ranked = sorted(tried, key=lambda one: -log_likelihood(data, one))
    climbed = [_climb(data, one, within) for one in ranked[:_RUNS]]
    return max((_polish(data, one, within) for one in climbed), key=lambda one: one.value)


def _deltas(data: Selected, fixed: Numbers) -> list[Numbers]:
    free = np.isnan(fixed)
    several = (0.2, 1.0, 3.0) if data.weight.logarithmic else (0.2, 2.0, 10.0)
    many = int(free.sum())
    made = []
    for values in product(several, repeat=many) if many <= 2 else [(one,) * many for one in several]:
        delta = fixed.copy()
        delta[free] = values
        made.append(delta)
    return made


def _climb(data: Selected, start: Numbers, within: Range) -> Numbers:
    """Follow the gradient, in units in which all parameters are about 1 (Byrd et al. 1995: L-BFGS-B)."""
    from scipy.optimize import minimize  # noqa: PLC0415 - half of the import time of synthesis otherwise

    unit = _units(data)
    logs = np.arange(len(start)) >= 2 if data.weight.logarithmic else np.zeros(len(start), dtype=bool)
    free = within.free

    def natural(x: Numbers) -> Numbers:
        full = start.copy()
        full[free] = np.where(logs[free], np.exp(np.where(logs[free], x, 0.0)), x * unit[free])
        return full

    def target(x: Numbers) -> tuple[float, Numbers]:
        at = natural(x)
        value, gradient = value_and_gradient(data, at)
        if not np.isfinite(value):
            return 1e10, np.zeros(int(free.sum()))
        return -value, -(gradient * np.where(logs, at, unit))[free]

    def coded(at: Numbers) -> Numbers:
        return np.where(logs, np.log(np.maximum(at, _SMALLEST)), at / unit)[free]

    bounds = list(zip(coded(within.low), coded(within.high), strict=True))
    found = minimize(target, coded(start), jac=True, method="L-BFGS-B", bounds=bounds)
    return np.clip(natural(found.x), within.low, within.high)


def _units(data: Selected) -> Numbers:
    typical = float(np.median(data.vi))
    return np.concatenate([[np.sqrt(typical), typical], np.ones(len(data.weight.lower))])


def _polish(data: Selected, start: Numbers, within: Range) -> Maximum:
    """Take Newton's steps within the bounds, each shortened until the likelihood rises."""
    at = start
    value, gradient, hessian = value_gradient_hessian(data, at)
    for _ in range(_STEPS):
        inner = within.free & ~_pushed(at, gradient, within)
        step, decrement = _newton(gradient, hessian, inner)
        moved, better = _line(data, at, value, step, within)
        if decrement < _DECREMENT or better <= value:
            break
        at = moved
        value, gradient, hessian = value_gradient_hessian(data, at)
    bound = within.free & ((at <= within.low) | (at >= within.high))
    return Maximum(at, value, hessian, bound, bool(decrement < 1e-8))


def _pushed(at: Numbers, gradient: Numbers, within: Range) -> Flags:
    """Tell which parameters lie on a bound and would leave it."""
    return np.asarray(((at <= within.low) & (gradient <= 0)) | ((at >= within.high) & (gradient >= 0)))


def _newton(gradient: Numbers, hessian: Numbers, inner: Flags) -> tuple[Numbers, float]:
    """Return the step and what it promises; eigenvalues of the wrong sign are turned round."""
    step = np.zeros_like(gradient)
    if not inner.any():
        return step, 0.0
    scale = np.sqrt(np.maximum(np.abs(np.diag(hessian)), 1e-300))[inner]
    values, vectors = np.linalg.eigh(hessian[np.ix_(inner, inner)] / np.outer(scale, scale))
    along = vectors.T @ (gradient[inner] / scale)
    scaled = along / np.maximum(np.abs(values), 1e-10)
    step[inner] = (vectors @ scaled) / scale
    return step, float(along @ scaled)


def _line(data: Selected, at: Numbers, value: float, step: Numbers, within: Range) -> tuple[Numbers, float]:
    """Return the first point on the way back from the full step that is higher than the start."""
    for halvings in range(40):
        moved = np.clip(at + step * 0.5**halvings, within.low, within.high)
        better = log_likelihood(data, moved)
        if better > value:
            return moved, better
    return at, value
