"""Ranks against a fixed reference."""

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st

from classifier.reference import reference_of

scores = st.lists(st.integers(-50, 50).map(lambda tenth: tenth / 10), min_size=1, max_size=30)


def test_the_middle_of_the_reference_is_one_half() -> None:
    """The median of three scores stands at 0.5, the others a quarter away."""
    assert reference_of([1, 2, 4]).place([1, 2, 4]).tolist() == [0.25, 0.5, 0.75]


def test_equal_scores_share_their_rank() -> None:
    """Three equal scores of four stand together at the mean of their ranks."""
    assert reference_of([1, 1, 1, 2]).place([1]) == 0.4


@given(scores, scores)
def test_a_higher_score_never_stands_lower(reference: list[float], given: list[float]) -> None:
    """Places rise with scores and stay between 0 and 1."""
    places = reference_of(reference).place(sorted(given))
    assert (np.diff(places) >= 0).all()
    assert ((places >= 0) & (places <= 1)).all()


@given(scores)
@example([0.1, 0.1, 0.1])
def test_beyond_the_reference_scores_are_still_told_apart(reference: list[float]) -> None:
    """Two scores above all of the reference, or below all, do not tie."""
    top, bottom = max(reference), min(reference)
    places = reference_of(reference).place([bottom - 0.2, bottom - 0.1, top + 0.1, top + 0.2])
    assert (np.diff(places) > 0).all()


def test_standing_tells_the_top_apart_more_than_places_do() -> None:
    """Far above the reference a place hardly rises, a standing rises on."""
    reference = reference_of(list(range(100)))
    assert np.diff(reference.place([300, 400]))[0] < 0.01
    assert np.diff(reference.standing([300, 400]))[0] > 0.1
