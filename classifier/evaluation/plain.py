"""The ranking to beat: a linear SVM on included against excluded, as a tool for one-off reviews trains it."""

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer

from classifier.balanced_svm import BalancedSvm
from classifier.evaluation.splits import Split
from classifier.grade import Grade
from review.record import Record

__all__ = ["plain_svm_scores"]

# ASReview 3.0, asreview/models/models.py, "ELAS u4".
_C, _RATIO, _COMMON = 0.11, 9.8, 0.95


def plain_svm_scores(split: Split, *, seed: int) -> NDArray[np.float64]:
    """Return the decision values of the ranked records, shape (m,).

    It sees the texts of all records, and of the labels only whether a judged record was included.

    Raises
    ------
    ValueError
        If the judged records are all included, or none is.
    """
    positive = np.array([grade is Grade.INCLUDED for grade in split.grades], dtype=bool)
    if positive.all() or not positive.any():
        raise ValueError(
            f"{split.name}: found {positive.sum()} included of {len(positive)} judged; expected some, not all"
        )
    vectorizer = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, max_df=_COMMON)
    texts = [_text(record) for record in (*split.judged, *split.ranked)]
    vectors = vectorizer.fit_transform(texts)
    svm = BalancedSvm(C=_C, ratio=_RATIO, random_state=seed).fit(vectors[: len(positive)], positive)
    scores: NDArray[np.float64] = svm.decision_function(vectors[len(positive) :])
    return scores


def _text(record: Record) -> str:
    return f"{record.title} {record.abstract}"
