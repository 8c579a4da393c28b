"""The log-likelihood of a selection model with its gradient and Hessian, all exact."""

from dataclasses import dataclass

import numpy as np

from synthesis.arrays import Numbers
from synthesis.small_study.selection.cells import Cells
from synthesis.small_study.selection.weights import WeightFunction

__all__ = [
    "Selected",
    "log_likelihood",
    "unselected_log_likelihood",
    "value_and_gradient",
    "value_gradient_hessian",
]

# mu, tau2: what comes before the deltas among the parameters.
_EFFECT = 2
_UNDERFLOW = 1e-250


@dataclass(frozen=True, slots=True, eq=False)
class Selected:
    """What is fitted: effects (k,), variances (k,), p-values (k,), and how they were selected."""

    yi: Numbers
    vi: Numbers
    pvals: Numbers
    weight: WeightFunction
    cells: Cells


def log_likelihood(data: Selected, parameters: Numbers) -> float:
    """Return the log-likelihood of mu, tau2, deltas (Hedges 1992; Vevea & Hedges 1995).

    Each study contributes the log of its weight, the log of its normal density, and minus the log of its
    chance to be seen, whatever it had found.
    """
    return value_and_gradient(data, parameters)[0]


def value_and_gradient(data: Selected, parameters: Numbers) -> tuple[float, Numbers]:
    """Return the log-likelihood and its gradient, shape (2 + d,)."""
    value, gradient, _ = _evaluate(data, parameters, hessian=False)
    return value, gradient


def value_gradient_hessian(data: Selected, parameters: Numbers) -> tuple[float, Numbers, Numbers]:
    """Return the log-likelihood, its gradient (2 + d,) and its Hessian (2 + d, 2 + d)."""
    return _evaluate(data, parameters, hessian=True)


def unselected_log_likelihood(data: Selected, mu: float, tau2: float) -> float:
    """Return the log-likelihood where every study is seen: normal with variances vi + tau2."""
    return _normal(data, mu, tau2, _EFFECT)[0]


def _evaluate(data: Selected, parameters: Numbers, *, hessian: bool) -> tuple[float, Numbers, Numbers]:
    mu, tau2, delta = float(parameters[0]), float(parameters[1]), parameters[_EFFECT:]
    value, gradient, curvature = _normal(data, mu, tau2, len(parameters))
    own = data.weight.log_weight(data.pvals, delta)
    gradient[_EFFECT:] += own.first.sum(axis=1)
    curvature[_EFFECT:, _EFFECT:] += own.second.sum(axis=2)
    log_seen, first, second = _seen(data, mu, tau2, delta, hessian=hessian)
    if not np.isfinite(log_seen).all():
        return -np.inf, np.zeros_like(gradient), np.zeros_like(curvature)
    value += float(own.value.sum() - log_seen.sum())
    relative = first.sum(axis=0)
    curvature -= second - first.T @ first
    return value, gradient - relative, curvature


def _normal(data: Selected, mu: float, tau2: float, many: int) -> tuple[float, Numbers, Numbers]:
    """Return the part of the densities, with room for the deltas in gradient and Hessian."""
    residual, total = data.yi - mu, data.vi + tau2
    value = -0.5 * float((np.log(2 * np.pi * total) + residual**2 / total).sum())
    gradient, curvature = np.zeros(many), np.zeros((many, many))
    gradient[0] = (residual / total).sum()
    gradient[1] = 0.5 * (residual**2 / total**2 - 1 / total).sum()
    curvature[0, 0] = -(1 / total).sum()
    curvature[0, 1] = curvature[1, 0] = -(residual / total**2).sum()
    curvature[1, 1] = (0.5 / total**2 - residual**2 / total**3).sum()
    return value, gradient, curvature


def _seen(
    data: Selected, mu: float, tau2: float, delta: Numbers, *, hessian: bool
) -> tuple[Numbers, Numbers, Numbers]:
    """Return log A (k,), the gradients of A over A (k, 2 + d), and the sum of the Hessians of A over A."""
    logs = data.weight.log_weight(data.cells.pvals, delta)
    shift = float(logs.value.max())
    weights = np.exp(logs.value - shift)
    mass = data.cells.probabilities(np.sqrt(data.vi), mu, data.vi + tau2, 4 if hessian else 2)
    by_mu = mass @ weights
    # Where a study could hardly be seen at all, its chance is lost to underflow: no maximum lies there.
    if by_mu[0].min() < _UNDERFLOW:
        return np.full(len(data.yi), -np.inf), np.empty(0), np.empty(0)
    chance = by_mu[0]
    by_delta = mass[: 3 if hessian else 1] @ (weights * logs.first).T
    first = np.concatenate([np.stack([by_mu[1], 0.5 * by_mu[2]], axis=1), by_delta[0]], axis=1)
    many = _EFFECT + len(delta)
    second = np.zeros((many, many))
    if hessian:
        second[:2, :2] = _effect_block(by_mu / chance)
        mixed = (by_delta / chance[:, None]).sum(axis=1)
        second[:2, 2:] = np.stack([mixed[1], 0.5 * mixed[2]])
        second[2:, :2] = second[:2, 2:].T
        pairs = weights * (logs.first[:, None, :] * logs.first[None, :, :] + logs.second)
        second[2:, 2:] = pairs @ (mass[0] / chance[:, None]).sum(axis=0)
    return np.log(chance) + shift, first / chance[:, None], second


def _effect_block(ratio: Numbers) -> Numbers:
    """Return the Hessian by mu and tau2, from the derivatives by mu up to the fourth."""
    total = ratio.sum(axis=1)
    return np.array([[total[2], 0.5 * total[3]], [0.5 * total[3], 0.25 * total[4]]])
