"""Puts a team's own full records in the place of a catalogue's word indexes."""

import dataclasses
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from review.record import Record
from search.rehearsal.lines import rows
from search.words import folded_words

__all__ = ["PLACEHOLDER_FROM", "with_abstracts"]

PLACEHOLDER_FROM = 900_000_000
"""PMIDs from here up stand in catalogues where no PMID was seen; they identify nothing."""


def with_abstracts(records: Iterable[Record], path: Path) -> tuple[Record, ...]:
    """Replace the index of each entry that the team holds in full; all else stays as it is.

    An entry is recognised by PMID, else by DOI, else by title and year (one year apart at most) where no
    identifier contradicts and what fits has one abstract.

    Parameters
    ----------
    path
        JSON lines with ``abstract`` and any of ``pmid``, ``doi``, ``title``, ``year``, ``keywords``.

    Raises
    ------
    CatalogueError
        For a line that is not a JSON object.
    """
    shelf = _Shelf(_full(path))
    return tuple(_replaced(record, shelf.find(record)) if record.index_only else record for record in records)


class _Shelf:
    """The full records, to be found by PMID, DOI or title."""

    def __init__(self, full: Iterable[dict[str, Any]]) -> None:
        self._by_key: dict[tuple[str, str], list[dict[str, Any]]] = {}
        for row in full:
            for key in _keys(_text(row, "pmid"), _text(row, "doi"), _text(row, "title")):
                self._by_key.setdefault(key, []).append(row)

    def find(self, record: Record) -> dict[str, Any] | None:
        """Give the one full record of an entry, or None."""
        for key in _keys(_pmid(record), record.doi, record.title):
            fitting = self._by_key.get(key, [])
            if key[0] == "title":
                same = [row for row in fitting if _may_be(record, row)]
                return same[0] if len({row["abstract"] for row in same}) == 1 else None
            if fitting:
                return fitting[0]
        return None


def _full(path: Path) -> Iterable[dict[str, Any]]:
    return (row for _, row in rows(path) if row.get("abstract"))


def _keys(pmid: str, doi: str, title: str) -> list[tuple[str, str]]:
    keys = [("pmid", pmid), ("doi", doi.lower()), ("title", " ".join(folded_words(title)))]
    return [key for key in keys if key[1]]


def _text(row: dict[str, Any], key: str) -> str:
    return str(row.get(key) or "")


def _pmid(record: Record) -> str:
    placeholder = record.pmid.isdecimal() and int(record.pmid) >= PLACEHOLDER_FROM
    return "" if placeholder else record.pmid


def _may_be(record: Record, row: dict[str, Any]) -> bool:
    year = row.get("year")
    close = isinstance(year, int) and record.year is not None and abs(record.year - year) <= 1
    return close and not any(
        mine and theirs and mine != theirs
        for mine, theirs in (
            (_pmid(record), _text(row, "pmid")),
            (record.doi.lower(), _text(row, "doi").lower()),
        )
    )


def _replaced(record: Record, row: dict[str, Any] | None) -> Record:
    if row is None:
        return record
    keywords = tuple(map(str, row.get("keywords") or ()))
    return dataclasses.replace(record, abstract=str(row["abstract"]), keywords=keywords, index_only=False)
