"""A linear SVM for a few positives among many negatives."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csr_matrix
from sklearn.svm import LinearSVC

from classifier.two_classes import is_positive

__all__ = ["BalancedSvm"]


class BalancedSvm(LinearSVC):  # type: ignore[misc]  # scikit-learn ships no types
    """Linear SVM (squared hinge) whose two classes weigh `ratio` to 1, however many there are of each.

    The balancing is that of ASReview's default, "ELAS u4": a positive weighs 1, a negative
    (positives / negatives) / ratio, all scaled to a mean of 1.

    Parameters
    ----------
    C
        Inverse strength of the regularisation, above 0.
    ratio
        Total weight of the positives for one of the negatives, above 0.
    random_state
        Of the solver.
    """

    def __init__(self, *, C: float = 0.11, ratio: float = 9.8, random_state: int | None = None) -> None:  # noqa: N803 - scikit-learn's letter
        super().__init__(C=C, max_iter=20_000, random_state=random_state)
        self.ratio = ratio

    def fit(self, X: ArrayLike | csr_matrix, y: ArrayLike) -> "BalancedSvm":  # noqa: N803 - as above
        """Learn from two classes, the second of them positive.

        Raises
        ------
        ValueError
            If there are not two classes.
        """
        super().fit(X, y, sample_weight=_balanced(is_positive(y), self.ratio))
        return self

    def likeness(self, X: csr_matrix) -> NDArray[np.float64]:  # noqa: N803 - as above
        """Return the decision function without its intercept, shape (n,)."""
        return np.asarray(X @ self.coef_[0])

    def __sklearn_tags__(self) -> Any:  # noqa: ANN401 - scikit-learn's protocol
        """Say that two classes are all it takes."""
        tags = super().__sklearn_tags__()
        tags.classifier_tags.multi_class = False
        return tags


def _balanced(positive: NDArray[np.bool_], ratio: float) -> NDArray[np.float64]:
    negative = positive.sum() / (ratio * (~positive).sum())
    weights: NDArray[np.float64] = np.where(positive, 1.0, negative)
    balanced: NDArray[np.float64] = weights / weights.mean()
    return balanced
