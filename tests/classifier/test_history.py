"""Where true trials stood."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.history import Place, places, ranks, recall
from review.ids import ReportId

A, B, C, D = (ReportId(name) for name in "ABCD")


def test_a_trial_is_placed_among_all_and_among_the_near() -> None:
    """B is third of all four, and second of the two that are trial or near-miss."""
    scores = {A: 0.9, B: 0.5, C: 0.7, D: 0.1}
    assert places(scores, [B], [A]) == {B: Place(rank=3, of=4, rank_near=2, of_near=2)}


def test_ties_share_their_mean_rank_rounded_up() -> None:
    """One of four equals stands at 2.5, which counts as 3."""
    assert places(dict.fromkeys((A, B, C, D), 0.5), [A], [])[A].rank == 3


def test_a_trial_that_was_not_returned_has_no_place() -> None:
    """What the strategy missed is not in the answer."""
    assert places({A: 0.5}, [B], [A]) == {}


def test_a_report_that_is_both_counts_once() -> None:
    """A trial that someone also listed as a near-miss is one report."""
    assert places({A: 0.5}, [A], [A])[A].of_near == 1


@given(st.dictionaries(st.sampled_from([A, B, C, D]), st.floats(0, 1), min_size=1))
def test_places_lie_between_first_and_last(scores: dict[ReportId, float]) -> None:
    """Every place is from 1 to the number of those it is among."""
    found = places(scores, list(scores), []).values()
    assert all(1 <= place.rank <= place.of == len(scores) for place in found)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=30))
def test_ranks_agree_with_a_count(scores: list[float]) -> None:
    """Each rank is the number of those above, plus half of what ties, rounded up."""
    by_report = {ReportId(str(at)): score for at, score in enumerate(scores)}
    counted = {
        one: -(-(2 * sum(other > score for other in scores) + scores.count(score) + 1) // 2)
        for one, score in by_report.items()
    }
    assert ranks(by_report) == counted


def test_recall_carries_its_exact_interval() -> None:
    """Six of six may by chance be found by a ranking that finds 54% (0.025 to the sixth root)."""
    found = recall([True] * 6)
    assert found is not None
    assert (found.share, found.high) == (1, 1)
    assert found.low == pytest.approx(0.025 ** (1 / 6))


def test_without_trials_there_is_no_recall() -> None:
    """Nothing to find is not a recall of one."""
    assert recall([]) is None
