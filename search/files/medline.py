"""MEDLINE text (.nbib): the entries are cut out and counted here, Bio.Medline reads each by itself."""

import re
from collections.abc import Iterator
from datetime import date
from io import StringIO
from itertools import chain

from Bio import Medline

from review.record import Record
from search.files.citation_fields import year_in
from search.files.importing import Entry, Rejected, one_line
from search.notes import from_general_notes

__all__ = ["read_medline"]

_START = re.compile(r"^PMID ?- ?(.*)$")


def read_medline(text: str) -> Iterator[Entry]:
    """Give out each entry of `text` as a record or as rejected; an entry begins with PMID."""
    for line, lines in _entries(text):
        match = _START.match(lines[0])
        if match is None:
            yield Rejected(line, "lines without a PMID line before them")
        elif not match[1].strip().isdecimal():
            yield Rejected(line, f"found PMID {match[1].strip()!r}; expected a number")
        else:
            yield _record(line, "\n".join([f"PMID- {match[1].strip()}", *lines[1:], ""]))


def _entries(text: str) -> Iterator[tuple[int, list[str]]]:
    start, lines = 1, list[str]()
    for number, line in enumerate(text.split("\n"), 1):
        if _START.match(line) or (not lines and line.strip()):
            if lines:
                yield start, lines
            start, lines = number, [line]
        elif line.strip():
            lines.append(line)
    if lines:
        yield start, lines


def _record(line: int, text: str) -> Entry:
    try:
        fields: dict[str, list[str] | str] = Medline.read(StringIO(text))  # type: ignore[no-untyped-call]  # Bio ships no types
    except (ValueError, KeyError, IndexError) as error:
        return Rejected(line, f"lines that are not MEDLINE ({error})")
    title = _one(fields, "TI", "BTI", "TT")
    return _from(fields, title) if title else Rejected(line, "no title (TI)")


def _many(fields: dict[str, list[str] | str], *names: str) -> tuple[str, ...]:
    found = (fields.get(name, []) for name in names)
    values = chain.from_iterable([value] if isinstance(value, str) else value for value in found)
    return tuple(text for value in values if (text := one_line(value)))


def _one(fields: dict[str, list[str] | str], *names: str) -> str:
    return next(iter(_many(fields, *names)), "")


def _from(fields: dict[str, list[str] | str], title: str) -> Record:
    pmid = _one(fields, "PMID")
    index_only, notes = from_general_notes(_many(fields, "GN"))
    return Record(
        source="files",
        accession=pmid,
        pmid=pmid,
        title=title,
        abstract=" ".join(_many(fields, "AB", "OAB")),
        authors=_many(fields, "AU") + _many(fields, "CN"),
        journal=_one(fields, "JT", "TA"),
        year=year_in(_one(fields, "DP")),
        volume=_one(fields, "VI"),
        issue=_one(fields, "IP"),
        pages=_one(fields, "PG"),
        doi=_identifier(fields, "doi"),
        pmcid=_one(fields, "PMC"),
        language=_one(fields, "LA"),
        publication_types=_many(fields, "PT"),
        mesh=tuple(dict.fromkeys(heading.split("/")[0].strip("*") for heading in _many(fields, "MH"))),
        keywords=tuple(keyword.lstrip("*") for keyword in _many(fields, "OT")),
        registrations=tuple(number.rpartition("/")[2] for number in _many(fields, "SI")),
        entered=_day(_one(fields, "EDAT")),
        index_only=index_only,
        notes=notes,
    )


def _identifier(fields: dict[str, list[str] | str], kind: str) -> str:
    marked = f"[{kind}]"
    found = (value for value in _many(fields, "LID", "AID") if marked in value)
    # LID may hold several identifiers in one line: the one before its own mark counts.
    return next((value.split(marked)[0].split()[-1] for value in found), "")


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10].replace("/", "-"))
    except ValueError:
        return None
