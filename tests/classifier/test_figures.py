"""All measures of a ranking at once, with intervals; and what a plot of it shows."""

from functools import partial

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classifier.evaluation import (
    Figure,
    Step,
    atd,
    average_precision,
    bootstrap_interval,
    brier,
    ece,
    figures,
    ideal_curve,
    ndcg,
    paired_differences,
    paired_interval,
    recall_at,
    recall_curve,
    reliability,
    share_interval,
    wss,
)
from classifier.evaluation.intervals import Measure

WORKED = [1, 0, 0, 1, 0, 0, 0, 0, 0, 0], list(range(10, 0, -1))

ONE_BY_ONE: dict[str, Measure] = {
    "WSS@95": wss,
    "WSS@100": partial(wss, recall=1.0),
    "recall@10%": recall_at,
    "recall@50": partial(recall_at, count=50),
    "ATD": atd,
    "AP": average_precision,
    "NDCG": ndcg,
}


def _ranking(seed: int, n: int = 200, share: float = 0.2) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    relevant = rng.random(n) < share
    # Whole numbers, so that there are ties.
    return relevant, np.round(3 * (rng.normal(size=n) + relevant))


def _named(table: tuple[Figure, ...]) -> dict[str, Figure]:
    return {one.name: one for one in table}


@pytest.mark.parametrize("name", ONE_BY_ONE)
def test_the_table_says_what_each_measure_says(name: str) -> None:
    """A figure of the table is the value of its measure."""
    relevant, scores = _ranking(1)
    assert _named(figures(relevant, scores, seed=1))[name].value == ONE_BY_ONE[name](relevant, scores)


@pytest.mark.parametrize("name", ["AP", "ATD", "NDCG"])
def test_the_quick_intervals_are_those_of_the_slow_way(name: str) -> None:
    """Resampling by counts gives the interval that resampling record by record gives, but for chance."""
    relevant, scores = _ranking(2)
    quick = _named(figures(relevant, scores, seed=1, draws=4000))[name]
    slow = bootstrap_interval(ONE_BY_ONE[name], relevant, scores, seed=1, draws=4000)
    assert (quick.low, quick.high) == pytest.approx(slow, abs=0.015)


def test_the_quick_difference_is_that_of_the_slow_way() -> None:
    """Two rankings judged on the same resamples differ as by the slow way, but for chance."""
    relevant, scores = _ranking(3)
    others = scores + np.random.default_rng(4).normal(size=len(scores)) * 4
    quick = _named(paired_differences(relevant, scores, others, seed=1, draws=4000))["AP"]
    assert quick.value == pytest.approx(
        average_precision(relevant, scores) - average_precision(relevant, others)
    )
    slow = paired_interval(average_precision, relevant, scores, others, seed=1, draws=4000)
    assert (quick.low, quick.high) == pytest.approx(slow, abs=0.015)


def test_a_ranking_differs_in_nothing_from_itself() -> None:
    """Paired resamples cancel: the difference is 0, and resamples that all say so bear no interval."""
    relevant, scores = _ranking(5)
    table = paired_differences(relevant, scores, scores, seed=1, draws=50)
    assert {(one.value, one.low, one.high) for one in table} == {(0.0, None, None)}


def test_brier_and_ece_come_with_probabilities() -> None:
    """They rest on all records and agree with the measures."""
    relevant, scores = _ranking(6)
    chances = 1 / (1 + np.exp(-scores))
    table = _named(figures(relevant, scores, probabilities=chances, seed=1, draws=100))
    assert (table["Brier"].value, table["Brier"].n) == (pytest.approx(brier(relevant, chances)), 200)
    assert table["ECE"].value == pytest.approx(ece(relevant, chances))


def test_the_flagged_have_exact_intervals() -> None:
    """One of two relevant records flagged, 3 of 10 in all: Clopper-Pearson for both."""
    table = _named(figures(*WORKED, flagged=[1, 1, 1, 0, 0, 0, 0, 0, 0, 0], seed=1))
    caught, share = table["recall of the flagged"], table["flagged share"]
    assert (caught.value, caught.n, share.value, share.n) == (0.5, 2, 0.3, 10)
    assert (caught.low, caught.high) == pytest.approx((0.0126, 0.9874), abs=1e-4)
    assert (share.low, share.high) == pytest.approx((0.0667, 0.6525), abs=1e-4)


@pytest.mark.parametrize(("relevant", "there"), [(4, False), (5, True)])
def test_few_relevant_records_bear_no_interval(relevant: int, there: bool) -> None:
    """Below five the value is told without an interval."""
    n = 20 + relevant
    scores = [7 * at % n for at in range(n)]
    truth = [True] * relevant + [False] * 20
    table = figures(truth, scores, seed=1, draws=50, shares=(0.5,), counts=(10,))
    assert {one.low is not None for one in table} == {there}
    assert {one.n for one in table} == {relevant}


def test_a_recall_has_its_exact_interval_or_none() -> None:
    """All 20 relevant in the first fifth are no certainty; a tenth has no room for them."""
    table = _named(figures([True] * 20 + [False] * 80, range(100, 0, -1), seed=1, draws=50))
    whole, tenth, order = table["recall@20%"], table["recall@10%"], table["AP"]
    assert (whole.value, whole.low, whole.high) == (1.0, pytest.approx(0.025 ** (1 / 20)), 1.0)
    assert (tenth.value, tenth.low, tenth.high) == (0.5, None, None)
    assert (order.value, order.low, order.high) == (1.0, None, None)


@pytest.mark.parametrize("label", [-1, "a", "1", float("nan"), 0.5, None])
def test_only_booleans_and_0_or_1_are_labels(label: object) -> None:
    """What only counts as true is refused as truth, as a flag, and beside probabilities."""
    for judge in (
        lambda: figures([1, label], [0.1, 0.2], seed=1),
        lambda: figures([1, 0], [0.1, 0.2], flagged=[1, label], seed=1),
        lambda: brier([1, label], [0.1, 0.2]),
    ):
        with pytest.raises(ValueError, match="neither true, false, 0 nor 1"):
            judge()


def test_counts_beyond_the_list_are_left_out() -> None:
    """Among ten records nobody asks for the recall of the first fifty."""
    names = _named(figures(*WORKED, seed=1))
    assert "recall@10" in names
    assert "recall@50" not in names


def test_the_same_seed_gives_the_same_table() -> None:
    """The bootstrap is drawn by the seed alone."""
    relevant, scores = _ranking(7)
    assert figures(relevant, scores, seed=1) == figures(relevant, scores, seed=1)
    assert figures(relevant, scores, seed=1) != figures(relevant, scores, seed=2)


def test_the_order_of_the_rows_does_not_matter() -> None:
    """The same pairs in another order give the same table, intervals among it."""
    relevant, scores = _ranking(7)
    chances = 1 / (1 + np.exp(-scores / 2 - np.arange(len(scores)) / 100))
    others = np.sin(np.arange(len(scores)))
    mixed = np.random.default_rng(1).permutation(len(scores))
    one = figures(relevant, scores, probabilities=chances, flagged=scores > 0, seed=1)
    assert one == figures(
        relevant[mixed], scores[mixed], probabilities=chances[mixed], flagged=scores[mixed] > 0, seed=1
    )
    pair = paired_differences(relevant, scores, others, seed=1)
    assert pair == paired_differences(relevant[mixed], scores[mixed], others[mixed], seed=1)


def test_many_records_are_resampled_in_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Blocks that hold few draws give the same number of draws in all, and the same point values."""
    relevant, scores = _ranking(8)
    whole = figures(relevant, scores, seed=1, draws=300)
    monkeypatch.setattr("classifier.evaluation.resampling._CELLS", 1000)
    blocks = figures(relevant, scores, seed=1, draws=300)
    for one, other in zip(whole, blocks, strict=True):
        assert one.value == other.value
        assert (one.low, one.high) == pytest.approx((other.low, other.high), abs=0.06)


def test_the_interval_covers_the_truth_about_as_often_as_it_says() -> None:
    """Of 200 reviews drawn from one population, 88% or more have an interval that holds its recall.

    A percentile interval of some forty positives covers somewhat less than its 95%; far less were a fault.
    """
    drawn = [_named(figures(*_ranking(seed), seed=seed, draws=300))["recall@50%"] for seed in range(200)]
    truth = np.mean([recall_at(*_ranking(seed, n=20_000), share=0.5) for seed in range(1000, 1010)])
    covered = np.mean([(one.low or 0.0) <= truth <= (one.high or 0.0) for one in drawn])
    assert 0.88 <= covered < 1


@given(st.integers(0, 30), st.integers(1, 30))
def test_the_exact_interval_holds_its_share(hits: int, more: int) -> None:
    """0 <= low <= share <= high <= 1, and both ends are certain only where nothing speaks against it."""
    n = hits + more
    low, high = share_interval(hits, n)
    assert 0 <= low <= hits / n <= high <= 1
    assert (low == 0) == (hits == 0)


@pytest.mark.parametrize(("hits", "n"), [(0, 0), (3, 2), (-1, 4)])
def test_a_share_of_nothing_is_refused(hits: int, n: int) -> None:
    """Counts that contradict each other have no interval."""
    with pytest.raises(ValueError, match="expected 0 <= hits <= n"):
        share_interval(hits, n)


def test_one_flag_for_each_record() -> None:
    """Flags of another number of records are refused."""
    with pytest.raises(ValueError, match="expected one flag a label"):
        figures(*WORKED, flagged=[1], seed=1)


def test_the_recall_curve_of_a_worked_example() -> None:
    """Relevant records at ranks 1 and 4 of 10: half after a tenth, all after four tenths."""
    assert recall_curve(*WORKED) == (
        Step(0.0, 0.0),
        Step(0.1, 0.5),
        Step(0.4, 1.0),
        Step(1.0, 1.0),
    )


def test_wss_is_read_off_the_curve() -> None:
    """WSS@95 is 0.95 less what was read when the curve first reaches it."""
    relevant, scores = _ranking(9)
    read = next(step.read for step in recall_curve(relevant, scores) if step.recall >= 0.95)
    assert wss(relevant, scores) == pytest.approx(0.95 - read)


@settings(max_examples=50)
@given(st.lists(st.booleans(), min_size=1, max_size=40).filter(any), st.randoms())
def test_no_order_is_better_than_the_ideal_one(relevant: list[bool], random: object) -> None:
    """At every number of hits the ideal curve has read no more than any other."""
    scores = np.random.default_rng(random.randint(0, 10**6)).random(len(relevant))  # type: ignore[attr-defined]
    pairs = zip(recall_curve(relevant, scores), ideal_curve(relevant), strict=True)
    assert all(best.read <= one.read and best.recall == one.recall for one, best in pairs)


def test_the_reliability_table_is_what_ece_adds_up() -> None:
    """The mean gap of the bins, weighted by their size, is the ECE; every record is in one bin."""
    rng = np.random.default_rng(1)
    chances = rng.random(300)
    relevant = rng.random(300) < chances**2
    bins = reliability(relevant, chances)
    gap = sum(one.n * abs(one.observed - one.probability) for one in bins) / 300
    assert gap == pytest.approx(ece(relevant, chances))
    assert sum(one.n for one in bins) == 300
    assert all(one.start <= one.probability <= one.end for one in bins)


def test_a_certain_record_is_in_the_last_bin() -> None:
    """A probability of 1 lies in the bin that ends there; empty bins are not told."""
    (only,) = reliability([1], [1.0])
    assert (only.start, only.end, only.n, only.observed) == (0.9, 1.0, 1, 1.0)
