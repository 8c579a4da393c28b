"""Synthetic records of Europe PMC, and a client of the stand-in that serves them."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta

import requests

from review.record import Correction, Record
from search.limiter import Unlimited
from search.sources.europe_pmc import EuropePmc
from search.standin.europepmc import Library
from search.standin.faults import FaultPlan
from search.standin.pages import PageFault
from search.standin.server import StandIn
from tests.search.wire import HandClock

SEARCH = "/europepmc/webservices/rest/searchPOST"
PREPRINT = Record(
    source="europepmc",
    accession="PPR/PPR999901",
    title="A preprint on X & pain in the Ý",
    abstract="X is compared with waiting, registered as NCT99999901.",
    authors=("Tester AB", "Other C", "X in Y Study Group"),
    orcids=("0000-0000-0000-0001", "", ""),
    journal="testRxiv",
    year=2024,
    doi="10.9999/preprint.1",
    language="eng",
    publication_types=("Preprint",),
    keywords=("internet",),
    registrations=("NCT99999901",),
    entered=date(2024, 3, 10),
    revised=date(2024, 3, 20),
    published="2024-03-09",
    version="1",
    corrections=(
        Correction(kind="PreprintOf", pmid="900000001", citation="J Test. 2024."),
        Correction(kind="CommentIn", citation="PPR/PPR999902 Reviews. 2024."),
    ),
)
ARTICLE = Record(
    source="europepmc",
    accession="MED/900000001",
    pmid="900000001",
    pmcid="PMC99999999",
    title="An article on pain",
    journal="Journal of Tests",
    volume="12",
    issue="3",
    pages="101-9",
    year=2024,
    mesh=("Chronic Pain",),
    publication_types=("Journal Article",),
    entered=date(2024, 3, 11),
    status="ppublish",
)


def preprints(number: int, start: date = date(2024, 3, 1)) -> Iterator[Record]:
    """Make preprints, ten a day."""
    for at in range(number):
        accession, day = f"PPR/PPR{at + 1}", start + timedelta(days=at // 10)
        yield Record(source="europepmc", accession=accession, title=f"Preprint {at} on pain", entered=day)


@contextmanager
def europe(
    records: Iterable[Record] = (),
    *faults: PageFault,
    plan: FaultPlan = (),
    query: str = "pain",
    library: Library | None = None,
    **settings: object,
) -> Iterator[tuple[EuropePmc, StandIn]]:
    """Serve records and give a client of them that waits by hand."""
    served = library or Library(records, faults)
    asked: dict[str, object] = {"limiter": Unlimited(), "clock": HandClock(), "deadline": 600.0} | settings
    with StandIn([], plan, routes=served.routes) as standin, requests.Session() as session:
        yield EuropePmc(standin.at(served.path), query, session=session, **asked), standin
