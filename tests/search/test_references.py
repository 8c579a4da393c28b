"""Reference reports find their PubMed record over a socket, and nothing is believed that does not agree."""

from dataclasses import replace
from datetime import date

import pytest
import requests

from review.record import Record
from search.limiter import Unlimited
from search.pubmed import PubMed
from search.references.belief import belief
from search.references.resolving import Outcome, Stated, resolve
from search.standin.faults import Fault, FaultKind
from search.standin.server import StandIn

from .wire import HandClock

MEANT = Record(
    source="pubmed",
    accession="900000011",
    pmid="900000011",
    title="Online acceptance training for long-lasting discomfort: a randomised trial of X",
    authors=("Tester AB", "Other C"),
    journal="Journal of Tests",
    year=2014,
    volume="12",
    pages="101-9",
    doi="10.9999/test.11",
    entered=date(2014, 1, 1),
)
FOLLOW_UP = replace(
    MEANT,
    accession="900000012",
    pmid="900000012",
    title=f"{MEANT.title}: 12-month follow-up",
    year=2015,
    volume="13",
    pages="1-9",
    doi="10.9999/test.12",
)
SAME_PLACE = replace(
    MEANT,
    accession="900000013",
    pmid="900000013",
    title="A letter on something else",
    authors=("Nobody N",),
    doi="10.9999/test.13",
)
CITED = replace(
    MEANT, source="baseline", accession="Tester 2014/1", pmid="", doi="", title=MEANT.title.upper()
)


def _resolve(*records, faults=(), **stated):
    citation = stated.pop("citation", CITED)
    with StandIn(records, faults) as standin, requests.Session() as session:
        pubmed = PubMed(
            standin.url,
            "a@example.org",
            "test",
            session=session,
            limiter=Unlimited(),
            clock=HandClock(),
        )
        (answer,) = resolve([Stated(key="one", citation=citation, **stated)], pubmed)
        return answer


def test_a_place_in_a_journal_finds_it():
    """Journal, year, volume and page lead to the record, which agrees in title, author and year."""
    found = _resolve(MEANT, FOLLOW_UP)
    assert (found.outcome, found.found.record.pmid, found.found.how) == (
        Outcome.CONFIRMED,
        MEANT.pmid,
        "ECitMatch",
    )


@pytest.mark.parametrize("lacking", ["journal", "volume", "pages"])
def test_the_title_finds_what_the_place_does_not(lacking):
    """A citation without its place, or with a wrong one, is found by the words of its title."""
    wrong = {"journal": "", "volume": "99", "pages": "777"}[lacking]
    found = _resolve(MEANT, FOLLOW_UP, citation=replace(CITED, **{lacking: wrong}))
    assert (found.outcome, found.found.record.pmid) == (Outcome.CONFIRMED, MEANT.pmid)


def test_the_doi_comes_first():
    """An identifier beside the citation is asked before anything else."""
    assert _resolve(MEANT, doi=MEANT.doi).found.how == "the DOI beside the citation"


def test_a_wrong_pmid_is_not_believed():
    """A PMID that somebody wrote beside a citation of another document is passed over for the right one."""
    found = _resolve(MEANT, SAME_PLACE, pmid=SAME_PLACE.pmid)
    assert found.found.record.pmid == MEANT.pmid


def test_another_document_at_the_place_goes_to_a_person():
    """What stands at the cited place under another title and author is a lead for a person, no answer."""
    found = _resolve(SAME_PLACE)
    assert (found.outcome, found.found) == (Outcome.AMBIGUOUS, None)


def test_a_follow_up_is_not_the_trial():
    """The follow-up report with the trial's title in its own is never taken for the trial."""
    assert _resolve(FOLLOW_UP).outcome is not Outcome.CONFIRMED


def test_two_that_agree_go_to_a_person():
    """Two records that agree in everything that is compared are left to a person."""
    twin = replace(MEANT, accession="900000014", pmid="900000014", doi="10.9999/test.14")
    found = _resolve(MEANT, twin)
    assert (found.outcome, len(found.candidates)) == (Outcome.AMBIGUOUS, 2)


def test_nothing_there_is_not_found():
    """A citation that PubMed does not hold is said to be not found."""
    assert _resolve(replace(SAME_PLACE, journal="Another")).outcome is Outcome.NOT_FOUND


@pytest.mark.parametrize(
    "change", [{"year": None}, {"authors": ()}, {"title": "[Title not seen] Tester 2014"}]
)
def test_what_is_not_said_does_not_agree(change):
    """Without title, first author or year of the citation nothing is believed by rule."""
    assert not belief(replace(CITED, **change), MEANT).believed


def test_a_silent_pubmed_is_told():
    """When PubMed stops answering, the citation is *not asked*, not *not found*."""
    down = (Fault("ecitmatch", FaultKind.UNAVAILABLE, times=9),)
    assert _resolve(MEANT, faults=down).outcome is Outcome.NOT_ASKED
