"""Where a study could have fallen: the normalising integral of a selection model, cut into cells.

A study's chance of being seen, whatever it had found, is the sum over cells of the cell's weight times its
probability. A cell is an interval in which the weight is constant (its probability is a difference of
normal distribution functions), or a point of Gauss-Legendre quadrature. Cells are laid out in z = y / se,
where every study meets the same weights.
"""

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from numpy.polynomial.legendre import leggauss
from scipy.special import ndtr, ndtri

from synthesis.arrays import Numbers
from synthesis.small_study.selection.weights import WeightFunction

__all__ = ["ALTERNATIVES", "Alternative", "Cells", "interval_cells", "p_values", "quadrature_cells"]

Alternative = Literal["greater", "less", "two.sided"]
ALTERNATIVES: tuple[Alternative, ...] = get_args(Alternative)

# Beyond this z a p-value differs from 0 or 1 by less than a double can tell.
_FAR = 8.5
_NODES = 12
# Towards z = 0 a two-sided p-value reaches 1, where a weight may rise without bound.
_NEAR = (1e-4, 1e-3, 1e-2, 1e-1)
_ENDLESS = 40.0


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """Cells of z: `low` and `high` of intervals, then `nodes` with their quadrature `factors`.

    `pvals` are the p-values at which the cells' weights are taken, intervals first.
    """

    low: Numbers
    high: Numbers
    nodes: Numbers
    factors: Numbers
    pvals: Numbers

    def probabilities(self, sei: Numbers, mu: float, total: Numbers, orders: int) -> Numbers:
        """Return each cell's probability and its derivatives by mu, shape (orders + 1, k, cells).

        Derivatives by tau2 follow from them: the normal density solves the heat equation, so that
        d/dtau2 is half of the second derivative by mu.

        Parameters
        ----------
        sei
            Standard errors, shape (k,).
        mu
            Mean effect.
        total
            Sampling variances plus tau2, shape (k,).
        orders
            How many derivatives: 0 to 4.
        """
        spread = np.sqrt(total)[:, None]
        low, high, nodes = (
            np.clip((sei[:, None] * z - mu) / spread, -_ENDLESS, _ENDLESS)
            for z in (self.low, self.high, self.nodes)
        )
        inside = _densities(nodes, spread, orders) * (self.factors * sei[:, None])
        edges = _densities(low, spread, orders) - _densities(high, spread, orders)
        mass = np.where(low > 0, ndtr(-low) - ndtr(-high), ndtr(high) - ndtr(low))
        intervals = np.concatenate([mass[None], edges[:orders]])
        return np.concatenate([intervals, inside], axis=2)


def p_values(yi: Numbers, sei: Numbers, alternative: Alternative, pval_min: float = 0.0) -> Numbers:
    """Return the p-values of a z test, kept between pval_min and 1 - pval_min, shape (k,).

    Parameters
    ----------
    yi, sei
        Effects and standard errors.
    alternative
        ``greater``: positive effects are favoured; ``less``: negative ones; ``two.sided``: both.
    pval_min
        0 to leave them as they are.
    """
    z = yi / sei
    sides = {"greater": ndtr(-z), "less": ndtr(z), "two.sided": 2 * ndtr(-np.abs(z))}
    return np.asarray(np.clip(sides[alternative], pval_min, 1 - pval_min))


def interval_cells(steps: tuple[float, ...], alternative: Alternative) -> Cells:
    """Return the cells of a step function: exact, without quadrature.

    Parameters
    ----------
    steps
        Upper ends of the intervals of p, the last being 1.
    alternative
        As in `p_values`.
    """
    upper = np.array(steps)
    lower = np.concatenate([[0.0], upper[:-1]])
    if alternative == "two.sided":
        low, high = _z(upper / 2), _z(lower / 2)
        return _only_intervals(np.concatenate([low, -high]), np.concatenate([high, -low]), np.tile(upper, 2))
    low, high = _z(upper), _z(lower)
    return (
        _only_intervals(low, high, upper) if alternative == "greater" else _only_intervals(-high, -low, upper)
    )


def quadrature_cells(weight: WeightFunction, alternative: Alternative, panels: int) -> Cells:
    """Return the cells of a continuous weight function.

    Parameters
    ----------
    weight
        The weight function; beyond its `pval_min` weights are constant, at its `breaks` panels end.
    alternative
        As in `p_values`.
    panels
        Panels of Gauss-Legendre quadrature over the whole range.
    """
    half = 2.0 if alternative == "two.sided" else 1.0
    far = float(_z(np.array([weight.pval_min / half]))[0]) if weight.pval_min else _FAR
    inner = np.concatenate([np.linspace(-far, far, panels + 1), _kinks(weight, alternative, half)])
    edges = np.unique(np.clip(inner, -far, far))
    nodes, factors = _panels(edges)
    tails = np.array([-far, far])
    points = np.concatenate([tails, nodes])
    return Cells(
        low=np.array([-np.inf, far]),
        high=np.array([-far, np.inf]),
        nodes=nodes,
        factors=factors,
        pvals=p_values(points, np.ones_like(points), alternative, weight.pval_min),
    )


def _kinks(weight: WeightFunction, alternative: Alternative, half: float) -> Numbers:
    kinks = _z(np.array(weight.breaks) / half)
    if alternative == "greater":
        return kinks
    if alternative == "less":
        return -kinks
    near = np.array([0.0, *_NEAR])
    if weight.pval_min:
        near = np.append(near, _z(np.array([(1 - weight.pval_min) / 2])))
    return np.concatenate([kinks, -kinks, near, -near])


def _panels(edges: Numbers) -> tuple[Numbers, Numbers]:
    """Return nodes and factors of Gauss-Legendre quadrature between all neighbouring edges."""
    at, factor = leggauss(_NODES)
    middle, half = (edges[1:] + edges[:-1]) / 2, (edges[1:] - edges[:-1]) / 2
    nodes = middle[:, None] + half[:, None] * at
    return nodes.ravel(), (half[:, None] * factor).ravel()


def _only_intervals(low: Numbers, high: Numbers, pvals: Numbers) -> Cells:
    return Cells(low=low, high=high, nodes=np.empty(0), factors=np.empty(0), pvals=pvals)


def _z(p: Numbers) -> Numbers:
    return np.asarray(-ndtri(p))


def _densities(x: Numbers, spread: Numbers, orders: int) -> Numbers:
    """Return the normal density and its derivatives by mu: Hermite polynomials times the density."""
    density = np.exp(-0.5 * x**2) / (spread * np.sqrt(2 * np.pi))
    hermite = [np.ones_like(x), x, x**2 - 1, x * (x**2 - 3), (x**2 - 6) * x**2 + 3]
    return np.stack([density * hermite[r] / spread**r for r in range(orders + 1)])
