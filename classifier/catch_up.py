"""Catch-up screening: most relevant first, learning on the way, from one relevant and one irrelevant record.

The model is that of ASReview's default, "ELAS u4" (ASReview 3.0, asreview/models/models.py): TF-IDF of words
and pairs, a linear SVM with squared hinge loss, positives outweighing negatives. It is near what words alone
can give; training again only once the labels have grown by a fiftieth makes it cheap.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csr_matrix

from classifier.balanced_svm import BalancedSvm
from classifier.draw import shuffled
from classifier.pool import Pool
from classifier.truth import checked_count, checked_truth

__all__ = ["CatchUp", "simulate"]

# Retrain when one label has come in for so many that are there.
_PATIENCE = 50


class CatchUp:
    """What a team that screens a pool reads next.

    Deterministic: the same labels in the same order with the same seed give the same records.

    Parameters
    ----------
    pool
        All records, judged or not.
    seed
        Of the solver, and of the order before both a relevant and an irrelevant record are known.

    Examples
    --------
    >>> from classifier.pool import build_pool
    >>> from review.record import Record
    >>> titles = ("Trial of X", "Cohort of Z", "Trial of X and Y", "Cohort of Z and Y")
    >>> pool = build_pool(Record(source="files", accession=str(i), title=t) for i, t in enumerate(titles))
    >>> screening = CatchUp(pool, seed=1)
    >>> screening.learn({0: True, 1: False})
    >>> screening.next(2).tolist()
    [2, 3]
    """

    def __init__(self, pool: Pool, *, seed: int = 0) -> None:
        self.pool = pool
        self.seed = seed
        self.labels: dict[int, bool] = {}
        self._taught: dict[int, bool] = {}
        self._scores: NDArray[np.float32] | NDArray[np.float64] | None = None

    def learn(self, labels: Mapping[int, bool]) -> None:
        """Take in labels by the record's number in the pool, true where it is relevant.

        The last label of a record counts. The model is trained again once the labels that it has not seen
        are a fiftieth of all (at least one).

        Raises
        ------
        ValueError
            If the pool has no record of that number, or a label is neither true, false, 0 nor 1.
        """
        for one in labels:
            checked_count(one, where="CatchUp.learn", what="as a record")
        unknown = [one for one in labels if not 0 <= one < len(self.pool)]
        if unknown:
            raise ValueError(
                f"CatchUp.learn: found a label for record {unknown[0]}; expected 0 to {len(self.pool) - 1}"
            )
        truth = checked_truth(list(labels.values()), where="CatchUp.learn")
        self.labels |= {int(one): bool(relevant) for one, relevant in zip(labels, truth, strict=True)}
        if len(set(self.labels.values())) < 2:
            # A correction may take the last one of its kind away: what it taught goes with it.
            self._scores, self._taught = None, {}
            return
        news = self.labels.items() - self._taught.items()
        if len(news) >= max(1, len(self.labels) // _PATIENCE):
            self._scores = self.pool.scores(self._weights())
            self._taught = dict(self.labels)

    def next(self, n: int) -> NDArray[np.intp]:
        """Return the numbers of the next `n` unread records, most relevant first; fewer if fewer are left."""
        if self._scores is None:
            self._scores = _drawn_scores(len(self.pool), self.seed)
        scores = self._scores.copy()
        scores[list(self.labels)] = -np.inf
        return _highest(scores, min(n, len(self.pool) - len(self.labels)))

    def _weights(self) -> NDArray[np.float32]:
        rows = self.pool.rows(list(self.labels))
        relevant = np.fromiter(self.labels.values(), dtype=bool)
        used, compact = _compact(rows)
        weights = np.zeros(self.pool.n_terms, np.float32)
        if len(used):
            weights[used] = BalancedSvm(random_state=self.seed).fit(compact, relevant).coef_[0]
        return weights


def simulate(pool: Pool, relevant: ArrayLike, priors: ArrayLike, *, seed: int = 0) -> NDArray[np.intp]:
    """Screen a whole pool whose labels are known.

    Parameters
    ----------
    relevant
        Shape (n,), the truth.
    priors
        Numbers of the records that are known at the start.

    Returns
    -------
    ndarray
        Shape (n - number of priors,): the other records in the order in which they are read.

    Raises
    ------
    ValueError
        If there is not one label, true or false, for each record.
    """
    given = np.asarray(relevant).ravel()
    if len(given) != len(pool):
        raise ValueError(f"simulate: found {len(given)} labels; expected one for each of {len(pool)} records")
    truth = checked_truth(given, where="simulate")
    screening, read = CatchUp(pool, seed=seed), []
    batch = np.unique(np.asarray(priors, dtype=np.intp))
    while len(screening.labels) < len(pool):
        screening.learn({int(one): bool(truth[one]) for one in batch})
        batch = screening.next(max(1, len(screening.labels) // _PATIENCE))
        read.append(batch)
    return np.concatenate([np.empty(0, np.intp), *read])


def _drawn_scores(n: int, seed: int) -> NDArray[np.float64]:
    scores = np.empty(n)
    scores[[int(one) for one in shuffled(map(str, range(n)), seed=seed)]] = -np.arange(n)
    return scores


def _highest(scores: NDArray[np.floating[Any]], n: int) -> NDArray[np.intp]:
    """Return the places of the `n` highest scores, best first, ties in their order; not all are sorted."""
    if n < 1:
        return np.empty(0, dtype=np.intp)
    least = np.partition(scores, len(scores) - n)[len(scores) - n]
    candidates = np.flatnonzero(scores >= least)
    return candidates[np.argsort(-scores[candidates], kind="stable")][:n]


def _compact(rows: csr_matrix) -> tuple[NDArray[np.intp], csr_matrix]:
    """Leave out the columns in which no row has a term: the solver holds several weights for each."""
    seen = np.zeros(rows.shape[1], dtype=bool)
    seen[rows.indices] = True
    used = np.flatnonzero(seen)
    place = np.empty(rows.shape[1], dtype=np.int32)
    place[used] = np.arange(len(used))
    return used, csr_matrix((rows.data, place[rows.indices], rows.indptr), shape=(rows.shape[0], len(used)))
