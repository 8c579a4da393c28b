"""Running a ranking on splits and from a cold start, and comparing it with another."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest

from classifier.evaluation import (
    Labelled,
    Outcome,
    Said,
    Split,
    average_precision,
    cold_start,
    compare,
    mean_of,
    run,
    with_plain_svm,
    with_ranker,
    wss,
)
from classifier.grade import Grade
from classifier.ranker import Ranker


@pytest.fixture(scope="module")
def split(made_up: Any) -> Split:
    """The made-up review, its fresh records to be ranked."""
    return Split(
        name="made up",
        judged=made_up.records,
        grades=made_up.grades,
        background=made_up.background,
        ranked=made_up.fresh,
        included=np.array(made_up.relevant),
    )


@pytest.fixture(scope="module")
def ours(split: Split) -> Outcome:
    """What our ranker says of it."""
    return run(split, with_ranker(seed=1))


@pytest.fixture(scope="module")
def plain(split: Split) -> Outcome:
    """What the plain SVM says of it."""
    return run(split, with_plain_svm(seed=1))


def test_our_ranking_comes_with_flags_and_probabilities(ours: Outcome) -> None:
    """One score, one flag and one probability for each record, in its order."""
    assert len(ours.said.scores) == len(ours.included) == 100
    assert ours.said.flagged is not None
    assert ours.said.probabilities is not None
    assert ours.said.flagged.shape == ours.said.probabilities.shape == (100,)
    assert average_precision(ours.included, ours.said.scores) > 0.9


def test_our_ranking_says_what_our_ranker_says(split: Split, ours: Outcome) -> None:
    """Scores, flags and probabilities are those of the suggestions that the ranker makes."""
    ranker = Ranker(seed=1)
    ranker.fit(split.judged, split.grades, background=split.background, waiting=split.ranked)
    made = {one.report: one for one in ranker.rank(split.ranked, at=datetime(2020, 1, 1, tzinfo=UTC))}
    said = [made[record.report_id] for record in split.ranked]
    assert ours.said.scores.tolist() == [one.score for one in said]
    assert ours.said.flagged is not None
    assert ours.said.flagged.tolist() == [one.flagged for one in said]
    assert ours.said.probabilities is not None
    assert ours.said.probabilities.tolist() == [one.probability for one in said]


def test_what_was_worth_reading_is_judged_by_triage(ours: Outcome) -> None:
    """The second head has figures of its own, where somebody kept the labels."""
    labelled = replace(ours, worth_reading=ours.included)
    figure = next(one for one in labelled.triage_figures(seed=1) if one.name == "AP")
    assert figure.value == average_precision(ours.included, ours.said.triage)
    with pytest.raises(ValueError, match="found no labels of what was worth reading"):
        ours.triage_figures(seed=1)


def test_an_outcome_gives_all_its_figures(ours: Outcome) -> None:
    """Those of the order, of the probabilities and of the flags."""
    names = {one.name for one in ours.figures(seed=1)}
    assert {"WSS@95", "AP", "ATD", "NDCG", "Brier", "ECE", "flagged share", "recall of the flagged"} <= names


def test_the_plain_svm_draws_no_line(plain: Outcome) -> None:
    """It has scores, better than chance, and neither probabilities nor flags."""
    assert average_precision(plain.included, plain.said.scores) > 0.5
    assert plain.said.probabilities is None
    assert plain.said.flagged is None


def test_the_truth_is_kept_from_the_ranking(split: Split) -> None:
    """What ranks is handed a split in which nothing is included."""
    seen: list[Split] = []

    def peeps(given: Split) -> Said:
        seen.append(given)
        return Said(scores=np.zeros(len(given.ranked)))

    outcome = run(split, peeps)
    assert not seen[0].included.any()
    assert seen[0].worth_reading is None
    assert (outcome.included == split.included).all()


def test_a_score_for_each_record(split: Split) -> None:
    """A ranking that leaves records out is refused, with the split's name."""
    with pytest.raises(ValueError, match="made up: found 3 scores; expected one for each of 100"):
        run(split, lambda _: Said(scores=np.zeros(3)))


@pytest.mark.parametrize("grade", [Grade.INCLUDED, Grade.FULL_TEXT_EXCLUDED])
def test_the_plain_svm_needs_both_kinds(split: Split, grade: Grade) -> None:
    """A start of one kind teaches it nothing."""
    one_kind = replace(split, grades=[grade] * len(split.judged))
    with pytest.raises(ValueError, match="expected some, not all"):
        run(one_kind, with_plain_svm(seed=1))


def test_a_comparison_is_split_by_split() -> None:
    """Ahead by 1/2 on one split and level on the other: a mean of 1/4, one win of two."""
    good, bad = (_outcome("a", order) for order in ([2, 1, 0], [1, 2, 0]))
    level = _outcome("b", [2, 1, 0])
    found = compare([good, level], [bad, level], average_precision, seed=1)
    assert (found.ours, found.theirs, found.difference, found.wins, found.n) == (1, 0.75, 0.25, 1, 2)
    assert (found.low, found.high) == (0, 0.5)


def test_other_splits_cannot_be_compared() -> None:
    """The two sides must be of the same splits, in the same order."""
    with pytest.raises(ValueError, match="found outcomes of other splits"):
        compare([_outcome("a", [2, 1, 0])], [_outcome("b", [2, 1, 0])], wss, seed=1)


def test_a_mean_over_splits_says_over_how_many() -> None:
    """AP of 1 and of 1/2 have a mean of 3/4 over two."""
    outcomes = [_outcome("a", [2, 1, 0]), _outcome("b", [1, 2, 0])]
    found = mean_of(outcomes, average_precision, seed=1, name="AP")
    assert (found.name, found.value, found.low, found.high, found.n) == ("AP", 0.75, 0.5, 1.0, 2)


def test_a_cold_start_finds_the_rest(made_up: Any) -> None:
    """From one of each on, the other nine relevant records come first; the two known do not count."""
    review = Labelled(name="x", records=tuple(made_up.fresh), included=np.array(made_up.relevant))
    outcome = cold_start(review, seed=1)
    assert (len(outcome.included), outcome.included.sum()) == (98, 9)
    assert wss(outcome.included, outcome.said.scores) > 0.5
    assert cold_start(review, seed=1).said.scores.tolist() == outcome.said.scores.tolist()


def test_a_cold_start_needs_another_to_find(made_up: Any) -> None:
    """With one included record, which is known at the start, there is nothing to judge by."""
    only = np.arange(100) == 0
    review = Labelled(name="x", records=tuple(made_up.fresh), included=only)
    with pytest.raises(ValueError, match="expected another to find"):
        cold_start(review, seed=1)


def _outcome(name: str, scores: list[int]) -> Outcome:
    """Three records, of which the first is included."""
    truth = np.array([True, False, False])
    return Outcome(name=name, said=Said(scores=np.array(scores, dtype=float)), included=truth)
