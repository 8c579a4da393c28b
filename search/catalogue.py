"""A catalogue of PubMed entries as JSON lines, for the stand-in and the rehearsal: facts, no abstracts.

One record a line; the keys are the fields of `review.record.Record` without `source`, empty ones left out.
"""

import dataclasses
import json
from collections.abc import Callable, Iterable
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

from review.record import Record
from search.rehearsal.full_records import PLACEHOLDER_FROM, with_abstracts
from search.rehearsal.lines import CatalogueError, rows
from search.rehearsal.word_index import index_of, indexed_record, phrases_of

__all__ = [
    "PLACEHOLDER_FROM",
    "CatalogueError",
    "index_of",
    "indexed_record",
    "phrases_of",
    "read",
    "record_of",
    "with_abstracts",
    "write",
]

_SOURCE = "pubmed"
_LEFT_OUT = {"source", "corrections"}
_FIELDS = tuple(field.name for field in dataclasses.fields(Record) if field.name not in _LEFT_OUT)
_LISTS = {"authors", "publication_types", "mesh", "keywords", "registrations", "notes", "orcids"}
_DAYS = {"entered", "revised"}
_REQUIRED = ("accession", "title")


def read(path: Path) -> tuple[Record, ...]:
    """Read a catalogue.

    Raises
    ------
    CatalogueError
        ``file: line N: found; expected`` for a line that is not a record, or an accession met twice.
    """
    records: dict[str, Record] = {}
    for where, row in rows(path):
        record = record_of(row, where)
        if record.accession in records:
            raise CatalogueError(
                f"{where}: found {record.accession} a second time; expected each accession once"
            )
        records[record.accession] = record
    return tuple(records.values())


def write(path: Path, records: Iterable[Record]) -> None:
    """Write a catalogue in the order of PMIDs; the same records give the same bytes.

    Raises
    ------
    CatalogueError
        When two records bear one accession.
    """
    ordered = sorted(records, key=lambda record: (_number(record.accession), record.accession))
    for before, after in pairwise(ordered):
        if before.accession == after.accession:
            raise CatalogueError(f"{path.name}: found {after.accession} twice; expected each accession once")
    text = "".join(f"{json.dumps(_row(record), ensure_ascii=False)}\n" for record in ordered)
    path.write_bytes(text.encode())


def record_of(row: dict[str, Any], where: str) -> Record:
    """Make a record of one line's object.

    Parameters
    ----------
    where
        Begins the text of an error.

    Raises
    ------
    CatalogueError
        For an unknown key, a missing one, a value of the wrong kind, or an index beside an abstract.
    """
    if unknown := sorted(set(row) - set(_FIELDS)):
        raise CatalogueError(f"{where}: found the key {unknown[0]!r}; expected one of {', '.join(_FIELDS)}")
    if missing := [key for key in _REQUIRED if not row.get(key)]:
        raise CatalogueError(f"{where}: found no {missing[0]}; expected accession and title")
    record = Record(source=_SOURCE, **{key: _value(key, value, where) for key, value in row.items()})
    if record.index_only and record.abstract:
        raise CatalogueError(f"{where}: found an abstract beside index_only; expected one of the two")
    return record


def _value(key: str, value: object, where: str) -> Any:  # noqa: ANN401 - each key has its own type
    kind, fits = _kind(key)
    if not fits(value):
        raise CatalogueError(f"{where}: {key}: found {value!r}; expected {kind}")
    if key in _DAYS:
        return _day(str(value), f"{where}: {key}")
    return tuple(value) if isinstance(value, list) else value


def _kind(key: str) -> tuple[str, Callable[[object], bool]]:
    if key in _LISTS:
        return "a list of texts", _is_texts
    if key == "year":
        return "a whole number", lambda value: type(value) is int
    if key == "index_only":
        return "true or false", lambda value: isinstance(value, bool)
    return "a text", lambda value: isinstance(value, str)


def _is_texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def _day(value: str, where: str) -> date:
    try:
        return date.fromisoformat(value)
    except ValueError as error:
        raise CatalogueError(f"{where}: found {value!r}; expected YYYY-MM-DD") from error


def _row(record: Record) -> dict[str, object]:
    values = {key: getattr(record, key) for key in _FIELDS}
    return {key: _plain(value) for key, value in values.items() if value not in ("", (), None, False)}


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value


def _number(accession: str) -> float:
    return int(accession) if accession.isdecimal() else float("inf")
