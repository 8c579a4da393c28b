"""The words of a record, as the ranker reads them: one way of reading for a whole training set.

Title and abstract give single words and pairs of neighbours, never a pair across the border of the two.
Where a source serves an index (sorted distinct words) instead of the abstract, neighbours in the list mean
nothing: each keyword is read on its own, so that only a keyword of several words has pairs.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from enum import StrEnum
from itertools import chain, pairwise
from typing import NamedTuple

from review.record import Record

__all__ = [
    "LONGEST",
    "WORD",
    "Part",
    "Reading",
    "as_read",
    "has_body",
    "parts",
    "reading_for",
    "terms",
    "words",
]

# Characters read of one field. The longest abstracts have some thousands; what is longer is not an abstract.
LONGEST = 50_000

WORD = re.compile(r"\w\w+")
"""A word in case-folded text: two or more letters, digits or underscores of any script."""


class Reading(StrEnum):
    """How much of a record is read, from the fullest to the barest."""

    TEXT = "title and abstract"
    INDEX = "title, index of words, phrases of the index"
    WORDS = "title, distinct words"
    TITLE = "title"


def reading_for(records: Iterable[Record]) -> Reading:
    """Choose the one reading under which all of `records` look alike.

    Abstracts next to indexes would teach a model to tell the two kinds of source apart instead of relevant
    from irrelevant, so that a mixed set is read as distinct words throughout. Records without a body do not
    count; where nothing else is there the answer is `Reading.TEXT`.
    """
    kinds = {record.index_only for record in records if has_body(record)}
    if kinds == {True, False}:
        return Reading.WORDS
    return Reading.INDEX if kinds == {True} else Reading.TEXT


def as_read(record: Record) -> Record:
    """Return the record without what is never read: characters of a field beyond the first `LONGEST`."""
    fields = (record.title, record.abstract, *record.keywords)
    if all(len(text) <= LONGEST for text in fields):
        return record
    return replace(
        record,
        title=record.title[:LONGEST],
        abstract=record.abstract[:LONGEST],
        keywords=tuple(one[:LONGEST] for one in record.keywords),
    )


def has_body(record: Record) -> bool:
    """Say whether there is anything to read beyond the title."""
    return any(WORD.search(part[:LONGEST]) for part in _body(record))


class Part(NamedTuple):
    """Words of a record that stand next to each other.

    Parameters
    ----------
    words
        In the order of the text, lower case.
    pairs
        Whether neighbours make a pair.
    once
        Whether each term counts once, however often it occurs in the parts of the record that say so.
    """

    words: list[str]
    pairs: bool
    once: bool


def parts(record: Record, reading: Reading) -> Iterator[Part]:
    """Yield what is read of a record, title first: this is what a reading means.

    Parameters
    ----------
    record
        Authors, journal, MeSH and (unless `index_only`) author keywords are not read: new citations lack
        them or they gave nothing on the development sets.
    reading
        `TEXT` keeps counts and pairs of the abstract; `INDEX` and `WORDS` take each word of the body once.
    """
    yield Part(words(record.title), pairs=True, once=False)
    if reading is Reading.TITLE:
        return
    counted = reading is Reading.TEXT
    pairs = counted or (reading is Reading.INDEX and record.index_only)
    for text in _body(record):
        yield Part(words(text), pairs=pairs, once=not counted)


def terms(record: Record, reading: Reading) -> list[str]:
    """Return the terms of a record: lower-case words of two or more letters or digits, and pairs of them.

    They are for people and tests; `classifier.codes` has the same terms as numbers, many records at once.

    Returns
    -------
    list of str
        With repetitions where they count. Empty if nothing can be read.
    """
    read = list(parts(record, reading))
    counted = chain.from_iterable(_ngrams(part) for part in read if not part.once)
    once = {term for part in read if part.once for term in _ngrams(part)}
    return [*counted, *sorted(once)]


def words(text: str) -> list[str]:
    """Return the words of a text, case-folded, in their order, of its first `LONGEST` characters."""
    return WORD.findall(text[:LONGEST].casefold())


def _body(record: Record) -> Sequence[str]:
    return record.keywords if record.index_only else (record.abstract,)


def _ngrams(part: Part) -> list[str]:
    return part.words + [f"{one} {two}" for one, two in pairwise(part.words) if part.pairs]
