"""The members of the ensemble: four linear views of what is relevant, each a weight for every term.

None of them is the best on every labelled review, which is why their ranks are averaged. *final*: a linear
SVM of included against everything else. *centroid*: likeness to the mean of the included. *triage*: a linear
SVM of included and full-text excluded (they were worth a reader's time) against the rest. *latent*: *final*
in the space of the leading singular vectors (latent semantic analysis, Deerwester et al. 1990).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import eigh
from scipy.sparse import csr_matrix
from sklearn.svm import LinearSVC

from classifier.grade import Grade
from classifier.training import TrainingSet

__all__ = ["Latent", "Members", "Settings", "fit_latent", "fit_members", "teaches_triage"]

# Singular vectors whose eigenvalue is below this share of the largest are noise of the arithmetic.
_FLAT = 1e-10


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What was chosen on development sets and is the same for every review.

    Parameters
    ----------
    C
        Inverse strength of the SVMs' regularisation.
    ratio
        Total weight of the positives for one of the negatives (ASReview's ELAS u4 uses the same).
    components
        Leading singular vectors kept.
    anchors
        Records, best graded first, that span the latent space: it bounds the cost, which grows with the cube.
    """

    C: float = 0.01
    ratio: float = 9.8
    components: int = 100
    anchors: int = 600


@dataclass(frozen=True, slots=True)
class Latent:
    """Leading singular vectors, kept in dual form: their basis in term space is dual' anchors.

    Parameters
    ----------
    coordinates
        Shape (n, k): where each record of the training set lies.
    anchors
        Shape (a, n features): the records that span the space.
    dual
        Shape (a, k).
    """

    coordinates: NDArray[np.float64]
    anchors: csr_matrix
    dual: NDArray[np.float64]

    def in_terms(self, coef: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the weight of every term, shape (n features,), for weights (k,) of the coordinates."""
        return np.asarray(self.anchors.T @ (self.dual @ coef))


@dataclass(frozen=True, slots=True)
class Members:
    """Fitted members: `coef`, shape (n features, m).

    Intercepts are left out: a rank needs none, and those of two folds differ for no reason of the text.
    """

    coef: NDArray[np.float64]

    def scores(self, vectors: csr_matrix) -> NDArray[np.float64]:
        """Return each member's score of each record, shape (n, m)."""
        return np.asarray(vectors @ self.coef)


def teaches_triage(training: TrainingSet) -> bool:
    """Say whether the member *triage* can be trained.

    It needs records excluded at full text, and at least two negatives beside them.
    """
    near = training.is_any(Grade.FULL_TEXT_EXCLUDED)
    others = training.is_any(Grade.ABSTRACT_EXCLUDED, Grade.PRESUMED_NEGATIVE)
    return bool(near.any() and others.sum() > 1)


def fit_latent(vectors: csr_matrix, anchors: NDArray[np.intp], *, components: int) -> Latent:
    """Return the leading singular vectors of the anchors, and where all records lie; no label is looked at.

    From the eigenvectors of the anchors' Gram matrix: with some hundreds of records and ten thousands of
    terms that was several times as fast as a randomised decomposition. Each eigenvector's largest
    entry is made positive, as its sign is arbitrary.
    """
    rows = vectors[anchors]
    k = min(components, len(anchors))
    values, u = eigh((rows @ rows.T).toarray(), subset_by_index=[len(anchors) - k, len(anchors) - 1])
    kept = values > _FLAT * values[-1]
    u = u[:, kept] * np.sign(u[np.abs(u[:, kept]).argmax(axis=0), np.flatnonzero(kept)])
    dual = u / np.sqrt(values[kept])
    return Latent(coordinates=np.asarray(vectors @ (rows.T @ dual)), anchors=rows, dual=dual)


def fit_members(
    vectors: csr_matrix,
    latent: Latent,
    training: TrainingSet,
    rows: NDArray[np.intp],
    *,
    settings: Settings,
    seed: int,
) -> Members:
    """Train every member on `rows` of the training set.

    Parameters
    ----------
    vectors
        Shape (n, n features), all records of the training set.
    rows
        Indices of those to learn from.
    """
    included = training.is_any(Grade.INCLUDED)[rows]
    worth_reading = training.is_any(Grade.INCLUDED, Grade.FULL_TEXT_EXCLUDED)[rows]
    chosen = vectors[rows]
    columns = [
        _svm(chosen, included, settings, seed),
        np.asarray(chosen[included].mean(axis=0)).ravel(),
        latent.in_terms(_svm(latent.coordinates[rows], included, settings, seed)),
    ]
    if teaches_triage(training):
        columns.append(_svm(chosen, worth_reading, settings, seed))
    return Members(coef=np.column_stack(columns))


def _svm(
    vectors: csr_matrix | NDArray[np.float64], positive: NDArray[np.bool_], settings: Settings, seed: int
) -> NDArray[np.float64]:
    svm = LinearSVC(C=settings.C, random_state=seed, max_iter=20_000)
    svm.fit(vectors, positive, sample_weight=_weights(positive, settings.ratio))
    coef: NDArray[np.float64] = svm.coef_[0]
    return coef


def _weights(positive: NDArray[np.bool_], ratio: float) -> NDArray[np.float64]:
    weights: NDArray[np.float64] = np.where(positive, 1.0, positive.sum() / (ratio * (~positive).sum()))
    balanced: NDArray[np.float64] = weights / weights.mean()
    return balanced
