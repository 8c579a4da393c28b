"""The limit on requests, among threads and among processes."""

import math
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.clocks import MonotonicClock
from search.limiter import SpacedLimiter, Unlimited
from search.standin.faults import Fault, FaultKind
from search.standin.server import StandIn
from tests.search.standins import BARE
from tests.search.wire import HandClock, law

ASK = """
import sys
from pathlib import Path
from search.clocks import MonotonicClock
from search.limiter import SpacedLimiter
clock = MonotonicClock()
limiter = SpacedLimiter(Path(sys.argv[1]), 0.02, clock)
for _ in range(8):
    limiter.wait()
    print(clock.now())
"""


def busiest(moments: list[float], window: float) -> int:
    """Return the most moments in any half-open window of that length."""
    return max(sum(start <= moment < start + window for moment in moments) for start in moments)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where the moment of the last request is kept."""
    return tmp_path / "requests"


def test_the_first_request_goes_out_at_once(file: Path) -> None:
    """Nobody has asked before, so nobody waits."""
    clock = HandClock()
    SpacedLimiter(file, 0.37, clock).wait()
    assert clock.slept == [0.0]


def test_a_request_waits_for_the_rest_of_the_spacing(file: Path) -> None:
    """Time that has passed since the last request counts."""
    clock = HandClock()
    limiter = SpacedLimiter(file, 0.37, clock)
    limiter.wait()
    clock.moment += 0.30
    limiter.wait()
    assert clock.slept[-1] == pytest.approx(0.07)


@law
@given(st.lists(st.floats(0.0, 2.0), min_size=2, max_size=30), st.sampled_from([0.37, 0.11]))
def test_no_second_sees_more_than_the_limit(pauses: list[float], spacing: float) -> None:
    """However the callers come, no window of one second holds more requests than the spacing allows."""
    import tempfile

    clock, sent = HandClock(), []
    with tempfile.TemporaryDirectory() as folder:
        limiter = SpacedLimiter(Path(folder) / "requests", spacing, clock)
        for pause in pauses:
            clock.moment += pause
            limiter.wait()
            sent.append(clock.moment)
    assert busiest(sent, 1.0 - 1e-9) <= math.ceil(1 / spacing)


def test_a_restarted_machine_is_not_waited_for(file: Path) -> None:
    """A moment that lies ahead is from before a restart: one spacing is waited, not the difference."""
    file.write_text("900000.0")
    clock = HandClock()
    SpacedLimiter(file, 0.37, clock).wait()
    assert clock.slept == [0.37]


def test_a_damaged_file_is_written_anew(file: Path) -> None:
    """What is no moment is treated as none."""
    file.write_bytes(b"\x00\xff")
    clock = HandClock()
    SpacedLimiter(file, 0.37, clock).wait()
    assert float(file.read_text()) == clock.moment


def test_threads_share_the_limit(file: Path) -> None:
    """Threads with limiters of their own on one file stay within the limit together."""
    clock = MonotonicClock()

    def ask(_: int) -> float:
        SpacedLimiter(file, 0.01, clock).wait()
        return clock.now()

    with ThreadPoolExecutor(4) as pool:
        moments = sorted(pool.map(ask, range(20)))
    assert moments[-1] - moments[0] >= 0.01 * 18


def test_processes_share_the_limit(file: Path, root: Path) -> None:
    """Three processes that ask as fast as they can stay within the limit together."""
    command = [sys.executable, "-c", ASK, str(file)]
    running = [subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    moments = sorted(float(line) for process in running for line in process.communicate()[0].split())
    assert len(moments) == 24
    assert moments[-1] - moments[0] >= 0.02 * 22


def asking(url: str, file: Path, root: Path, *, questions: int) -> list[int]:
    """Let two processes of three threads ask, and return how many records each counted in all."""
    script = root / "tests/search/asking_process.py"
    command = [sys.executable, str(script), url, str(file), "0.37", "3", str(questions)]
    environment = os.environ | {"PYTHONPATH": str(root)}
    running = [
        subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) for _ in range(2)
    ]
    return [int(process.communicate(timeout=120)[0]) for process in running]


def test_the_server_never_sees_a_fourth_request_in_a_second(file: Path, root: Path) -> None:
    """Two processes of three threads each, at NCBI's real pace, as the server sees them come."""
    with StandIn([BARE]) as standin:
        answered = asking(standin.url, file, root, questions=3)
        arrivals = list(standin.arrivals)
    assert (answered, len(arrivals)) == ([9, 9], 18)
    assert busiest(arrivals, 1.0) <= 3


def test_a_storm_of_refusals_ends_complete(file: Path, root: Path) -> None:
    """Six 429s met by two processes are waited out: each question is answered, and the pace is kept."""
    storm = (Fault("esearch", FaultKind.RATE_LIMITED, times=6),)
    with StandIn([BARE], storm) as standin:
        answered = asking(standin.url, file, root, questions=1)
        arrivals = list(standin.arrivals)
    assert (answered, len(arrivals)) == ([3, 3], 12)
    assert busiest(arrivals, 1.0) <= 3


def test_a_spacing_of_nothing_is_refused(file: Path) -> None:
    """A limiter that limits nothing must be asked for by name."""
    with pytest.raises(ValueError, match="spacing"):
        SpacedLimiter(file, 0.0, HandClock())


def test_no_limit_never_waits() -> None:
    """The source on this machine is asked at once."""
    assert Unlimited().wait() is None
