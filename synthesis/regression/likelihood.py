"""The (restricted) likelihood of tau2 under a design, and its global maximum."""

import numpy as np

from synthesis.arrays import Numbers
from synthesis.regression.least_squares import project
from synthesis.roots import root

__all__ = ["highest", "log_likelihood", "score"]

_TINY = float(np.finfo(np.float64).tiny)
_GRID = 160
# Numbers held at once while a grid of tau2 is laid over the studies (a few tens of megabytes).
_AT_ONCE = 2_000_000
_UNEQUAL = 1e8


def highest(yi: Numbers, vi: Numbers, basis: Numbers, *, restricted: bool) -> float:
    """Return the tau2 of the global maximum: each local maximum is bracketed, refined and compared.

    A (restricted) likelihood can have several maxima; features in log(tau2) are about one unit wide,
    so that a grid with steps of about a fifth misses none that matters.

    Parameters
    ----------
    yi, vi
        The effects' unweighted residuals, and variances, shape (k,).
    basis
        Orthonormal basis of the design, shape (k, p), p < k.
    restricted
        REML instead of ML.
    """
    if not yi.any():
        return 0.0
    top = _beyond(yi, vi, basis)
    bottom = min(float(vi.min()), top) * 1e-3
    grid = np.concatenate([[0.0], np.geomspace(bottom, top, _GRID)])
    slope = _signs(yi, vi, basis, grid, restricted=restricted)
    peaks = [0.0] if slope[0] <= 0 else []
    falls = np.flatnonzero((slope[:-1] > 0) & (slope[1:] <= 0))
    ends = [(float(grid[i]), float(grid[i + 1])) for i in falls]
    peaks += [_peak(yi, vi, basis, one, restricted=restricted) for one in ends]
    if len(peaks) == 1:
        return peaks[0]
    return max(peaks, key=lambda tau2: log_likelihood(yi, vi, basis, tau2, restricted=restricted))


def log_likelihood(yi: Numbers, vi: Numbers, basis: Numbers, tau2: float, *, restricted: bool) -> float:
    """Return the (restricted) log-likelihood at one tau2, with metafor's constants.

    -1/2 [(k - p) log 2 pi + sum log(vi + tau2) + log |X'WX| - log |X'X| + y'Py] for REML (Harville 1974,
    eq. 4), where |X'X| = 1; -1/2 [k log 2 pi + sum log(vi + tau2) + y'Py] for ML.

    Parameters
    ----------
    yi, vi
        Effects and variances, shape (k,).
    basis
        Orthonormal basis of the design, shape (k, p).
    tau2
        Between-study variance.
    restricted
        REML instead of ML.
    """
    fit = project(yi, basis, 1 / (vi + tau2))
    free = len(yi) - basis.shape[1] if restricted else len(yi)
    twice = free * np.log(2 * np.pi) + np.log(vi + tau2).sum() + fit.q
    return float(-0.5 * (twice + fit.log_det if restricted else twice))


def score(yi: Numbers, vi: Numbers, basis: Numbers, tau2: float, *, restricted: bool) -> float:
    """Return twice the derivative of `log_likelihood`: y'PPy - tr(P), or - sum w for ML.

    Parameters
    ----------
    yi, vi, basis, tau2, restricted
        As in `log_likelihood`.
    """
    fit = project(yi, basis, 1 / (vi + tau2))
    return float(fit.slope - (fit.trace() if restricted else fit.w.sum()))


def _beyond(yi: Numbers, vi: Numbers, basis: Numbers) -> float:
    """Return a tau2 above which the score is negative.

    There y'PPy <= rss / tau2^2, and both tr(P) and sum w are at least (k - p) / (tau2 + max vi).
    """
    s2 = float(yi @ yi) / (len(yi) - int(basis.shape[1]))
    return max(1.01 * (s2 + float(np.sqrt(s2**2 + 4 * s2 * vi.max()))) / 2, _TINY)


def _peak(
    yi: Numbers, vi: Numbers, basis: Numbers, between: tuple[float, float], *, restricted: bool
) -> float:
    def slope(tau2: float) -> float:
        return score(yi, vi, basis, tau2, restricted=restricted)

    low, high = between
    # At a grid point that is itself the peak, the grid's quick sign may be rounding only.
    if slope(low) <= 0:
        return low
    return high if slope(high) > 0 else root(slope, low, high)


def _signs(yi: Numbers, vi: Numbers, basis: Numbers, tau2: Numbers, *, restricted: bool) -> Numbers:
    """Return the score over a grid of tau2, shape (g,): quick, meant for its sign."""
    if vi.max() > _UNEQUAL * vi.min():
        # Cross products of weights this unequal lose the digits that an orthogonal fit keeps.
        return np.array([score(yi, vi, basis, float(one), restricted=restricted) for one in tau2])
    step = max(1, _AT_ONCE // len(yi))
    parts = [
        _some_signs(yi, vi, basis, tau2[i : i + step], restricted=restricted)
        for i in range(0, len(tau2), step)
    ]
    return np.concatenate(parts)


def _some_signs(yi: Numbers, vi: Numbers, basis: Numbers, tau2: Numbers, *, restricted: bool) -> Numbers:
    k, p = basis.shape
    columns = np.concatenate([basis, yi[:, None]], axis=1)
    # All products of two columns, so that a grid of cross products is one matrix product.
    products = (columns[:, :, None] * columns[:, None, :]).reshape(k, -1)
    w = 1 / (vi + tau2[:, None])
    total = w.sum(axis=1)
    first = (w @ products).reshape(-1, p + 1, p + 1)
    w *= w
    second = (w @ products).reshape(-1, p + 1, p + 1)
    inverse = np.linalg.inv(first[:, :p, :p])
    beta = (inverse @ first[:, :p, p:])[:, :, 0]
    down = np.concatenate([-beta, np.ones_like(beta[:, :1])], axis=1)
    slope = np.einsum("gi,gij,gj->g", down, second, down)
    taken = np.einsum("gij,gji->g", inverse, second[:, :p, :p]) if restricted else 0.0
    return np.asarray(slope - (total - taken))
