"""What a word means, from the words around it: learned without a label from whatever texts are there."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csr_matrix
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.preprocessing import normalize
from sklearn.utils.extmath import randomized_svd, safe_sparse_dot
from sklearn.utils.validation import check_is_fitted, check_non_negative, check_random_state, validate_data
from threadpoolctl import threadpool_limits

__all__ = ["WordVectors"]

# Power iterations: enough for what a rank needs of the last dimensions.
_POWER = 4


class WordVectors(TransformerMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn ships no types
    """Few dimensions for many words, from how often each occurs in each context.

    Positive pointwise mutual information, PPMI = max(0, ln(P(w, c) / (P(w) P(c)))) (Levy & Goldberg 2014,
    eq. 8 and 9), with the contexts' distribution raised to a power below 1, so that rare contexts count less
    (Levy, Goldberg & Dagan 2015, eq. 3), cut to its largest singular values; a word is its row of V S^1/2
    (ibid., eq. 6), scaled to length 1. A text is the weighted sum of its words.

    Deterministic on one machine: whatever number of threads is set, the decomposition runs on one.

    Parameters
    ----------
    n_components
        Dimensions, from 1; fewer where there are not as many words or contexts.
    smoothing
        The power of the contexts' distribution, above 0 and up to 1.
    random_state
        Of the decomposition (Halko, Martinsson & Tropp 2011).

    Attributes
    ----------
    vectors_ : ndarray, shape (n words, n dimensions)
        Of length 1, or 0 for a word without a telling context.
    """

    def __init__(
        self, *, n_components: int = 200, smoothing: float = 0.75, random_state: int | None = None
    ) -> None:
        self.n_components = n_components
        self.smoothing = smoothing
        self.random_state = random_state

    def fit(self, X: ArrayLike | csr_matrix, y: object = None) -> "WordVectors":  # noqa: ARG002, N803 - scikit-learn's
        """Learn from counts, shape (n contexts, n words): how often a word occurs in a context.

        Raises
        ------
        ValueError
            If a count is negative.
        """
        counts: Any = validate_data(self, X, accept_sparse="csr", dtype=float)
        check_non_negative(counts, "WordVectors")
        table = _ppmi(csr_matrix(counts), self.smoothing)
        with threadpool_limits(limits=1, user_api="blas"):
            _, values, rows = randomized_svd(
                table,
                n_components=min(self.n_components, *table.shape),
                n_iter=_POWER,
                random_state=check_random_state(self.random_state),
            )
        self.vectors_ = normalize(rows.T * np.sqrt(values))
        return self

    def transform(self, X: ArrayLike | csr_matrix) -> NDArray[np.float64]:  # noqa: N803 - as above
        """Return the sum of the words of each text by their weights in it, shape (n, n dimensions).

        Parameters
        ----------
        X
            Shape (n, n words).
        """
        check_is_fitted(self)
        rows = validate_data(self, X, accept_sparse="csr", dtype=float, reset=False)
        return np.asarray(safe_sparse_dot(rows, self.vectors_, dense_output=True))

    def __sklearn_tags__(self) -> Any:  # noqa: ANN401 - scikit-learn's protocol
        """Say what it takes: counts, sparse or dense."""
        tags = super().__sklearn_tags__()
        tags.input_tags.sparse = True
        tags.input_tags.positive_only = True
        return tags


def _ppmi(counts: csr_matrix, smoothing: float) -> csr_matrix:
    table = counts.tocoo()
    of_words, of_contexts = (np.asarray(counts.sum(axis=axis)).ravel() for axis in (0, 1))
    smooth = of_contexts**smoothing
    there = table.data > 0
    row, column, data = table.row[there], table.col[there], table.data[there]
    expected = of_words[column] * (smooth / max(smooth.sum(), np.finfo(float).tiny))[row]
    information = np.log(data / expected)
    telling = information > 0
    return csr_matrix((information[telling], (row[telling], column[telling])), shape=counts.shape)
