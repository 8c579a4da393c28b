"""The promise asked of the review's own past."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pytest

from classifier.evaluation import share_interval
from classifier.members import Settings
from classifier.time_check import FEWEST_LATER, NotChecked, TimeCheck, check_in_time, year_of_check
from classifier.training import TrainingSet, assemble
from review.record import Record


def _dated(review: Any, year: Callable[[int], int | None]) -> TrainingSet:
    """Return the training set of a made-up review with a year for every record, by its place."""
    records = [replace(one, year=year(at)) for at, one in enumerate(review.records)]
    background = [replace(one, year=year(at)) for at, one in enumerate(review.background)]
    return assemble(records, review.grades, background)


def _check(training: TrainingSet, recall: float = 0.9) -> TimeCheck | NotChecked:
    return check_in_time(training, Settings(), recall=recall, seed=1)


def _drifted(record: Record) -> Record:
    """The same record in words that nobody has used before."""
    return replace(
        record,
        title=record.title.replace("topic", "newtopic"),
        abstract=record.abstract.replace("topic", "newtopic"),
    )


def test_where_nothing_changes_the_promise_is_not_contradicted(make: Callable[..., Any]) -> None:
    """Records dealt to years by turns are exchangeable, and the check says so with its numbers."""
    checked = _check(_dated(make(1, included=40), lambda at: 2000 + at % 10))
    assert isinstance(checked, TimeCheck)
    assert not checked.failed
    assert (checked.until, checked.earlier, checked.later) == (2004, 20, 20)
    assert "does not contradict the promise" in checked.sentence()


def test_where_the_words_change_the_promise_is_contradicted(make: Callable[..., Any]) -> None:
    """When the later included speak in new words, the line of the earlier misses them."""
    review = make(2, included=40)
    records = [
        replace(
            _drifted(record) if at in range(20, 40) else record, year=2001 if at in range(20, 40) else 2000
        )
        for at, record in enumerate(review.records)
    ]
    background = [replace(one, year=2000) for one in review.background]
    checked = _check(assemble(records, review.grades, background))
    assert isinstance(checked, TimeCheck)
    assert checked.failed
    assert checked.high < checked.recall == 0.9
    assert "This contradicts the promise." in checked.sentence()


def test_the_interval_is_exact(make: Callable[..., Any]) -> None:
    """It is Clopper and Pearson's, of those above among the later included."""
    checked = _check(_dated(make(3, included=30), lambda at: 2000 + at % 2))
    assert isinstance(checked, TimeCheck)
    assert (checked.low, checked.high) == share_interval(checked.above, checked.later)
    assert f"of {checked.later} reports included that are dated after 2000" in checked.sentence()


def test_the_past_does_not_know_the_future(make: Callable[..., Any]) -> None:
    """What the later records say changes nothing of the line: only how they score under it."""
    review = make(4, included=30)
    training = _dated(review, lambda at: 2000 + at % 2)
    other = [replace(one, abstract="filler1") if one.year == 2001 else one for one in training.records]
    first, second = _check(training), _check(assemble(other, training.grades))
    assert isinstance(first, TimeCheck)
    assert isinstance(second, TimeCheck)
    assert (first.until, first.earlier, first.later) == (second.until, second.earlier, second.later)
    assert second.above < first.above


def test_without_years_it_could_not_be_checked(make: Callable[..., Any]) -> None:
    """Undated records have no earlier and later, and the sentence says how many would be needed."""
    checked = _check(_dated(make(5, included=30), lambda _: None))
    assert checked == NotChecked("fewer than 9 included reports have a known year")
    assert checked.sentence().startswith("The promise could not be checked in time: ")


def test_too_few_later_reports_check_nothing(make: Callable[..., Any]) -> None:
    """With fewer than five included after the cut the answer is that it could not be checked."""
    checked = _check(_dated(make(6, included=30), lambda at: 2001 if at % 30 < FEWEST_LATER - 1 else 2000))
    assert isinstance(checked, NotChecked)
    assert "4 included reports are dated after 2000, and 5 would be needed" in checked.why


def test_nothing_but_included_before_checks_nothing(make: Callable[..., Any]) -> None:
    """Where all others are later there is nothing to tell the earlier from."""
    review = make(7, included=30, near=0)
    records = [replace(one, year=2000 + (at >= 15)) for at, one in enumerate(review.records)]
    background = [replace(one, year=2001) for one in review.background]
    checked = _check(assemble(records, review.grades, background))
    assert checked == NotChecked("nothing but included reports is known up to 2000")


def test_the_day_of_entry_counts_before_the_year_of_publication(make: Callable[..., Any]) -> None:
    """A report printed earlier than it could be found was found when it entered its source."""
    review = make(8, included=30)
    records = [
        replace(one, year=2000, entered=date(2000 + at % 2, 6, 1)) for at, one in enumerate(review.records)
    ]
    checked = _check(assemble(records, review.grades, review.background))
    assert isinstance(checked, TimeCheck)
    assert (checked.until, checked.later) == (2000, 15)


@pytest.mark.parametrize(
    ("years", "recall", "until"),
    [
        ([2000] * 10 + [2001] * 10, 0.9, 2000),
        ([2000] * 5 + [2001] * 5 + [2002] * 10, 0.9, 2001),
        ([2000] * 8, 0.9, None),
        ([2000] * 9 + [np.nan] * 30, 0.9, 2000),
        (list(range(2000, 2040)), 0.95, 2019),
    ],
)
def test_the_cut_leaves_half_before_and_enough_to_promise(
    years: list[float], recall: float, until: int | None
) -> None:
    """It is the first year with half of the dated included, and no fewer than a promise needs."""
    assert year_of_check(np.array(years, dtype=float), recall) == until


def test_what_waits_today_lets_the_later_wait_too(make: Callable[..., Any]) -> None:
    """A training set that knows what waits asks the past with the later texts at hand."""
    review = make(1, included=40)
    plain = _dated(review, lambda at: 2000 + at % 10)
    checked = _check(replace(plain, waiting=tuple(review.fresh)))
    assert isinstance(checked, TimeCheck)
    assert checked.flagged != _check(plain).flagged
