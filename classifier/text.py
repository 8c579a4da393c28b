"""The words of a record, as the ranker reads them: one way of reading for a whole training set.

Title and abstract give single words and pairs of neighbours, never a pair across the border of the two.
Where a source serves an index (sorted distinct words) instead of the abstract, neighbours in the list mean
nothing: each keyword is read on its own, so that only a keyword of several words has pairs.
"""

import re
from collections.abc import Iterable, Sequence
from enum import StrEnum
from itertools import pairwise

from review.record import Record

__all__ = ["LONGEST", "Reading", "has_body", "reading_for", "terms"]

# Characters read of one field. The longest abstracts have some thousands; what is longer is not an abstract.
LONGEST = 50_000

_WORD = re.compile(r"\w\w+")


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


def has_body(record: Record) -> bool:
    """Say whether there is anything to read beyond the title."""
    return any(_WORD.search(part[:LONGEST]) for part in _body(record))


def terms(record: Record, reading: Reading) -> list[str]:
    """Return the terms of a record: lower-case words of two or more letters or digits, and pairs of them.

    Parameters
    ----------
    record
        Authors, journal, MeSH and (unless `index_only`) author keywords are not read: new citations lack
        them or they gave nothing on the development sets.
    reading
        `TEXT` keeps counts and pairs of the abstract; `INDEX` and `WORDS` take each word of the body once.

    Returns
    -------
    list of str
        With repetitions where they count. Empty if nothing can be read.
    """
    title = _ngrams(_words(record.title))
    if reading is Reading.TITLE:
        return title
    parts = [_words(part) for part in _body(record)]
    if reading is Reading.TEXT:
        return title + [term for part in parts for term in _ngrams(part)]
    pairs = reading is Reading.INDEX and record.index_only
    body = {term for part in parts for term in (_ngrams(part) if pairs else part)}
    return title + sorted(body)


def _body(record: Record) -> Sequence[str]:
    return record.keywords if record.index_only else (record.abstract,)


def _words(text: str) -> list[str]:
    return _WORD.findall(text[:LONGEST].casefold())


def _ngrams(words: list[str]) -> list[str]:
    return words + [f"{one} {two}" for one, two in pairwise(words)]
