"""The main job from the command line: search, link, rank, pool, say so; once, twice, and broken off."""

import json
import random
import signal
import subprocess
import time
from dataclasses import replace


def test_a_second_run_adds_nothing(desk, digest):
    """Running twice in a row is running once: the same digest, nothing queued, every record known."""
    first = desk("run", "--json")
    assert first.returncode == 0, first.stderr
    before = digest(desk)
    second = desk("run", "--json")
    counts = json.loads(second.stdout)["run"]["counts"]
    assert (second.returncode, counts["queued"], counts["known"]) == (0, 0, counts["retrieved"])
    assert digest(desk) == before


def test_what_a_run_finds_is_accounted_for(desk):
    """After a run the audit chain holds and the PRISMA numbers add up."""
    desk("run")
    verified = desk("verify")
    assert verified.returncode == 0, verified.stderr
    assert "audit rows hold" in verified.stdout


def test_what_waits_is_listed_with_reasons(desk):
    """Flagged reports come best first, each with the terms that moved it."""
    desk("run")
    rows = json.loads(desk("flagged", "--json").stdout)
    assert rows
    assert [row["rank"] for row in rows] == list(range(1, len(rows) + 1))
    assert all(row["because"] for row in rows)


def test_ten_kills_lose_nothing(desk, digest, tmp_path):
    """Killed with -9 at ten random moments, each time anew, and run again: the store of an unbroken run."""
    quiet = replace(desk, home=tmp_path / "unbroken")
    started = time.monotonic()
    assert quiet("run").returncode == 0
    whole, expected = time.monotonic() - started, digest(quiet)
    dice = random.Random(20140226)
    killed = tried = 0
    # A run that is faster than the unbroken one may end before it is killed: another is tried.
    while killed < 10 and tried < 30:
        broken = replace(desk, home=tmp_path / f"broken-{tried}")
        killed += _kill(broken, dice.uniform(0.02, 0.95) * whole)
        assert broken("run").returncode == 0
        assert digest(broken) == expected, tried
        tried += 1
    assert killed == 10


def _kill(desk, seconds):
    """Start a run and kill it; tell whether it was still running."""
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    child = subprocess.Popen(desk.command("run"), cwd=desk.root, env=desk.environment(), **quiet)
    try:
        child.wait(seconds)
    except subprocess.TimeoutExpired:
        child.send_signal(signal.SIGKILL)
        child.wait()
    return child.returncode == -signal.SIGKILL
