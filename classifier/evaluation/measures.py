"""How good a ranking was: the field's measures of screening work.

All take `relevant`, shape (n,), true where a record is relevant, and `scores`, shape (n,), higher is better.
Ties count against the ranking: within a tie the irrelevant records come first.
"""

from math import ceil

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = [
    "atd",
    "average_precision",
    "brier",
    "checked_pair",
    "ece",
    "ndcg",
    "recall_at",
    "wss",
]

# A share of n that is a whole number must not be rounded up for its binary tail (0.07 * 100).
_ROUNDING = 1e-9


def wss(relevant: ArrayLike, scores: ArrayLike, *, recall: float = 0.95) -> float:
    """Work saved over sampling at a recall (Cohen et al. 2006, JAMIA 13:206, equation 2).

    (TN + FN) / N - (1 - recall), read off at the first rank at which `recall` is reached.

    Returns
    -------
    float
        From recall - 1 (worst) to below recall; about 0 for a random order.

    Raises
    ------
    ValueError
        If nothing is relevant, lengths differ, a score is not a number, or `recall` is not in (0, 1].
    """
    ranks, n = _ranks(relevant, scores)
    if not 0 < recall <= 1:
        raise ValueError(f"wss: found recall={recall}; expected a share above 0 and up to 1")
    needed = ranks[ceil(recall * len(ranks) - _ROUNDING) - 1]
    return float((n - needed) / n - (1 - recall))


def recall_at(relevant: ArrayLike, scores: ArrayLike, *, share: float = 0.1) -> float:
    """Share of the relevant records among the first ceil(share n) of the ranking.

    Returns
    -------
    float
        From 0 to 1.

    Raises
    ------
    ValueError
        As `wss`, for `share`.
    """
    ranks, n = _ranks(relevant, scores)
    if not 0 < share <= 1:
        raise ValueError(f"recall_at: found share={share}; expected a share above 0 and up to 1")
    return float(np.mean(ranks <= ceil(share * n - _ROUNDING)))


def atd(relevant: ArrayLike, scores: ArrayLike) -> float:
    """Average time to discovery (Ferdinands et al. 2023, Syst Rev 12:100), as a share of the records.

    The mean rank of the relevant records divided by n.

    Returns
    -------
    float
        Above 0, up to 1; about 0.5 for a random order; lower is better.

    Raises
    ------
    ValueError
        If nothing is relevant, lengths differ or a score is not a number.
    """
    ranks, n = _ranks(relevant, scores)
    return float(ranks.mean() / n)


def average_precision(relevant: ArrayLike, scores: ArrayLike) -> float:
    """Mean of the precision at the rank of each relevant record (Manning et al. 2008, section 8.4).

    Returns
    -------
    float
        Above 0, up to 1.

    Raises
    ------
    ValueError
        As `atd`.
    """
    ranks, _ = _ranks(relevant, scores)
    return float(np.mean(np.arange(1, len(ranks) + 1) / ranks))


def ndcg(relevant: ArrayLike, scores: ArrayLike) -> float:
    """Normalised discounted cumulative gain with gains of 0 and 1 (Järvelin & Kekäläinen 2002).

    Gain at rank r counts 1 / log2(r + 1), divided by what the best order would have gained.

    Returns
    -------
    float
        Above 0, up to 1.

    Raises
    ------
    ValueError
        As `atd`.
    """
    ranks, _ = _ranks(relevant, scores)
    best = np.arange(1, len(ranks) + 1)
    return float(np.sum(1 / np.log2(ranks + 1)) / np.sum(1 / np.log2(best + 1)))


def brier(relevant: ArrayLike, probabilities: ArrayLike) -> float:
    """Mean squared difference of probability and outcome (Brier 1950), from 0 (best) to 1.

    Raises
    ------
    ValueError
        If lengths differ, nothing is given or a probability is not in [0, 1].
    """
    truth, given = _probabilities(relevant, probabilities)
    return float(np.mean((given - truth) ** 2))


def ece(relevant: ArrayLike, probabilities: ArrayLike, *, bins: int = 10) -> float:
    """Return the expected calibration error over bins of equal width (Naeini et al. 2015, equation 3).

    From 0 to 1: the mean of |observed share - mean probability| over the bins, weighted by their size.

    Raises
    ------
    ValueError
        As `brier`.
    """
    truth, given = _probabilities(relevant, probabilities)
    place = np.minimum((given * bins).astype(int), bins - 1)
    gaps = np.bincount(place, weights=truth - given, minlength=bins)
    return float(np.abs(gaps).sum() / len(given))


def _ranks(relevant: ArrayLike, scores: ArrayLike) -> tuple[NDArray[np.intp], int]:
    truth, given = checked_pair(relevant, scores)
    order = np.lexsort((truth, -given))
    return np.flatnonzero(truth[order]) + 1, len(truth)


def checked_pair(relevant: ArrayLike, scores: ArrayLike) -> tuple[NDArray[np.bool_], NDArray[np.float64]]:
    """Return labels and scores as flat arrays.

    Raises
    ------
    ValueError
        If nothing is relevant, lengths differ or a score is not a number.
    """
    truth = np.asarray(relevant, dtype=bool).ravel()
    given = np.asarray(scores, dtype=float).ravel()
    if len(truth) != len(given):
        raise ValueError(f"found {len(truth)} labels and {len(given)} scores; expected one score a label")
    if np.isnan(given).any():
        raise ValueError("found a score that is not a number; expected a score for every record")
    if not truth.any():
        raise ValueError("found no relevant record; a ranking can only be judged where there is one to find")
    return truth, given


def _probabilities(
    relevant: ArrayLike, probabilities: ArrayLike
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    truth = np.asarray(relevant, dtype=float).ravel()
    given = np.asarray(probabilities, dtype=float).ravel()
    if len(truth) != len(given) or not len(given):
        raise ValueError(
            f"found {len(truth)} labels and {len(given)} probabilities; expected one a label, and some"
        )
    if not ((given >= 0) & (given <= 1)).all():
        raise ValueError("found a probability outside 0 to 1; expected calibrated probabilities")
    return truth, given
