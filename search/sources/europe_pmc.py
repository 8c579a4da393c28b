"""Europe PMC by its RESTful service: preprints and what PubMed lacks, of a window of days.

Written after https://europepmc.org/RestfulWebService and the announcement of version 6.6 (the last page names
no next cursor). Queries go by ``searchPOST``, as strategies are longer than addresses may be.
"""

from collections.abc import Sequence
from enum import StrEnum
from functools import partial

import requests

from review.searching import Window
from search.clocks import Clock
from search.errors import BadReply
from search.limiter import Limiter
from search.sources.asking import Service
from search.sources.contract import Found, Progress
from search.sources.europe_pmc_entry import record_of
from search.sources.fields import Fields
from search.sources.paging import Item, Page, walk
from search.sources.shelving import file_away
from search.transport import Transport

__all__ = ["EUROPE_PMC_SPACING", "EuropePmc", "Scope"]

EUROPE_PMC_SPACING = 0.2
"""Seconds between requests: half of the 10 a second that the service allows an address."""

_WHERE = "Europe PMC search"
_FIRST = "*"
_PAGE_SIZE = 200
"""Of at most 1,000: core results hold abstracts and affiliations, so that a page arrives within seconds."""


class Scope(StrEnum):
    """Which of Europe PMC's records are asked for, in its own syntax."""

    BEYOND_PUBMED = "NOT (SRC:MED)"
    PREPRINTS = "AND (SRC:PPR)"
    EVERYTHING = ""


class EuropePmc:
    """A client of Europe PMC's search that gives all records of a window or an error.

    Parameters
    ----------
    base_url
        Where the service is (``https://www.ebi.ac.uk/europepmc/webservices/rest/``).
    query
        In Europe PMC's syntax.
    scope
        Beyond PubMed are preprints, and records of PMC, Agricola, patents and others without a PMID.
    changed
        True to find records again that were changed in the window (``UPDATE_DATE``), not new ones alone.
    session, limiter, clock, deadline, attempts
        As of `search.pubmed.PubMed`. Nothing of the session's is sent but its headers.
    remarks
        What must be known of the query, such as parts of a strategy that it could not ask for; repeated in
        every answer.
    page_size
        Records asked for at a time, 1 to 1,000.

    Raises
    ------
    ValueError
        When `query` is empty: everything would match.
    """

    name = "europepmc"

    def __init__(
        self,
        base_url: str,
        query: str,
        *,
        scope: Scope = Scope.BEYOND_PUBMED,
        changed: bool = True,
        remarks: Sequence[str] = (),
        session: requests.Session,
        limiter: Limiter,
        clock: Clock,
        deadline: float = 180.0,
        attempts: int = 5,
        page_size: int = _PAGE_SIZE,
    ) -> None:
        if not query.strip():
            raise ValueError("Europe PMC: found an empty query; expected one; say what to look for")
        self._query, self._scope, self._changed = query.strip(), scope, changed
        self._remarks = tuple(remarks)
        self._settings = {
            "resultType": "core",
            "format": "json",
            "pageSize": str(page_size),
            "synonym": "true",  # as its website does
        }
        self._service = Service(base_url, Transport(session, limiter, clock, deadline, attempts))

    def search(self, window: Window, progress: Progress | None = None) -> Found:
        """Return every record that entered Europe PMC inside `window`, or was changed there.

        The day of entry is that of first indexing (``FIRST_IDATE``): dates of publication may lie before or
        after it by months, and a window by them would lose what is indexed late. A record that changes again
        leaves its earlier days of change for a later one, but keeps its day of entry.

        Raises
        ------
        RefusedQuery
            When the service cannot read the query.
        SourceError
            When no complete answer could be had.
        """
        query = self.query(window)
        items = walk(_WHERE, partial(self._page, query), progress)
        records, missing = file_away(items, record_of)
        return Found(query=query, records=records, count=len(items), missing=missing, messages=self._remarks)

    def query(self, window: Window) -> str:
        """Return the query as it is put for `window`."""
        days = f"[{window.start.isoformat()} TO {window.end.isoformat()}]"
        dates = ("FIRST_IDATE", "UPDATE_DATE") if self._changed else ("FIRST_IDATE",)
        inside = " OR ".join(f"{date}:{days}" for date in dates)
        return f"({self._query}) AND ({inside}) {self._scope}".strip()

    def _page(self, query: str, place: str) -> Page:
        form = {"query": query, "cursorMark": place or _FIRST, **self._settings}
        read = partial(_read_page, cursor=place or _FIRST)
        return self._service.ask(_WHERE, "searchPOST", form, read, method="POST")


def _read_page(answer: Fields, cursor: str) -> Page:
    """Read a page; the last one has no next cursor, or the one that it was asked with."""
    answer.expect("resultList", "result")
    items = tuple(map(_item, answer.items("resultList", "result")))
    following = answer.text("nextCursorMark")
    return Page(items, answer.number("hitCount"), following if items and following != cursor else "")


def _item(result: Fields) -> Item:
    source, identifier = result.text("source"), result.text("id")
    if not source or not identifier:
        raise BadReply(f"{result.where}: found a result without source and id; expected both; try again")
    return Item(f"{source}/{identifier}", result)
