"""What waits beside a record, and how far that moves it.

Of two reports that look alike to a model, the one among likelier reports is likelier itself (the cluster
hypothesis, Jardine & van Rijsbergen 1971; Diaz 2005 moves retrieval scores towards those of the nearest). The
records that wait when a model is trained are the neighbours, for good: a score does not depend on the batch.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit
from sklearn.utils import gen_batches

__all__ = ["Nearby", "find_nearby", "moved"]

# Rows compared with all others at a time: it bounds the memory of a backlog.
_AT_ONCE = 1_000

# Scores of 0 and 1 have no log-odds.
_EDGE = 1e-9


@dataclass(frozen=True, slots=True)
class Nearby:
    """The nearest of m records for each of n.

    Parameters
    ----------
    rows
        Shape (n, k): which of the m.
    weights
        Shape (n, k): their cosines, 0 where these are below.
    """

    rows: NDArray[np.intp]
    weights: NDArray[np.float64]

    def mean(self, scores: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the mean log-odds of the nearest by their weights, shape (n,); NaN where none has weight.

        Parameters
        ----------
        scores
            Shape (m,), from 0 to 1.
        """
        total = self.weights.sum(axis=1)
        summed = (self.weights * _log_odds(scores)[self.rows]).sum(axis=1)
        return np.where(total > 0, summed / np.where(total > 0, total, 1), np.nan)


def find_nearby(
    directions: Callable[[slice], NDArray[np.float64]],
    others: NDArray[np.float64],
    own: NDArray[np.intp],
    *,
    k: int,
) -> Nearby:
    """Find the `k` of `others` with the highest cosine, or all where there are fewer.

    Parameters
    ----------
    directions
        Gives some of n rows, shape (their number, n dimensions), of length 1, or 0: not all are held at once.
    others
        Shape (m, n dimensions), m at least 1; rows as of `directions`.
    own
        Shape (n,): which of `others` is the record itself, and no neighbour; -1 where none is.
    """
    k = min(k, len(others))
    found = [np.empty((0, k), dtype=np.intp)]
    cosines = [np.empty((0, k))]
    for batch in gen_batches(len(own), _AT_ONCE):
        likeness = directions(batch) @ others.T
        itself = np.flatnonzero(own[batch] >= 0)
        likeness[itself, own[batch][itself]] = -1
        # A copy: the slice alone would keep the whole of every batch.
        found.append(np.argpartition(-likeness, k - 1, axis=1)[:, :k].copy())
        cosines.append(np.take_along_axis(likeness, found[-1], axis=1))
    return Nearby(np.concatenate(found), np.maximum(np.concatenate(cosines), 0))


def moved(scores: NDArray[np.float64], towards: NDArray[np.float64], *, share: float) -> NDArray[np.float64]:
    """Return scores moved, in log-odds, a share of the way; those stay that have nothing to move towards.

    Parameters
    ----------
    scores
        Shape (n,), from 0 to 1.
    towards
        Log-odds, shape (n,); NaN where there are none.
    share
        From 0 (stay) to below 1.
    """
    between = expit((1 - share) * _log_odds(scores) + share * np.nan_to_num(towards))
    return np.where(np.isnan(towards), scores, between)


def _log_odds(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    odds: NDArray[np.float64] = logit(np.clip(scores, _EDGE, 1 - _EDGE))
    return odds
