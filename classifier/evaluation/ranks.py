"""From labels and scores to the ranks of what is relevant, and from these ranks to the measures.

Every measure of an order is a function of the ranks of the relevant records and of n. Those here take the
ranks along the last axis, shape (..., p), ascending from 1, so that a thousand resamples cost one call.
Ties count against the ranking: within a tie the irrelevant records come first.
"""

from math import ceil

import numpy as np
from numpy.typing import ArrayLike, NDArray

from classifier.truth import checked_truth

__all__ = [
    "Ranks",
    "atd_at",
    "average_precision_at",
    "checked_pair",
    "first_of",
    "ndcg_at",
    "ranking_order",
    "ranks_of",
    "recall_among",
    "wss_at",
]

Ranks = NDArray[np.intp]

# A share of n that is a whole number must not be rounded up for its binary tail (0.07 * 100).
_ROUNDING = 1e-9


def checked_pair(relevant: ArrayLike, scores: ArrayLike) -> tuple[NDArray[np.bool_], NDArray[np.float64]]:
    """Return labels and scores as flat arrays.

    Raises
    ------
    ValueError
        If nothing is relevant, lengths differ, a label is neither true, false, 0 nor 1, or a score is not a
        number.
    """
    truth = checked_truth(relevant, where="relevant")
    given = np.asarray(scores, dtype=float).ravel()
    if len(truth) != len(given):
        raise ValueError(f"found {len(truth)} labels and {len(given)} scores; expected one score a label")
    if np.isnan(given).any():
        raise ValueError("found a score that is not a number; expected a score for every record")
    if not truth.any():
        raise ValueError("found no relevant record; a ranking can only be judged where there is one to find")
    return truth, given


def ranking_order(truth: NDArray[np.bool_], scores: NDArray[np.float64]) -> NDArray[np.intp]:
    """Return the places of the records, best first, the irrelevant of a tie before the relevant."""
    return np.lexsort((truth, -scores))


def ranks_of(relevant: ArrayLike, scores: ArrayLike) -> tuple[Ranks, int]:
    """Return the ranks of the relevant records, shape (p,), ascending, and n.

    Raises
    ------
    ValueError
        As `checked_pair`.
    """
    truth, given = checked_pair(relevant, scores)
    return np.flatnonzero(truth[ranking_order(truth, given)]) + 1, len(truth)


def first_of(share: float, n: int) -> int:
    """Return ceil(share n): how many records are the first `share` of n."""
    return ceil(share * n - _ROUNDING)


def wss_at(ranks: Ranks, n: int, recall: float) -> NDArray[np.float64]:
    """Work saved over sampling, shape (...,)."""
    needed = ranks[..., first_of(recall, ranks.shape[-1]) - 1]
    saved: NDArray[np.float64] = (n - needed) / n - (1 - recall)
    return saved


def recall_among(ranks: Ranks, first: int) -> NDArray[np.float64]:
    """Share of the relevant whose rank is at most `first`, shape (...,)."""
    share: NDArray[np.float64] = np.mean(ranks <= first, axis=-1)
    return share


def atd_at(ranks: Ranks, n: int) -> NDArray[np.float64]:
    """Mean rank over n, shape (...,)."""
    mean: NDArray[np.float64] = ranks.mean(axis=-1) / n
    return mean


def average_precision_at(ranks: Ranks) -> NDArray[np.float64]:
    """Mean precision at the relevant ranks, shape (...,)."""
    mean: NDArray[np.float64] = np.mean(np.arange(1, ranks.shape[-1] + 1) / ranks, axis=-1)
    return mean


def ndcg_at(ranks: Ranks) -> NDArray[np.float64]:
    """Discounted gain over the best that there could be, shape (...,)."""
    best = 1 / np.log2(np.arange(2, ranks.shape[-1] + 2))
    gained: NDArray[np.float64] = np.sum(1 / np.log2(ranks + 1), axis=-1) / best.sum()
    return gained
