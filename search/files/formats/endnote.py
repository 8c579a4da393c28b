"""EndNote XML: entries are cut out and counted as text, defusedxml reads each by itself.

So a broken entry costs itself alone, and nothing before the first entry (a DTD least of all) is ever parsed.
"""

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from search.files.decoding import Text
from search.files.importing import Rejected
from search.files.raw import Raw, Vocabulary

__all__ = ["BEGINS", "OLD", "VOCABULARY", "cut"]

BEGINS = re.compile(r"<xml>\s*<records>|<records>\s*<record[\s>]")
OLD = re.compile(r"<XML>\s*<RECORDS>")
"""How versions up to 7 began, in other elements."""

VOCABULARY: Vocabulary = {
    "titles": ("title", "translated-title"),
    "abstract": ("abstract",),
    "authors": ("authors/author",),
    "contributors": ("secondary-authors/author", "tertiary-authors/author", "subsidiary-authors/author"),
    "journal": ("periodical/full-title", "secondary-title", "alt-periodical/full-title", "alt-title"),
    "year": ("year", "date"),
    "volume": ("volume",),
    "issue": ("number", "issue"),
    "pages": ("pages", "custom7"),
    "doi": ("electronic-resource-num",),
    "links": ("url",),
    "accession": ("accession-num",),
    "database": ("remote-database-name", "remote-database-provider"),
    "pmcid": ("custom2",),
    "identifiers": ("custom2",),
    "language": ("language",),
    "types": ("work-type",),
    "keywords": ("keyword",),
    "notes": ("notes", "research-notes"),
    "labels": ("label", "caption"),
}

_END = "</record>"
_START = re.compile(r"<record(?=[\s>])")
_NO_XML = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]|&#(?:x[0-9a-fA-F]{1,2}|\\d{1,2});"
)
_KEPT = frozenset({9, 10, 13, *range(32, 256)})
_HOLDERS = frozenset(
    ["authors", "secondary-authors", "tertiary-authors", "subsidiary-authors", "periodical", "alt-periodical"]
)


def cut(text: Text) -> Iterator[Raw | Rejected]:
    """Give out each entry of `text`, the broken ones as rejected."""
    for line, piece in _pieces(text):
        *unclosed, last = _START.finditer(piece) if _START.search(piece) else [None]
        for start in unclosed:
            if start is not None:
                at = line + piece.count("\n", 0, start.start())
                yield Rejected(at, "a <record> that is not closed before the next one begins")
        if last is not None:
            yield _read(line + piece.count("\n", 0, last.start()), piece[last.start() :])


def _pieces(text: Text) -> Iterator[tuple[int, str]]:
    """Give out what ends with each ``</record>``, and what is left; each with the line it begins on."""
    buffer, line = "", 1
    for piece in text.pieces():
        # An end may lie across two pieces.
        start, search = 0, max(len(buffer) - len(_END), 0)
        buffer += piece
        while (end := buffer.find(_END, search)) >= 0:
            found = buffer[start : end + len(_END)]
            yield line, found
            line += found.count("\n")
            start = search = end + len(_END)
        buffer = buffer[start:]
    yield line, buffer


def _read(line: int, piece: str) -> Raw | Rejected:
    if not piece.endswith(_END):
        return Rejected(line, "the file breaks off in this <record>")
    try:
        root = fromstring(_NO_XML.sub(_allowed, piece))
    except (ParseError, DefusedXmlException, ValueError, RecursionError) as error:
        return Rejected(line, f"a <record> that is not XML ({' '.join(str(error).split())[:80]})")
    return Raw(line, tuple(_pairs(root)))


def _allowed(match: re.Match[str]) -> str:
    """Keep references to characters that XML may hold; EndNote writes others too."""
    if not match[0].startswith("&"):
        return ""
    digits = match[0][2:-1]
    number = int(digits[1:], 16) if digits[0] == "x" else int(digits)
    return match[0] if number in _KEPT else ""


def _pairs(root: Element) -> Iterator[tuple[str, str]]:
    """Give out the elements that hold text, under their names and, where it tells, that of their parent."""
    stack = [(root, "")]
    while stack:
        element, within = stack.pop()
        children = [child for child in element if child.tag != "style"]
        if children:
            stack.extend((child, element.tag) for child in reversed(children))
        elif text := "".join(element.itertext()):
            yield (f"{within}/{element.tag}" if within in _HOLDERS else element.tag), text
