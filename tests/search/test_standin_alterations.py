"""Answers of the stand-in that are well-formed and yet not what was asked for."""

from xml.etree.ElementTree import ParseError, fromstring

import pytest

from search.standin.faults import ALTERATIONS, Fault, FaultKind
from search.standin.server import StandIn
from tests.search.standins import BARE, FULL, INDEXED, ask, asked, ids

ONE, TWO, THREE, STRANGER = "900000001", "900000002", "900000003", "999999999"
PAGE = [ONE, TWO, THREE]


def spoiled(kind: FaultKind, route: str, **form: str):
    """Ask once, and get the answer altered."""
    with StandIn([FULL, INDEXED, BARE], (Fault(route, kind),)) as standin:
        return asked(standin, route, **form)


@pytest.mark.parametrize(
    ("kind", "pmids"),
    [
        (FaultKind.DUPLICATED, [ONE, TWO, ONE]),
        (FaultKind.REPEATED, [*PAGE, *PAGE]),
        (FaultKind.REORDERED, PAGE[::-1]),
        (FaultKind.OMITTED, [TWO, THREE]),
        (FaultKind.NO_RECORDS, []),
        (FaultKind.MERGED, [STRANGER, TWO, THREE]),
        (FaultKind.INTRUDED, [*PAGE, STRANGER]),
        (FaultKind.DELETED, [TWO, THREE]),
        (FaultKind.FUTURE_DTD, PAGE),
    ],
)
def test_pages_are_altered_as_asked(kind, pmids):
    """Each alteration gives the records it is named for."""
    answer = spoiled(kind, "efetch", id=",".join(PAGE))
    assert [number.text for number in answer.iterfind("PubmedArticle/MedlineCitation/PMID")] == pmids


@pytest.mark.parametrize(
    ("kind", "pmids"),
    [
        (FaultKind.DUPLICATED, [TWO, ONE, TWO]),
        (FaultKind.OMITTED, [ONE, THREE]),
        (FaultKind.MERGED, [STRANGER, ONE, THREE]),
        (FaultKind.DELETED, [TWO, ONE, THREE]),
    ],
)
def test_lists_are_altered_and_their_count_is_not(kind, pmids):
    """A list of PMIDs is altered behind a count that still tells the truth."""
    answer = spoiled(kind, "esearch", term="trial[ti]")
    assert (ids(answer), answer.findtext("Count")) == (pmids, "3")


def test_deleted_records_are_named():
    """A deleted record stands in DeleteCitation."""
    assert spoiled(FaultKind.DELETED, "efetch", id=ONE).findtext("DeleteCitation/PMID") == ONE


def test_a_future_dtd_brings_new_elements():
    """The document names a DTD of another year and holds an element that today's does not have."""
    with StandIn([FULL], (Fault("efetch", FaultKind.FUTURE_DTD),)) as standin:
        text = ask(standin, "efetch", id=ONE).text
    assert "pubmed_990101.dtd" in text
    assert "<Provenance" in text


def test_a_spoiled_byte_breaks_the_document():
    """What is no UTF-8 is no XML."""
    with pytest.raises(ParseError):
        spoiled(FaultKind.NOT_UTF8, "efetch", id=ONE)


@pytest.mark.parametrize("kind", sorted(ALTERATIONS - {FaultKind.NOT_UTF8}))
def test_answers_without_records_stay_as_they_are(kind):
    """EInfo's answer holds nothing to alter."""
    assert spoiled(kind, "einfo").findtext("DbInfo/DbName") == "pubmed"


def test_a_range_of_pmids_is_evaluated():
    """A last AND (low:high[uid]) limits the answer, as at PubMed, and stands in the translation."""
    with StandIn([FULL, INDEXED, BARE]) as standin:
        answer = fromstring(ask(standin, "esearch", term=f"(trial[ti]) AND ({TWO}:{THREE}[uid])").content)
    assert ids(answer) == [TWO, THREE]
    assert answer.findtext("QueryTranslation").endswith(f"AND {TWO}:{THREE}[UID]")


def test_arrivals_are_noted():
    """The moment of every request is kept, on the clock that is given."""

    class Ticking:
        moment = 0.0

        def now(self) -> float:
            self.moment += 1.5
            return self.moment

        def sleep(self, seconds: float) -> None:
            raise NotImplementedError

    with StandIn([BARE], clock=Ticking()) as standin:
        ask(standin, "einfo")
        ask(standin, "nothing")
        assert standin.arrivals == (1.5, 3.0)
