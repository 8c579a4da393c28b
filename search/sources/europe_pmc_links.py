"""Who cites a document and what it cites, by Europe PMC: ``/{source}/{id}/citations`` and ``/references``.

Written after https://europepmc.org/RestfulWebService; entries have the fields of its ``referenceInfo``.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from urllib.parse import quote

import requests

from review.record import Record
from search.clocks import Clock
from search.files.citation_fields import year_in
from search.limiter import Limiter
from search.sources.asking import Service
from search.sources.europe_pmc_entry import names_of, plain
from search.sources.fields import Fields
from search.sources.paging import Item, Page, walk
from search.sources.shelving import UNTITLED
from search.transport import Transport
from search.words import folded_words

__all__ = ["EuropePmcLinks", "Linked"]

_PAGE_SIZE = 500
_TITLES = ("title", "publicationTitle", "unstructuredInformation")


@dataclass(frozen=True, slots=True)
class Linked:
    """One list of citations or references.

    Parameters
    ----------
    records
        One for each entry, under ``citations`` and its PMID; without one under ``SOURCE/id``, ``doi/...``, or
        ``text/`` and a digest of its words.
    blanks
        How many entries have neither an identifier nor a title, so that nobody could find them.
    """

    records: tuple[Record, ...]
    blanks: int = 0


class EuropePmcLinks:
    """A client of Europe PMC's lists of citations and references.

    Parameters
    ----------
    base_url, session, limiter, clock, deadline, attempts
        As of `search.sources.europe_pmc.EuropePmc`.
    page_size
        Entries asked for at a time, 1 to 1,000.
    """

    def __init__(
        self,
        base_url: str,
        *,
        session: requests.Session,
        limiter: Limiter,
        clock: Clock,
        deadline: float = 180.0,
        attempts: int = 5,
        page_size: int = _PAGE_SIZE,
    ) -> None:
        self._page_size = page_size
        self._service = Service(base_url, Transport(session, limiter, clock, deadline, attempts))

    def citations(self, place: str) -> Linked:
        """Return what cites a document.

        Parameters
        ----------
        place
            ``SOURCE/id``, such as ``MED/`` and a PMID.

        Raises
        ------
        NotKnown
            When Europe PMC knows no such document.
        SourceError
            When no complete answer could be had.
        """
        return self._linked(place, "citations", ("citationList", "citation"))

    def references(self, place: str) -> Linked:
        """Return what a document cites; parameters and errors as of `citations`."""
        return self._linked(place, "references", ("referenceList", "reference"))

    def _linked(self, place: str, kind: str, path: tuple[str, str]) -> Linked:
        where = f"Europe PMC {kind} of {place}"

        def ask(number: str) -> Page:
            at = int(number or 1)
            form = {"page": str(at), "pageSize": str(self._page_size), "format": "json"}
            read = partial(_read_page, path=path, number=at, size=self._page_size)
            return self._service.ask(where, f"{quote(place)}/{kind}", form, read)

        return _told(item.fields for item in walk(where, ask))


def _read_page(answer: Fields, path: tuple[str, str], number: int, size: int) -> Page:
    count = answer.number("hitCount")
    if count != 0:
        answer.expect(*path)
    items = tuple(Item(_identifier(entry), entry) for entry in answer.items(*path))
    return Page(items, count, str(number + 1) if count is not None and number * size < count else "")


def _identifier(entry: Fields) -> str:
    """Return what no other entry of the list may have: a list of references may name one work twice."""
    return entry.text("citedOrder") or "/".join(filter(None, (entry.text("source"), entry.text("id"))))


def _told(entries: Iterable[Fields]) -> Linked:
    records = [(_accession(entry), entry) for entry in entries]
    return Linked(
        records=tuple(_record(accession, entry) for accession, entry in records if accession),
        blanks=sum(not accession for accession, _ in records),
    )


def _accession(entry: Fields) -> str:
    source, identifier, doi = entry.text("source"), entry.text("id"), entry.text("doi").lower()
    if source and identifier:
        return identifier if source == "MED" else f"{source}/{identifier}"
    words = folded_words(_title(entry))
    digest = hashlib.sha256(" ".join((*words, entry.text("pubYear"))).encode()).hexdigest()[:16]
    return f"doi/{doi}" if doi else f"text/{digest}" if words else ""


def _title(entry: Fields) -> str:
    return next((title for name in _TITLES if (title := plain(entry.text(name)))), "")


def _record(accession: str, entry: Fields) -> Record:
    in_pubmed = entry.text("source") == "MED"
    return Record(
        source="citations",
        accession=accession,
        title=_title(entry) or UNTITLED,
        authors=names_of(entry.text("authorString")),
        journal=entry.text("journalAbbreviation"),
        year=year_in(entry.text("pubYear")),
        volume=entry.text("volume"),
        issue=entry.text("issue"),
        pages=entry.text("pageInfo"),
        doi=entry.text("doi"),
        pmid=accession if in_pubmed else "",
        pmcid=entry.text("id") if entry.text("source") == "PMC" else "",
        publication_types=("Preprint",) if entry.text("source") == "PPR" else (),
    )
