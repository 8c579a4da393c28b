"""Text as Ovid writes it for Citavi, EndNote and as complete reference: entries headed ``<1. >``.

Tags stand in two letters (``TI  - ``) or in words over an indented line. Written after public examples of
the format; no export of MEDLINE itself was at hand.
"""

import re
from collections.abc import Iterator
from itertools import chain

from search.files.decoding import Text
from search.files.importing import Rejected, Said, one_line
from search.files.raw import Raw, Vocabulary

__all__ = ["BEGINS", "NAMES", "VOCABULARY", "cut"]

BEGINS = re.compile(r"\s*<\d+\s*\.?\s*>[ \t]*\n(?:[A-Z][A-Z0-9] {1,2}- |[A-Z][\w/ ]+\n[ \t])")
NAMES = {
    "AD": "address",
    "CR": "copyright",
    "IN": "institution",
    "IS": "ISSN",
    "SU": "source type",
    "VN": "vendor",
}

VOCABULARY: Vocabulary = {
    "titles": ("TI", "Title", "OT", "Original Title"),
    "abstract": ("AB", "Abstract"),
    "authors": ("AU", "Authors", "Author"),
    "journal": ("JN", "JA", "Journal Name", "journal of SO"),
    "year": ("YR", "DP", "Year of Publication", "Publication Date", "SO", "Source"),
    "volume": ("VO", "Volume", "volume of SO"),
    "issue": ("IP", "Issue", "issue of SO"),
    "pages": ("PG", "Page", "Pages", "pages of SO"),
    "doi": ("DO", "DOI", "Digital Object Identifier"),
    "accession": ("UI", "AN", "Unique Identifier", "Accession Number"),
    "database": ("DB", "Database"),
    "pmid": ("PM", "PMID"),
    "links": ("XL", "UR", "Link to the Ovid Full Text or citation"),
    "language": ("LG", "LA", "Language"),
    "types": ("PT", "Publication Type"),
    "mesh": ("MH", "MeSH Subject Headings"),
    "keywords": ("KW", "OD", "Keyword Heading"),
    "trials": ("CN", "SI", "NT", "Clinical Trial Number"),
}

_HEAD = re.compile(r"<\d+\s*\.?\s*>\s*$")
_TAG = re.compile(r"([A-Z][A-Z0-9]) {1,2}- ?(.*)")
_WORDS = re.compile(r"([A-Z][\w/ ().&-]{1,60}?)\s*$")
_JOURNAL = re.compile(r"(.+?)\.\s")
_PLACE = re.compile(r"\s(\d+)\s*\(([^()]*)\)\s*(?:[:(]|\(?pp\.?)?\s*([A-Za-z]?\d[\w\-–]*)?")


def cut(text: Text) -> Iterator[Raw | Rejected | Said]:
    """Give out each entry of `text`; it begins with its number in angle brackets."""
    line, lines, said = 1, list[str](), 0
    opened = False
    for number, each in enumerate(chain(text.lines(), ["<0>"]), 1):
        if not _HEAD.match(each):
            said += not opened and bool(each.strip())
            lines.append(each)
            continue
        if opened:
            yield Raw(line, tuple(_values(lines)))
        line, lines, opened = number, [], True
    if said:
        yield Said(f"{said} lines before the first entry were passed over")


def _values(lines: list[str]) -> Iterator[tuple[str, str]]:
    for name, value in _pairs(lines):
        if name in {"AU", "Authors", "Author", "MH", "KW", "OD"}:
            yield from ((name, part.lstrip("*")) for part in re.split(r"[;\n]", value))
        else:
            yield name, value
        if name in {"SO", "Source"}:
            yield from _place(one_line(value))


def _pairs(lines: list[str]) -> Iterator[tuple[str, str]]:
    """Join further lines to the tag before them; a line of words over an indented one is a tag too."""
    name, value = "", list[str]()
    for each, after in zip(lines, chain(lines[1:], [""]), strict=False):
        if tag := _TAG.match(each):
            found, rest = tag[1], [tag[2]]
        elif (words := _WORDS.match(each)) and after[:1] in {" ", "\t"} and not _TAG.match(after):
            found, rest = words[1], []
        else:
            value.append(each)
            continue
        if name:
            yield name, "\n".join(value)
        name, value = found, rest
    if name:
        yield name, "\n".join(value)


def _place(source: str) -> Iterator[tuple[str, str]]:
    """Take apart a source line like *Journal. 12(3):345-50, 2018 Jan*."""
    if journal := _JOURNAL.match(source):
        yield "journal of SO", journal[1]
    if place := _PLACE.search(source):
        yield "volume of SO", place[1]
        yield "issue of SO", place[2]
        yield "pages of SO", place[3] or ""
