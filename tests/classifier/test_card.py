"""What a model says of itself."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from classifier.evaluation import average_precision, wss
from classifier.grade import Grade
from classifier.members import Head
from classifier.ranker import Ranker
from review.record import Record
from review.suggestion import Model

AT = datetime(2020, 1, 1, tzinfo=UTC)


def _fit(review: Any, **params: Any) -> Ranker:
    return Ranker(seed=1, **params).fit(review.records, review.grades, background=review.background)


@pytest.fixture(scope="module")
def ranker(made_up: Any) -> Ranker:
    """Return a ranker that knows the made-up review."""
    return _fit(made_up)


@pytest.fixture(scope="module")
def card(ranker: Ranker) -> Model:
    """Its card."""
    return ranker.model(AT)


def test_both_heads_have_figures(ranker: Ranker, card: Model) -> None:
    """Inclusion is measured by the included, triage by what was worth reading, on held-out scores."""
    metrics, held = dict(card.metrics), ranker.out_of_fold_
    included = ranker.training_.is_any(Grade.INCLUDED)
    worth = included | ranker.training_.is_any(Grade.FULL_TEXT_EXCLUDED)
    assert metrics["WSS@95"] == wss(included, held.scores)
    assert metrics["triage AP"] == average_precision(worth, held.by_head[Head.TRIAGE])
    assert (metrics["triage n worth reading"], metrics["triage n others"]) == (35, 120)


def test_a_model_without_near_misses_has_no_figures_of_triage(make: Callable[..., Any]) -> None:
    """The head that is not there is not measured, and the card says why it is not there."""
    card = _fit(make(11, near=0)).model(AT)
    assert not [name for name, _ in card.metrics if name.startswith("triage")]
    assert any(one.startswith("No head for triage") for one in card.limits)


def test_every_measure_has_an_interval_around_it(card: Model) -> None:
    """All have one at 95%, in order, but counts, and a tenth that cannot hold all that was worth reading."""
    ends = {one.figure: one for one in card.intervals}
    assert {name for name, _ in card.metrics} - set(ends) == {
        "n included",
        "n others",
        "triage n worth reading",
        "triage n others",
        "triage recall@10%",
    }
    assert all(one.low <= one.high for one in card.intervals)


def test_the_line_has_a_version(card: Model, made_up: Any) -> None:
    """Its digest changes with the recall that is asked for, which the card says too."""
    assert len(card.threshold_version) == 16
    lower = _fit(made_up, recall=0.9).model(AT)
    assert lower.threshold_version != card.threshold_version
    assert (card.recall, lower.recall) == (0.95, 0.9)


def test_a_promise_is_checked_in_time(make: Callable[..., Any]) -> None:
    """Where included reports have years, the card says what became of the line of an earlier one."""
    review = make(12, included=40)
    dated = [replace(one, year=2000 + at % 4) for at, one in enumerate(review.records)]
    card = Ranker(seed=1, recall=0.9).fit(dated, review.grades, background=review.background).model(AT)
    assert card.promised
    assert card.time_check.startswith("Checked in time: of 20 reports included that are dated after 2001")


def test_a_promise_that_the_past_contradicts_is_withdrawn(make: Callable[..., Any]) -> None:
    """Nothing is promised, the reason is given, and the line keeps every included record held out."""
    review = make(13, included=40)
    moved = [
        replace(one, year=2001, title=_renamed(one.title), abstract=_renamed(one.abstract))
        if at in range(20, 40)
        else replace(one, year=2000)
        for at, one in enumerate(review.records)
    ]
    background = [replace(one, year=2000) for one in review.background]
    ranker = Ranker(seed=1, recall=0.9).fit(moved, review.grades, background=background)
    card = ranker.model(AT)
    assert not card.promised
    assert "This contradicts the promise." in card.promise_withdrawn
    assert card.threshold == ranker.out_of_fold_.scores[ranker.training_.is_any(Grade.INCLUDED)].min()


def _renamed(text: str) -> str:
    return text.replace("topic", "newtopic")


def test_the_statement_names_tool_task_data_oversight_and_performance(card: Model) -> None:
    """The paragraph for the report holds each of these with the numbers of the card."""
    metrics, ends = dict(card.metrics), {one.figure: one for one in card.intervals}
    for part in (
        f"model {card.id}, trained 2020-01-01, seed 1",
        "title and abstract screening were ordered",
        "15 included, 20 excluded at full text, 120 presumed negative",
        card.labels,
        "it includes and excludes nothing: a decision is a person's",
        f"AP {metrics['AP']:.3f} (95% interval {ends['AP'].low:.3f} to {ends['AP'].high:.3f})",
        card.promise,
        *card.limits,
    ):
        assert part in card.statement


def test_what_was_not_measured_is_not_claimed(make: Callable[..., Any]) -> None:
    """With one included record there is no figure, no probability and no promise in the statement."""
    card = _fit(make(14, included=1)).model(AT)
    assert "Its performance was not measured." in card.statement
    assert "calibrated probability" not in card.statement
    assert "Checked in time" not in card.statement
    assert card.intervals == ()


def _card(records: list[Record], grades: list[Grade], background: list[Record]) -> Model:
    return Ranker(seed=1).fit(records, grades, background=background).model(AT)


@pytest.mark.parametrize(
    ("change", "limit"),
    [
        (lambda one, _: replace(one, abstract=""), "Nothing but titles was learned from."),
        (
            lambda one, at: replace(one, abstract="" if at < 7 else one.abstract),
            "7 of 155 records (4.5%) have no",
        ),
        (
            lambda one, at: replace(one, language="ger" if at < 31 else "eng"),
            "31 of 155 records (20.0%) whose language is known are not in English.",
        ),
        (lambda one, _: one, "The language of 155 of 155 records (100.0%) is not known."),
        (lambda one, at: replace(one, year=2000 if at else None), "1 of 155 records (0.6%) have no year."),
        (
            lambda one, at: replace(one, abstract="", keywords=("a1",), index_only=True) if at == 9 else one,
            "1 of 155 records (0.6%) have an index of words instead of an abstract.",
        ),
        (lambda one, _: one, "15 included: WSS@95 rests on the rank of the last of them."),
        (lambda one, _: one, "120 of 155 records (77.4%) were presumed, not judged"),
    ],
)
def test_limits_follow_from_the_data(made_up: Any, change: Callable[..., Record], limit: str) -> None:
    """Titles alone, missing abstracts, languages, years, indexes and presumptions are told, with numbers."""
    records = [change(one, at) for at, one in enumerate((*made_up.records, *made_up.background))]
    judged = len(made_up.records)
    card = _card(records[:judged], made_up.grades, records[judged:])
    assert any(one.startswith(limit) for one in card.limits)


def test_the_card_of_a_model_is_the_same_whoever_asks(ranker: Ranker, card: Model) -> None:
    """Intervals are drawn by the seed: a second card is equal to the last digit."""
    assert ranker.model(AT) == card
