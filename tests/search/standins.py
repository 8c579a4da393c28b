"""Synthetic catalogues, and ways to ask the stand-in over its socket."""

from collections.abc import Iterator
from datetime import date, timedelta
from xml.etree.ElementTree import Element, fromstring

import requests

from review.record import Record
from search.standin.server import StandIn

FULL = Record(
    source="pubmed",
    accession="900000001",
    pmid="900000001",
    title="A trial of <X> & web-based self-management in Y",
    abstract="Randomised pátients. Relief of chronic pain was measured online.",
    authors=("Tester AB", "Van Other C Jr", "The X in Y Study Group"),
    journal="Journal of Tests",
    year=2014,
    volume="12",
    issue="3",
    pages="101-9",
    doi="10.9999/test.1",
    pmcid="PMC99999999",
    language="eng",
    publication_types=("Randomized Controlled Trial", "Journal Article"),
    mesh=("Chronic Pain/*therapy/psychology", "Humans", "*Internet"),
    keywords=("internet", "pain relief"),
    registrations=("NCT99999998", "NCT99999999", "ISRCTN99999999"),
    entered=date(2014, 7, 1),
    notes=("The entry date is assumed.",),
    orcids=("", "0000-0000-0000-000X", ""),
    published="2014 Jul",
    revised=date(2015, 1, 2),
    status="MEDLINE",
    version="2",
)
INDEXED = Record(
    source="pubmed",
    accession="900000002",
    pmid="900000002",
    title="A second trial of X in Y",
    keywords=("pain", "web", "web based"),
    entered=date(2015, 7, 1),
    index_only=True,
)
BARE = Record(
    source="pubmed",
    accession="900000003",
    pmid="900000003",
    title="A third trial of X in Y",
    status="PubMed-not-MEDLINE",
    version="1",
)


def many(number: int) -> Iterator[Record]:
    """Make entries of consecutive days."""
    for at in range(number):
        pmid = str(900_000_000 + at)
        entered = date(2000, 1, 1) + timedelta(days=at % 365)
        yield Record(source="pubmed", accession=pmid, pmid=pmid, title=f"Trial number {at}", entered=entered)


def ask(standin: StandIn, route: str, **form: str) -> requests.Response:
    """Send a form by POST."""
    return requests.post(f"{standin.url}{route}.fcgi", data={"db": "pubmed", **form}, timeout=10)


def asked(standin: StandIn, route: str, **form: str) -> Element:
    """Send a form by POST and read the XML that comes back."""
    return fromstring(ask(standin, route, **form).content)


def ids(answer: Element) -> list[str]:
    """Read the PMIDs of an ESearch reply."""
    return [identifier.text for identifier in answer.iterfind("IdList/Id")]
