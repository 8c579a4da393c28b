"""What a record would score without some of its terms: the exact answer, not a weight that stands for it.

A weight alone says too little: taking a term out lengthens all the others (vectors have length 1), other
included records may become the nearest, and a place among reference scores is no straight line.
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack

from classifier.ensemble import Ensemble
from classifier.members import Head, Members
from classifier.neighbours import Neighbours
from classifier.standing import Standing

__all__ = ["Effects", "fit_effects"]

# What is left of a squared length of 1 after all terms were taken out, in binary.
_NOTHING = 1e-9

# Records at a time: what each of their terms adds to each column is held at once.
_BLOCK = 32


@dataclass(frozen=True, slots=True)
class Effects:
    """The members as columns of one table of weights, and the standing they lead to.

    Parameters
    ----------
    weights
        Shape (n features, n columns): one column for a linear member, one a positive for *neighbours*.
    columns
        Which columns belong to each member, in the order of the members.
    nearest
        How many of a member's columns are averaged, the highest ones.
    """

    weights: csr_matrix
    columns: tuple[slice, ...]
    nearest: tuple[int, ...]
    standing: Standing

    def of_terms(self, vectors: csr_matrix, bodied: NDArray[np.bool_]) -> NDArray[np.float64]:
        """Return how much higher each record stands with each of its terms than without it.

        In standard deviations of the mean standing of the training set (`classifier.reference`), of which the
        score is a rising function: a positive one says that the score falls without the term. What waits
        nearby (`classifier.nearby`) stays the same without it.

        Parameters
        ----------
        vectors
            Shape (n, n features).
        bodied
            Shape (n,): whether there is more than a title.

        Returns
        -------
        ndarray
            Shape (terms of all records,), in the order of `vectors.indices`.
        """
        starts = range(0, len(bodied), _BLOCK)
        blocks = [self._of_block(vectors[at : at + _BLOCK], bodied[at : at + _BLOCK]) for at in starts]
        return np.concatenate([np.empty(0), *blocks])

    def _of_block(self, vectors: csr_matrix, bodied: NDArray[np.bool_]) -> NDArray[np.float64]:
        rows = np.repeat(np.arange(len(bodied)), np.diff(vectors.indptr))
        whole = (vectors @ self.weights).toarray()
        parts = self.weights[vectors.indices].toarray() * vectors.data[:, None]
        as_it_is = self._levels(whole, bodied)
        scaled = (whole[rows] - parts) / np.sqrt(np.maximum(1 - vectors.data**2, _NOTHING))[:, None]
        return as_it_is[rows] - self._levels(scaled, bodied[rows])

    def _levels(self, sums: NDArray[np.float64], bodied: NDArray[np.bool_]) -> NDArray[np.float64]:
        pairs = zip(self.columns, self.nearest, strict=True)
        raw = np.column_stack([_highest_mean(sums[:, part], k) for part, k in pairs])
        return np.where(bodied, self.standing.bodies.level(raw), self.standing.titles.level(raw))


def fit_effects(ensemble: Ensemble) -> Effects:
    """Put the weights of all members that speak for *inclusion* side by side."""
    members, standing = ensemble.members, ensemble.standings[Head.INCLUSION]
    blocks = _blocks(members, standing)
    ends = np.cumsum([0, *(block.shape[1] for block, _ in blocks)])
    return Effects(
        weights=csr_matrix(hstack([block for block, _ in blocks], format="csr")),
        columns=tuple(slice(int(a), int(b)) for a, b in pairwise(ends)),
        nearest=tuple(k for _, k in blocks),
        standing=standing,
    )


def _blocks(members: Members, standing: Standing) -> list[tuple[csr_matrix, int]]:
    spoken = [one for one, yes in zip(members.named.values(), standing.chosen, strict=True) if yes]
    return [
        (csr_matrix(one.positives_.T), min(one.n_neighbors, one.positives_.shape[0]))
        if isinstance(one, Neighbours)
        else (csr_matrix(one.coef_.T), 1)
        for one in spoken
    ]


def _highest_mean(columns: NDArray[np.float64], k: int) -> NDArray[np.float64]:
    highest: NDArray[np.float64] = np.partition(columns, -k, axis=1)[:, -k:].mean(axis=1)
    return highest
