"""Records in MEDLINE display format, the text that reference managers take as .nbib."""

import textwrap
from collections.abc import Iterable, Iterator

from review.record import Record
from search.notes import general_notes
from search.standin.names import published_of, registry_of, status_of
from search.standin.shelf import pmid_of

__all__ = ["medline"]

_WIDTH = 88
# Readers join the lines of these; fields that may stand several times are kept on one line each.
_WRAPPED = {"TI", "AB", "SO"}


def medline(records: Iterable[Record]) -> str:
    """Give all records, each after an empty line."""
    return "".join(f"\n{''.join(map(_line, *zip(*_fields(record), strict=True)))}" for record in records)


def _fields(record: Record) -> Iterator[tuple[str, str]]:
    """Give tags and texts in PubMed's order, without what the record does not hold."""
    return ((tag, " ".join(text.split())) for tag, text in _all_fields(record) if text.strip())


def _all_fields(record: Record) -> Iterator[tuple[str, str]]:
    yield "PMID", pmid_of(record)
    yield "OWN", "NLM"
    yield "STAT", status_of(record)
    yield "VI", record.volume
    yield "IP", record.issue
    yield "DP", published_of(record)
    yield "TI", record.title
    yield "PG", record.pages
    yield "LID", _marked(record.doi, "doi")
    yield "AB", record.abstract
    yield from (("AU", author) for author in record.authors)
    yield "LA", record.language
    yield from (("SI", f"{registry_of(number)}/{number}") for number in record.registrations)
    yield from (("PT", kind) for kind in record.publication_types)
    yield "TA", record.journal
    yield "JT", record.journal
    yield from (("MH", heading) for heading in record.mesh)
    yield "PMC", record.pmcid
    if record.keywords:
        yield "OTO", "NOTNLM"
    yield from (("OT", keyword) for keyword in record.keywords)
    yield from (("GN", f"NLM: {note}") for note in general_notes(record))
    if record.entered:
        yield "EDAT", f"{record.entered:%Y/%m/%d} 00:00"
        yield "PHST", f"{record.entered:%Y/%m/%d} 00:00 [entrez]"
    yield "AID", _marked(record.doi, "doi")
    yield "PST", "ppublish"
    yield "SO", record.citation


def _marked(value: str, kind: str) -> str:
    return f"{value} [{kind}]" if value else ""


def _line(tag: str, text: str) -> str:
    width = _WIDTH - 6 if tag in _WRAPPED else len(text)
    lines = textwrap.wrap(text, width, break_long_words=False, break_on_hyphens=False)
    return f"{tag:<4}- " + "\n      ".join(lines) + "\n"
