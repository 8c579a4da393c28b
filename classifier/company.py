"""Which words stand near which, counted over texts as a whole: what `classifier.word_vectors` learns from."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_matrix, csr_matrix

from classifier.text import Reading, parts
from review.record import Record

__all__ = ["FEWEST", "WINDOW", "count_company"]

WINDOW = 5
"""Words to either side; of 3 to 15, tried on development sets, none was clearly better."""

FEWEST = 3
"""Occurrences of a word, below which its company says little."""

_BORDER = -1


def count_company(records: Sequence[Record], reading: Reading) -> tuple[list[str], csr_matrix]:
    """Return the words that occur `FEWEST` times, in order, and how often each two stand near one another.

    A word at distance d counts 1 / d (Levy, Goldberg & Dagan 2015, section 3.1). Nothing is counted across
    the border of title and abstract, nor where neighbours mean nothing, as in an index of words.

    Returns
    -------
    list of str
        n words.
    csr_matrix
        Shape (n, n), symmetric.
    """
    rows = [part.words for record in records for part in parts(record, reading) if part.pairs]
    counted = Counter(chain.from_iterable(rows))
    kept = sorted(word for word, count in counted.items() if count >= FEWEST)
    row = np.fromiter(_in_one_row(rows, kept), dtype=np.int32)
    pairs = [_apart(row, distance) for distance in range(1, WINDOW + 1)]
    ones, others = (np.concatenate([pair[side] for pair in pairs]) for side in (0, 1))
    weights = np.concatenate([np.full(len(one), 1 / at) for at, (one, _) in enumerate(pairs, start=1)])
    above = coo_matrix((weights, (ones, others)), shape=(len(kept), len(kept))).tocsr()
    return kept, csr_matrix(above + above.T)


def _in_one_row(rows: Iterable[list[str]], kept: Sequence[str]) -> Iterator[int]:
    """Yield the number of each word, `_BORDER` for one that is not kept and often enough between two rows."""
    numbers = {word: at for at, word in enumerate(kept)}
    for words in rows:
        yield from (numbers.get(word, _BORDER) for word in words)
        yield from (_BORDER for _ in range(WINDOW))


def _apart(row: NDArray[np.int32], distance: int) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    one, other = row[:-distance], row[distance:]
    both = (one != _BORDER) & (other != _BORDER)
    return one[both], other[both]
