"""The labels of a binary estimator, checked as scikit-learn's conventions ask."""

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.utils.multiclass import check_classification_targets, type_of_target
from sklearn.utils.validation import assert_all_finite, column_or_1d

__all__ = ["is_positive"]


def is_positive(y: ArrayLike) -> NDArray[np.bool_]:
    """Return which labels are of the second of two classes, shape (n,).

    Raises
    ------
    ValueError
        If there are not two classes.
    """
    if y is None:
        raise ValueError("requires y to be passed, but the target y is None")
    labels = column_or_1d(y, warn=True)
    assert_all_finite(labels, input_name="y")
    check_classification_targets(labels)
    classes = np.unique(labels)
    if len(classes) > 2:
        raise ValueError(
            "Only binary classification is supported. The type of the target is "
            f"{type_of_target(labels)}; expected two classes, found {len(classes)}"
        )
    if len(classes) < 2:
        raise ValueError(
            f"Classifier can't train when only one class is present: found {list(classes)}; expected two"
        )
    positive: NDArray[np.bool_] = labels == classes[1]
    return positive
