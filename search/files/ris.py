"""RIS as programs really write it: the entries are cut out and counted here, rispy reads each by itself."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import rispy
from rispy.config import TAG_KEY_MAPPING

from review.record import Record
from search.files.citation_fields import bare_doi, page_range, pmid_in, year_in
from search.files.importing import Entry, Rejected, one_line

__all__ = ["read_ris"]

_TAGS = frozenset(TAG_KEY_MAPPING) - {"UK"}
_START = re.compile(r"^TY  -", re.MULTILINE)
_LINE = re.compile(r"(TY(?= {1,2}-)|ER(?= {1,2}-\s*$)|[A-Z][A-Z0-9](?=  -)) +- ?(.*)")
_LOOSE_LINE = re.compile(rf"[ \t]*({'|'.join(sorted(_TAGS))}) {{1,2}}- ?(.*)")
_NUMBERING = re.compile(r"\s*\d*\.?\s*")
_MAPPING = {**TAG_KEY_MAPPING, "U1": "user1", "BT": "book_title", "CT": "caption_title", "L3": "link3"}
_TITLES = ("title", "primary_title", "caption_title", "book_title")
_JOURNALS = ("alternate_title3", "secondary_title", "journal_name", "alternate_title2", "alternate_title1")
_YEARS = ("year", "publication_year", "date")
_DATABASES = re.compile(r"pubmed|medline", re.IGNORECASE)


def read_ris(text: str) -> Iterator[Entry]:
    """Give out each entry of `text` as a record or as rejected.

    An entry begins with TY and ends with ER, before the next TY, or with the file. Lines that bear no tag
    continue the one before. Where the file never writes two spaces after TY, one is taken for two.
    """
    for entry in _entries(text):
        yield _record(entry) if entry.opened else Rejected(entry.line, "lines without a TY line before them")


@dataclass(slots=True)
class _Cut:
    """The lines of one entry: tags with their values, continuations joined."""

    line: int
    opened: bool
    values: list[tuple[str, str]] = field(default_factory=list)


def _entries(text: str) -> Iterator[_Cut]:
    tagged = _LINE if _START.search(text) else _LOOSE_LINE
    entry: _Cut | None = None
    for number, line in enumerate(text.split("\n"), 1):
        match = tagged.match(line)
        tag, value = (match[1], match[2]) if match else ("", line)
        if tag == "TY" or (tag == "ER" and entry is not None):
            if entry is not None:
                yield entry
            entry = _Cut(number, opened=True) if tag == "TY" else None
        elif entry is None and not _NUMBERING.fullmatch(line):
            entry = _Cut(number, opened=False)
        if entry is not None:
            _add(entry, tag, value)
    if entry is not None:
        yield entry


def _add(entry: _Cut, tag: str, value: str) -> None:
    if tag:
        entry.values.append((tag, one_line(value)))
    elif entry.values and value.strip():
        last, before = entry.values[-1]
        entry.values[-1] = (last, f"{before} {one_line(value)}".strip())


def _record(entry: _Cut) -> Entry:
    lines = [f"{tag}  - {value}" for tag, value in entry.values if value or tag == "TY"]
    found = rispy.loads(
        "\n".join([*lines, "ER  - "]), mapping=_MAPPING, enforce_list_tags=False, delimiter_tags_mapping={}
    )
    if len(found) != 1:
        return Rejected(entry.line, f"{len(found)} references where one was expected")
    fields = {name: _values(value) for name, value in found[0].items() if name != "unknown_tag"}
    title = _first(fields, *_TITLES)
    return _from(fields, title) if title else Rejected(entry.line, "no title (TI or T1)")


def _values(value: object) -> list[str]:
    return [str(part) for part in value] if isinstance(value, list) else [str(value)]


def _first(fields: dict[str, list[str]], *names: str) -> str:
    return next((value for name in names for value in fields.get(name, ()) if value), "")


def _from(fields: dict[str, list[str]], title: str) -> Record:
    others = [value for name in _TITLES for value in fields.get(name, ()) if value != title]
    return Record(
        source="files",
        accession="",
        title=title,
        abstract=_first(fields, "abstract", "notes_abstract"),
        authors=tuple(fields.get("authors") or fields.get("first_authors") or ()),
        journal=_first(fields, *_JOURNALS),
        year=next((year for name in _YEARS if (year := year_in(_first(fields, name)))), None),
        volume=_first(fields, "volume"),
        issue=_first(fields, "number"),
        pages=page_range(_first(fields, "start_page", "custom7"), _first(fields, "end_page")),
        doi=_doi(fields),
        pmid=_pmid(fields),
        language=_first(fields, "language"),
        publication_types=tuple(kind for kind in fields.get("type_of_work", ()) if not bare_doi(kind)),
        keywords=tuple(fields.get("keywords", ())),
        notes=(*fields.get("notes", ()), *(f"Another title: {other}" for other in others)),
    )


def _doi(fields: dict[str, list[str]]) -> str:
    places = ("urls", "link3", "type_of_work")
    elsewhere = (value for name in places for value in fields.get(name, ()) if "10." in value)
    return bare_doi(_first(fields, "doi")) or next(filter(None, map(bare_doi, elsewhere)), "")


def _pmid(fields: dict[str, list[str]]) -> str:
    accession = _first(fields, "accession_number")
    named = _DATABASES.search(_first(fields, "name_of_database"))
    told = (value for name in ("user1", "notes") for value in fields.get(name, ()))
    return accession if named and accession.isdecimal() else next(filter(None, map(pmid_in, told)), "")
