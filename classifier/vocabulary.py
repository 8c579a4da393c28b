"""Which terms count, and how much: the columns of a matrix, and the rarity of each."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from classifier.codes import Codes

__all__ = ["GrowingVocabulary", "Vocabulary", "scale_rows", "smooth_idf"]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The terms that have a column.

    Parameters
    ----------
    codes
        Shape (n terms,), rising.
    columns
        Shape (n terms,): the column of each; every number from 0 to n terms - 1 once.
    idf
        Shape (n terms,), by column; 0 for a term that is not to count. Its type is that of the vectors.
    """

    codes: NDArray[np.uint64]
    columns: NDArray[np.int32]
    idf: NDArray[np.floating[Any]]

    def find(self, codes: NDArray[np.uint64]) -> NDArray[np.int32]:
        """Return the column of each of `codes`, -1 where it has none; same shape."""
        if not len(self.codes):
            return np.full(len(codes), -1, dtype=np.int32)
        at = np.minimum(np.searchsorted(self.codes, codes), len(self.codes) - 1)
        return np.where(self.codes[at] == codes, self.columns[at], np.int32(-1))

    def vectors(self, coded: Codes) -> csr_matrix:
        """Return TF-IDF vectors, shape (n records, n terms), each of length 1 or, if no term is known, 0.

        (1 + ln tf) * idf, scaled to length 1 (Salton & Buckley 1988).
        """
        columns = self.find(coded.codes)
        known = columns >= 0
        ends = np.concatenate([[0], np.cumsum(known)])[coded.ends]
        columns = columns[known]
        weights = (1 + np.log(coded.counts[known])).astype(self.idf.dtype) * self.idf[columns]
        scale_rows(weights, ends)
        return csr_matrix((weights, columns, ends), shape=(len(ends) - 1, len(self.codes)))


class GrowingVocabulary:
    """A vocabulary that is being collected, batch by batch; columns in the order of first sight.

    Frequent terms come first, so that a weight for every term is read mostly from its beginning.

    Attributes
    ----------
    n : int
        Records seen.
    """

    def __init__(self) -> None:
        self.n = 0
        self._codes = np.empty(0, np.uint64)
        self._columns = np.empty(0, np.int32)
        self._df = np.empty(0, np.int32)

    def add(self, coded: Codes) -> NDArray[np.int32]:
        """Take in a batch; return the column of each of its codes, shape (len(coded.codes),)."""
        distinct, place, df = np.unique(coded.codes, return_inverse=True, return_counts=True)
        at = np.searchsorted(self._codes, distinct)
        known = at < len(self._codes)
        known[known] = self._codes[at[known]] == distinct[known]
        columns = np.empty(len(distinct), np.int32)
        columns[known] = self._columns[at[known]]
        columns[~known] = np.arange(len(self._codes), len(self._codes) + np.count_nonzero(~known))
        self._codes = np.insert(self._codes, at[~known], distinct[~known])
        self._columns = np.insert(self._columns, at[~known], columns[~known])
        self._df = np.concatenate([self._df, np.zeros(len(self._codes) - len(self._df), np.int32)])
        self._df[columns] += df.astype(np.int32)
        self.n += len(coded.ends) - 1
        return columns[place]

    def settle(self, *, common: float) -> Vocabulary:
        """Return the vocabulary, its IDF in single precision.

        Parameters
        ----------
        common
            Terms of more than this share of the records tell nothing apart and do not count.
        """
        idf = np.where(self._df > common * self.n, 0, smooth_idf(self._df, self.n)).astype(np.float32)
        return Vocabulary(self._codes, self._columns, idf)


def smooth_idf(df: NDArray[np.integer[Any]], n: int) -> NDArray[np.float64]:
    """Return scikit-learn's smooth IDF, ln((1 + n) / (1 + df)) + 1, of terms that df of n records have."""
    idf: NDArray[np.float64] = np.log((1 + n) / (1 + df.astype(float))) + 1
    return idf


def scale_rows(weights: NDArray[np.floating[Any]], ends: NDArray[np.integer[Any]]) -> None:
    """Give every row of a sparse matrix the length 1, in place; rows of nothing but zeros stay as they are.

    Parameters
    ----------
    weights
        Shape (ends[-1],).
    ends
        Shape (n rows + 1,), from 0.
    """
    rows = np.repeat(np.arange(len(ends) - 1), np.diff(ends))
    lengths = np.sqrt(np.bincount(rows, weights=np.square(weights), minlength=len(ends) - 1))
    weights /= np.where(lengths > 0, lengths, 1)[rows].astype(weights.dtype)
