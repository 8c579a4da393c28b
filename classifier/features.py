"""Records as vectors: TF-IDF of single words and pairs, fitted on what is known, never on what is to come."""

from collections.abc import Sequence
from functools import cached_property
from math import ceil

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from classifier.codes import code_terms, name_codes
from classifier.text import Reading, has_body
from classifier.training import TrainingSet, TrainingSetError
from classifier.vocabulary import Vocabulary, smooth_idf
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
    vocabulary_
        The terms as codes, a column each, with their IDF.
    reading_
        How the training set's records are read, and every record with a body after them.
    """

    def __init__(self, vocabulary: Vocabulary, training: TrainingSet) -> None:
        self.vocabulary_ = vocabulary
        self.reading_ = training.reading
        self._training = training

    @cached_property
    def terms_(self) -> NDArray[np.str_]:
        """The terms as people read them, shape (n features,); found in the training set when asked for."""
        return name_codes(self.vocabulary_.codes, self._training.records, self.reading_)

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
        return self.vocabulary_.vectors(code_terms(records, readings))


def fit_features(training: TrainingSet) -> tuple[Features, csr_matrix]:
    """Learn vocabulary and IDF; return them with the training set's own vectors.

    The weighting is sublinear, (1 + ln tf) * (ln((1 + n) / (1 + df)) + 1), scaled to length 1
    (scikit-learn's smooth IDF; Salton & Buckley 1988). Columns are in the order of the codes.

    Raises
    ------
    TrainingSetError
        If no record has a word that tells it from the others.
    """
    n = len(training.records)
    coded = code_terms(training.records, training.reading)
    codes, df = np.unique(coded.codes, return_counts=True)
    kept = (df >= (2 if n >= _MANY else 1)) & (df <= ceil(_COMMON * n))
    if not kept.any():
        raise TrainingSetError(
            f"training set: found no distinguishing word in {n} records; expected titles or abstracts"
        )
    columns = np.arange(np.count_nonzero(kept), dtype=np.int32)
    vocabulary = Vocabulary(codes[kept], columns, smooth_idf(df[kept], n))
    return Features(vocabulary, training), vocabulary.vectors(coded)
