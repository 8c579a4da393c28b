"""A pool of records, vectorised once: after new labels all of it is scored again, nothing is cut out."""

from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csr_matrix, vstack

from classifier.codes import BATCH, code_stream
from classifier.text import Reading
from classifier.vocabulary import GrowingVocabulary, Vocabulary, scale_rows
from review.record import Record

__all__ = ["Pool", "build_pool", "empty_pool"]

# Terms of more than this share of the records tell nothing apart; ASReview's ELAS u4 takes the same.
_COMMON = 0.95


@dataclass(frozen=True, slots=True)
class Pool:
    """Vectors of n records in single precision, by blocks that are never touched again.

    Parameters
    ----------
    vocabulary
        The terms that have a column, and their IDF.
    reading
        How the records are read.
    blocks
        Each of shape (some records, n terms), rows of length 1 or 0.
    """

    vocabulary: Vocabulary
    reading: Reading
    blocks: tuple[csr_matrix, ...] = ()

    def __len__(self) -> int:
        return sum(block.shape[0] for block in self.blocks)

    @property
    def n_terms(self) -> int:
        """The number of columns."""
        return len(self.vocabulary.codes)

    def scores(self, coef: ArrayLike) -> NDArray[np.float32]:
        """Return the product of every record with `coef`, shape (n terms,); shape (n,).

        Raises
        ------
        ValueError
            If there is not one weight for each term.
        """
        weights = np.asarray(coef, dtype=np.float32)
        if weights.shape != (self.n_terms,):
            raise ValueError(
                f"Pool.scores: found weights of shape {weights.shape}; expected {(self.n_terms,)}"
            )
        return np.concatenate([np.empty(0, np.float32), *(block @ weights for block in self.blocks)])

    def rows(self, records: ArrayLike) -> csr_matrix:
        """Return the vectors of some records by their numbers, in that order; shape (len(records), n terms).

        Raises
        ------
        IndexError
            If the pool has no record of that number.
        """
        asked = np.asarray(records, dtype=np.int64).ravel()
        if len(asked) and not (asked.min() >= 0 and asked.max() < len(self)):
            raise IndexError(
                f"Pool.rows: found {asked.min()} to {asked.max()}; expected 0 to {len(self) - 1}"
            )
        starts = np.cumsum([0, *(block.shape[0] for block in self.blocks)])
        home = np.searchsorted(starts, asked, side="right") - 1
        found = [self.blocks[at][asked[home == at] - starts[at]] for at in np.unique(home)]
        if not found:
            return csr_matrix(([], [], [0]), shape=(0, self.n_terms), dtype=np.float32)
        back = np.argsort(np.argsort(home, kind="stable"), kind="stable")
        rows: csr_matrix = found[0] if len(found) == 1 else vstack(found, format="csr")[back]
        return rows

    def append(self, records: Iterable[Record]) -> "Pool":
        """Return a pool with more records at its end, under the same vocabulary and IDF; the old are shared.

        Words that the pool was not built with have no column: they count once it is built anew.
        """
        new = tuple(self.vocabulary.vectors(coded) for coded in code_stream(records, self.reading))
        return replace(self, blocks=(*self.blocks, vstack(new, format="csr")) if new else self.blocks)


def build_pool(records: Iterable[Record], *, reading: Reading = Reading.TEXT) -> Pool:
    """Vectorise a pool under its own vocabulary and IDF, in one pass.

    (1 + ln tf) * (ln((1 + n) / (1 + df)) + 1), rows scaled to length 1; terms of more than 95% of the records
    do not count. What is held is the matrix, 8 bytes a term and record, the vocabulary, 16 bytes a term, and
    the words of one batch.

    Parameters
    ----------
    records
        Read once, so that they may come from a file or a database without being held.
    reading
        `classifier.text.reading_for` says which one where sources differ.
    """
    growing = GrowingVocabulary()
    # These grow in place: a list of blocks that is joined at the end would be held twice.
    columns, weights, sizes = array("i"), array("f"), array("i")
    for coded in code_stream(records, reading):
        columns.frombytes(growing.add(coded).tobytes())
        weights.frombytes((1 + np.log(coded.counts)).astype(np.float32).tobytes())
        sizes.frombytes(np.diff(coded.ends).astype(np.int32).tobytes())
    return _weighted(growing.settle(common=_COMMON), columns, weights, sizes, reading)


def empty_pool(records: Iterable[Record], *, reading: Reading = Reading.TEXT) -> Pool:
    """Return a pool without records, whose vocabulary and IDF come from other `records`: a background.

    Append to it what is to be ranked.
    """
    growing = GrowingVocabulary()
    for coded in code_stream(records, reading):
        growing.add(coded)
    return Pool(growing.settle(common=_COMMON), reading)


def _weighted(
    vocabulary: Vocabulary,
    columns: "array[int]",
    weights: "array[float]",
    sizes: "array[int]",
    reading: Reading,
) -> Pool:
    indices, data = np.frombuffer(columns, np.int32), np.frombuffer(weights, np.float32)
    ends = np.concatenate([[0], np.cumsum(np.frombuffer(sizes, np.int32), dtype=np.int64)])
    for start, end in _stretches(ends):
        cells = slice(ends[start], ends[end])
        data[cells] *= vocabulary.idf[indices[cells]]
        scale_rows(data[cells], ends[start : end + 1] - ends[start])
    block = csr_matrix((data, indices, ends), shape=(len(sizes), len(vocabulary.codes)))
    # Rows in the order of the columns are multiplied faster, and the solver need not sort them each time.
    block.sort_indices()
    return Pool(vocabulary, reading, (block,))


def _stretches(ends: Sequence[int] | NDArray[np.int64]) -> Iterator[tuple[int, int]]:
    n = len(ends) - 1
    return ((start, min(start + BATCH, n)) for start in range(0, n, BATCH))
