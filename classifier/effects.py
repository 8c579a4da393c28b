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

    def of_terms(self, vector: csr_matrix, *, bodied: bool) -> NDArray[np.float64]:
        """Return how much higher a record stands with each of its terms than without it, shape (terms,).

        In standard deviations of the mean standing of the training set (`classifier.reference`), of which the
        score is a rising function: a positive one says that the score falls without the term.

        Parameters
        ----------
        vector
            Shape (1, n features).
        bodied
            Whether there is more than a title.
        """
        scale = self.standing.bodies if bodied else self.standing.titles
        parts = self.weights[vector.indices].toarray() * vector.data[:, None]
        whole = parts.sum(axis=0)
        raw = self._raw(np.vstack([whole, whole - parts]), 1 - np.append(0, vector.data**2))
        stands = [one.standing(column) for one, column in zip(scale.members, raw.T, strict=True)]
        levels: NDArray[np.float64] = np.mean(stands, axis=0)
        return np.asarray((levels[0] - levels[1:]) / scale.mean.scale)

    def _raw(self, sums: NDArray[np.float64], left: NDArray[np.float64]) -> NDArray[np.float64]:
        scaled = sums / np.sqrt(np.maximum(left, _NOTHING))[:, None]
        pairs = zip(self.columns, self.nearest, strict=True)
        return np.column_stack([_highest_mean(scaled[:, part], k) for part, k in pairs])


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
