"""The root between two points of opposite sign, to the last digits."""

from collections.abc import Callable

import numpy as np

__all__ = ["newton", "root"]

# Four units in the last place: scipy's Brent takes no tighter relative tolerance.
_RTOL = 4 * np.finfo(np.float64).eps
_XTOL = float(np.finfo(np.float64).tiny)
# A Newton step of this relative size leaves an error of its square.
_CLOSE = 1e-8
_MOST_STEPS = 100


def root(function: Callable[[float], float], low: float, high: float) -> float:
    """Return where a function is 0 between `low` and `high`, by Brent's method (Brent 1973, chapter 4).

    Parameters
    ----------
    function
        Continuous, of opposite sign at both ends (or 0 at one).
    low, high
        The ends.
    """
    from scipy.optimize import brentq  # noqa: PLC0415 - half of the import time of synthesis otherwise

    return float(brentq(function, low, high, xtol=_XTOL, rtol=_RTOL, maxiter=1000))


def newton(function: Callable[[float], tuple[float, float]], low: float, high: float, start: float) -> float:
    """Return where a falling smooth function is 0, by Newton's method, halving where a step leaves the ends.

    Parameters
    ----------
    function
        Returns value and slope; above 0 at `low`, 0 or below at `high`, falling between.
    low, high
        The ends, 0 or above.
    start
        A first guess; the middle where it is not between them.
    """
    here = start if low < start < high else (low + high) / 2
    for _ in range(_MOST_STEPS):
        value, slope = function(here)
        low, high = (here, high) if value > 0 else (low, here)
        step = -value / slope if slope < 0 else np.inf
        if low <= here + step <= high:
            here += step
            if abs(step) <= _CLOSE * here:
                return here
        else:
            here = (low + high) / 2
    return here
