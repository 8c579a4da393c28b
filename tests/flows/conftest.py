"""The pain review on a stand-in, driven step by step with a clock of its own."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import requests

from flows.place import Place, find_place, open_place_store
from flows.settings import Settings
from review.record import Record
from search.catalogue import read as read_catalogue
from search.limiter import Unlimited
from search.pubmed import PubMed
from search.standin.server import StandIn
from store.store import Store

NOW = datetime(2020, 1, 1, 12, tzinfo=UTC)


@pytest.fixture(scope="session")
def catalogue(root: Path) -> tuple[Record, ...]:
    """The bundled catalogue's documents, without most of its background."""
    records = read_catalogue(root / "protocols/internet-pain/rehearsal/catalogue.jsonl")
    return tuple(
        record
        for n, record in enumerate(records)
        if n % 4 == 0 or "Internet" in record.title or record.pmid in CANARIES
    )


CANARIES = {"15680926", "23139021", "23548250", "21681084", "21506633", "22133450", "10965647"}


@pytest.fixture
def place(root: Path, tmp_path: Path) -> Place:
    """The pain review with a home of its own."""
    return find_place(root / "protocols" / "internet-pain", Settings(home=tmp_path))


@pytest.fixture
def store(place: Place) -> Iterator[Store]:
    """Its store, new."""
    with open_place_store(place) as opened:
        yield opened


class HastyClock:
    """Seconds that pass as soon as somebody waits for them: the pauses between tries cost nothing."""

    def __init__(self) -> None:
        self._moment = 0.0

    def now(self) -> float:
        """Return the moment."""
        return self._moment

    def sleep(self, seconds: float) -> None:
        """Move on."""
        self._moment += seconds


@pytest.fixture
def client() -> Iterator[Callable[[StandIn], PubMed]]:
    """Make the real client for a stand-in, with time that does not pass."""
    with requests.Session() as session:
        yield lambda standin: PubMed(
            standin.url,
            "rehearsal@example.org",
            "living-review",
            session=session,
            limiter=Unlimited(),
            clock=HastyClock(),
            deadline=120.0,
        )


@pytest.fixture
def clock() -> Callable[[], datetime]:
    """A clock that stands still."""
    return lambda: NOW


def day(text: str) -> date:
    """A day from its ISO text."""
    return date.fromisoformat(text)
