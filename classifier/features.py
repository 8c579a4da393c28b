"""Records as vectors: TF-IDF of single words and pairs, fitted on what is known, never on what is to come."""

from collections.abc import Sequence
from math import ceil

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import TfidfVectorizer

from classifier.text import Reading, has_body, terms
from classifier.training import TrainingSet, TrainingSetError
from review.record import Record

__all__ = ["Features", "fit_features"]

# Terms of more than this share of the training set tell nothing apart.
_COMMON = 0.95

# From this many records on, a term must occur in two of them: a third of the vocabulary is left. On seven
# development sets, four draws each, ranking was better on some and worse on others, within 0.03 of AP but for
# one set with two relevant records left.
_MANY = 50


class Features:
    """The vocabulary and IDF of a training set.

    Attributes
    ----------
    reading_
        How the training set's records are read, and every record with a body after them.
    terms_
        Shape (n features,): the vocabulary.
    """

    def __init__(self, vectorizer: TfidfVectorizer, reading: Reading) -> None:
        self._vectorizer = vectorizer
        self.reading_ = reading
        self.terms_: NDArray[np.str_] = vectorizer.get_feature_names_out()

    def transform(self, records: Sequence[Record], *, titles_only: bool = False) -> csr_matrix:
        """Return the vectors, shape (n records, n features), each of length 1 or, if no word is known, 0.

        Parameters
        ----------
        records
            A record without a body is read by its title whatever `titles_only` says.
        titles_only
            Read nothing but titles.
        """
        readings = [Reading.TITLE if titles_only or not has_body(r) else self.reading_ for r in records]
        if not records:
            return csr_matrix((0, len(self.terms_)), dtype=float)
        read = [terms(record, reading) for record, reading in zip(records, readings, strict=True)]
        vectors: csr_matrix = self._vectorizer.transform(read)
        return vectors


def fit_features(training: TrainingSet) -> tuple[Features, csr_matrix]:
    """Learn vocabulary and IDF; return them with the training set's own vectors.

    The weighting is sublinear, (1 + ln tf) * (ln((1 + n) / (1 + df)) + 1), scaled to length 1
    (scikit-learn's smooth IDF; Salton & Buckley 1988).

    Raises
    ------
    TrainingSetError
        If no record has a word that tells it from the others.
    """
    read = [terms(record, training.reading) for record in training.records]
    vectorizer = TfidfVectorizer(
        analyzer=_as_is,
        sublinear_tf=True,
        min_df=2 if len(read) >= _MANY else 1,
        max_df=ceil(_COMMON * len(read)),
    )
    try:
        vectors = vectorizer.fit_transform(read)
    except ValueError as error:
        raise TrainingSetError(
            f"training set: found no distinguishing word in {len(read)} records; expected titles or abstracts"
        ) from error
    return Features(vectorizer, training.reading), vectors


def _as_is(read: list[str]) -> list[str]:
    return read
