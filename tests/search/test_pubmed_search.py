"""Searching PubMed over a real socket: complete answers, and refusals of everything else."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from review.searching import Window
from search.errors import BadReply, StrategyRefused, TooManyRecords
from search.standin.server import StandIn
from tests.search.standins import BARE, many
from tests.search.wire import Scripted, found, pubmed_at, serving

YEAR = Window(date(2020, 1, 1), date(2020, 12, 31))


def test_a_search_returns_pmids_and_translation() -> None:
    """A search gives every PMID with the count and PubMed's reading of the query."""
    with (
        serving(found("11", "12", rest="<QueryTranslation>pain[tiab]</QueryTranslation>")) as wire,
        pubmed_at(wire.url) as pubmed,
    ):
        result = pubmed.search("pain[tiab]", YEAR)
    assert (result.count, result.pmids, result.translation) == (2, ("11", "12"), "pain[tiab]")


def test_the_question_is_posted_with_identity_and_window() -> None:
    """Every question is posted with tool, email and, where there is a window, both entry dates."""
    with serving(found("11")) as wire, pubmed_at(wire.url) as pubmed:
        pubmed.search("pain", YEAR)
    sent = wire.forms[0]
    assert {"tool": "living-review", "email": "team@example.org", "datetype": "edat"}.items() <= sent.items()
    assert (sent["mindate"], sent["maxdate"]) == ("2020/01/01", "2020/12/31")


def test_an_email_is_required() -> None:
    """A client without an address for NCBI to write to is refused."""
    with pytest.raises(ValueError, match="email ''"), pubmed_at("http://localhost/") as good:
        type(good)("http://localhost/", "", "tool", session=None, limiter=None, clock=None)


def test_a_count_takes_no_pmids() -> None:
    """Counting asks for no PMIDs and returns the number alone."""
    with serving(found(count=42249)) as wire, pubmed_at(wire.url) as pubmed:
        assert pubmed.count("pain") == 42249
    assert wire.forms[0]["retmax"] == "0"


@pytest.mark.parametrize(
    "notes",
    [
        "<ErrorList><PhraseNotFound>abcXYZ</PhraseNotFound></ErrorList>",
        "<ErrorList><FieldNotFound>tiabb</FieldNotFound></ErrorList>",
        "<WarningList><PhraseIgnored>of</PhraseIgnored></WarningList>",
        "<WarningList><QuotedPhraseNotFound>'internet painn'</QuotedPhraseNotFound></WarningList>",
    ],
)
def test_a_dropped_part_of_the_strategy_is_refused(notes: str) -> None:
    """What PubMed drops or ignores changes the question, so the answer is refused and not asked for again."""
    with (
        serving(found("11", rest=notes)) as wire,
        pubmed_at(wire.url) as pubmed,
        pytest.raises(StrategyRefused, match="parts of the strategy were dropped"),
    ):
        pubmed.search("pain")
    assert len(wire.forms) == 1


def test_an_output_message_is_kept() -> None:
    """PubMed's remark that nothing was found is an answer, and is passed on."""
    remark = "<WarningList><OutputMessage>No items found.</OutputMessage></WarningList>"
    with serving(found(rest=remark)) as wire, pubmed_at(wire.url) as pubmed:
        result = pubmed.search("pain")
    assert (result.count, result.messages) == (0, ("No items found.",))


def test_a_recorded_refusal_is_recognised(shared_data: Path) -> None:
    """The recorded reply to a phrase that PubMed does not know is a refusal, not zero records."""
    body = (shared_data / "pubmed/eutils/esearch8.xml").read_bytes()
    with (
        serving(Scripted(body=body)) as wire,
        pubmed_at(wire.url) as pubmed,
        pytest.raises(StrategyRefused, match="abcXYZ"),
    ):
        pubmed.search("abcXYZ")


def test_fewer_pmids_than_counted_are_asked_for_again() -> None:
    """A list that is shorter than its count is asked for again until it is whole."""
    with (
        serving(found("11", count=2), found("11", "11"), found("11", "12")) as wire,
        pubmed_at(wire.url) as pubmed,
    ):
        assert pubmed.search("pain").pmids == ("11", "12")
    assert len(wire.forms) == 3


def test_more_than_can_be_had_is_asked_for_in_halves() -> None:
    """Above 9,999 records the window is halved by entry date, and the parts make the whole."""
    ids = [str(number) for number in range(1, 10_001)]
    with (
        serving(found(count=10_000), found(*ids[:6000]), found(*ids[6000:])) as wire,
        pubmed_at(wire.url) as pubmed,
    ):
        result = pubmed.search("pain", YEAR)
    assert result.count == len(result.pmids) == 10_000
    assert [(form["mindate"], form["maxdate"]) for form in wire.forms[1:]] == [
        ("2020/01/01", "2020/07/01"),
        ("2020/07/02", "2020/12/31"),
    ]


def test_halves_that_do_not_make_the_whole_are_refused() -> None:
    """When the parts hold other records than the whole, the search fails rather than lose one."""
    ids = [str(number) for number in range(1, 10_000)]
    with (
        serving(found(count=10_000), found(*ids[:6000]), found(*ids[6000:])) as wire,
        pubmed_at(wire.url) as pubmed,
        pytest.raises(BadReply, match="9999 PMIDs in the halves"),
    ):
        pubmed.search("pain", YEAR)


def test_an_over_full_day_is_asked_for_by_pmid() -> None:
    """More than 9,999 records of one day are had in ranges of PMIDs, cut where half of those listed lie."""
    day = Window(date(2020, 3, 1), date(2020, 3, 1))
    ids = [str(number) for number in range(1, 10_001)]
    with (
        serving(found(*ids[:9999], count=10_000), found(*ids[:5000]), found(*ids[5000:])) as wire,
        pubmed_at(wire.url) as pubmed,
    ):
        result = pubmed.search("pain", day)
    assert sorted(result.pmids, key=int) == ids
    assert [form["term"] for form in wire.forms[1:]] == [
        "(pain) AND (1:5000[uid])",
        "(pain) AND (5001:999999999[uid])",
    ]


def test_one_pmid_counted_too_often_is_said() -> None:
    """A count that no range of PMIDs brings down ends in a refusal, not in a loop."""
    day = Window(date(2020, 3, 1), date(2020, 3, 1))
    with (
        serving(found(count=10_000)) as wire,
        pubmed_at(wire.url) as pubmed,
        pytest.raises(TooManyRecords, match="for PMID 1;"),
    ):
        pubmed.search("pain", day)
    assert len(wire.forms) < 40


def test_a_year_in_one_day_is_found_on_the_stand_in() -> None:
    """Twelve thousand records that entered on one day, and some around it, are all found."""
    crowd = [replace(record, entered=date(2020, 3, 1)) for record in many(12_000)] + [
        replace(BARE, pmid="7", accession="7", entered=date(2020, 2, 29))
    ]
    with StandIn(crowd) as standin, pubmed_at(standin.url) as pubmed:
        result = pubmed.search("trial[ti]", YEAR)
    assert set(result.pmids) == {record.pmid for record in crowd}


def test_the_build_is_read(shared_data: Path) -> None:
    """The version of PubMed is read from a recorded EInfo reply."""
    body = (shared_data / "pubmed/eutils/einfo2.xml").read_bytes()
    with serving(Scripted(body=body)) as wire, pubmed_at(wire.url) as pubmed:
        assert pubmed.build() == "Build-2025.11.27.06.33"


def test_an_answer_to_another_question_is_refused(shared_data: Path) -> None:
    """A list of databases in place of PubMed's version is refused."""
    body = (shared_data / "pubmed/eutils/einfo1.xml").read_bytes()
    with (
        serving(Scripted(body=body)) as wire,
        pubmed_at(wire.url) as pubmed,
        pytest.raises(BadReply, match="no DbBuild"),
    ):
        pubmed.build()
