"""A whole run, killed at each of its writes, and run again: the store of an unbroken run."""

import os
import signal
from pathlib import Path

import pytest
from sqlalchemy import event

from flows.place import Place, find_place, open_place_store
from flows.pubmed_client import make_pubmed
from flows.settings import Settings
from flows.steps.cycle import run_cycle
from search.standin.server import StandIn
from tests.flows.conftest import CANARIES, NOW, catalogue

__all__ = ["catalogue"]

pytestmark = pytest.mark.timeout(600)


def _run(place: Place, url: str, *, die_at: int = 0) -> int:
    """Run one cycle, dying just before the commit of that number; return how many commits there were."""
    seen = 0

    def count(_connection: object) -> None:
        nonlocal seen
        seen += 1
        if seen == die_at:
            os.kill(os.getpid(), signal.SIGKILL)

    with open_place_store(place) as store:
        event.listen(store._database._engine, "commit", count)
        run_cycle(place, store, make_pubmed(place.settings, url), clock=lambda: NOW)
    return seen


def _digest(place: Place) -> str:
    with open_place_store(place) as store:
        assert store.verify() is None
        return store.digest()


def _run_and_die(place: Place, url: str, number: int) -> None:
    child = os.fork()
    if child == 0:
        try:
            _run(place, url, die_at=number)
        finally:
            os._exit(0)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status), f"the run ended before its write {number}"


def test_a_run_killed_at_any_write_loses_nothing(root: Path, tmp_path: Path, catalogue) -> None:
    """Whichever write a run is killed at, running it again comes to the digest of an unbroken run."""
    folder = root / "protocols" / "internet-pain"
    few = [one for n, one in enumerate(catalogue) if n % 6 == 0 or one.pmid in CANARIES]
    with StandIn(few) as standin:
        quiet = find_place(folder, Settings(home=tmp_path / "unbroken"))
        writes = _run(quiet, standin.url)
        expected = _digest(quiet)
        assert writes > 6
        for number in range(1, writes + 1):
            place = find_place(folder, Settings(home=tmp_path / f"killed-{number}"))
            _run_and_die(place, standin.url, number)
            _run(place, standin.url)
            assert _digest(place) == expected, f"killed at write {number} of {writes}"
