"""How good a ranking was: the field's measures of screening work.

All take `relevant`, shape (n,), true where a record is relevant, and `scores`, shape (n,), higher is better.
Ties count against the ranking: within a tie the irrelevant records come first.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from classifier.evaluation.ranks import (
    atd_at,
    average_precision_at,
    first_of,
    ndcg_at,
    ranks_of,
    recall_among,
    wss_at,
)
from classifier.truth import checked_truth

__all__ = [
    "BINS",
    "atd",
    "average_precision",
    "bin_of",
    "brier",
    "checked_probabilities",
    "ece",
    "flagged_share",
    "ndcg",
    "recall_at",
    "wss",
]

BINS = 10


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
    ranks, n = ranks_of(relevant, scores)
    if not 0 < recall <= 1:
        raise ValueError(f"wss: found recall={recall}; expected a share above 0 and up to 1")
    return float(wss_at(ranks, n, recall))


def recall_at(
    relevant: ArrayLike, scores: ArrayLike, *, share: float = 0.1, count: int | None = None
) -> float:
    """Share of the relevant records among the first ceil(share n), or the first `count`, of the ranking.

    Parameters
    ----------
    share
        Above 0, up to 1; passed over where `count` is given.
    count
        1 or more; where it is above n, everything is read.

    Returns
    -------
    float
        From 0 to 1.

    Raises
    ------
    ValueError
        As `wss`, for `share` and `count`.
    """
    ranks, n = ranks_of(relevant, scores)
    if not 0 < share <= 1:
        raise ValueError(f"recall_at: found share={share}; expected a share above 0 and up to 1")
    if count is not None and count < 1:
        raise ValueError(f"recall_at: found count={count}; expected 1 or more")
    return float(recall_among(ranks, first_of(share, n) if count is None else count))


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
    return float(atd_at(*ranks_of(relevant, scores)))


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
    return float(average_precision_at(ranks_of(relevant, scores)[0]))


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
    return float(ndcg_at(ranks_of(relevant, scores)[0]))


def brier(relevant: ArrayLike, probabilities: ArrayLike) -> float:
    """Mean squared difference of probability and outcome (Brier 1950), from 0 (best) to 1.

    Raises
    ------
    ValueError
        If lengths differ, nothing is given or a probability is not in [0, 1].
    """
    truth, given = checked_probabilities(relevant, probabilities)
    return float(np.mean((given - truth) ** 2))


def ece(relevant: ArrayLike, probabilities: ArrayLike, *, bins: int = BINS) -> float:
    """Return the expected calibration error over bins of equal width (Naeini et al. 2015, equation 3).

    From 0 to 1: the mean of |observed share - mean probability| over the bins, weighted by their size
    (`classifier.evaluation.reliability` gives the bins).

    Raises
    ------
    ValueError
        As `brier`.
    """
    truth, given = checked_probabilities(relevant, probabilities)
    gaps = np.bincount(bin_of(given, bins), weights=truth - given, minlength=bins)
    return float(np.abs(gaps).sum() / len(given))


def bin_of(probabilities: NDArray[np.float64], bins: int = BINS) -> NDArray[np.intp]:
    """Return the number of the bin, of equal width from 0 to 1, in which each probability lies."""
    return np.minimum((probabilities * bins).astype(np.intp), bins - 1)


def flagged_share(flagged: ArrayLike) -> float:
    """Return the share of the records that stand above the line, from 0 to 1.

    Raises
    ------
    ValueError
        If there is no record.
    """
    given = checked_truth(flagged, where="flagged_share")
    if not len(given):
        raise ValueError("flagged_share: found no record; expected one or more")
    return float(given.mean())


def checked_probabilities(
    relevant: ArrayLike, probabilities: ArrayLike
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return labels, 0 or 1, and probabilities as flat arrays.

    Raises
    ------
    ValueError
        As `brier`.
    """
    truth = checked_truth(relevant, where="relevant").astype(float)
    given = np.asarray(probabilities, dtype=float).ravel()
    if len(truth) != len(given) or not len(given):
        raise ValueError(
            f"found {len(truth)} labels and {len(given)} probabilities; expected one a label, and some"
        )
    if not ((given >= 0) & (given <= 1)).all():
        raise ValueError("found a probability outside 0 to 1; expected calibrated probabilities")
    return truth, given
