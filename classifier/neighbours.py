"""Likeness to the nearest of a few positives."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csr_matrix
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.preprocessing import normalize
from sklearn.utils import check_consistent_length, gen_batches
from sklearn.utils.extmath import safe_sparse_dot
from sklearn.utils.validation import check_is_fitted, validate_data

from classifier.two_classes import is_positive

__all__ = ["Neighbours"]

# Rows compared with all positives at a time: it bounds the memory of a backlog.
_AT_ONCE = 2_000


class Neighbours(ClassifierMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn ships no types
    """Mean cosine with the nearest positives; of the negatives it learns nothing but where to draw the line.

    A review's included studies fall into groups (drugs, ages, settings), and a new one resembles those of its
    own group, not the mean of all.

    Parameters
    ----------
    n_neighbors
        Nearest positives whose cosines are averaged, from 1; all where there are fewer.

    Attributes
    ----------
    positives_ : ndarray or csr_matrix, shape (n positives, n features)
        Scaled to length 1.
    intercept_ : float
        Halfway between the mean likeness of the positives, each to the others, and that of the negatives.
    classes_ : ndarray, shape (2,)
    """

    def __init__(self, *, n_neighbors: int = 5) -> None:
        self.n_neighbors = n_neighbors

    def fit(self, X: ArrayLike | csr_matrix, y: ArrayLike) -> "Neighbours":  # noqa: N803 - scikit-learn's letter
        """Remember the positives: the second of two classes.

        Raises
        ------
        ValueError
            If there are not two classes.
        """
        positive = is_positive(y)
        rows: Any = validate_data(self, X, accept_sparse="csr", dtype=float, ensure_min_samples=2)
        check_consistent_length(rows, positive)
        self.classes_ = np.unique(np.asarray(y))
        self.positives_ = normalize(rows[positive])
        others = _nearest_mean(_likeness(normalize(rows[~positive]), self.positives_), self.n_neighbors)
        alone = self.left_out(rows[positive]) if positive.sum() > 1 else np.ones(1)
        self.intercept_ = float((alone.mean() + others.mean()) / 2)
        return self

    def decision_function(self, X: ArrayLike | csr_matrix) -> NDArray[np.float64]:  # noqa: N803 - as above
        """Return the likeness less the intercept, shape (n,)."""
        return self.likeness(X) - self.intercept_

    def likeness(self, X: ArrayLike | csr_matrix) -> NDArray[np.float64]:  # noqa: N803 - as above
        """Return the mean cosine with the nearest positives, shape (n,)."""
        check_is_fitted(self)
        rows = validate_data(self, X, accept_sparse="csr", dtype=float, reset=False)
        batches = (normalize(rows[one]) for one in gen_batches(rows.shape[0], _AT_ONCE))
        near = [_nearest_mean(_likeness(one, self.positives_), self.n_neighbors) for one in batches]
        return np.concatenate(near)

    def left_out(self, X: ArrayLike | csr_matrix) -> NDArray[np.float64]:  # noqa: N803 - as above
        """Return the likeness of each positive, or of a part of it, to the other positives: (n positives,).

        Parameters
        ----------
        X
            Shape (n positives, n features), in the order of `positives_`.
        """
        likeness = _likeness(normalize(X), self.positives_)
        np.fill_diagonal(likeness, -np.inf)
        return _nearest_mean(likeness, min(self.n_neighbors, len(likeness) - 1))

    def predict(self, X: ArrayLike | csr_matrix) -> NDArray[Any]:  # noqa: N803 - as above
        """Return the class of each row, shape (n,)."""
        likely = self.decision_function(X) > 0
        predicted: NDArray[Any] = self.classes_[likely.astype(int)]
        return predicted

    def __sklearn_tags__(self) -> Any:  # noqa: ANN401 - scikit-learn's protocol
        """Say what it takes: two classes, sparse or dense."""
        tags = super().__sklearn_tags__()
        tags.classifier_tags.multi_class = False
        tags.input_tags.sparse = True
        return tags


def _likeness(rows: Any, positives: Any) -> NDArray[np.float64]:  # noqa: ANN401 - dense or sparse
    return np.asarray(safe_sparse_dot(rows, positives.T, dense_output=True))


def _nearest_mean(likeness: NDArray[np.float64], k: int) -> NDArray[np.float64]:
    k = min(k, likeness.shape[1])
    nearest: NDArray[np.float64] = np.partition(likeness, -k, axis=1)[:, -k:].mean(axis=1)
    return nearest
