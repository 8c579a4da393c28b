"""Bounds on what was missed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom, hypergeom

from classifier.audit import clopper_pearson_upper, missed_at_most


def test_no_hit_in_59_bounds_the_share_at_5_percent() -> None:
    """The rule behind "59 clean ones": 0.95^59 is the last power above 5% but one."""
    assert clopper_pearson_upper(0, 58) > 0.05 > clopper_pearson_upper(0, 59)


def test_an_empty_sample_bounds_nothing() -> None:
    """Who reads nothing may have missed everything."""
    assert clopper_pearson_upper(0, 0) == 1
    assert missed_at_most(0, 0, 100) == 100


def test_a_complete_sample_leaves_nothing_open() -> None:
    """Who reads all that was set aside has missed what was found, no more."""
    assert missed_at_most(3, 100, 100) == 3


@given(st.integers(1, 60), st.floats(0.01, 0.99))
def test_clopper_pearson_covers_at_every_prevalence(n: int, share: float) -> None:
    """Summed over all samples that can come up, the bound lies at or above the truth in at least 95%."""
    covered = sum(
        binom.pmf(x, n, share) for x in range(n + 1) if clopper_pearson_upper(x, n) >= share - 1e-12
    )
    assert covered >= 0.95 - 1e-9


@given(st.integers(1, 60), st.data())
def test_the_count_bound_covers_for_every_truth(set_aside: int, data: st.DataObject) -> None:
    """Summed over all samples that can come up, the count is bounded in at least 95%."""
    sampled = data.draw(st.integers(0, set_aside))
    truth = data.draw(st.integers(0, set_aside))
    possible = range(max(0, sampled + truth - set_aside), min(sampled, truth) + 1)
    covered = sum(
        hypergeom.pmf(x, set_aside, truth, sampled)
        for x in possible
        if missed_at_most(x, sampled, set_aside) >= truth
    )
    assert covered >= 0.95 - 1e-9


def test_a_larger_clean_sample_bounds_better() -> None:
    """Reading more and finding nothing lowers the bound."""
    bounds = [missed_at_most(0, n, 500) for n in (10, 50, 100, 300)]
    assert bounds == sorted(bounds, reverse=True)
    assert bounds[0] > bounds[-1]


@pytest.mark.parametrize(("relevant", "sampled"), [(-1, 5), (6, 5)])
def test_impossible_counts_are_refused(relevant: int, sampled: int) -> None:
    """More hits than records read cannot be."""
    with pytest.raises(ValueError, match="expected 0 <= relevant <= sampled"):
        missed_at_most(relevant, sampled, 100)


def test_a_sample_larger_than_its_population_is_refused() -> None:
    """One cannot have read more than was set aside."""
    with pytest.raises(ValueError, match="found 11 sampled of 10 set aside"):
        missed_at_most(0, 11, 10)


def test_a_level_beyond_one_is_refused() -> None:
    """Confidence is a share."""
    with pytest.raises(ValueError, match="found level=95"):
        clopper_pearson_upper(0, 10, level=95)
