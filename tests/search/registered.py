"""Synthetic registrations and preprints, and clients of the stand-in that serves them."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta

import requests

from review.record import Correction, Record
from review.searching import Window
from search.limiter import Unlimited
from search.sources.clinical_trials import ClinicalTrials
from search.standin.ctgov import Registry
from search.standin.faults import FaultPlan
from search.standin.pages import PageFault
from search.standin.server import StandIn
from tests.search.wire import HandClock

MARCH = Window(date(2024, 3, 1), date(2024, 3, 31))
STUDIES = "/clinicaltrials/api/v2/studies"
TRIAL = Record(
    source="clinicaltrials",
    accession="NCT99999901",
    title="A trial of <X> in chronic pain of the Ý",
    abstract="X is compared with waiting.",
    authors=("Tess Tester, MD", "Institute of Tests"),
    journal="ClinicalTrials.gov",
    year=2023,
    publication_types=("Clinical Trial Registration", "Interventional", "Randomized"),
    keywords=("Chronic Pain", "internet"),
    registrations=("NCT99999901", "ISRCTN99999901", "EUCTR2012-099999-42"),
    entered=date(2024, 3, 1),
    revised=date(2024, 3, 31),
    published="2024-03-01",
    status="RECRUITING",
    corrections=(Correction(kind="ReferenceDerived", pmid="900000001", citation="Tester T. A test."),),
    notes=("Results are posted in the registry.",),
)


def trials(number: int, start: date = date(2024, 3, 1)) -> Iterator[Record]:
    """Make registrations, ten a day."""
    for at in range(number):
        day = start + timedelta(days=at // 10)
        accession = f"NCT{90_000_000 + at}"
        yield Record(source="clinicaltrials", accession=accession, title=f"Trial {at} of pain", entered=day)


@contextmanager
def registry(
    records: Iterable[Record], *faults: PageFault, plan: FaultPlan = (), **settings: object
) -> Iterator[tuple[ClinicalTrials, StandIn]]:
    """Serve registrations and give a client of them that waits by hand."""
    served = Registry(records, faults)
    asked: dict[str, object] = {
        "term": "pain",
        "limiter": Unlimited(),
        "clock": HandClock(),
        "deadline": 600.0,
    }
    with StandIn([], plan, routes=served.routes) as standin, requests.Session() as session:
        yield ClinicalTrials(standin.at(served.path), session=session, **(asked | settings)), standin
