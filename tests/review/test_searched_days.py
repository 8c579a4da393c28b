"""Which days are searched: never one that was not over, and never by another question."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from review.searched_days import searched_through, unsearched
from review.searching import RunStatus, Window

from .conftest import NOON, a_run

TODAY = NOON.date()
SINCE = date(2026, 1, 1)
LATER = TODAY + timedelta(days=30)
OFFSETS = st.integers(0, 20)


def _run(*, status=RunStatus.COMPLETE, start=SINCE, end=TODAY, began=0, **changes):
    moment = NOON + timedelta(days=began)
    return replace(a_run("pubmed", status, start=start, end=end), started=moment, ended=moment, **changes)


def _through(*runs, strategy="", today=LATER):
    return searched_through(runs, "pubmed", strategy=strategy, since=SINCE, today=today)


def _window(ends):
    first, last = sorted(ends)
    return Window(SINCE + timedelta(days=first), SINCE + timedelta(days=last))


WINDOWS = st.tuples(OFFSETS, OFFSETS).map(_window)


def test_the_day_of_a_run_is_not_searched():
    """It went on after the run."""
    assert _through(_run()) == TODAY - timedelta(days=1)


def test_today_is_not_searched_whatever_a_run_claims():
    """A run that began on a day to come was told so by a wrong clock."""
    ahead = _run(began=10, end=TODAY + timedelta(days=10))
    assert _through(ahead, today=TODAY) == TODAY - timedelta(days=1)


def test_a_later_run_proves_a_clock_wrong():
    """What a run claims beyond the day on which the next began is not believed, however late it is read."""
    ahead = _run(began=10, end=TODAY + timedelta(days=10))
    assert _through(ahead, _run(status=RunStatus.FAILED, began=2)) == TODAY + timedelta(days=1)


@pytest.mark.parametrize(
    ("build", "through"),
    [
        ("Build-2026.01.03.06.33", date(2026, 1, 2)),
        ("Build-2026.13.03.06.33", date(2026, 1, 4)),
        ("6.9", date(2026, 1, 4)),
    ],
)
def test_what_pubmed_calls_its_day_counts(build, through):
    """A version of PubMed holds nothing of days after it; another version's name says nothing."""
    assert _through(_run(build=build)) == through


@pytest.mark.parametrize("status", [RunStatus.FAILED, RunStatus.PARTIAL, RunStatus.SUSPECT])
def test_only_complete_runs_count(status):
    """A run with doubts searched no day."""
    assert _through(_run(status=status)) is None


def test_another_question_counts_for_nothing():
    """Days that only another strategy searched are not searched."""
    assert _through(_run(), strategy="amended") is None


def test_a_hole_ends_the_stretch():
    """Days after a hole are searched, yet not without a break."""
    first = _run(end=date(2026, 1, 2))
    assert _through(first, _run(start=date(2026, 1, 4))) == date(2026, 1, 2)


@given(WINDOWS, st.none() | OFFSETS, st.lists(WINDOWS, max_size=4))
def test_what_is_unsearched_is_the_rest(window, reached, taken):
    """The parts hold each day of the window that is neither reached nor taken, once."""
    through = None if reached is None else SINCE + timedelta(days=reached)
    rest = [day for part in unsearched(window, through, taken) for day in _days(part)]
    held = {day for one in taken for day in _days(one)}
    assert rest == [day for day in _days(window) if day not in held and (through is None or day > through)]


def _days(window):
    return [window.start + timedelta(days=n) for n in range((window.end - window.start).days + 1)]
