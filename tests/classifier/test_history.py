"""Where true trials stood."""

from hypothesis import given
from hypothesis import strategies as st

from classifier.history import Place, places
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
