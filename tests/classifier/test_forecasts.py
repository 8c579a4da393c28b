"""Probabilities that rest on forecasts of later records by earlier ones."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest

from classifier.calibration import FEWEST, fit_calibration
from classifier.ensemble import fit_ensemble
from classifier.forecasts import EARLIER, YEARS, Forecasts, calibrate, forecast
from classifier.grade import Grade
from classifier.meanings import Words
from classifier.members import Settings
from classifier.ranker import Ranker
from classifier.training import TrainingSet, assemble

Year = Callable[[int], int | None]


def _dated(review: Any, year: Year) -> TrainingSet:
    """Return the training set of a made-up review with a year for every record, by its place."""
    records = [replace(one, year=year(at)) for at, one in enumerate(review.records)]
    background = [replace(one, year=year(at)) for at, one in enumerate(review.background)]
    return assemble(records, review.grades, background)


def _forecast(training: TrainingSet) -> Forecasts | None:
    return forecast(training, Settings(), seed=1)


def test_each_year_is_scored_by_a_model_of_the_years_before(make: Callable[..., Any]) -> None:
    """The scores of the last year are those of an ensemble that was fitted on everything before it."""
    training = _dated(make(1, included=40, background=60), lambda at: 2000 + at % 4)
    found = _forecast(training)
    assert found is not None
    assert found.years == (2001, 2002, 2003)
    years = training.years()
    past, _ = fit_ensemble(training.part(np.flatnonzero(years < 2003)), Settings(), seed=1)
    last = [record for record, year in zip(training.records, years, strict=True) if year == 2003]
    expected = past.scores(last, past.features.transform(last))
    assert found.scores[-len(last) :].tolist() == expected.tolist()
    assert found.included.sum() == 30


def test_later_labels_leave_no_trace(make: Callable[..., Any]) -> None:
    """Turning the last year's judgements round changes no score, only what came true."""
    review = make(2, included=40, background=60)
    training = _dated(review, lambda at: 2000 + at % 4)
    turned = {Grade.INCLUDED: Grade.FULL_TEXT_EXCLUDED, Grade.FULL_TEXT_EXCLUDED: Grade.INCLUDED}
    grades = [turned[one] if at % 4 == 3 else one for at, one in enumerate(review.grades)]
    other = assemble(
        [replace(one, year=2000 + at % 4) for at, one in enumerate(review.records)],
        grades,
        [replace(one, year=2000 + at % 4) for at, one in enumerate(review.background)],
    )
    one, two = _forecast(training), _forecast(other)
    assert one is not None
    assert two is not None
    assert one.scores.tolist() == two.scores.tolist()
    assert one.included.tolist() != two.included.tolist()


@pytest.mark.parametrize(
    ("included", "year"),
    [
        (40, lambda _: None),
        (40, lambda _: 2000),
        (EARLIER + FEWEST - 1, lambda at: 2000 + (at >= EARLIER)),
        (EARLIER + FEWEST + 5, lambda at: 2000 + (at >= EARLIER - 1)),
    ],
    ids=["no year known", "one year", "too few in the last", "too few before it"],
)
def test_where_there_is_too_little_nothing_is_forecast(
    make: Callable[..., Any], included: int, year: Year
) -> None:
    """Then the calibration is that of what was held out at random, and names no year."""
    training = _dated(make(3, included=included, background=40), year)
    assert _forecast(training) is None
    _, out = fit_ensemble(training, Settings(), seed=1)
    fitted = calibrate(training, out, Settings(), seed=1)
    assert fitted is not None
    assert fitted.years == ()
    assert fitted.prevalence == training.is_any(Grade.INCLUDED).mean()


def test_only_the_last_years_are_forecast(make: Callable[..., Any]) -> None:
    """However long the history is, the trainings it costs are few."""
    found = _forecast(_dated(make(4, included=60, background=40), lambda at: 2000 + at % 8))
    assert found is not None
    assert found.years == tuple(range(2008 - YEARS, 2008))


def test_an_undated_record_is_an_earlier_one_unless_it_is_included(make: Callable[..., Any]) -> None:
    """Included records without a year are in no past; with one fewer than needed nothing is forecast."""
    review = make(5, included=EARLIER + FEWEST + 3, background=40)
    dated = _dated(review, lambda at: 2000 if at < EARLIER else 2001)
    some = _dated(review, lambda at: None if at == 0 else 2000 if at < EARLIER else 2001)
    assert _forecast(dated) is not None
    assert _forecast(some) is None


def test_where_later_records_read_otherwise_probabilities_expect_fewer(make: Callable[..., Any]) -> None:
    """When the included of each year share no topic with the years before, the slope is less sure."""
    review = make(6, included=48, near=40, background=80)
    records = [
        replace(
            one,
            year=2000 + at % 4,
            title=one.title.replace("topic", f"topic{at % 4}x"),
            abstract=one.abstract.replace("topic", f"topic{at % 4}x"),
        )
        for at, one in enumerate(review.records)
    ]
    background = [replace(one, year=2000 + at % 4) for at, one in enumerate(review.background)]
    ranker = Ranker(seed=1).fit(records, review.grades, background=background)
    assert ranker.calibration_ is not None
    assert ranker.calibration_.years == (2001, 2002, 2003)
    assert ranker.out_of_fold_ is not None
    included = ranker.training_.is_any(Grade.INCLUDED)
    assert ranker.calibration_.slope < fit_calibration(ranker.out_of_fold_.scores, included).slope


def test_the_card_says_which_years_its_probabilities_rest_on(make: Callable[..., Any]) -> None:
    """The years and the share included in them stand among the limits."""
    review = make(7, included=40, background=60)
    dated = [replace(one, year=2000 + at % 3) for at, one in enumerate(review.records)]
    ranker = Ranker(seed=1).fit(dated, review.grades, background=review.background)
    assert ranker.calibration_ is not None
    said = " ".join(ranker.model(datetime(2020, 1, 1, tzinfo=UTC)).limits)
    assert "what models of the years before said of 2001 and 2002" in said
    assert f"the share included then, {100 * ranker.calibration_.prevalence:.1f}%" in said


def test_what_waits_today_lets_the_past_wait_too(make: Callable[..., Any]) -> None:
    """A training set that knows what waits forecasts a year as a model that knew the year's texts."""
    review = make(1, included=40, background=60)
    plain = _dated(review, lambda at: 2000 + at % 4)
    training = replace(plain, waiting=tuple(review.fresh))
    found, years = _forecast(training), training.years()
    assert found is not None
    then = np.flatnonzero(years == 2003)
    past, _ = fit_ensemble(training.part(np.flatnonzero(years < 2003), then=then), Settings(), seed=1)
    last = [training.records[at] for at in then]
    assert past.towards.keys() == {one.id for one in last}
    expected = past.scores(last, past.features.transform(last))
    assert found.scores[-len(last) :].tolist() == expected.tolist()
    assert expected.tolist() != _forecast(plain).scores[-len(last) :].tolist()


def test_words_can_be_learned_once(make: Callable[..., Any]) -> None:
    """Given what is known of words, no past learns its own: other vectors give other scores."""
    training = _dated(make(1, included=40, background=60), lambda at: 2000 + at % 4)
    none = Words(np.empty(0, np.uint64), np.empty((0, 20)))
    found, bare = _forecast(training), forecast(training, Settings(), seed=1, words=none)
    assert bare.scores.tolist() != found.scores.tolist()
