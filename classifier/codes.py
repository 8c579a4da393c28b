"""Terms as numbers: each word is read once, and a record becomes a short row of codes with their counts.

A code is 48 bits of a hash of the term, so that there is no vocabulary to agree on: the same term has the
same code in every record, process and year. docs/decisions/term-codes.md says why, and how rarely two terms
share one.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from classifier.batches import batches
from classifier.text import Reading, parts
from review.record import Record

__all__ = ["BATCH", "CODE_BITS", "Codes", "code_of", "code_stream", "code_terms", "codes_of", "name_codes"]

CODE_BITS = 48
"""Of a code; the 16 bits above hold the number of a record within its batch while terms are counted."""

BATCH = 2000
"""Records that are coded together: their words fit into a processor's cache, the overhead is spread."""

_DROPPED = np.uint64(64 - CODE_BITS)
_RECORD = np.uint64(CODE_BITS)
_CODE = np.uint64((1 << CODE_BITS) - 1)

# Distinct words whose hash is remembered: the words of a field; rare ones are hashed anew after a while.
_REMEMBERED = 200_000


@dataclass(frozen=True, slots=True)
class Codes:
    """The distinct terms of n records, row after row.

    Parameters
    ----------
    ends
        Shape (n + 1,), from 0: where each record's terms begin and end.
    codes
        Shape (ends[-1],), below 2**48, rising within a record.
    counts
        Shape (ends[-1],), at least 1: how often each term counts.
    """

    ends: NDArray[np.int64]
    codes: NDArray[np.uint64]
    counts: NDArray[np.int64]


class _Hashes(dict[str, int]):
    """The 64-bit hash of every word that was met, up to a limit that keeps memory constant."""

    def __missing__(self, word: str) -> int:
        if len(self) >= _REMEMBERED:
            self.clear()
        # Half an emoji or a broken file gives lone surrogates, which plain UTF-8 refuses.
        data = word.encode("utf-8", "surrogatepass")
        hashed = self[word] = int.from_bytes(blake2b(data, digest_size=8).digest(), "little")
        return hashed


# A word has one hash: nothing depends on who asked for it first.
_HASHES = _Hashes()


def code_terms(records: Sequence[Record], readings: Reading | Sequence[Reading]) -> Codes:
    """Return the codes of the terms of `records`: as `classifier.text.terms`, as numbers.

    Parameters
    ----------
    readings
        One for all, or one for each record.

    Raises
    ------
    ValueError
        If there are not as many readings as records.
    """
    read = [readings] * len(records) if isinstance(readings, Reading) else list(readings)
    pairs = batches(zip(records, read, strict=True), BATCH)
    return _joined([_counted(_spread(batch), len(batch)) for batch in pairs])


def code_stream(records: Iterable[Record], reading: Reading) -> Iterator[Codes]:
    """Yield the codes of `BATCH` records at a time: memory does not grow with their number."""
    for batch in batches(records, BATCH):
        yield code_terms(batch, reading)


def code_of(term: str) -> int:
    """Return the code of a term: of one word, or of two with a space between.

    Raises
    ------
    ValueError
        If it has more or fewer words.
    """
    words = term.split(" ")
    if not all(words) or len(words) > 2:
        raise ValueError(f"code_of: found {term!r}; expected one word, or two with a space between")
    hashes = _hashes(words)
    return int((hashes if len(words) == 1 else _mixed(hashes[:1], hashes[1:]))[0] >> _DROPPED)


def codes_of(words: Sequence[str]) -> NDArray[np.uint64]:
    """Return the code of each of some single words, shape (n,)."""
    return _hashes(words) >> _DROPPED


def name_codes(codes: NDArray[np.uint64], records: Iterable[Record], reading: Reading) -> NDArray[np.str_]:
    """Return the term behind each of `codes`, found by reading the `records` again.

    Parameters
    ----------
    codes
        Shape (n,), rising.

    Returns
    -------
    ndarray of str
        Shape (n,); empty where no record has the term.
    """
    names = np.full(len(codes), "", dtype=object)
    for batch in batches(((record, reading) for record in records), BATCH):
        spread = _spread(batch)
        words = np.array(spread.words, dtype=object)
        named, places = _found(codes, spread.keys)
        names[named] = words[places]
        named, places = _found(codes, spread.pair_keys)
        firsts = spread.firsts[places]
        names[named] = words[firsts] + " " + words[firsts + 1]
    return names.astype(np.str_)


@dataclass(frozen=True, slots=True)
class _Spread:
    """The words of a batch in one row, with what `Part` says of them.

    `keys` and `pair_keys` are codes with the record's number above them; `firsts` says which words the pairs
    begin with.
    """

    words: list[str]
    keys: NDArray[np.uint64]
    once: NDArray[np.bool_]
    firsts: NDArray[np.intp]
    pair_keys: NDArray[np.uint64]


def _spread(batch: Sequence[tuple[Record, Reading]]) -> _Spread:
    words: list[str] = []
    shapes: list[tuple[int, int, bool, bool]] = []
    for at, (record, reading) in enumerate(batch):
        for part in parts(record, reading):
            words += part.words
            shapes.append((at, len(part.words), part.pairs, part.once))
    owners, lengths, pairs, once = np.array(shapes, dtype=np.int64).T
    paired = np.repeat(pairs.astype(bool), lengths)
    paired[np.cumsum(lengths)[lengths > 0] - 1] = False
    firsts = np.flatnonzero(paired)
    record_bits = np.repeat(owners.astype(np.uint64) << _RECORD, lengths)
    hashes = _hashes(words)
    mixed = _mixed(hashes[firsts], hashes[firsts + 1])
    return _Spread(
        words=words,
        keys=(hashes >> _DROPPED) | record_bits,
        once=np.repeat(once.astype(bool), lengths),
        firsts=firsts,
        pair_keys=(mixed >> _DROPPED) | record_bits[firsts],
    )


def _counted(spread: _Spread, n: int) -> Codes:
    keys = np.concatenate([spread.keys, spread.pair_keys])
    if spread.once.any():
        once = np.concatenate([spread.once, spread.once[spread.firsts]])
        keys = np.concatenate([keys[~once], np.unique(keys[once])])
    distinct, counts = np.unique(keys, return_counts=True)
    sizes = np.bincount((distinct >> _RECORD).astype(np.int64), minlength=n)
    return Codes(ends=np.concatenate([[0], np.cumsum(sizes)]), codes=distinct & _CODE, counts=counts)


def _found(codes: NDArray[np.uint64], keys: NDArray[np.uint64]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return which of `codes` are among `keys`, and one place of each."""
    place = np.full(len(codes), -1, dtype=np.intp)
    if len(codes):
        wanted = keys & _CODE
        at = np.minimum(np.searchsorted(codes, wanted), len(codes) - 1)
        there = np.flatnonzero(codes[at] == wanted)
        place[at[there]] = there
    found = np.flatnonzero(place >= 0)
    return found, place[found]


def _hashes(words: Sequence[str]) -> NDArray[np.uint64]:
    return np.fromiter(map(_HASHES.__getitem__, words), np.uint64, len(words))


def _mixed(one: NDArray[np.uint64], other: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Return a hash of each pair; the order matters. The finaliser is SplitMix64's (Steele et al. 2014)."""
    mixed = one * np.uint64(0x9E3779B97F4A7C15) + other
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return mixed ^ (mixed >> np.uint64(31))


def _joined(blocks: Sequence[Codes]) -> Codes:
    if not blocks:
        return Codes(np.zeros(1, np.int64), np.empty(0, np.uint64), np.empty(0, np.int64))
    sizes = np.concatenate([np.diff(block.ends) for block in blocks])
    return Codes(
        ends=np.concatenate([[0], np.cumsum(sizes)]),
        codes=np.concatenate([block.codes for block in blocks]),
        counts=np.concatenate([block.counts for block in blocks]),
    )
