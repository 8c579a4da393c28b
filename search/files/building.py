"""A record from the fields of one entry, by the same rules for every format."""

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import chain

from review.record import Record
from search.files.citation_fields import bare_doi, page_range, pmcid_in, pmid_in, year_in
from search.files.importing import Entry, Rejected, Said
from search.files.raw import Fields, Raw, Vocabulary
from search.notes import label_note
from search.registrations import find_registrations

__all__ = ["Finish", "build", "built"]

Finish = Callable[[Record, Fields], Record]
"""What a format adds to the record of an entry."""

_PUBMED = re.compile(r"(?:ovid )?(?:pubmed|medline)|nlm$", re.IGNORECASE)
"""How a database is called whose accession numbers are PMIDs."""


def built(
    entries: Iterable[Raw | Rejected | Said], vocabulary: Vocabulary, finish: Finish | None = None
) -> Iterator[Entry | Said]:
    """Give out a record for each entry with a title, a rejection for each without; hand on the rest."""
    for entry in entries:
        if not isinstance(entry, Raw):
            yield entry
            continue
        fields = Fields(entry, vocabulary)
        record = build(fields)
        yield finish(record, fields) if finish and isinstance(record, Record) else record


def build(fields: Fields) -> Entry:
    """Return the record that `fields` describe.

    The meanings it asks for: titles, abstract, authors, more_authors, contributors, journal, year, volume,
    issue, pages, last_page, doi, pmid, pmcid, accession, database, links, identifiers, language, types,
    mesh, keywords, registrations, notes, labels.
    """
    title = fields.first("titles")
    if not title:
        return Rejected(fields.line, "no title")
    return Record(
        source="files",
        accession="",
        title=title,
        abstract=fields.first("abstract"),
        authors=_authors(fields),
        journal=fields.first("journal"),
        year=next(filter(None, map(year_in, fields.every("year"))), None),
        volume=fields.first("volume"),
        issue=fields.first("issue"),
        pages=page_range(fields.first("pages"), fields.first("last_page")),
        doi=_doi(fields),
        pmid=_pmid(fields),
        pmcid=next(filter(None, map(pmcid_in, fields.every("pmcid"))), ""),
        language=fields.first("language"),
        publication_types=tuple(kind for kind in fields.every("types") if not bare_doi(kind)),
        mesh=tuple(fields.every("mesh")),
        keywords=tuple(fields.every("keywords")),
        registrations=_registrations(fields),
        notes=tuple(_notes(fields, title)),
    )


def _authors(fields: Fields) -> tuple[str, ...]:
    named = (*fields.under_first("authors"), *fields.every("more_authors"))
    return tuple(named or fields.every("contributors"))


def _notes(fields: Fields, title: str) -> Iterator[str]:
    yield from fields.every("notes")
    yield from (f"Another title: {other}" for other in fields.every("titles") if other != title)
    if fields.first("authors") or fields.first("more_authors"):
        yield from (f"Editor or other contributor: {name}" for name in fields.every("contributors"))
    yield from map(label_note, fields.every("labels"))


def _doi(fields: Fields) -> str:
    elsewhere = (value for value in fields.every("links", "types") if "10." in value)
    return next(filter(None, map(bare_doi, chain(fields.every("doi"), elsewhere))), "")


def _pmid(fields: Fields) -> str:
    named = _PUBMED.match(fields.first("database"))
    sure = [*fields.every("pmid"), *(fields.every("accession") if named else ())]
    told = fields.every("pmid", "identifiers", "links", "notes")
    numbers = (_number(value) for value in sure)
    return next(filter(None, chain(numbers, map(pmid_in, told))), "")


def _number(text: str) -> str:
    bare = text.removesuffix(".0")  # what a spreadsheet makes of a column with blanks
    return bare.lstrip("0") if bare.isascii() and bare.isdecimal() else ""


def _registrations(fields: Fields) -> tuple[str, ...]:
    told = fields.every(
        "titles", "abstract", "accession", "identifiers", "links", "keywords", "notes", "trials"
    )
    found = find_registrations("\n\n".join(told))
    return tuple(dict.fromkeys((*fields.every("registrations"), *found)))
