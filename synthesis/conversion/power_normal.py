"""Mean and SD by the method for unknown non-normal data (MLN): normal after a Box-Cox transformation."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.special import ndtr, xlogy

from synthesis.arrays import Numbers
from synthesis.conversion.normal_order import luo_mean, wan_sd
from synthesis.conversion.summaries import FULL, PRINTED, QUARTILES, RANGE, Summary

__all__ = ["PowerNormal", "power_normal"]

# Beyond this many standard deviations a normal density adds nothing to a mean in double precision.
_TAIL = 12.0
_IMPOSSIBLE = -1e12


@dataclass(frozen=True, slots=True)
class PowerNormal:
    """Mean and SD, and the power that makes the data normal (0: their logarithm)."""

    mean: float
    sd: float
    power: float


def power_normal(five: Summary, place: int) -> PowerNormal:
    """Return mean and SD of one study by maximum likelihood on a Box-Cox scale (Cai et al. 2021).

    The power maximises the likelihood of the printed order statistics with mean and SD by Luo 2018 and Wan
    2014 on the transformed scale; mean and SD there are then fitted by maximum likelihood and carried back
    by integration over the normal density, cut off as in the paper (the R package draws at random instead).
    The likelihood contains the transformation's Jacobian. The R package estmeansd leaves it out, and its
    answer then depends on the unit: a stay in days and the same stay in hours disagree.

    Parameters
    ----------
    five
        Summaries of k studies, all printed values above 0.
    place
        The study's place, from 0.

    Raises
    ------
    ValueError
        Where a printed value is 0 or below.
    """
    values, _ = five.points(place)
    if values[0] <= 0:
        raise ValueError(
            f"study {place + 1}: found {values[0]:g}; expected values above 0 for MLN: take Luo, Wan or QE"
        )
    unit = float(five.median[place])
    n, scenario = float(five.n[place]), int(five.scenario[place])
    logs = np.log(values / unit)
    power = _lowest(lambda one: -_profile(one, logs, n, scenario))
    mean, sd = _located(_box_cox(logs, power), n, scenario)
    first, second = _carried_back(mean, sd, power)
    return PowerNormal(mean=unit * first, sd=unit * second, power=power)


def _profile(power: float, logs: Numbers, n: float, scenario: int) -> float:
    values = _box_cox(logs, power)
    jacobian = float((power - 1) * logs.sum())
    return _likelihood(values, n, scenario, *_closed_form(values, n, scenario)) + jacobian


def _likelihood(values: Numbers, n: float, scenario: int, mean: float, sd: float) -> float:
    """Log density of the printed order statistics plus log probability of all that lies between them."""
    z = (values - mean) / sd
    below = ndtr(z)
    if scenario == QUARTILES:
        below = np.concatenate([[0.0], below, [1.0]])
    with np.errstate(divide="ignore"):
        between = xlogy(_between(n, scenario), np.diff(below)).sum()
    # Impossible is very unlikely here: an infinite number would leave the optimisers' parabolas undefined.
    return float(max(between - (z**2).sum() / 2 - len(z) * np.log(sd), _IMPOSSIBLE))


def _between(n: float, scenario: int) -> Numbers:
    """Return how many people lie strictly between the printed values (Cai et al. 2021, section 2)."""
    h, j, k = (np.floor(part * n + 1) for part in (0.25, 0.5, 0.75))
    counts = {
        RANGE: (j - 2, n - j - 1),
        QUARTILES: (h - 1, j - h - 1, k - j - 1, n - k),
        FULL: (h - 2, j - h - 1, k - j - 1, n - k - 1),
    }[scenario]
    return np.maximum(counts, 0)


def _closed_form(values: Numbers, n: float, scenario: int) -> tuple[float, float]:
    padded = np.full((5, 1), np.nan)
    padded[PRINTED[scenario], 0] = values
    low, q1, median, q3, high = padded
    five = Summary(minimum=low, q1=q1, median=median, q3=q3, maximum=high, n=np.array([n]))
    return float(luo_mean(five)[0]), float(wan_sd(five)[0])


def _located(values: Numbers, n: float, scenario: int) -> tuple[float, float]:
    from scipy.optimize import minimize  # noqa: PLC0415 - heavy, and only needed here

    start = _closed_form(values, n, scenario)

    def loss(theta: Numbers) -> float:
        return -_likelihood(values, n, scenario, float(theta[0]), float(np.exp(theta[1])))

    tight: Any = {"xatol": 1e-10, "fatol": 1e-12}
    found = minimize(loss, np.array([start[0], np.log(start[1])]), method="Nelder-Mead", options=tight)
    return float(found.x[0]), float(np.exp(found.x[1]))


def _carried_back(mean: float, sd: float, power: float) -> tuple[float, float]:
    """Return mean and SD of the power-normal distribution, the transformed value cut off at mean ± reach."""
    nodes, weights = np.polynomial.legendre.leggauss(400)
    reach = _TAIL if power == 0 else min((mean + 1 / power) / sd, _TAIL)
    z = reach * nodes
    density = weights * np.exp(-(z**2) / 2)
    values = _inverse(mean + sd * z, power)
    first = float((density * values).sum() / density.sum())
    second = float((density * (values - first) ** 2).sum() / density.sum())
    return first, float(np.sqrt(second))


def _box_cox(logs: Numbers, power: float) -> Numbers:
    return logs if power == 0 else np.asarray(np.expm1(power * logs) / power)


def _inverse(values: Numbers, power: float) -> Numbers:
    return np.exp(values) if power == 0 else np.asarray(np.exp(np.log1p(power * values) / power))


def _lowest(function: Callable[[float], float]) -> float:
    """Return the power from 0 to 10 where a function is lowest: a grid, then Brent around its best point."""
    from scipy.optimize import minimize_scalar  # noqa: PLC0415 - heavy, and only needed here

    grid = np.linspace(0, 10, 201)
    best = int(np.argmin([function(float(one)) for one in grid]))
    around = grid[max(best - 1, 0)], grid[min(best + 1, 200)]
    found = minimize_scalar(function, bounds=around, method="bounded", options={"xatol": 1e-9})
    return 0.0 if function(0.0) <= found.fun else float(found.x)
