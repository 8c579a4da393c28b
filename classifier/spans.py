"""Where a term stands in a record, so that a reason can be shown in the text itself."""

from collections.abc import Container, Iterable, Iterator
from itertools import chain, pairwise
from typing import Literal, NamedTuple

from classifier.text import LONGEST, WORD
from review.record import Record
from review.suggestion import TextSpan

__all__ = ["spans"]


class _Placed(NamedTuple):
    """A word with its characters in the text as it is written."""

    word: str
    start: int
    end: int


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
    placed = list(_placed(text[:LONGEST]))
    for word, start, end in placed:
        if word in wanted:
            yield word, TextSpan(field, start, end)
    for one, other in pairwise(placed):
        pair = f"{one.word} {other.word}"
        if pair in wanted:
            yield pair, TextSpan(field, one.start, other.end)


def _placed(text: str) -> Iterator[_Placed]:
    folded = text.casefold()
    # Folding changes one character at a time and may lengthen it ("ß" to "ss"), never shorten it.
    origin = range(len(text)) if len(folded) == len(text) else _origins(text)
    for match in WORD.finditer(folded):
        yield _Placed(match[0], origin[match.start()], origin[match.end() - 1] + 1)


def _origins(text: str) -> list[int]:
    """Return, for each character of the folded text, the place of the one it was folded from."""
    return [at for at, character in enumerate(text) for _ in character.casefold()]
