"""Mean and SD by quantile estimation (QE): the family that comes nearest to the printed quantiles."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.special import betaincinv, gamma, gammaincinv, ndtri

from synthesis.arrays import Numbers
from synthesis.conversion.summaries import FULL, Summary

__all__ = ["Fitted", "quantile_fit"]


@dataclass(frozen=True, slots=True)
class Fitted:
    """The family that came nearest, its mean and SD, and the sum of squared distances of its quantiles."""

    dist: str
    mean: float
    sd: float
    distance: float


@dataclass(frozen=True, slots=True)
class _Family:
    """Quantiles, mean and SD at scale 1, as functions of the shape, and the shapes that are tried."""

    dist: str
    shapes: tuple[float, float]
    quantiles: Callable[[float, Numbers], Numbers]
    moments: Callable[[float], tuple[float, float]]


def quantile_fit(five: Summary, place: int) -> Fitted:
    """Return the best of normal, log-normal, gamma, Weibull and beta for one study (McGrath et al. 2020).

    Each family's quantiles are brought as near as they get to the printed ones in squared distance; the
    family with the smallest distance gives mean and SD. Families of positive values are left out where a
    printed value is negative or the median 0, and where their mean would lie above the printed maximum; the
    beta is tried where all lie between 0 and 1. The limits on shapes and on the medians of normal and
    log-normal are those of the R package estmeansd; its limits on scales (an SD of at most 50, a Weibull
    scale of at most 100) depend on the unit and are left out. The scale is solved for exactly and the shape
    is searched on a grid, so that no start value matters; estmeansd leaves a family out where R's optim
    breaks off at its start value, and may then choose another than the nearest.

    Parameters
    ----------
    five
        Summaries of k studies.
    place
        The study's place, from 0.
    """
    values, probabilities = five.points(place)
    fits = [_normal(values, probabilities, _middle(five, place))]
    if values[0] >= 0 and five.median[place] > 0:
        bounds = _middle(five, place)
        fits += [_fitted(one, values, probabilities, bounds) for one in _FAMILIES]
    if values[0] > 0 and values[-1] < 1:
        fits.append(_beta(values, probabilities))
    # A mean beyond the printed maximum cannot be; the normal's, between the quartiles, always can.
    possible = [one for one in fits if not one.mean > five.maximum[place]]
    return min(possible, key=lambda one: one.distance)


def _middle(five: Summary, place: int) -> tuple[float, float]:
    """Where the median of normal and log-normal may lie: between the quartiles, or within the range."""
    values, _ = five.points(place)
    inner = values[1:-1] if five.scenario[place] == FULL else values
    return float(inner[0]), float(inner[-1])


def _normal(values: Numbers, probabilities: Numbers, bounds: tuple[float, float]) -> Fitted:
    z = ndtri(probabilities)
    # The probabilities are symmetrical, so that mean and SD are two regressions that do not meet.
    mean = float(np.clip(values.mean(), *bounds))
    sd = float(z @ values / (z @ z))
    return Fitted("normal", mean, sd, float(((mean + sd * z - values) ** 2).sum()))


def _fitted(family: _Family, values: Numbers, probabilities: Numbers, bounds: tuple[float, float]) -> Fitted:
    limits = bounds if family.dist == "log-normal" else (0.0, np.inf)

    def distance(log_shape: float) -> float:
        _, residual = _scaled(family.quantiles(np.exp(log_shape), probabilities), values, limits)
        # An infinite distance would leave Brent's parabola undefined.
        return min(residual, farthest)

    farthest = 1e6 * float(values @ values)
    shape = float(np.exp(_lowest(distance, *np.log(family.shapes))))
    scale, residual = _scaled(family.quantiles(shape, probabilities), values, limits)
    mean, sd = family.moments(shape)
    return Fitted(family.dist, scale * mean, scale * sd, residual)


def _scaled(unit: Numbers, values: Numbers, limits: tuple[float, float]) -> tuple[float, float]:
    """Return the scale that brings the unit quantiles nearest, and what distance remains."""
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        best = float(unit @ values / (unit @ unit))
        scale = float(np.clip(best, *limits))
        residual = float(((scale * unit - values) ** 2).sum())
    return (scale, residual) if np.isfinite(residual) else (np.nan, np.inf)


def _lowest(function: Callable[[float], float], low: float, high: float) -> float:
    """Return where a function of one number is lowest: a grid, then Brent between its best neighbours."""
    from scipy.optimize import minimize_scalar  # noqa: PLC0415 - heavy, and only needed here

    grid = np.linspace(low, high, 80)
    best = int(np.argmin([function(float(one)) for one in grid]))
    around = grid[max(best - 1, 0)], grid[min(best + 1, len(grid) - 1)]
    return float(minimize_scalar(function, bounds=around, method="bounded", options={"xatol": 1e-11}).x)


def _log_normal_quantiles(shape: float, probabilities: Numbers) -> Numbers:
    with np.errstate(over="ignore"):
        return np.asarray(np.exp(shape * ndtri(probabilities)))


def _log_normal_moments(shape: float) -> tuple[float, float]:
    mean = float(np.exp(shape**2 / 2))
    return mean, float(mean * np.sqrt(np.expm1(shape**2)))


def _weibull_quantiles(shape: float, probabilities: Numbers) -> Numbers:
    with np.errstate(over="ignore"):
        return np.asarray((-np.log1p(-probabilities)) ** (1 / shape))


def _weibull_moments(shape: float) -> tuple[float, float]:
    mean = float(gamma(1 + 1 / shape))
    return mean, float(np.sqrt(gamma(1 + 2 / shape) - mean**2))


def _gamma_quantiles(shape: float, probabilities: Numbers) -> Numbers:
    return np.asarray(gammaincinv(shape, probabilities))


_FAMILIES = (
    _Family("log-normal", (1e-3, 10.0), _log_normal_quantiles, _log_normal_moments),
    _Family("gamma", (1e-3, 100.0), _gamma_quantiles, lambda shape: (shape, float(np.sqrt(shape)))),
    _Family("weibull", (0.02, 100.0), _weibull_quantiles, _weibull_moments),
)


def _beta(values: Numbers, probabilities: Numbers) -> Fitted:
    from scipy.optimize import least_squares  # noqa: PLC0415 - heavy, and only needed here

    def residuals(logs: Numbers) -> Numbers:
        a, b = np.exp(logs)
        return np.asarray(betaincinv(a, b, probabilities) - values)

    limits = (float(np.log(1e-3)), float(np.log(40)))
    found = least_squares(residuals, _beta_start(values), bounds=limits, xtol=1e-14, ftol=1e-14)
    a, b = np.exp(found.x)
    mean = a / (a + b)
    sd = np.sqrt(mean * (1 - mean) / (a + b + 1))
    return Fitted("beta", float(mean), float(sd), float(2 * found.cost))


def _beta_start(values: Numbers) -> Numbers:
    """Return the logarithms of the two shapes that fit a mean and SD guessed from the quantiles."""
    mean, sd = float(np.median(values)), float((values[-1] - values[0]) / 4)
    total = max(mean * (1 - mean) / sd**2 - 1, 0.1)
    return np.asarray(np.log(np.clip([mean * total, (1 - mean) * total], 0.01, 39)))
