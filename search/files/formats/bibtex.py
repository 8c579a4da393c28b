"""BibTeX: entries are cut out where a line begins with @ and counted, bibtexparser reads each by itself."""

import logging
import re
from collections.abc import Iterator, Mapping

from bibtexparser.exceptions import ParserStateException
from bibtexparser.library import Library
from bibtexparser.model import (
    DuplicateFieldKeyBlock,
    Entry,
    Field,
    ImplicitComment,
    ParsingFailedBlock,
    String,
)
from bibtexparser.splitter import Splitter

from search.files.decoding import Text
from search.files.formats.latex import plain
from search.files.importing import Rejected, Said
from search.files.raw import Raw, Vocabulary

__all__ = ["BEGINS", "VOCABULARY", "cut", "parts"]

# What it says of single entries is told by us, with their lines.
logging.getLogger("bibtexparser").addHandler(logging.NullHandler())

BEGINS = re.compile(r"^[ \t]*@[ \t]*\w+[ \t]*[{(]", re.MULTILINE)

VOCABULARY: Vocabulary = {
    "titles": ("title", "booktitle of a book"),
    "abstract": ("abstract", "annotation"),
    "authors": ("author",),
    "contributors": ("editor",),
    "journal": ("journal", "journaltitle", "booktitle"),
    "year": ("year", "date"),
    "volume": ("volume",),
    "issue": ("number", "issue"),
    "pages": ("pages", "eid", "article-number"),
    "doi": ("doi",),
    "links": ("url", "note", "howpublished"),
    "pmid": ("pmid", "pubmed_id", "eprint of PubMed"),
    "pmcid": ("pmcid", "pmc"),
    "language": ("language", "langid"),
    "types": ("type", "document_type", "publication_types"),
    "keywords": ("keywords", "author_keywords", "keyword", "keywords-plus"),
    "registrations": ("registrations",),
    "notes": ("note", "annote", "notes", "comment"),
    "labels": ("label", "groups"),
}

_LISTS = {
    "author": r"\s+and\s+",
    "editor": r"\s+and\s+",
    "notes": ";",
    "registrations": ";",
    "publication_types": ";",
    "label": ";",
}
_KEYWORDS = frozenset(VOCABULARY["keywords"])
_NO_ENTRIES = frozenset({"comment", "string", "preamble"})


def cut(text: Text) -> Iterator[Raw | Rejected | Said]:
    """Give out each entry of `text`; comments, strings and preambles are none, and are counted apart."""
    strings: dict[str, str] = {}
    others = 0
    for line, piece in _pieces(text):
        for block, at in _blocks(piece):
            if isinstance(block, String):
                strings[block.key.lower()] = _value(block.value, strings)
            if isinstance(block, Entry):
                yield Raw(line + at, tuple(_pairs(block, strings)))
            elif isinstance(block, ParsingFailedBlock) and not _apart(block.raw):
                yield Rejected(line + at, f"an entry that does not close as it should: {_begins(block.raw)}")
            else:
                others += 1
    if others:
        yield Said(f"{others} comments, strings and preambles are no entries")


def _pieces(text: Text) -> Iterator[tuple[int, str]]:
    """Cut before each line that opens a block: there bibtexparser too gives up what is still open."""
    start, lines = 1, list[str]()
    for number, line in enumerate(text.lines(), 1):
        if BEGINS.match(line) and lines:
            yield start, "\n".join(lines)
            start, lines = number, []
        lines.append(line)
    yield start, "\n".join(lines)


def _blocks(piece: str) -> Iterator[tuple[object, int]]:
    """Give out the blocks of a piece with their lines; what stands behind an entry may be another one."""
    try:
        library: Library = Splitter(piece).split()
    except ParserStateException:
        yield ParsingFailedBlock(error=ValueError("the parser lost its way"), start_line=0, raw=piece), 0
        return
    for block in library.blocks:
        at = block.start_line or 0
        if isinstance(block, DuplicateFieldKeyBlock):
            yield block.ignore_error_block, at
        elif isinstance(block, ImplicitComment) and (inner := re.search(r"@\w+\s*[{(]", block.comment)):
            behind = block.comment[inner.start() :]
            yield from ((one, at + more) for one, more in _blocks(behind))
        else:
            yield block, at


def _apart(raw: str | None) -> bool:
    match = re.match(r"@\s*(\w+)", raw or "")
    return bool(match and match[1].lower() in _NO_ENTRIES)


def _begins(raw: str | None) -> str:
    return " ".join((raw or "").split())[:40]


def _pairs(entry: Entry, strings: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    fields: list[Field] = entry.fields
    archive = {field.key.lower(): str(field.value).strip('{" }').lower() for field in fields}
    for field in fields:
        name = field.key.lower()
        value = _value(str(field.value), strings)
        if name == "eprint" and archive.get("eprinttype", archive.get("archiveprefix")) == "pubmed":
            name = "eprint of PubMed"
        if name == "booktitle" and "title" not in archive:
            name = "booktitle of a book"
        separator = _LISTS.get(name) or (_separator(value) if name in _KEYWORDS else "")
        for part in parts(value, separator) if separator else [value]:
            if not (name == "author" and part == "others"):
                yield name, plain(part)


def _separator(value: str) -> str:
    return ";" if len(parts(value, ";")) > 1 or value.rstrip().endswith(";") else ","


def parts(value: str, separator: str) -> list[str]:
    """Return what stands between the separators that no braces enclose."""
    found, depth, start = list[str](), 0, 0
    for match in re.finditer(rf"\\.|[{{}}]|{separator}", value, re.DOTALL | re.IGNORECASE):
        if match[0] in "{}":
            depth = max(depth + (1 if match[0] == "{" else -1), 0)
        elif not match[0].startswith("\\") and depth == 0:
            found.append(value[start : match.start()])
            start = match.end()
    found.append(value[start:])
    return [part.strip() for part in found if part.strip()]


def _value(text: str, strings: Mapping[str, str]) -> str:
    """Return a value without what encloses it, its strings resolved and what # joins joined."""
    return "".join(_bare(part, strings) for part in _joined_by_hash(text))


def _joined_by_hash(text: str) -> list[str]:
    if text.startswith("{") and "#" not in text:
        return [text]
    found, depth, quoted, start = list[str](), 0, False, 0
    for match in re.finditer(r"\\.|[{}\"#]", text, re.DOTALL):
        if match[0] in "{}":
            depth += 1 if match[0] == "{" else -1
        elif match[0] == '"' and depth == 0:
            quoted = not quoted
        elif match[0] == "#" and depth == 0 and not quoted:
            found.append(text[start : match.start()].strip())
            start = match.end()
    return [*found, text[start:].strip()]


def _bare(part: str, strings: Mapping[str, str]) -> str:
    if len(part) > 1 and (part[0], part[-1]) in {("{", "}"), ('"', '"')}:
        return part[1:-1]
    return strings.get(part.lower(), part)
