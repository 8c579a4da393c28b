"""The records that wait when a model is trained: who is near whom among them, and near the training set."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from classifier.draw import draw
from classifier.features import Features
from classifier.meanings import Meanings
from classifier.members import Members, Settings
from classifier.nearby import Nearby, find_nearby
from classifier.standing import Standing
from classifier.text import has_body
from classifier.training import TrainingSet
from review.ids import RecordId

__all__ = ["NEIGHBOURS", "Waiting", "fit_waiting", "possible_neighbours"]

NEIGHBOURS = 5_000
"""Records that can be neighbours at the most, drawn from those that wait; it bounds the cost of a backlog."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """n records that wait, and the m of them that can be neighbours.

    Parameters
    ----------
    vectors, bodied
        Of the m: shape (m, n features), and whether there is more than a title, shape (m,).
    one_another, training
        The nearest of the m for each of the n, and for each record of the training set.
    """

    ids: tuple[RecordId, ...]
    vectors: csr_matrix
    bodied: NDArray[np.bool_]
    one_another: Nearby
    training: Nearby

    def towards(self, members: Members, standing: Standing) -> dict[RecordId, float]:
        """Return the mean log-odds of the nearest of each of the n that has any."""
        means = self.one_another.mean(self._scores(members, standing))
        return {one: float(mean) for one, mean in zip(self.ids, means, strict=True) if not np.isnan(mean)}

    def training_towards(
        self, members: Members, standing: Standing, rows: NDArray[np.intp]
    ) -> NDArray[np.float64]:
        """Return the same for `rows` of the training set, NaN where there is none; shape (len(rows),)."""
        return self.training.mean(self._scores(members, standing))[rows]

    def _scores(self, members: Members, standing: Standing) -> NDArray[np.float64]:
        return standing.scores(members.scores(self.vectors), self.bodied)


def possible_neighbours(training: TrainingSet) -> NDArray[np.intp]:
    """Return which of what waits can be neighbours, in order: all, or `NEIGHBOURS` that were drawn."""
    ids = [one.id for one in training.waiting]
    # One seed for all: who can be a neighbour must not depend on the folds'.
    drawn = set(draw(ids, NEIGHBOURS, seed=0))
    return np.array([at for at, one in enumerate(ids) if one in drawn], dtype=np.intp)


def fit_waiting(
    training: TrainingSet,
    features: Features,
    meanings: Meanings,
    vectors: csr_matrix,
    neighbours: csr_matrix,
    *,
    settings: Settings,
) -> Waiting | None:
    """Find the neighbours of what waits and of the training set.

    Parameters
    ----------
    vectors, neighbours
        Of the training set, and of the `possible_neighbours`.

    Returns
    -------
    Waiting or None
        None where nothing waits.
    """
    waiting = training.waiting
    if not waiting:
        return None
    others = possible_neighbours(training)
    own = np.full(len(waiting), -1, dtype=np.intp)
    own[others] = np.arange(len(others))
    far, k = meanings.directions(neighbours), settings.nearby

    def of_waiting(some: slice) -> NDArray[np.float64]:
        return meanings.directions(features.transform(waiting[some]))

    def of_training(some: slice) -> NDArray[np.float64]:
        return meanings.directions(vectors[some])

    return Waiting(
        ids=tuple(one.id for one in waiting),
        vectors=neighbours,
        bodied=np.array([has_body(waiting[at]) for at in others], dtype=bool),
        one_another=find_nearby(of_waiting, far, own, k=k),
        training=find_nearby(of_training, far, np.full(len(training.records), -1, dtype=np.intp), k=k),
    )
