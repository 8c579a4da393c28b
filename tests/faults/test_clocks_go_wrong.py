"""RELIABILITY R11: clocks that are off, days that differ by place, and days that are not in every year."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from review.searching import RunStatus
from tests.faults.conftest import TRIALS

EASTERN = ZoneInfo("America/New_York")


def entered(day: date):
    """Make a record that entered on a day."""
    return replace(TRIALS[0], entered=day)


def utc(local: datetime) -> datetime:
    """Tell what our clock says at a moment in Bethesda."""
    return local.replace(tzinfo=EASTERN).astimezone(UTC)


@pytest.mark.parametrize(
    "evening",
    [
        datetime(2024, 1, 31, 23, 30),  # noqa: DTZ001 - a wall clock in Bethesda
        datetime(2024, 2, 29, 23, 30),  # noqa: DTZ001 - as above
        datetime(2024, 3, 9, 23, 30),  # noqa: DTZ001 - the evening before the clocks go forward
        datetime(2024, 11, 3, 1, 30),  # noqa: DTZ001 - an hour that comes twice
        datetime(2024, 12, 31, 23, 30),  # noqa: DTZ001 - a year's last evening
    ],
)
def test_a_record_that_enters_after_the_run_of_its_day_is_met(review, evening):
    """Our day is over while PubMed's goes on: what enters in its last hour is met by the overlap."""
    late = entered(evening.date())
    before = review.search(records=(), now=utc(evening))
    after = review.search(records=[late], now=utc(evening) + timedelta(days=1))
    assert (before.status, after.status, review.lacks([late])) == (
        RunStatus.COMPLETE,
        RunStatus.COMPLETE,
        set(),
    )


@pytest.mark.parametrize("off", [-2, -1, 1, 2])
def test_a_clock_that_was_off_loses_nothing(review, off):
    """A run under a clock that is days ahead or behind is made good by the next one under a true clock."""
    true = datetime(2024, 2, 28, 9, tzinfo=UTC)
    late = entered(true.date())
    review.search(records=(), now=true + timedelta(days=off), today=true.date())
    review.search(records=[late], now=true + timedelta(hours=12))
    assert review.lacks([late]) == set()


@pytest.mark.parametrize("off", [10, 400])
@pytest.mark.parametrize("days", [(1, 12), (2, 12, 30), (12,), (420,)])
def test_a_clock_that_ran_far_ahead_loses_nothing(review, off, days):
    """A run counts no further than PubMed's own version, or than the day at which a later run began."""
    true = datetime(2024, 2, 28, 9, tzinfo=UTC)
    late = entered(true.date() + timedelta(days=1))
    review.search(records=(), now=true + timedelta(days=off), today=true.date())
    for day in days:
        review.search(records=[late] if day > 1 else (), now=true + timedelta(days=day))
    assert review.lacks([late]) == set()


def test_a_clock_set_back_asks_for_no_impossible_window(review):
    """When the clock was set back behind the last run, the window still begins before it ends."""
    first = review.search(records=(), now=datetime(2024, 3, 10, tzinfo=UTC))
    second = review.search(records=(), now=datetime(2024, 2, 1, tzinfo=UTC))
    assert first.window.start <= second.window.start <= second.window.end
    assert second.status is RunStatus.COMPLETE


@pytest.mark.parametrize("today", [date(2024, 2, 29), date(2024, 3, 1), date(2024, 12, 31), date(2025, 1, 1)])
def test_the_last_day_is_asked_for_by_its_name(review, today):
    """Leap days and ends of years stand in the question as PubMed writes them."""
    review.search(records=(), now=datetime.combine(today, datetime.min.time(), UTC))
    asked = next(form for route, form in review.asked if route == "esearch")
    assert (asked["datetype"], asked["maxdate"]) == ("edat", f"{today:%Y/%m/%d}")
