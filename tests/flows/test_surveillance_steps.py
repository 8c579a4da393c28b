"""A search commits what came back with its cursor, or says that it could not look."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from flows.by_hand.views import status_view
from flows.steps.baseline import take_in_baseline
from flows.steps.recording import Question, record_failure
from flows.steps.status_entries import status_entry
from flows.steps.surveillance import next_window, search_pubmed
from review.clocks import clocks
from review.prisma import prisma_flow
from review.screening import settle
from review.searching import RunStatus, Window
from search.standin.faults import Fault, FaultKind
from search.standin.server import StandIn

from .conftest import NOW

DOWN = Fault(kind=FaultKind.PAGE, route="esearch", times=30)


@pytest.fixture
def search(place, store, clock, client):
    """Search a catalogue, once, with faults."""

    def run(records, *faults, window=None):
        with StandIn(records, faults=faults) as standin:
            return search_pubmed(
                place.protocol, place.blocks(), store, client(standin), clock=clock, window=window
            )

    return run


def test_the_first_window_begins_where_the_published_review_ended(place, store):
    """Nothing between the published review and today is left out."""
    plan = place.protocol.search.pubmed
    today = date(2020, 1, 1)
    assert next_window(plan, store, today, strategy=place.blocks().sha256) == Window(plan.since, today)


def test_the_next_window_overlaps_the_last(place, store, search, catalogue):
    """Records that PubMed enters late are still met; the day of a run was not over and is asked for anew."""
    run = search(catalogue)
    plan = place.protocol.search.pubmed
    window = next_window(plan, store, date(2020, 1, 8), strategy=run.strategy_sha256)
    assert (run.window.end - window.start).days == plan.overlap_days


@pytest.mark.parametrize("overlap", [0, 7])
def test_the_day_of_a_run_is_not_over(place, store, search, catalogue, overlap):
    """Run again on the same day, the search asks for that day again, and never for one to come."""
    run = search(catalogue)
    plan = replace(place.protocol.search.pubmed, overlap_days=overlap)
    window = next_window(plan, store, NOW.date(), strategy=run.strategy_sha256)
    assert (window.start, window.end) == (NOW.date() - timedelta(days=overlap), NOW.date())


def test_a_failed_search_of_an_amended_strategy_leaves_all_its_days_open(place, store, search, catalogue):
    """Days that only the former strategy searched are a gap, before the watermark too."""
    run = search(catalogue)
    question = Question(
        source="pubmed",
        protocol_version=2,
        strategy_sha256="amended",
        query="",
        window=run.window,
        started=NOW,
    )
    record_failure(store, question, NOW, "down")
    ledger = store.ledger()
    found = clocks(ledger, settle(ledger, place.protocol), place.protocol, NOW)
    assert [gap.window for gap in store.open_gaps()] == [run.window]
    assert found.pubmed_through == place.protocol.search.pubmed.since


def test_a_gap_of_a_clock_that_ran_ahead_is_closed_by_the_next_search(place, store, search, catalogue):
    """Days that have not come are no gap once the days before them are searched."""
    since = place.protocol.search.pubmed.since
    search(catalogue, DOWN, window=Window(since, NOW.date() + timedelta(days=400)))
    search(catalogue)
    assert store.open_gaps() == ()


def test_an_amended_strategy_searches_everything_again(place, store, search, catalogue):
    """Days that only the former strategy searched count as not searched."""
    search(catalogue)
    plan = place.protocol.search.pubmed
    assert next_window(plan, store, date(2020, 1, 8), strategy="another").start == plan.since


def test_an_earlier_beginning_searches_back(place, store, search, catalogue):
    """When the protocol moves `since` back, the days before are searched too."""
    run = search(catalogue)
    plan = replace(place.protocol.search.pubmed, since=date(2000, 1, 1))
    assert next_window(plan, store, date(2020, 1, 8), strategy=run.strategy_sha256).start == plan.since


def test_every_record_is_somewhere(place, store, search, catalogue):
    """What was retrieved is queued or a duplicate, and PRISMA's numbers add up."""
    run = search(catalogue)
    assert run.counts.retrieved == run.counts.queued + run.counts.duplicates > 0
    ledger = store.ledger()
    assert prisma_flow(ledger, settle(ledger, place.protocol)).reports == run.counts.queued


def test_each_block_is_counted(search, catalogue):
    """The log shows how many records each block matches by itself."""
    run = search(catalogue)
    assert [one.block for one in run.blocks] == ["population", "delivery", "therapy", "design"]
    assert all(one.count >= run.counts.retrieved for one in run.blocks)


def test_a_failed_search_leaves_a_gap_and_the_cursor(store, search, catalogue):
    """A run that got no answer moves nothing, and says which days nobody looked at."""
    run = search(catalogue, DOWN)
    assert run.status is RunStatus.FAILED
    assert store.cursor("pubmed") is None
    assert [gap.window for gap in store.open_gaps()] == [run.window]


def test_failing_twice_opens_one_gap(store, search, catalogue):
    """The same days are not a gap twice."""
    search(catalogue, DOWN)
    search(catalogue, DOWN)
    assert len(store.open_gaps()) == 1


def test_a_later_run_closes_the_gap(store, search, catalogue):
    """Once the days were searched the gap is closed, and stays in the log."""
    search(catalogue, DOWN)
    run = search(catalogue)
    assert store.open_gaps() == ()
    assert [gap.closed_by for gap in store.ledger().gaps] == [run.id]


def test_a_missing_canary_makes_the_run_suspect(store, search, catalogue):
    """A trial that the strategy must find and does not is a doubt about the whole answer."""
    blind = [record for record in catalogue if record.pmid != "23548250"]
    run = search(blind)
    assert (run.status, run.canaries_missing) == (RunStatus.SUSPECT, ("23548250",))
    assert store.cursor("pubmed") is None
    assert run.counts.queued > 0


def test_a_report_of_the_baseline_is_a_duplicate(place, store, search, catalogue):
    """A trial that the published review included is recognised, not queued again."""
    take_in_baseline(place.folder, place.protocol, store, NOW)
    run = search(catalogue, window=Window(date(1990, 1, 1), date(2013, 11, 12)))
    known = {link.report.split("/")[0] for link in store.ledger().duplicates}
    assert run.counts.duplicates == len(store.ledger().duplicates)
    assert "baseline:Dear 2013" in known


def test_a_review_without_a_source_cannot_be_searched(place, store, clock):
    """Asking to search a review that names no source is a sentence, not a crash."""
    from review.protocol_sources import Search

    with pytest.raises(ValueError, match=r"search\.pubmed: found nothing"):
        search_pubmed(replace(place.protocol, search=Search()), place.blocks(), store, None, clock=clock)


def test_the_last_word_of_a_day_is_the_last_outcome(store, search, catalogue):
    """After a search that failed, one that succeeds is said anew; saying the same twice adds nothing."""
    for faults in ((), (), (DOWN,), ()):
        store.add_status(status_entry(search(catalogue, *faults), store.ledger()))
    titles = [entry.title for entry in store.ledger().status_entries]
    assert [("failed" in title) for title in titles] == [False, True, False]


def test_the_status_says_that_the_strategy_was_changed(place, store, search, catalogue):
    """Until the amended strategy is run, the days that are told are said to be the former one's."""
    run = search(catalogue)
    told = [
        any("former one's" in said for said in status_view(place.protocol, store, NOW, sha).sentences)
        for sha in (run.strategy_sha256, "another")
    ]
    assert told == [False, True]
