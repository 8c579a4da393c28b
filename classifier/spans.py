"""Where a term stands in a record, so that a reason can be shown in the text itself."""

from collections.abc import Container, Iterable, Iterator
from itertools import chain, pairwise
from typing import Literal

from classifier.text import LONGEST, WORD
from review.record import Record
from review.suggestion import TextSpan

__all__ = ["spans"]


def spans(record: Record, terms: Iterable[str]) -> dict[str, tuple[TextSpan, ...]]:
    """Return where each of `terms` stands in title and abstract, in the order of the text.

    Read again, the characters of a span give the term. A span of two words includes what stands between
    them: punctuation, and single letters, which are no words. Where a source serves an index instead of the
    abstract there is nothing to point at but the title.

    Parameters
    ----------
    terms
        As `classifier.text.terms` gives them; a term that is not there has no span.
    """
    found: dict[str, list[TextSpan]] = {term: [] for term in terms}
    for term, span in chain(
        _spans(record.title, "title", found), _spans(_abstract(record), "abstract", found)
    ):
        found[term].append(span)
    return {term: tuple(places) for term, places in found.items()}


def _abstract(record: Record) -> str:
    return "" if record.index_only else record.abstract


def _spans(
    text: str, field: Literal["title", "abstract"], wanted: Container[str]
) -> Iterator[tuple[str, TextSpan]]:
    read = text[:LONGEST]
    folded = read.casefold()
    # Folding changes one character at a time and may lengthen it ("ß" to "ss"), never shorten it.
    origin = range(len(read)) if len(folded) == len(read) else _origins(read)
    found = list(WORD.finditer(folded))
    words = [match[0] for match in found]
    pairs = [f"{one} {other}" for one, other in pairwise(words)]
    for width, terms in enumerate((words, pairs)):
        for at, term in enumerate(terms):
            if term in wanted:
                start, end = found[at].start(), found[at + width].end()
                yield term, TextSpan(field, origin[start], origin[end - 1] + 1)


def _origins(text: str) -> list[int]:
    """Return, for each character of the folded text, the place of the one it was folded from."""
    return [at for at, character in enumerate(text) for _ in character.casefold()]
