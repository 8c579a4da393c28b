"""The client against the stand-in: whole catalogues over a real socket, with faults on the way."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from review.record import Record
from review.searching import Window
from search.catalogue import read as read_catalogue
from search.errors import SourceError, StrategyRefused
from search.readers import read
from search.standin.faults import ALTERATIONS, HANGING, Fault, FaultKind
from search.standin.names import published_of, status_of
from search.standin.server import StandIn
from tests.search.wire import HandClock, pubmed_at

MANY = tuple(
    Record(
        source="pubmed",
        accession=str(number),
        pmid=str(number),
        title=f"A trial of X in Y number {number}",
        entered=date(2020, 1, 1 + number % 28),
    )
    for number in range(1, 211)
)
PASSING = frozenset(FaultKind) - HANGING - ALTERATIONS - {FaultKind.REDIRECT}
SLOW = {FaultKind.DRIP, FaultKind.DRIP_HEAD}
JANUARY = Window(date(2020, 1, 1), date(2020, 1, 31))


@pytest.fixture(scope="module")
def catalogue(root: Path) -> tuple[Record, ...]:
    """Return the bundled catalogue."""
    return read_catalogue(root / "protocols/internet-pain/rehearsal/catalogue.jsonl")


@pytest.fixture(scope="module")
def standin(catalogue: tuple[Record, ...]) -> Iterator[StandIn]:
    """Serve the bundled catalogue."""
    with StandIn(catalogue) as serving:
        yield serving


def test_the_catalogue_survives_the_way(catalogue: tuple[Record, ...], standin: StandIn) -> None:
    """Records of the catalogue, fetched as XML, are what it holds and what PubMed says of every one."""
    some = catalogue[::5]
    with pubmed_at(standin.url) as pubmed:
        fetched = pubmed.fetch(record.pmid or record.accession for record in some)
    assert (fetched.missing, fetched.refused) == ((), ())
    came = {record.accession: record for record in fetched.records}
    differing = [record.accession for record in some if came[record.accession] != as_served(record)]
    assert differing == []


def as_served(record: Record) -> Record:
    """Return a record with version, status and date of publication, which no article of PubMed is without."""
    version = record.version or "1"
    return replace(record, version=version, status=status_of(record), published=published_of(record))


def test_a_search_of_the_catalogue_counts_what_it_lists(standin: StandIn) -> None:
    """Count and PMIDs of a real strategy agree, and count alone says the same."""
    query = "internet[tiab] AND pain[tiab]"
    with pubmed_at(standin.url) as pubmed:
        result = pubmed.search(query)
        assert result.count == len(set(result.pmids)) == pubmed.count(query) > 0


def test_a_window_is_made_of_its_parts(standin: StandIn) -> None:
    """What entered in two adjoining windows is what entered in both together."""
    early, late = Window(date(2000, 1, 1), date(2013, 6, 30)), Window(date(2013, 7, 1), date(2026, 12, 31))
    with pubmed_at(standin.url) as pubmed:
        found = [
            set(pubmed.search("pain[tiab]", part).pmids)
            for part in (early, late, Window(early.start, late.end))
        ]
    assert found[0] | found[1] == found[2]
    assert not found[0] & found[1]


def test_an_unknown_field_is_refused(standin: StandIn) -> None:
    """A mistyped field tag, which PubMed drops, fails the search."""
    with pubmed_at(standin.url) as pubmed, pytest.raises(StrategyRefused, match="tiabb"):
        pubmed.search("pain[tiabb]")


@pytest.mark.parametrize("kind", sorted(PASSING))
def test_no_passing_fault_loses_a_record(kind: FaultKind) -> None:
    """Whatever goes wrong once at each step, every record arrives."""
    plan = (Fault("esearch", kind, pause=0.0), Fault("efetch", kind, pause=0.0))
    with StandIn(MANY, plan) as standin, pubmed_at(standin.url, clock=HandClock()) as pubmed:
        fetched = pubmed.fetch(pubmed.search("trial[tiab]", JANUARY).pmids)
    assert (len(fetched.records), fetched.missing) == (210, ())


@pytest.mark.parametrize("kind", sorted(PASSING - SLOW - {FaultKind.OLD}))
def test_no_lasting_fault_is_zero_records(kind: FaultKind) -> None:
    """A fault that stays is an error, never an empty answer."""
    with (
        StandIn(MANY, (Fault("esearch", kind, times=99),)) as standin,
        pubmed_at(standin.url) as pubmed,
        pytest.raises(SourceError),
    ):
        pubmed.search("trial[tiab]", JANUARY)


def test_the_build_is_told(standin: StandIn) -> None:
    """The stand-in has a version too."""
    with pubmed_at(standin.url) as pubmed:
        assert pubmed.build()


def test_medline_text_and_xml_tell_the_same() -> None:
    """A record read from MEDLINE text is the one read from XML, but for its version and its name."""
    import requests

    with StandIn(MANY[:3]) as standin, pubmed_at(standin.url) as pubmed:
        form = {"db": "pubmed", "id": "1,2,3", "retmode": "text", "rettype": "medline"}
        text = requests.post(f"{standin.url}efetch.fcgi", data=form, timeout=10).content
        expected = [replace(record, version="") for record in pubmed.fetch(["1", "2", "3"]).records]
        found = read(text, source="pubmed").records
        assert [replace(record, accession=record.pmid) for record in found] == expected
