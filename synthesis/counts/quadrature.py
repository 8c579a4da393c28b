"""Integrate random effects out of studies' likelihoods: adaptive Gauss-Hermite quadrature."""

from collections.abc import Sequence

import numpy as np
from scipy.special import logsumexp, roots_hermite

from synthesis.arrays import Numbers, Pair
from synthesis.counts.families import Family

__all__ = ["log_marginal", "mode_and_curvature"]

_MOST_STEPS = 100


def log_marginal(arms: Sequence[Family], fixed: Numbers, loadings: Numbers, nodes: int) -> Numbers:
    """Return each study's log-likelihood with its standard normal effects integrated out.

    The nodes lie around the mode of the integrand, scaled by its curvature there (Pinheiro & Bates 1995,
    section 2.4); one node is Laplace's approximation.

    Parameters
    ----------
    arms
        One or two families of k studies.
    fixed
        Linear predictors without random effects, shape (arms, ..., k).
    loadings
        What a unit of each random effect adds to each arm's predictor, shape (arms, effects); no effects
        leave the likelihood as it is.
    nodes
        For each random effect.
    """
    offsets = np.stack([arm.offset for arm in arms])
    base = fixed + offsets.reshape(offsets.shape[0], *[1] * (fixed.ndim - 2), offsets.shape[1])
    if loadings.shape[1] == 0:
        return _log_density(arms, base)
    mode, curvature = mode_and_curvature(arms, base, loadings)
    spread = np.linalg.inv(np.linalg.cholesky(curvature)).swapaxes(-1, -2)
    points, log_weights = _grid(nodes, loadings.shape[1])
    # All nodes at once, along a first axis of their own.
    b = mode + np.sqrt(2) * np.moveaxis(spread @ points.T, -1, 0)
    h = _log_density(arms, base[:, None] + _shift(loadings, b)) - (b * b).sum(axis=-1) / 2
    own = log_weights + (points * points).sum(axis=1)
    total = logsumexp(h + own.reshape(-1, *[1] * (h.ndim - 1)), axis=0)
    log_det = np.linalg.slogdet(curvature)[1]
    return np.asarray(total - (log_det + loadings.shape[1] * np.log(np.pi)) / 2)


def mode_and_curvature(arms: Sequence[Family], base: Numbers, loadings: Numbers) -> Pair:
    """Return where each integrand is highest, shape (..., k, r), and its curvature there: it is concave.

    Parameters
    ----------
    arms, loadings
        As `log_marginal`.
    base
        Linear predictors with their offsets, without random effects, shape (arms, ..., k).
    """
    b = np.zeros((*base.shape[1:], loadings.shape[1]))
    curvature = np.broadcast_to(np.eye(loadings.shape[1]), (*b.shape, loadings.shape[1]))
    for _ in range(_MOST_STEPS):
        eta = base + _shift(loadings, b)
        gradient, curvature = -b, np.eye(loadings.shape[1])
        for arm, predictor, load in zip(arms, eta, loadings, strict=True):
            mean, variance = arm.moments(predictor)
            gradient = gradient + (arm.y - mean)[..., None] * load
            curvature = curvature + variance[..., None, None] * np.outer(load, load)
        step = np.linalg.solve(curvature, gradient[..., None])[..., 0]
        # Poisson means explode where a full step overshoots: no step moves more than two deviations.
        b = b + step / np.maximum(1.0, np.abs(step).max(axis=-1, keepdims=True) / 2)
        if np.abs(step).max() < 1e-10:
            break
    return b, curvature


def _shift(loadings: Numbers, b: Numbers) -> Numbers:
    return np.stack([b @ load for load in loadings])


def _log_density(arms: Sequence[Family], eta: Numbers) -> Numbers:
    parts = [arm.y * one - arm.normaliser(one) for arm, one in zip(arms, eta, strict=True)]
    return np.asarray(np.sum(parts, axis=0))


def _grid(nodes: int, effects: int) -> tuple[Numbers, Numbers]:
    """Return all points of the product rule, shape (nodes^effects, effects), and their log weights."""
    x, w = roots_hermite(nodes)
    if effects == 1:
        return x[:, None], np.log(w)
    first, second = np.repeat(x, nodes), np.tile(x, nodes)
    return np.stack([first, second], axis=1), np.add.outer(np.log(w), np.log(w)).ravel()
