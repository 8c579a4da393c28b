"""The walk of a z statistic from look to look, integrated step by step (Armitage, McPherson & Rowe 1969).

Under independent increments B(t) = z sqrt(t) is normal with mean drift t and variance t. After each look what
remains is its density between the boundaries: `Walk` holds it, for no drift, at the nodes of a Gauss-Legendre
quadrature. A drift multiplies it by exp(drift B - drift^2 t / 2), the likelihood ratio of the walk.
"""

from dataclasses import dataclass

import numpy as np
from numpy.polynomial.legendre import leggauss
from scipy.special import ndtr

from synthesis.arrays import Numbers

__all__ = ["Walk", "crossing", "walk_on"]

# Nodes in a panel of two standard deviations of the shorter neighbouring step: exact to about 1e-12.
_NODES = 10
_PANEL = 2.0
# Beyond this many standard deviations there is no mass that counts, nor with a drift of 5 or 6.
_FAR = 12.0
_ROWS = 1000


@dataclass(frozen=True, slots=True, eq=False)
class Walk:
    """Where the walk is if no boundary was crossed: at `time`, nodes of B and the mass at each."""

    time: float
    nodes: Numbers
    mass: Numbers


def walk_on(walk: Walk | None, time: float, low: float, high: float, *, next_step: float) -> Walk:
    """Return the walk after a look at which it stayed between the boundaries.

    Parameters
    ----------
    walk
        The walk after the look before, None for the first look.
    time
        Information fraction of the look.
    low, high
        Boundaries of z.
    next_step
        Information until the look after this one.
    """
    gone = time if walk is None else time - walk.time
    nodes, factors = _grid(time, low, high, step=min(gone, next_step))
    return Walk(time, nodes, factors * _arrived(walk, nodes, gone))


def crossing(walk: Walk | None, time: float, boundary: float, *, drift: float = 0.0) -> float:
    """Return the probability to be above a boundary at a look, having crossed none before.

    Parameters
    ----------
    walk, time
        As in `walk_on`.
    boundary
        Of z.
    drift
        Mean of z at full information.
    """
    level = boundary * np.sqrt(time)
    if walk is None:
        return float(ndtr((drift * time - level) / np.sqrt(time)))
    gone = time - walk.time
    ratio = np.exp(drift * walk.nodes - 0.5 * drift**2 * walk.time)
    return float(ndtr((walk.nodes + drift * gone - level) / np.sqrt(gone)) @ (walk.mass * ratio))


def _arrived(walk: Walk | None, nodes: Numbers, gone: float) -> Numbers:
    """Return the density at nodes, from wherever the walk was before; in blocks, to spare memory."""
    if walk is None:
        return _density(nodes, gone)
    blocks = [nodes[i : i + _ROWS] for i in range(0, len(nodes), _ROWS)]
    return np.concatenate([_density(one[:, None] - walk.nodes, gone) @ walk.mass for one in blocks])


def _grid(time: float, low: float, high: float, *, step: float) -> tuple[Numbers, Numbers]:
    root = np.sqrt(time)
    start, end = max(low, -_FAR) * root, min(high, _FAR) * root
    panels = int(np.ceil((end - start) / (_PANEL * np.sqrt(step))))
    edges = np.linspace(start, end, panels + 1)
    at, factor = leggauss(_NODES)
    half = (edges[1:] - edges[:-1])[:, None] / 2
    nodes = (edges[1:] + edges[:-1])[:, None] / 2 + half * at
    return nodes.ravel(), (half * factor).ravel()


def _density(x: Numbers, variance: float) -> Numbers:
    return np.asarray(np.exp(-0.5 * x**2 / variance) / np.sqrt(2 * np.pi * variance))
