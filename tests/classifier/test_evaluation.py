"""Measures of screening work."""

from collections.abc import Callable
from math import ceil
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.evaluation import (
    atd,
    average_precision,
    bootstrap_interval,
    brier,
    ece,
    flagged_share,
    mean_interval,
    ndcg,
    paired_interval,
    recall_at,
    wss,
)

Rows = list[tuple[bool, float]]
rows = st.lists(st.tuples(st.booleans(), st.integers(-5, 5).map(float)), min_size=1, max_size=40).filter(
    lambda given: any(relevant for relevant, _ in given)
)
UPWARD = pytest.mark.parametrize("metric", [wss, recall_at, average_precision, ndcg])
ALL = pytest.mark.parametrize("metric", [wss, recall_at, atd, average_precision, ndcg])
Metric = Callable[..., float]


def _split(given: Rows) -> tuple[list[bool], list[float]]:
    return [relevant for relevant, _ in given], [score for _, score in given]


def test_wss_counts_what_need_not_be_read() -> None:
    """With the two relevant records at ranks 1 and 4 of 10, six are saved, less the 5% allowed."""
    relevant = [1, 0, 0, 1, 0, 0, 0, 0, 0, 0]
    assert wss(relevant, range(10, 0, -1), recall=0.95) == pytest.approx(0.6 - 0.05)


def test_wss_stops_at_the_recall_asked_for() -> None:
    """Half of the relevant records are found at rank 1 already."""
    relevant = [1, 0, 0, 1, 0, 0, 0, 0, 0, 0]
    assert wss(relevant, range(10, 0, -1), recall=0.5) == pytest.approx(0.9 - 0.5)


def test_recall_at_takes_the_first_share_rounded_up() -> None:
    """A quarter of ten records is three: one of the two relevant is among them."""
    assert recall_at([1, 0, 0, 1, 0, 0, 0, 0, 0, 0], range(10, 0, -1), share=0.25) == 0.5


def test_recall_at_a_count() -> None:
    """Of two relevant records at ranks 1 and 4 the first three hold one, and the first hundred both."""
    relevant = [1, 0, 0, 1, 0, 0, 0, 0, 0, 0]
    assert recall_at(relevant, range(10, 0, -1), count=3) == 0.5
    assert recall_at(relevant, range(10, 0, -1), count=100) == 1


@pytest.mark.parametrize("asked", [{"share": 0.0}, {"share": 1.1}, {"count": 0}])
def test_recall_at_refuses_what_is_no_part(asked: dict[str, float]) -> None:
    """Nothing, less than nothing or more than all cannot be read."""
    with pytest.raises(ValueError, match="recall_at: found"):
        recall_at([1, 0], [2, 1], **asked)  # type: ignore[arg-type]  # both kinds of number by name


def test_the_share_of_the_flagged() -> None:
    """Two of four stand above the line; of nothing there is no share."""
    assert flagged_share([True, True, False, False]) == 0.5
    with pytest.raises(ValueError, match="found no record"):
        flagged_share([])


def test_atd_is_the_mean_rank_as_a_share() -> None:
    """Ranks 1 and 4 of 10 have a mean of a quarter."""
    assert atd([1, 0, 0, 1, 0, 0, 0, 0, 0, 0], range(10, 0, -1)) == 0.25


def test_average_precision_of_a_worked_example() -> None:
    """Ranks 1 and 4 have precisions 1 and 1/2."""
    assert average_precision([1, 0, 0, 1], [4, 3, 2, 1]) == 0.75


def test_ndcg_of_a_worked_example() -> None:
    """Ranks 1 and 3 gain 1 and 1/2, where the best order gains 1 and 1/log2(3)."""
    assert ndcg([1, 0, 1], [3, 2, 1]) == pytest.approx(1.5 / (1 + 1 / np.log2(3)))


@ALL
@given(rows, st.randoms())
def test_the_order_of_the_rows_does_not_matter(metric: Metric, given: Rows, random: Random) -> None:
    """A measure is a function of the set of pairs, also where scores are tied."""
    mixed = random.sample(given, len(given))
    assert metric(*_split(mixed)) == pytest.approx(metric(*_split(given)))


@ALL
@given(rows)
def test_only_the_order_of_the_scores_matters(metric: Metric, given: Rows) -> None:
    """A rising transformation of the scores changes nothing."""
    relevant, scores = _split(given)
    assert metric(relevant, np.exp(scores)) == pytest.approx(metric(relevant, scores))


@UPWARD
@given(rows, st.data())
def test_lifting_a_relevant_record_never_lowers_a_measure(
    metric: Metric, given: Rows, data: st.DataObject
) -> None:
    """A better place of one relevant record is never punished."""
    relevant, scores = _split(given)
    one = data.draw(st.sampled_from([i for i, yes in enumerate(relevant) if yes]))
    lifted = [score + 3 * (i == one) for i, score in enumerate(scores)]
    assert metric(relevant, lifted) >= metric(relevant, scores) - 1e-12


@given(rows)
def test_a_perfect_ranking_reaches_the_best_values(given: Rows) -> None:
    """With every relevant record on top, AP and NDCG are 1."""
    relevant, _ = _split(given)
    assert average_precision(relevant, relevant) == ndcg(relevant, relevant) == 1


@given(rows)
def test_wss_of_the_best_and_of_the_worst_order(given: Rows) -> None:
    """WSS@95 lies from 0.95 - 1 to 0.95 - 0.95 p / n, and the best order reaches the upper end of it."""
    relevant, scores = _split(given)
    n, needed = len(relevant), ceil(0.95 * sum(relevant) - 1e-9)
    best = 0.95 - needed / n
    assert wss(relevant, relevant) == pytest.approx(best)
    assert -0.05 - 1e-12 <= wss(relevant, [-one for one in relevant]) <= wss(relevant, scores) <= best + 1e-12


@given(rows)
def test_the_worst_order_has_the_worst_values(given: Rows) -> None:
    """With every relevant record at the end nothing is found sooner than by any other order."""
    relevant, scores = _split(given)
    last = [-one for one in relevant]
    assert atd(relevant, last) >= atd(relevant, scores)
    for metric in (average_precision, ndcg, recall_at):
        assert metric(relevant, last) <= metric(relevant, scores)


@given(st.lists(st.booleans(), min_size=2, max_size=40).filter(any), st.randoms())
def test_scikit_learn_says_the_same(relevant: list[bool], random: Random) -> None:
    """AP, NDCG and Brier are scikit-learn's where no scores are tied."""
    from sklearn.metrics import average_precision_score, brier_score_loss, ndcg_score

    scores = random.sample([at / len(relevant) for at in range(len(relevant))], len(relevant))
    assert average_precision(relevant, scores) == pytest.approx(average_precision_score(relevant, scores))
    assert ndcg(relevant, scores) == pytest.approx(ndcg_score([relevant], [scores]))
    assert brier(relevant, scores) == pytest.approx(brier_score_loss(relevant, scores, pos_label=True))


def test_ties_count_against_the_ranking() -> None:
    """A ranking that tells nothing apart finds the one relevant record last."""
    assert atd([1, 0, 0, 0], [0, 0, 0, 0]) == 1


@ALL
def test_nothing_relevant_cannot_be_judged(metric: Metric) -> None:
    """Without a relevant record there is an error that says so."""
    with pytest.raises(ValueError, match="found no relevant record"):
        metric([0, 0], [1, 2])


@ALL
def test_a_score_that_is_not_a_number_is_refused(metric: Metric) -> None:
    """NaN has no rank."""
    with pytest.raises(ValueError, match="not a number"):
        metric([1, 0], [np.nan, 2])


@ALL
def test_lengths_must_agree(metric: Metric) -> None:
    """Each label needs its score."""
    with pytest.raises(ValueError, match="found 2 labels and 3 scores"):
        metric([1, 0], [1, 2, 3])


def test_brier_is_the_mean_squared_error() -> None:
    """Off by 0.2 and 0.4 gives (0.04 + 0.16) / 2."""
    assert brier([1, 0], [0.8, 0.4]) == pytest.approx(0.1)


def test_ece_weighs_the_gap_of_each_bin() -> None:
    """Two records at 0.85 of which one is relevant, two at 0.05 of which none: (0.35 + 0.05) / 2."""
    assert ece([1, 0, 0, 0], [0.85, 0.85, 0.05, 0.05]) == pytest.approx(0.2)


def test_probabilities_beyond_one_are_refused() -> None:
    """A score is not a probability."""
    with pytest.raises(ValueError, match="outside 0 to 1"):
        brier([1], [1.5])


def test_bootstrap_interval_holds_the_estimate() -> None:
    """The interval of AP is around AP, and the same for the same seed."""
    rng = np.random.default_rng(1)
    relevant = rng.random(200) < 0.2
    scores = rng.normal(size=200) + relevant
    low, high = bootstrap_interval(average_precision, relevant, scores, seed=1, draws=200)
    assert low < average_precision(relevant, scores) < high
    assert (low, high) == bootstrap_interval(average_precision, relevant, scores, seed=1, draws=200)


def test_mean_interval_of_equal_values_is_a_point() -> None:
    """Nothing varies, nothing is uncertain."""
    assert mean_interval([0.5] * 5, seed=1) == (0.5, 0.5)


def test_mean_interval_of_nothing_is_refused() -> None:
    """Without a data set there is no mean."""
    with pytest.raises(ValueError, match="found no value"):
        mean_interval([], seed=1)


def test_paired_interval_of_a_better_ranking_is_above_nothing() -> None:
    """A ranking that knows the truth beats noise on every resample, and loses with the sides turned."""
    rng = np.random.default_rng(1)
    relevant = rng.random(200) < 0.2
    good, noise = rng.normal(size=200) + 3 * relevant, rng.normal(size=200)
    low, high = paired_interval(average_precision, relevant, good, noise, seed=1, draws=200)
    assert 0 < low < average_precision(relevant, good) - average_precision(relevant, noise) < high
    turned = paired_interval(average_precision, relevant, noise, good, seed=1, draws=200)
    assert turned == pytest.approx((-high, -low))


def test_paired_interval_is_narrower_than_that_of_two_apart() -> None:
    """Two rankings that hardly differ are told apart only because they are judged on the same records."""
    rng = np.random.default_rng(2)
    relevant = rng.random(300) < 0.2
    scores = rng.normal(size=300) + relevant
    others = scores + 0.05 * rng.normal(size=300)
    low, high = paired_interval(average_precision, relevant, scores, others, seed=1, draws=200)
    alone = bootstrap_interval(average_precision, relevant, scores, seed=1, draws=200)
    assert high - low < (alone[1] - alone[0]) / 2
