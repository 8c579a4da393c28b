"""How many studies are missing on one side, from ranks of distances (Duval & Tweedie 2000a and 2000b).

a: Journal of the American Statistical Association 95, 89-98; b: Biometrics 56, 455-463. Each estimator
returns the number, not yet rounded, and its standard error.
"""

from collections.abc import Callable

import numpy as np

from synthesis.arrays import Numbers

__all__ = ["NUMBERS", "signed_ranks"]


def signed_ranks(centred: Numbers) -> Numbers:
    """Return ranks of distances from the centre, with the sign of the side; ties in the order given.

    Parameters
    ----------
    centred
        Effects less their centre, shape (k,), sorted.
    """
    ranks = np.empty(len(centred))
    ranks[np.argsort(np.abs(centred), kind="stable")] = np.arange(1, len(centred) + 1)
    return np.asarray(np.sign(centred) * ranks)


def _run(ranks: Numbers) -> tuple[float, float]:
    """R0 = length of the rightmost run of ranks - 1, variance 2 k0 + 2 (Duval & Tweedie 2000a)."""
    k0 = len(ranks) - float(np.max(-ranks, initial=0.0)) - 1 if ranks.any() else 0.0
    return k0, float(np.sqrt(2 * max(0.0, k0) + 2))


def _linear(ranks: Numbers) -> tuple[float, float]:
    """L0 = (4 T - k (k + 1)) / (2 k - 1), T the rank sum above the centre (Duval & Tweedie 2000a)."""
    k = len(ranks)
    k0 = (4 * float(ranks[ranks > 0].sum()) - k * (k + 1)) / (2 * k - 1)
    return k0, 4 * _se_rank_sum(k, k0) / (2 * k - 1)


def _quadratic(ranks: Numbers) -> tuple[float, float]:
    """Q0 = k - 1/2 - sqrt(2 k^2 - 4 T + 1/4) (Duval & Tweedie 2000a)."""
    k = len(ranks)
    inside = 2 * k**2 - 4 * float(ranks[ranks > 0].sum()) + 0.25
    if inside < 0:
        raise ValueError("Q0: found too many effects on one side for it to have a value; use L0 or R0")
    k0 = k - 0.5 - float(np.sqrt(inside))
    spread = (k - 0.5) ** 2 - k0 * (2 * k - k0 - 1)
    if spread <= 0:
        raise ValueError("Q0: found too many effects on one side for a standard error; use L0 or R0")
    return k0, 2 * _se_rank_sum(k, k0) / float(np.sqrt(spread))


def _se_rank_sum(k: int, k0: float) -> float:
    """Return the standard error of T with k0 studies missing (Duval & Tweedie 2000a); NaN below 0."""
    cubic = 10 * k0**3 + 27 * k0**2 + 17 * k0 - 18 * k * k0**2 - 18 * k * k0 + 6 * k**2 * k0
    variance = (k * (k + 1) * (2 * k + 1) + cubic) / 24
    return float(np.sqrt(variance)) if variance >= 0 else float("nan")


NUMBERS: dict[str, Callable[[Numbers], tuple[float, float]]] = {
    "L0": _linear,
    "R0": _run,
    "Q0": _quadratic,
}
