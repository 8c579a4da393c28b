"""What recall can be promised."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.threshold import CannotPromise, Threshold, promise


def test_fifteen_positives_cannot_promise_95_percent() -> None:
    """The pain review's fifteen included studies are too few, and the answer says how many would do."""
    answer = promise(np.linspace(0, 1, 15), 0.95)
    assert isinstance(answer, CannotPromise)
    assert answer.needed == 19
    assert "15 included reports are too few to promise 95%" in answer.sentence()


@pytest.mark.parametrize(("recall", "needed"), [(0.95, 19), (0.9, 9), (0.99, 99)])
def test_the_smallest_number_that_can_promise(recall: float, needed: int) -> None:
    """One positive fewer than 1 / alpha - 1 cannot promise, exactly that many can."""
    assert isinstance(promise(np.arange(needed - 1), recall), CannotPromise)
    assert promise(np.arange(needed), recall) == Threshold(0.0, 1 - recall, needed)


def test_the_threshold_is_the_finite_sample_quantile() -> None:
    """With 39 positives and alpha 0.1 it is the fourth smallest, as 0.1 * 40 = 4."""
    answer = promise(np.random.default_rng(1).permutation(39), 0.9)
    assert isinstance(answer, Threshold)
    assert answer.value == 3


@pytest.mark.parametrize("n", [19, 20, 57])
def test_the_promise_holds_for_exchangeable_scores(n: int) -> None:
    """Over 4,000 draws the next positive lies at or above the threshold at least as often as promised."""
    scores = np.random.default_rng(n).normal(size=(4000, n + 1))
    kept = [row[-1] >= promise(row[:-1], 0.95).value for row in scores]  # type: ignore[union-attr]  # n suffices
    assert np.mean(kept) > 0.95 - 3 * np.sqrt(0.05 * 0.95 / 4000)


@given(st.lists(st.floats(0, 1), max_size=60), st.floats(0.01, 0.99))
def test_a_threshold_keeps_the_share_of_its_own_positives(scores: list[float], recall: float) -> None:
    """At least `recall` of the positives it was learned from lie at or above it."""
    answer = promise(scores, recall)
    if isinstance(answer, Threshold):
        assert np.mean(np.array(scores) >= answer.value) >= recall - 1e-9


def test_the_sentence_says_what_it_rests_on() -> None:
    """People are told the recall, the number of positives and the assumption."""
    sentence = Threshold(0.5, 0.1, 40).sentence()
    assert "at least 90%" in sentence
    assert "resemble the 40 included" in sentence
    assert "an average over reviews" in sentence


def test_nearly_everything_is_not_everything() -> None:
    """A recall of 0.99999 keeps all its nines in what people read."""
    assert "99.999%" in CannotPromise(alpha=1 - 0.99999, n=1).sentence()


@pytest.mark.parametrize("recall", [0, 1, 1.2])
def test_all_or_nothing_cannot_be_asked_for(recall: float) -> None:
    """A recall of 1 has no threshold but reading everything, and the error says so."""
    with pytest.raises(ValueError, match="to miss nothing, read all"):
        promise([0.5], recall)


def test_scores_must_be_finite() -> None:
    """A score that is not a number promises nothing."""
    with pytest.raises(ValueError, match="not finite"):
        promise([0.5, float("nan")], 0.9)
