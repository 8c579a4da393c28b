"""The root between two points of opposite sign, to the last digits."""

from collections.abc import Callable

import numpy as np

__all__ = ["root"]

# Four units in the last place: scipy's Brent takes no tighter relative tolerance.
_RTOL = 4 * np.finfo(np.float64).eps
_XTOL = float(np.finfo(np.float64).tiny)


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
