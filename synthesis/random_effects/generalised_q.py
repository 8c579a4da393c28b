"""Interval of tau2 from a Q with any fixed weights: Jackson's, and Biggerstaff and Jackson's."""

import numpy as np

from synthesis.arrays import Numbers
from synthesis.random_effects.heterogeneity import upper_bound
from synthesis.roots import root

__all__ = ["MOST", "below", "bounds"]

MOST = 1000  # studies: beyond, the contour's large terms cancel, and digits are lost


def bounds(yi: Numbers, vi: Numbers, weights: Numbers, level: float = 0.95) -> tuple[float, float]:
    """Return the tau2 between which Q lies within its central `level`, cut off at 0 (Jackson 2013, sect. 3).

    Both are 0 where even tau2 = 0 makes so small a Q unlikely.

    Parameters
    ----------
    yi, vi
        Effects and variances, shape (k,), 2 <= k <= MOST.
    weights
        Fixed, above 0, shape (k,): 1 / sqrt(vi) is Jackson's, 1 / vi Biggerstaff and Jackson's (2008).
    level
        Confidence level, a fraction.
    """
    centre = weights @ yi / weights.sum()
    q, tail = float(weights @ (yi - centre) ** 2), (1 - level) / 2
    return _solve(yi, vi, weights, q, 1 - tail), _solve(yi, vi, weights, q, tail)


def below(q: float, vi: Numbers, weights: Numbers, tau2: float) -> float:
    """Return P(Q <= q) of Q = sum a (y - mean_a)^2 with y ~ N(mu, v + tau2).

    Q is a sum of chi-squared variables; its Laplace transform is prod (1 + 2 z c)^(-1/2) times
    (sum p / (1 + 2 z c))^(-1/2) with c = a (v + tau2) and p = a / sum a, by the determinant of a matrix of
    rank one more. It is inverted on Talbot's contour (Trefethen, Weideman & Schmelzer 2006, eq. 3.2).

    Parameters
    ----------
    q
        0 or more.
    vi, weights
        Variances and fixed weights, shape (k,).
    tau2
        Between-study variance.
    """
    if q <= 0:
        return 0.0
    scale = weights * (vi + tau2) / q
    share = weights / weights.sum()
    nodes = _nodes(len(vi))
    angle = np.pi * (2 * np.arange(nodes // 2) + 1) / nodes
    cot = 1 / np.tan(0.6407 * angle)
    z = nodes * (0.5017 * angle * cot - 0.6122 + 0.2645j * angle)
    step = nodes * (0.5017 * (cot - 0.6407 * angle * (1 + cot**2)) + 0.2645j)
    inner = 1 + 2 * z[:, None] * scale
    logs = -(np.log(inner).sum(axis=1) + np.log((share / inner).sum(axis=1))) / 2
    # Half of the contour is enough: the other half is its mirror image.
    total = float((np.exp(z + logs) / z * step).imag.sum()) * 2 / nodes
    return min(1.0, max(0.0, total))


def _nodes(k: int) -> int:
    # The error falls as 3.89^-nodes for few studies; a sum of many is nearly normal and needs more. Even.
    return 32 + 2 * min(k // 4, int(4 * np.sqrt(k)))


def _solve(yi: Numbers, vi: Numbers, weights: Numbers, q: float, share: float) -> float:
    def excess(tau2: float) -> float:
        return below(q, vi, weights, tau2) - share

    if excess(0.0) <= 0:
        return 0.0
    top = upper_bound(yi)
    while excess(top) > 0:
        top *= 4
    return root(excess, 0.0, top)
