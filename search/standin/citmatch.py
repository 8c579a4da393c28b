"""ECitMatch of the stand-in: plain text by journal, year, volume, first page; a wrong author does not matter.

Written after NCBI's help (NBK25499) and recorded replies; like NCBI's it lets place win over author.
"""

import re
from collections.abc import Iterable

from review.record import Record
from search.standin.reply import Form, Reply, text_reply
from search.standin.shelf import Shelf, pmid_of
from search.words import folded_words

__all__ = ["ecitmatch"]

_FIELDS = 6


def ecitmatch(form: Form, shelf: Shelf) -> Reply:
    """Answer each citation on a line of its own: its fields again, then a PMID or a word."""
    asked = [line for line in re.split(r"[\r\n]+", form.get("bdata", "")) if line.strip()]
    return text_reply("".join(f"{_answer(line, shelf)}\n" for line in asked))


def _answer(line: str, shelf: Shelf) -> str:
    fields = [*line.split("|"), *[""] * _FIELDS][:_FIELDS]
    return "|".join([*fields, _found(fields, shelf)])


def _found(fields: list[str], shelf: Shelf) -> str:
    journal, year, volume, page, _author, _key = fields
    there = [record for record in shelf.records if _same(record.journal, journal)]
    if not there:
        return "NOT_FOUND;INVALID_JOURNAL"
    fits = [record for record in there if _fits(record, year, volume, page)]
    if len(fits) > 1:
        return f"AMBIGUOUS {','.join(_pmids(fits))}"
    return pmid_of(fits[0]) if fits else "NOT_FOUND"


def _fits(record: Record, year: str, volume: str, page: str) -> bool:
    pairs = ((str(record.year or ""), year), (record.volume, volume), (record.pages.split("-")[0], page))
    return all(not asked or held == asked for held, asked in pairs)


def _same(held: str, asked: str) -> bool:
    return folded_words(held) == folded_words(asked)


def _pmids(records: Iterable[Record]) -> list[str]:
    return [pmid_of(record) for record in records]
