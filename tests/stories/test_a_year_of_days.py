"""A year of daily searches, each with something going wrong: at its end not one record was missed."""

import random
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import cycle, islice
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import requests

from flows.steps.known_pass import look_again
from flows.steps.surveillance import search_pubmed
from review.prisma import prisma_flow
from review.protocol import Protocol
from review.protocol_reader import read_protocol
from review.protocol_sources import PubMedSource, Search
from review.record import Record
from review.screening import settle
from review.searched_days import searched_through
from review.searching import RunStatus, SearchRun
from search.blocks import Blocks
from search.blocks import read as read_blocks
from search.clocks import MonotonicClock
from search.limiter import Unlimited
from search.pubmed import PubMed
from search.standin.faults import DELIVERIES, Fault, FaultKind
from search.standin.server import StandIn
from store.store import Store, open_store
from tests.flows.conftest import HastyClock

pytestmark = pytest.mark.timeout(300)

FIRST = date(2023, 9, 1)
DAYS = 366
"""To 31 August 2024: a new year, 29 February, and both changes of the clocks."""

EASTERN = ZoneInfo("America/New_York")
STRATEGY = "[population]\npain[ti]\n[design]\ntrial[ti]\n"
SLOW = DELIVERIES - {FaultKind.CUT, FaultKind.SHORT, FaultKind.OLD, FaultKind.RESET}
"""These cost real time, so that the client of their days has little of it."""

PATIENCE, HASTE = 120.0, 0.2


@dataclass(frozen=True)
class Entry:
    """A record, and the day on which PubMed first shows it: up to three days after the one it is dated to."""

    record: Record
    shown: date


@dataclass(frozen=True)
class Year:
    """What a year of searches left."""

    entries: tuple[Entry, ...]
    runs: tuple[SearchRun, ...]
    passes: tuple[SearchRun, ...]
    uncovered: tuple[SearchRun, ...]
    kinds: frozenset[FaultKind]
    missed: frozenset[str]
    queued: int
    open_gaps: int


@pytest.fixture(scope="module")
def protocol(root: Path) -> Protocol:
    """The pain review's protocol, with a search of its own."""
    found = read_protocol(root / "protocols" / "internet-pain")
    plan = PubMedSource(strategy="s.txt", since=FIRST, canaries=(700_000_001, 700_000_002))
    return replace(found, search=Search(pubmed=plan))


@pytest.fixture(scope="module")
def year(protocol: Protocol, tmp_path_factory: pytest.TempPathFactory) -> Year:
    """A year with the overlap that the protocol asks for."""
    return live(protocol, tmp_path_factory.mktemp("year"), days=DAYS)


def test_not_one_record_is_missed(year):
    """Whatever went wrong on the day it came, each record that the strategy matches is in the store."""
    assert len(year.entries) > 300
    assert year.missed == frozenset()


def test_every_run_is_complete_or_leaves_its_days_open(year):
    """A run that is not complete says so, and its days were searched before or stay in a gap."""
    assert year.uncovered == ()
    assert Counter(run.status for run in year.runs)[RunStatus.COMPLETE] < len(year.runs)


def test_no_gap_outlives_the_trouble(year):
    """After three days without faults nothing is left unsearched."""
    assert (year.open_gaps, year.runs[-1].status) == (0, RunStatus.COMPLETE)


def test_each_record_is_counted_once(year):
    """All runs together queued every record once: what the overlap sees again is known."""
    assert sum(run.counts.queued for run in year.runs) == year.queued == len(year.entries)


def test_every_kind_of_fault_struck(year):
    """The year knows each way in which the stand-in can go wrong."""
    assert year.kinds == frozenset(FaultKind)


def test_the_monthly_pass_says_where_it_failed(year):
    """Each pass over what is known is complete, or says what it did not see."""
    assert len(year.passes) >= 12
    assert all(run.status is RunStatus.COMPLETE or run.message for run in year.passes)


def test_without_overlap_late_records_are_missed(protocol, tmp_path):
    """Records dated back are met by the overlap alone: the story can tell a loss."""
    plan = replace(protocol.search.pubmed, overlap_days=0)
    blind = replace(protocol, search=Search(pubmed=plan))
    assert live(blind, tmp_path, days=40, calm=True).missed


def live(protocol: Protocol, folder: Path, *, days: int, calm: bool = False, seed: int = 20140226) -> Year:
    """Search every day of a year, and look again at what is known once a month and at the end."""
    dice = random.Random(seed)
    entries = tuple(_entries(dice, days))
    blocks = read_blocks(STRATEGY)
    struck = set[FaultKind]()
    deck = _deck(dice)
    runs, passes, uncovered = [], [], []
    with open_store(f"sqlite:///{folder / 'review.db'}", create=True) as store:
        for number in range(days + 3):
            quiet = calm or number >= days
            plan = () if quiet else tuple(_faults(dice, deck))
            now = _moment(dice, number, shifted=not quiet)
            with _pubmed(entries, FIRST + timedelta(days=number), plan) as (pubmed, standin):
                run = search_pubmed(protocol, blocks, store, pubmed, clock=lambda now=now: now)
                if number % 30 == 29 or number == days + 2:
                    passes.append(look_again(protocol, store, pubmed, clock=lambda now=now: now).run)
            runs.append(run)
            asked = {"", *(route for route, _ in standin.asked)}
            struck |= {fault.kind for fault in plan if fault.route in asked}
            uncovered += [run] if _left_unsaid(store, run) else []
        return _reckoned(protocol, blocks, store, entries, runs, passes, uncovered, struck)


def _reckoned(protocol, blocks: Blocks, store: Store, entries, runs, passes, uncovered, struck) -> Year:
    ledger = store.ledger()
    flow = prisma_flow(ledger, settle(ledger, protocol))
    wanted = {entry.record.id for entry in entries}
    return Year(
        entries=entries,
        runs=tuple(runs),
        passes=tuple(passes),
        uncovered=tuple(uncovered),
        kinds=frozenset(struck),
        missed=frozenset(wanted - store.known(wanted)),
        queued=flow.reports,
        open_gaps=len(store.open_gaps()),
    )


def _entries(dice: random.Random, days: int) -> Iterator[Entry]:
    """Give each day none to three trials; a third of them are dated back by one to three days."""
    pmid = 710_000_000
    for number in range(days):
        for _ in range(dice.choice((0, 1, 1, 2, 3))):
            pmid += 1
            late = min(number, dice.choice((0, 0, 0, 0, 1, 2, 3)))
            shown = FIRST + timedelta(days=number)
            yield Entry(record=_record(pmid, shown - timedelta(days=late)), shown=shown)


def _record(pmid: int, entered: date) -> Record:
    title = f"Trial number {pmid} of X for pain of kind {pmid % 97}"
    return Record(source="pubmed", accession=str(pmid), pmid=str(pmid), title=title, entered=entered)


def _deck(dice: random.Random) -> Iterator[FaultKind]:
    kinds = list(FaultKind)
    dice.shuffle(kinds)
    return cycle(kinds)


def _faults(dice: random.Random, deck: Iterator[FaultKind]) -> Iterator[Fault]:
    """Give a day nothing, or up to two kinds of fault: some pass with the next try, some last all day."""
    for kind in islice(deck, dice.choice((0, 0, 1, 1, 2))):
        route = dice.choice(("", "esearch", "esearch", "efetch", "efetch", "einfo"))
        yield Fault(route=route, kind=kind, times=dice.choice((1, 1, 2, 4, 40)), pause=0.005)


def _moment(dice: random.Random, number: int, *, shifted: bool) -> datetime:
    """Return what our clock says on a day of PubMed's calendar: at any hour, two days off, or far ahead."""
    hour = time(dice.randrange(24), dice.randrange(60))
    there = datetime.combine(FIRST + timedelta(days=number), hour, tzinfo=EASTERN)
    off = dice.choice((0, 0, 0, -2, -1, 1, 2, 10)) if shifted else 0
    return there.astimezone(UTC) + timedelta(days=off)


@contextmanager
def _pubmed(
    entries: tuple[Entry, ...], today: date, plan: tuple[Fault, ...]
) -> Iterator[tuple[PubMed, StandIn]]:
    """Give PubMed as it is on that day, and a client of it."""
    shown = [entry.record for entry in entries if entry.shown <= today]
    canaries = [_record(pmid, FIRST - timedelta(days=400)) for pmid in (700_000_001, 700_000_002)]
    slow = any(fault.kind in SLOW for fault in plan)
    with StandIn([*canaries, *shown], faults=plan, today=today) as standin, requests.Session() as session:
        pubmed = PubMed(
            standin.url,
            "rehearsal@example.org",
            "living-review",
            session=session,
            limiter=Unlimited(),
            clock=MonotonicClock() if slow else HastyClock(),
            deadline=HASTE if slow else PATIENCE,
        )
        yield pubmed, standin


def _left_unsaid(store: Store, run: SearchRun) -> bool:
    """Tell whether days of a run that is not complete are neither searched nor open."""
    if run.status is RunStatus.COMPLETE:
        return False
    reached = searched_through(
        store.ledger().runs,
        "pubmed",
        strategy=run.strategy_sha256,
        since=run.window.start,
        today=run.started.date(),
    )
    first = reached + timedelta(days=1) if reached else run.window.start
    days = {first + timedelta(days=n) for n in range((run.window.end - first).days + 1)}
    for gap in store.open_gaps("pubmed"):
        days = {day for day in days if not gap.window.start <= day <= gap.window.end}
    return bool(days)
