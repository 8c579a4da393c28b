"""Mean and variance of a cell count, all margins given, under a common odds ratio."""

import numpy as np
from scipy.special import gammaln

from synthesis.arrays import Numbers

__all__ = ["noncentral_moments"]


def noncentral_moments(
    n1: Numbers, n2: Numbers, events: Numbers, odds_ratio: float
) -> tuple[Numbers, Numbers]:
    """Return mean and variance of each study's events in group 1 (Fisher's non-central hypergeometric law).

    P(x) is proportional to C(n1, x) C(n2, events - x) odds_ratio^x (McCullagh & Nelder 1989, chapter 7).

    Parameters
    ----------
    n1, n2
        Group sizes, shape (k,).
    events
        Events in both groups, shape (k,).
    odds_ratio
        Above 0.
    """
    pairs = [_one(*study, np.log(odds_ratio)) for study in zip(n1, n2, events, strict=True)]
    return np.array([mean for mean, _ in pairs]), np.array([variance for _, variance in pairs])


def _one(n1: float, n2: float, events: float, log_or: float) -> tuple[float, float]:
    x = np.arange(max(0.0, events - n2), min(n1, events) + 1)
    logs = x * log_or - _log_ways(n1, x) - _log_ways(n2, events - x)
    share = np.exp(logs - logs.max())
    share /= share.sum()
    mean = float(share @ x)
    return mean, float(share @ (x - mean) ** 2)


def _log_ways(n: float, x: Numbers) -> Numbers:
    """Return -log C(n, x) less what does not depend on x."""
    return np.asarray(gammaln(x + 1) + gammaln(n - x + 1))
