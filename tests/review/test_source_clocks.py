"""Each source has its own day; a doubt about one is a doubt about the whole search."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from review.clocks import Badge, clocks
from review.ledger import Ledger
from review.protocol_sources import ClinicalTrialsSource, EuropePmcSource, FileSources
from review.screening import settle
from review.searching import SECOND_LOOK, RunStatus, SearchGap, SearchRun, Window

from .conftest import NOON, a_run

TODAY = NOON.date()
YESTERDAY = TODAY - timedelta(days=1)
SINCE = date(2020, 1, 1)


def _run(source: str = "pubmed", status: RunStatus = RunStatus.COMPLETE, end: date = TODAY) -> SearchRun:
    return a_run(source, status, start=date(2013, 11, 13), end=end)


@pytest.fixture
def several(protocol):
    """The pain review with a registry and Europe PMC, and without sources that people search."""
    search = replace(
        protocol.search,
        files=None,
        clinicaltrials=ClinicalTrialsSource(since=SINCE, condition="pain"),
        europepmc=EuropePmcSource(since=SINCE),
    )
    return replace(protocol, search=search)


def _clocks(protocol, *runs: SearchRun, days: int = 0, **rows: object):
    ledger = Ledger(runs=runs, **rows)
    return clocks(ledger, settle(ledger, protocol), protocol, NOON + timedelta(days=days))


def test_fully_searched_is_the_slowest_source(several):
    """PubMed watched through and fully searched through are two dates."""
    behind = TODAY - timedelta(days=30)
    found = _clocks(several, _run(), _run("clinicaltrials", end=behind), _run("europepmc"))
    assert (found.pubmed_through, found.fully_searched_through) == (YESTERDAY, behind)
    assert found.sources_behind == ("clinicaltrials",)


def test_a_source_never_searched_stands_at_its_first_day(several):
    """A registry that was not asked yet holds the review at the day from which it will be."""
    found = _clocks(several, _run(), _run("europepmc"))
    assert found.fully_searched_through == SINCE
    assert {one.name: one.last for one in found.sources}["clinicaltrials"] is None


def test_a_gap_holds_its_own_source_alone(several):
    """Days that the registry could not be asked for do not hold PubMed's clock."""
    runs = (_run(), _run("clinicaltrials"), _run("europepmc"))
    gap = SearchGap(
        source="clinicaltrials",
        window=Window(date(2025, 6, 1), TODAY),
        opened_by=runs[1].id,
        reason="",
        at=NOON,
    )
    through = {one.name: one.through for one in _clocks(several, *runs, gaps=(gap,)).sources}
    assert through == {"pubmed": YESTERDAY, "clinicaltrials": date(2025, 5, 31), "europepmc": YESTERDAY}


def test_a_question_that_was_amended_and_not_answered_is_searched_through_no_day(several):
    """Once the amended question was put, days that only the former one searched do not count."""
    amended = replace(_run("clinicaltrials", RunStatus.FAILED), strategy_sha256="amended")
    found = {one.name: one.through for one in _clocks(several, _run("clinicaltrials"), amended).sources}
    assert found["clinicaltrials"] == SINCE


def test_days_to_come_are_not_searched(several):
    """A run of a clock that was ahead, and a file that says so, count up to the present day at most."""
    names = FileSources(names=("Embase",))
    protocol = replace(several, search=replace(several.search, files=names))
    ahead = TODAY + timedelta(days=10)
    found = _clocks(protocol, _run(end=ahead), _run("Embase", end=ahead)).sources
    through = {one.name: one.through for one in found}
    assert (through["pubmed"], through["Embase"]) == (YESTERDAY, TODAY)


@pytest.mark.parametrize("status", [RunStatus.FAILED, RunStatus.PARTIAL, RunStatus.SUSPECT])
def test_a_source_that_went_wrong_makes_the_search_suspect(several, status):
    """Whichever source the service asks, its last run must be complete."""
    runs = (_run(), _run("clinicaltrials", status), _run("europepmc"))
    assert _clocks(several, *runs).badge is Badge.SUSPECT


def test_a_source_that_left_the_protocol_is_no_doubt(protocol):
    """A registry that was taken out of the protocol is not held against the review."""
    assert _clocks(protocol, _run(), _run("clinicaltrials", RunStatus.FAILED)).badge is Badge.CURRENT


def _gap(source):
    window = Window(date(2025, 6, 1), TODAY)
    return SearchGap(source=source, window=window, opened_by=_run(source).id, reason="", at=NOON)


def test_a_gap_of_a_source_that_left_the_protocol_is_no_doubt(protocol):
    """Days of a registry that the review no longer searches wait for nobody."""
    runs = (_run(), _run("clinicaltrials", RunStatus.FAILED))
    found = _clocks(protocol, *runs, gaps=(_gap("clinicaltrials"),))
    assert (found.badge, found.open_gaps) == (Badge.CURRENT, ())


@pytest.mark.parametrize("source", ["pubmed", "CENTRAL", SECOND_LOOK])
def test_a_gap_of_a_source_of_the_protocol_is_a_doubt(protocol, source):
    """Asked by the service, imported by people, or the look at what is known: its days wait."""
    found = _clocks(protocol, _run(), gaps=(_gap(source),))
    assert (found.badge, len(found.open_gaps)) == (Badge.SUSPECT, 1)


def test_the_known_pass_is_due_a_month_after_the_first_search(several):
    """Before the first pass the first search sets the day."""
    found = _clocks(several, _run())
    assert (found.known_pass_through, found.known_pass_due) == (None, TODAY + timedelta(days=31))


def test_a_complete_pass_moves_its_clock(several):
    """Only a complete pass counts; a partial one leaves the day where it was."""
    earlier = TODAY - timedelta(days=31)
    passes = (_run(SECOND_LOOK, end=earlier), _run(SECOND_LOOK, RunStatus.PARTIAL))
    assert _clocks(several, _run(), *passes).known_pass_through == earlier


def test_before_any_search_nothing_is_due(several):
    """There is nothing known to look at again."""
    assert _clocks(several).known_pass_due is None


def _answered_by(built: date, **changes: object) -> SearchRun:
    return replace(_run(**changes), build=f"Build-{built:%Y.%m.%d}.06.33")


def test_a_source_that_answers_with_old_data_leaves_the_badge_behind(protocol):
    """A search that was asked for today and answered by the data of half a year ago is not current."""
    old = TODAY - timedelta(days=145)
    found = _clocks(protocol, _answered_by(old))
    assert (found.badge, found.next_search_due) == (Badge.BEHIND, TODAY + timedelta(days=7))
    assert [(one.name, one.ends_with_its_data) for one in found.out_of_date] == [("pubmed", True)]


@pytest.mark.parametrize(("back", "badge"), [(14, Badge.CURRENT), (15, Badge.BEHIND)])
def test_the_badge_allows_for_rhythm_and_overlap(protocol, back, badge):
    """A week and seven days of overlap are the most that a source's day may lie back."""
    built = TODAY - timedelta(days=back - 1)
    assert _clocks(protocol, _answered_by(built)).badge is badge


def test_a_source_never_asked_leaves_the_badge_behind(several):
    """PubMed alone, asked in time, does not make a review of three sources current."""
    found = _clocks(several, _run(), _run("clinicaltrials"))
    assert (found.badge, [one.name for one in found.out_of_date]) == (Badge.BEHIND, ["europepmc"])
    assert not found.out_of_date[0].ends_with_its_data
