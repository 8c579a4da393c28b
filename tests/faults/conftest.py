"""A small review whose PubMed can go wrong in every way that the stand-in knows."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import requests

from flows.steps.surveillance import search_pubmed
from review.protocol import Protocol
from review.protocol_reader import read_protocol
from review.protocol_sources import PubMedSource, Search
from review.record import Record
from review.searching import RunStatus, SearchRun
from search.blocks import read as read_blocks
from search.clocks import Clock, MonotonicClock
from search.limiter import Unlimited
from search.pubmed import PubMed
from search.standin.faults import Fault
from search.standin.server import StandIn
from store.store import Store, open_store
from tests.search.wire import HandClock

SINCE = date(2024, 1, 1)
NOW = datetime(2024, 3, 1, 12, tzinfo=UTC)


def trials(number: int, first: int = 700_000_001) -> tuple[Record, ...]:
    """Make records that entered one a day from 1 January 2024."""
    return tuple(
        Record(
            source="pubmed",
            accession=str(first + at),
            pmid=str(first + at),
            title=f"Trial number {at} of X for pain",
            entered=SINCE + timedelta(days=at % 50),
        )
        for at in range(number)
    )


TRIALS = trials(6)


@dataclass
class Review:
    """A review with a store of its own, searched when told.

    Parameters
    ----------
    clock
        The client's; seconds pass as soon as it sleeps, unless a fault takes real time.
    """

    protocol: Protocol
    store: Store
    clock: Clock = field(default_factory=HandClock)
    deadline: float = 120.0
    asked: tuple[tuple[str, object], ...] = ()

    def search(
        self,
        *faults: Fault,
        records: Iterable[Record] = TRIALS,
        now: datetime = NOW,
        today: date | None = None,
    ) -> SearchRun:
        """Search a PubMed that holds the records, with faults."""
        with StandIn(records, faults, today=today or now.date()) as standin:
            run = self.search_at(standin.url, now=now)
            self.asked = standin.asked
        return run

    def search_at(self, url: str, *, now: datetime = NOW) -> SearchRun:
        """Search whatever answers at an address."""
        blocks = read_blocks("[population]\npain[ti]\n[design]\ntrial[ti]\n")
        with requests.Session() as session:
            pubmed = PubMed(
                url,
                "team@example.org",
                "living-review",
                session=session,
                limiter=Unlimited(),
                clock=self.clock,
                deadline=self.deadline,
            )
            return search_pubmed(self.protocol, blocks, self.store, pubmed, clock=lambda: now)

    def set_aside(self, pmids: Iterable[str]) -> None:
        """Amend the protocol: these PMIDs are counted and never delivered."""
        search = self.protocol.search
        plan = replace(search.pubmed, undeliverable=tuple(map(int, pmids)))
        self.protocol = replace(self.protocol, search=replace(search, pubmed=plan))

    def lacks(self, records: Iterable[Record] = TRIALS) -> set[str]:
        """Return the PMIDs of records that are not in the store."""
        wanted = {record.id: record.pmid for record in records}
        return {wanted[one] for one in wanted.keys() - self.store.known(wanted)}

    def accounts_for(self, run: SearchRun, records: Iterable[Record] = TRIALS) -> bool:
        """Tell whether a run is complete and lacks nothing, or not complete and leaves its days open."""
        if run.status is RunStatus.COMPLETE:
            return not self.lacks(records) and not self.store.open_gaps()
        return run.message != "" and [gap.window for gap in self.store.open_gaps()] == [run.window]


@pytest.fixture(scope="session")
def small_protocol(root: Path) -> Protocol:
    """The pain review's protocol with a search of its own."""
    found = read_protocol(root / "protocols" / "internet-pain")
    return replace(found, search=Search(pubmed=PubMedSource(strategy="s.txt", since=SINCE, canaries=())))


@pytest.fixture
def review(small_protocol: Protocol, tmp_path: Path) -> Iterator[Review]:
    """A review that has searched nothing yet."""
    with open_store(f"sqlite:///{tmp_path / 'review.db'}", create=True) as store:
        yield Review(protocol=small_protocol, store=store)


@pytest.fixture
def hasty_review(small_protocol: Protocol, tmp_path: Path) -> Iterator[Callable[[float], Review]]:
    """Make a review whose client lives in real time, with so many seconds for each question."""
    with open_store(f"sqlite:///{tmp_path / 'hasty.db'}", create=True) as store:
        yield lambda seconds: Review(
            protocol=small_protocol, store=store, clock=MonotonicClock(), deadline=seconds
        )
