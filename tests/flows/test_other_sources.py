"""Other sources are searched as PubMed is: a run, a watermark, an overlap and gaps of their own."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

import pytest

from flows.steps.cycle import run_cycle
from flows.steps.surveillance import question_sha256, search_source, source_window
from review.clocks import clocks
from review.protocol_sources import CitationChasing, ClinicalTrialsSource, EuropePmcSource
from review.record import Record
from review.screening import settle
from review.searching import RunStatus, Window
from search.errors import Unreachable
from search.sources.contract import Found, Progress
from search.standin.faults import Fault, FaultKind
from search.standin.server import StandIn

from .conftest import NOW

SINCE = date(2019, 1, 1)
TRIAL = Record(
    source="clinicaltrials",
    accession="NCT99999901",
    title="A registered trial of X for pain in Y",
    registrations=("NCT99999901",),
    entered=date(2019, 6, 1),
)


@dataclass
class Shelf:
    """A source on a shelf: what it holds, what it will not deliver, and the windows it was asked for."""

    records: tuple[Record, ...] = (TRIAL,)
    missing: tuple[tuple[str, str], ...] = ()
    down: bool = False
    name: str = "clinicaltrials"
    asked: list[Window] = field(default_factory=list)

    def search(self, window: Window, progress: Progress | None = None) -> Found:
        """Answer for a window, or fail."""
        del progress
        self.asked.append(window)
        if self.down:
            raise Unreachable("shelf: found nobody; expected an answer")
        return Found(
            query="pain",
            records=self.records,
            count=len(self.records) + len(self.missing),
            missing=self.missing,
            build="2019-12-31",
        )


@pytest.fixture
def several(place):
    """The pain review with a registry, Europe PMC and citations besides PubMed."""
    pubmed = replace(place.protocol.search.pubmed, canaries=())
    search = replace(
        place.protocol.search,
        pubmed=pubmed,
        clinicaltrials=ClinicalTrialsSource(since=SINCE, condition="pain", overlap_days=10),
        europepmc=EuropePmcSource(since=SINCE),
        citations=CitationChasing(directions=("forward",)),
    )
    return replace(place, protocol=replace(place.protocol, search=search))


@pytest.fixture
def search(several, store) -> Callable[..., object]:
    """Search a shelf at a moment."""

    def run(shelf, *, now=NOW):
        strategy = question_sha256(several.protocol, several.blocks(), shelf.name)
        return search_source(several.protocol, store, shelf, strategy=strategy, clock=lambda: now)

    return run


def test_the_first_window_begins_where_the_table_says(search):
    """A source is searched from its own first day."""
    shelf = Shelf()
    search(shelf)
    assert shelf.asked == [Window(SINCE, NOW.date())]


def test_the_next_window_overlaps_by_its_own_days(search):
    """The registry's watermark and overlap are its own."""
    shelf = Shelf()
    search(shelf)
    search(shelf, now=NOW + timedelta(days=7))
    assert shelf.asked[1] == Window(NOW.date() - timedelta(days=10), NOW.date() + timedelta(days=7))


def test_another_question_searches_everything_again(several, store, search):
    """An amended condition was never asked: days that only the former one searched do not count."""
    search(Shelf())
    table = replace(several.protocol.search.clinicaltrials, condition="chronic pain")
    amended = replace(several.protocol, search=replace(several.protocol.search, clinicaltrials=table))
    strategy = question_sha256(amended, several.blocks(), "clinicaltrials")
    assert source_window(amended, store, "clinicaltrials", NOW, strategy=strategy).start == SINCE


def test_a_record_is_queued_once(search):
    """Seen again in the overlap it is known."""
    first, second = search(Shelf()), search(Shelf())
    assert (first.counts.queued, second.counts.queued, second.counts.known) == (1, 0, 1)


def test_a_record_that_comes_twice_is_one(search):
    """Two pages that hold the same entry do not queue it twice."""
    assert search(Shelf(records=(TRIAL, TRIAL))).counts.retrieved == 1


def test_a_report_that_another_source_brought_is_a_duplicate(store, search):
    """A record with the same PMID is the same report, whichever source it comes from."""
    store.add_records(
        [Record(source="pubmed", accession="700000001", pmid="700000001", title="A trial")], NOW
    )
    cited = Record(source="citations", accession="700000001", pmid="700000001", title="A trial")
    run = search(Shelf(records=(cited,), name="citations"))
    assert (run.counts.duplicates, run.counts.queued) == (1, 0)


def test_what_is_not_delivered_leaves_the_days_open(store, search):
    """A record that was counted and not delivered makes the run partial; its watermark stays."""
    run = search(Shelf(missing=(("NCT99999902", "no title"),)))
    assert (run.status, store.cursor("clinicaltrials")) == (RunStatus.PARTIAL, None)
    assert [gap.source for gap in store.open_gaps()] == ["clinicaltrials"]


def test_a_later_run_closes_the_gap(store, search):
    """A source that did not answer is asked for the same days again."""
    search(Shelf(down=True))
    run = search(Shelf())
    assert (store.open_gaps(), store.ledger().gaps[0].closed_by) == ((), run.id)


def test_a_trial_that_went_on_is_told(store, search):
    """The registry's entry stays as it was first read; that the trial is completed is a notice, told once."""
    search(Shelf(records=(replace(TRIAL, status="RECRUITING"),)))
    ended = Shelf(records=(replace(TRIAL, status="COMPLETED"),))
    search(ended)
    search(ended)
    told = [(one.report, one.kind, one.text) for one in store.ledger().notices]
    assert told == [(TRIAL.id, "status changed", "ClinicalTrials.gov now says: COMPLETED")]


def test_records_under_another_name_are_refused(store, search):
    """A record filed under another source would be counted for that one."""
    stray = replace(TRIAL, source="pubmed")
    run = search(Shelf(records=(stray,)))
    assert run.status is RunStatus.FAILED
    assert "filed under pubmed" in run.message


@pytest.fixture
def cycle(several, store, client, catalogue):
    """Run a cycle with shelves for the other sources."""

    def run(*shelves, faults=()):
        with StandIn(catalogue[::3], faults=faults) as standin:
            return run_cycle(several, store, client(standin), clock=lambda: NOW, sources=lambda: shelves)

    return run


ALL = ("clinicaltrials", "europepmc", "citations")
DOWN = Fault(kind=FaultKind.PAGE, route="esearch", times=60)


def _shelf(name: str, **more: object) -> Shelf:
    record = replace(TRIAL, source=name, accession=f"{name}-1", registrations=(), title=f"A trial in {name}")
    return Shelf(records=(record,), name=name, **more)


def test_a_cycle_asks_every_source(cycle):
    """All sources of the protocol are asked, each with its own line for readers."""
    done = cycle(*map(_shelf, ALL))
    assert [run.source for run in (done.run, *done.others)] == ["pubmed", *ALL]
    assert [entry.title.split()[1] for entry in done.entries] == list(ALL)
    assert done.exit_code == 0


def test_one_that_fails_does_not_stop_the_others(cycle, store):
    """The failed source has its own run and gap; the cycle is partial."""
    done = cycle(_shelf(ALL[0]), _shelf(ALL[1], down=True), _shelf(ALL[2]))
    assert [run.status for run in done.others] == [RunStatus.COMPLETE, RunStatus.FAILED, RunStatus.COMPLETE]
    assert ([gap.source for gap in store.open_gaps()], done.exit_code) == (["europepmc"], 3)


def test_a_silent_pubmed_does_not_stop_the_others(cycle):
    """The registry is asked although PubMed does not answer."""
    done = cycle(*map(_shelf, ALL), faults=(DOWN,))
    assert done.run.status is RunStatus.FAILED
    assert ({run.status for run in done.others}, done.exit_code) == ({RunStatus.COMPLETE}, 3)


def test_nothing_but_failures_is_a_failure(cycle):
    """Where no source answered, the cycle failed."""
    assert cycle(*(_shelf(name, down=True) for name in ALL), faults=(DOWN,)).exit_code == 1


def test_a_source_that_nobody_could_ask_is_said(cycle):
    """A source of the protocol without a client is not passed over in silence."""
    done = cycle(_shelf("clinicaltrials"))
    assert (done.not_asked, done.exit_code) == (("europepmc", "citations"), 3)


def test_each_source_has_its_clock(several, store, cycle):
    """The review is fully searched through the day of its slowest source, PubMed through its own."""
    cycle(_shelf(ALL[0]), _shelf(ALL[1], down=True), _shelf(ALL[2]))
    ledger = store.ledger()
    found = clocks(ledger, settle(ledger, several.protocol), several.protocol, NOW)
    through = {one.name: one.through for one in found.sources}
    assert through["clinicaltrials"] == found.pubmed_through == NOW.date() - timedelta(days=1)
    assert through["europepmc"] == SINCE
    assert "europepmc" in found.sources_behind
