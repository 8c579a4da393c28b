"""Rules for stopping: published figures, false stops in simulation, and what each may say."""

import csv
import gzip
from fractions import Fraction
from math import floor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import hypergeom

from classifier.audit import missed_at_most
from classifier.stopping import (
    combined,
    hypergeometric_p,
    irrelevant_in_a_row,
    random_audit,
    random_sample_p,
    ranked_screening,
)


def ranked_order(total: int, relevant: int, bias: float, dice: np.random.Generator) -> np.ndarray:
    """Return labels in an order in which a relevant record is `bias` times as likely to come next."""
    weight = np.ones(total)
    weight[:relevant] = bias
    return (np.argsort(dice.exponential(size=total) / weight) < relevant).astype(int)


def test_the_random_sample_is_the_test_of_the_paper() -> None:
    """With 20 found before and a clean sample, K is the least number that pulls the recall below 0.95."""
    # 20 / (20 + K) < 0.95 from K = 2 on.
    assert random_sample_p(20, 0, 300, 1_000, 0.95) == pytest.approx(hypergeom.cdf(0, 1_000, 2, 300))


def test_a_recall_that_is_just_reached_is_reached() -> None:
    """19 of 20 is a recall of 0.95 and not below it: one more missed would be needed."""
    assert random_sample_p(19, 0, 50, 100, 0.95) == pytest.approx(hypergeom.cdf(0, 100, 2, 50))


def test_the_ranked_version_takes_the_best_start() -> None:
    """It is the least p-value over all ends of the order, each taken as a random sample."""
    labels, total = [1, 1, 0, 1, 0, 0, 0, 0], 20
    expected = min(
        random_sample_p(sum(labels[:start]), sum(labels[start:]), len(labels) - start, total - start, 0.95)
        for start in range(len(labels))
    )
    assert hypergeometric_p(labels, total, 0.95) == pytest.approx(expected)


def test_nothing_screened_allows_nothing() -> None:
    """Before the first vote no rule allows stopping."""
    assert hypergeometric_p([], 100, 0.95) == 1.0
    assert not irrelevant_in_a_row([], 50).may_stop
    assert not random_audit(0, None, 0, 100, 0.95).may_stop


def test_all_screened_allows_stopping() -> None:
    """Once everything is read nothing can be missed."""
    labels = [True, False] * 30
    assert ranked_screening(labels, 60, 0.95).may_stop


def test_no_relevant_record_is_no_reason_to_stop() -> None:
    """A row of irrelevant ones before the first relevant one stops nothing."""
    assert not irrelevant_in_a_row([False] * 500, 50).may_stop


@pytest.mark.parametrize(("total", "relevant"), [(300, 5), (400, 40), (1_000, 20)])
@pytest.mark.parametrize("sampled", [60, 200])
def test_a_random_sample_stops_falsely_in_at_most_one_of_twenty(
    total: int, relevant: int, sampled: int
) -> None:
    """Summed over every number found before, a sample of fixed size errs in at most 5%."""
    for before in range(relevant):
        unread, hidden = total - before, relevant - before
        if before + hidden == 0:
            continue
        found = np.arange(min(sampled, hidden) + 1)
        chance = hypergeom.pmf(found, unread, hidden, sampled)
        stops = [random_sample_p(before, int(k), sampled, unread, 0.95) < 0.05 for k in found]
        missed = (before + found) / relevant < 0.95
        assert chance[np.array(stops) & missed].sum() <= 0.05 + 1e-9


@pytest.mark.parametrize("bias", [3, 20])
@pytest.mark.parametrize(("total", "relevant"), [(300, 15), (600, 60)])
def test_the_ranked_version_stops_falsely_in_at_most_one_of_twenty(
    total: int, relevant: int, bias: float
) -> None:
    """Asked after every tenth of a ranked order, it stops below the recall in at most 5% of orders."""
    dice, runs = np.random.default_rng(3), 60
    false = sum(_false_stop(ranked_order(total, relevant, bias, dice)) for _ in range(runs))
    assert false / runs <= 0.05


def _false_stop(labels: np.ndarray, recall: float = 0.95) -> bool:
    step = max(1, len(labels) // 10)
    for seen in range(step, len(labels) + 1, step):
        if hypergeometric_p(labels[:seen], len(labels), recall) < 0.05:
            return bool(labels[:seen].sum() < recall * labels.sum())
    return False


@pytest.mark.parametrize("name", ["Cohen_ADHD", "Cohen_Antihistamines", "CLEF2017_CD008760"])
def test_random_orders_of_labelled_reviews_stop_in_time(shared_data: Path, name: str) -> None:
    """On labelled reviews in drawn orders, where no ranking helps, the test stops falsely hardly ever."""
    with gzip.open(shared_data / "screening" / f"{name}.csv.gz", "rt", encoding="utf-8") as lines:
        labels = np.array([int(row["label_included"] == "1") for row in csv.DictReader(lines)])
    dice = np.random.default_rng(4)
    assert sum(_false_stop(dice.permutation(labels)) for _ in range(20)) <= 1


def test_the_heuristic_says_that_it_is_one() -> None:
    """N in a row is labelled, and quotes how often it stopped too early."""
    advice = irrelevant_in_a_row([True, *[False] * 50], 50)
    assert advice.may_stop
    assert advice.heuristic
    assert (
        "a heuristic: on labelled reviews 50 in a row stopped below a recall of 0.95 in 38%"
        in advice.sentence
    )


def test_the_audit_counts_what_no_draw_held() -> None:
    """Unread records that were in no draw may all be relevant."""
    assert random_audit(99, 1, 100, 0, 0.95).recall_at_least == pytest.approx(0.99)
    assert random_audit(99, 1, 100, 100, 0.95).recall_at_least == pytest.approx(99 / 200)


def test_rules_combine() -> None:
    """All must allow it, or any: what the protocol says."""
    advice = [irrelevant_in_a_row([True, False, False], 2), random_audit(1, None, 0, 5, 0.95)]
    assert not combined(advice, when="all", screened=3, total=8).may_stop
    assert combined(advice, when="any", screened=3, total=8).may_stop
    assert not combined([], when="all", screened=3, total=8).may_stop


@pytest.mark.parametrize(("labels", "total", "recall"), [([1, 0], 1, 0.95), ([1], 5, 1.0), ([1], 5, 0.0)])
def test_impossible_questions_are_refused(labels: list[int], total: int, recall: float) -> None:
    """More screened than there are, or a recall beyond a share, is an error that says so."""
    with pytest.raises(ValueError, match="expected at least as many in all and a share"):
        hypergeometric_p(labels, total, recall)


@pytest.mark.parametrize("label", [float("nan"), 2])
def test_a_label_that_is_none_is_refused(label: float) -> None:
    """A report is relevant or not: a count in its place would allow stopping."""
    with pytest.raises(ValueError, match="neither true, false, 0 nor 1"):
        hypergeometric_p([label, 1], 5, 0.95)


def test_a_sample_larger_than_the_unread_is_refused() -> None:
    """Counts contain each other."""
    with pytest.raises(ValueError, match="expected counts that contain each other"):
        random_sample_p(5, 0, 20, 10, 0.95)


@given(
    st.lists(st.booleans(), min_size=1, max_size=60), st.integers(0, 80), st.sampled_from([0.5, 0.8, 0.95])
)
def test_the_least_p_is_that_of_all_samples(relevant: list[bool], unread: int, recall: float) -> None:
    """Looking only where p can be least gives what looking at every i gives."""
    found, total, all_p = sum(relevant), len(relevant) + unread, []
    for size in range(1, len(relevant) + 1):
        inside = sum(relevant[-size:])
        least = floor(found / Fraction(str(recall)) + 1) - (found - inside)
        urn = unread + size
        all_p.append(float(hypergeom.cdf(inside, urn, least, size)) if least <= urn else 0.0)
    assert hypergeometric_p(relevant, total, recall) == pytest.approx(min(all_p), abs=1e-12)


def test_numbers_that_are_none_are_refused() -> None:
    """NaN and half records pass every comparison, and are refused by name."""
    nan: Any = float("nan")
    for ask in (
        lambda: hypergeometric_p([1], nan, 0.9),
        lambda: irrelevant_in_a_row([True, False], -1),
        lambda: irrelevant_in_a_row([nan], 1),
        lambda: missed_at_most(0, 9, nan),
        lambda: random_sample_p(nan, 0, 5, 10, 0.9),
    ):
        with pytest.raises(ValueError, match=r"found .*; expected"):
            ask()
