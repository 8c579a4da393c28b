"""How sure a measure is: bootstrap intervals of one ranking, of a difference of two, of a mean over sets.

`share_interval` is exact. `classifier.evaluation.figures` gives all measures of a ranking at once, faster.
"""

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import betaincinv

from classifier.evaluation.ranks import checked_pair

__all__ = ["Measure", "bootstrap_interval", "mean_interval", "paired_interval", "share_interval"]

Measure = Callable[[NDArray[np.bool_], NDArray[np.float64]], float]
"""Labels and scores in, a figure out: any measure of `classifier.evaluation.measures`."""


def bootstrap_interval(
    metric: Measure,
    relevant: ArrayLike,
    scores: ArrayLike,
    *,
    seed: int,
    draws: int = 1000,
    level: float = 0.95,
) -> tuple[float, float]:
    """Percentile bootstrap interval of a measure of one ranking (Efron & Tibshirani 1993, chapter 13).

    Relevant and irrelevant records are resampled apart, so that every draw has as many of each. It speaks of
    other records of the same kind under the same model, not of another training set.

    Raises
    ------
    ValueError
        As the metric.
    """
    truth, given = checked_pair(relevant, scores)
    values = [metric(truth[chosen], given[chosen]) for chosen in _resampled(truth, seed, draws)]
    return _percentiles(values, level)


def paired_interval(
    metric: Measure,
    relevant: ArrayLike,
    scores: ArrayLike,
    others: ArrayLike,
    *,
    seed: int,
    draws: int = 1000,
    level: float = 0.95,
) -> tuple[float, float]:
    """Percentile bootstrap interval of the difference of two rankings of the same records.

    Each draw judges `scores` and `others` on the same resampled records, as `bootstrap_interval` draws them.

    Raises
    ------
    ValueError
        As the metric.
    """
    truth, given = checked_pair(relevant, scores)
    _, other = checked_pair(relevant, others)
    values = [
        metric(truth[chosen], given[chosen]) - metric(truth[chosen], other[chosen])
        for chosen in _resampled(truth, seed, draws)
    ]
    return _percentiles(values, level)


def mean_interval(
    values: ArrayLike, *, seed: int, draws: int = 10_000, level: float = 0.95
) -> tuple[float, float]:
    """Percentile bootstrap interval of a mean over data sets: of differences, for a paired comparison.

    Raises
    ------
    ValueError
        If there is no value.
    """
    given = np.asarray(values, dtype=float).ravel()
    if not len(given):
        raise ValueError("mean_interval: found no value; expected one for each data set")
    chosen = np.random.default_rng(seed).integers(len(given), size=(draws, len(given)))
    return _percentiles(given[chosen].mean(axis=1), level)


def share_interval(hits: int, n: int, *, level: float = 0.95) -> tuple[float, float]:
    """Exact two-sided interval of a share (Clopper & Pearson 1934).

    Raises
    ------
    ValueError
        If not 0 <= hits <= n, or n is 0.
    """
    if not 0 <= hits <= n or n == 0:
        raise ValueError(f"share_interval: found {hits} of {n}; expected 0 <= hits <= n, and n above 0")
    tail = (1 - level) / 2
    low = float(betaincinv(hits, n - hits + 1, tail)) if hits else 0.0
    high = float(betaincinv(hits + 1, n - hits, 1 - tail)) if hits < n else 1.0
    return low, high


def _percentiles(values: ArrayLike, level: float) -> tuple[float, float]:
    low, high = np.quantile(np.asarray(values, dtype=float), [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)


def _resampled(truth: NDArray[np.bool_], seed: int, draws: int) -> Iterator[NDArray[np.intp]]:
    rng = np.random.default_rng(seed)
    parts = [part for part in (np.flatnonzero(truth), np.flatnonzero(~truth)) if len(part)]
    for _ in range(draws):
        yield np.concatenate([rng.choice(part, len(part)) for part in parts])
