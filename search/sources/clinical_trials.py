"""ClinicalTrials.gov by its API, version 2: every trial whose entry was posted or changed in a window.

Written after the registry's API documentation (https://clinicaltrials.gov/data-api/api, OpenAPI 2.0.x):
GET, JSON, no key. Its search matches as its own website does; it is not PubMed's syntax.
"""

from functools import partial

import requests

from review.searching import Window
from search.clocks import Clock
from search.errors import BadReply, SourceError
from search.limiter import Limiter
from search.registrations import normal_registration
from search.sources.asking import Service
from search.sources.contract import Found, Progress
from search.sources.fields import Fields
from search.sources.paging import Item, Page, walk
from search.sources.registry_entry import MODULES, record_of
from search.sources.shelving import file_away
from search.transport import Transport

__all__ = ["CLINICAL_TRIALS_SPACING", "ClinicalTrials"]

CLINICAL_TRIALS_SPACING = 1.3
"""Seconds between requests: the registry speaks of about 50 a minute for each address."""

_WHERE = "ClinicalTrials.gov studies"
_PAGE_SIZE = 200
"""Of at most 1,000: entries with long descriptions, so that a page arrives within seconds."""


class ClinicalTrials:
    """A client of the registry that gives all entries of a window or an error.

    Parameters
    ----------
    base_url
        Where the API is (``https://clinicaltrials.gov/api/v2/``).
    condition, intervention, term
        Expressions in the registry's own syntax (``query.cond``, ``query.intr``, ``query.term``), joined by
        AND; one at least.
    session, limiter, clock, deadline, attempts
        As of `search.pubmed.PubMed`. Nothing of the session's is sent but its headers.
    page_size
        Entries asked for at a time, 1 to 1,000.

    Raises
    ------
    ValueError
        When no expression is given: the whole registry would match.
    """

    name = "clinicaltrials"

    def __init__(
        self,
        base_url: str,
        *,
        condition: str = "",
        intervention: str = "",
        term: str = "",
        session: requests.Session,
        limiter: Limiter,
        clock: Clock,
        deadline: float = 180.0,
        attempts: int = 5,
        page_size: int = _PAGE_SIZE,
    ) -> None:
        given = {"query.cond": condition, "query.intr": intervention, "query.term": term}
        self._asked = {name: text.strip() for name, text in given.items() if text.strip()}
        if not self._asked:
            raise ValueError(
                "ClinicalTrials.gov: found no condition, intervention or term; expected one at least; "
                "say in the protocol what to look for"
            )
        self._page_size = page_size
        self._service = Service(base_url, Transport(session, limiter, clock, deadline, attempts))

    def search(self, window: Window, progress: Progress | None = None) -> Found:
        """Return every entry that was posted or last changed inside `window` (LastUpdatePostDate).

        An entry that changes again leaves its earlier days for a later one, so that windows up to today lose
        none. Days are those of the registry (US Eastern).

        Raises
        ------
        RefusedQuery
            When the registry cannot read an expression.
        SourceError
            When no complete answer could be had.
        """
        form = self._form(window)
        items = walk(_WHERE, partial(self._page, form), progress)
        records, missing = file_away(items, record_of)
        build, messages = self._build()
        query = " AND ".join(f"{name}={form[name]}" for name in (*self._asked, "filter.advanced"))
        return Found(
            query=query, records=records, count=len(items), missing=missing, messages=messages, build=build
        )

    def _build(self) -> tuple[str, tuple[str, ...]]:
        """Return the date of the data, or why it is not known: no reason to throw the answer away."""
        try:
            return self._service.ask("ClinicalTrials.gov version", "version", {}, _read_build), ()
        except SourceError as error:
            return "", (f"the date of the data is not known: {error}",)

    def _form(self, window: Window) -> dict[str, str]:
        days = f"{window.start.isoformat()},{window.end.isoformat()}"
        return {
            **self._asked,
            "filter.advanced": f"AREA[LastUpdatePostDate]RANGE[{days}]",
            "fields": ",".join(MODULES),
            "sort": "LastUpdatePostDate:asc",
            "countTotal": "true",
            "pageSize": str(self._page_size),
            "format": "json",
        }

    def _page(self, form: dict[str, str], place: str) -> Page:
        return self._service.ask(
            _WHERE, "studies", form | ({"pageToken": place} if place else {}), _read_page
        )


def _read_build(answer: Fields) -> str:
    """Read the date of the data (``dataTimestamp``), with the version of the API."""
    answer.expect("dataTimestamp")
    return f"{answer.text('dataTimestamp')}, API {answer.text('apiVersion') or 'unknown'}"


def _read_page(answer: Fields) -> Page:
    """Read a PagedStudies; the total stands on the first page only."""
    answer.expect("studies")
    return Page(
        items=tuple(map(_item, answer.items("studies"))),
        count=answer.number("totalCount"),
        next=answer.text("nextPageToken"),
    )


def _item(study: Fields) -> Item:
    number = normal_registration(study.text("protocolSection", "identificationModule", "nctId"))
    if not number.startswith("NCT"):
        raise BadReply(f"{study.where}: found an entry without an NCT number; expected one; try again")
    return Item(number, study)
