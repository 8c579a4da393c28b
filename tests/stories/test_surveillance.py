"""The main job from the command line: search, link, rank, pool, say so; once, twice, and broken off."""

import json
import random
import signal
import subprocess
import time

import pytest


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


@pytest.fixture(scope="module")
def unbroken() -> dict[str, str]:
    """The digest of a run that nobody broke off, computed once."""
    return {}


def test_ten_kills_lose_nothing(desk, digest, tmp_path_factory):
    """Killed with -9 at ten random moments and run again, the store ends as after an unbroken run."""
    from dataclasses import replace

    quiet = replace(desk, home=tmp_path_factory.mktemp("unbroken"))
    started = time.monotonic()
    assert quiet("run").returncode == 0
    whole = time.monotonic() - started
    dice = random.Random(20140226)
    for _ in range(10):
        child = subprocess.Popen(
            desk.command("run"),
            cwd=desk.root,
            env=desk.environment(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            child.wait(dice.uniform(0.3, 1.0) * whole)
        except subprocess.TimeoutExpired:
            child.send_signal(signal.SIGKILL)
            child.wait()
    assert desk("run").returncode == 0
    assert digest(desk) == digest(quiet)
    assert desk("verify").returncode == 0
