"""One record from its bytes: matched as a whole, if need be brought into form before, then taken apart."""

import re
from functools import cache
from xml.etree.ElementTree import ParseError

from review.record import Record
from search.articles.article import article
from search.articles.book import book
from search.articles.canonical import canonical
from search.articles.checking import sound
from search.articles.parts import record_of
from search.articles.shapes import ARTICLE, BOOK

__all__ = ["KINDS", "record"]

_CITED_END = re.compile(rb"</ReferenceList>(\s*</PubmedData>\s*</PubmedArticle>)$")
_SHAPES = {b"PubmedArticle": ARTICLE, b"PubmedBookArticle": BOOK}
_TAKERS = {b"PubmedArticle": article, b"PubmedBookArticle": book}
KINDS = frozenset(_SHAPES)
"""Names of the elements that are records."""


def record(name: bytes, written: bytes) -> Record:
    """Return the record in an element of one of the `KINDS`.

    Raises
    ------
    ParseError
        When it is not well-formed.
    Incomplete
        When there is no PMID.
    """
    match = _usual(name, _uncited(written)) or _made_usual(name, written)
    return _TAKERS[name](match.groupdict(""))


def _usual(name: bytes, written: bytes) -> re.Match[str] | None:
    try:
        text = written.decode()
    except UnicodeDecodeError:
        return None
    return _pattern(name).fullmatch(text) if sound(written, text) else None


def _made_usual(name: bytes, written: bytes) -> re.Match[str]:
    try:
        text = canonical(_uncited(written), _SHAPES[name])
    except ParseError:
        # The tag stood in a comment or in character data; or the record is malformed, and this says so.
        text = canonical(written, _SHAPES[name])
    return _pattern(name).fullmatch(text)  # type: ignore[return-value]  # what is canonical matches


@cache
def _pattern(name: bytes) -> re.Pattern[str]:
    return record_of(_SHAPES[name])


def _uncited(written: bytes) -> bytes:
    """Leave out the cited works: half of the bytes, and identifiers that are not the record's own."""
    end = _CITED_END.search(written, max(0, len(written) - 100))
    start = written.find(b"<ReferenceList>") if end else -1
    return written[:start] + written[end.start(1) :] if end and start >= 0 else written
