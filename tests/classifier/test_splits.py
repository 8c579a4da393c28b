"""Cutting a labelled review into what is known and what is to be found."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.background import presumed_negatives
from classifier.evaluation import Labelled, Split, cold_start_priors, time_split, tiny_start
from classifier.grade import Grade
from review.record import Record


def _review(n: int = 100, *, included: int = 20, near: int = 30) -> Labelled:
    """The first are included, the next fell at full text; a tenth was published in each year from 2000 on."""
    places = np.arange(n)
    return Labelled(
        name="made up",
        records=tuple(Record(source="test", accession=str(at), title=f"Title {at}") for at in places),
        included=places < included,
        worth_reading=places < included + near,
        years=2000 + places % 10,
    )


def _ids(records: Any) -> set[str]:
    return {record.id for record in records}


def _tiny(review: Labelled, **asked: int) -> Split:
    split = tiny_start(review, **{"seed": 1, "included": 5, "near": 10, "background": 20} | asked)
    assert split is not None
    return split


def test_grades_say_how_far_each_record_came() -> None:
    """Included, fallen at full text, fallen before."""
    grades = _review(4, included=1, near=1).grades()
    assert grades == [
        Grade.INCLUDED,
        Grade.FULL_TEXT_EXCLUDED,
        Grade.ABSTRACT_EXCLUDED,
        Grade.ABSTRACT_EXCLUDED,
    ]


def test_without_the_middle_label_nothing_fell_at_full_text() -> None:
    """Where nobody kept what was read in full, the rest counts as excluded before."""
    grades = replace(_review(4, included=1), worth_reading=None).grades()
    assert Grade.FULL_TEXT_EXCLUDED not in grades


def test_a_tiny_start_knows_what_was_asked_for() -> None:
    """Five included and ten near-misses are judged, and nothing else is."""
    split = _tiny(_review())
    assert list(split.grades).count(Grade.INCLUDED) == 5
    assert list(split.grades).count(Grade.FULL_TEXT_EXCLUDED) == 10
    assert len(split.judged) == 15


@given(st.integers(0, 1000))
def test_a_tiny_start_ranks_nothing_that_it_knows(seed: int) -> None:
    """Judged, background and ranked are the whole review, and none is in two of them."""
    review = _review()
    split = _tiny(review, seed=seed)
    parts = [_ids(split.judged), _ids(split.background), _ids(split.ranked)]
    assert sum(map(len, parts)) == len(set().union(*parts)) == len(review.records)


@given(st.integers(0, 1000))
def test_the_truth_stands_beside_its_record(seed: int) -> None:
    """A split keeps the labels of what it ranks in the order of the records."""
    review = _review()
    truth = dict(zip(_order(review), review.included, strict=True))
    split = _tiny(review, seed=seed)
    assert [truth[record.id] for record in split.ranked] == split.included.tolist()
    assert split.worth_reading is not None
    assert (split.worth_reading >= split.included).all()


def _order(review: Labelled) -> list[str]:
    return [record.id for record in review.records]


def test_the_background_is_drawn_without_a_look_at_the_labels() -> None:
    """What is left is drawn from as it stands: some included records are among the presumed negatives."""
    review = _review(60, included=40, near=12)
    split = _tiny(review)
    left = [record for record in review.records if record.id not in _ids(split.judged)]
    truth = dict(zip(_order(review), review.included, strict=True))
    assert split.background == presumed_negatives(left, 20, seed=1)
    assert any(truth[record.id] for record in split.background)


def test_the_background_takes_at_most_half() -> None:
    """However many are asked for, half of what is left stays to be ranked."""
    split = _tiny(_review(), background=1000)
    assert len(split.background) == (100 - 15) // 2


def test_another_seed_draws_another_start() -> None:
    """The draw is by seed, and the same seed draws the same."""
    review = _review()
    assert _ids(_tiny(review).judged) == _ids(_tiny(review).judged)
    assert _ids(_tiny(review).judged) != _ids(_tiny(review, seed=2).judged)


@pytest.mark.parametrize("asked", [{"included": 21}, {"near": 31}])
def test_too_few_make_no_tiny_start(asked: dict[str, int]) -> None:
    """A review with fewer included, or fewer near-misses, than asked for cannot be cut so."""
    assert tiny_start(_review(), **{"seed": 1, "included": 5, "near": 10} | asked) is None


def test_nothing_left_to_find_makes_no_tiny_start() -> None:
    """Where every included record is known there is no ranking to judge."""
    assert tiny_start(_review(included=5), seed=1, included=5, near=10) is None


def test_a_time_split_knows_the_past_and_ranks_the_rest() -> None:
    """Everything up to the year is judged with its grade; what is ranked is later, all of it."""
    review = _review()
    split = time_split(review, 2004)
    assert split is not None
    assert review.years is not None
    past = {record.id for record, year in zip(review.records, review.years, strict=True) if year <= 2004}
    assert _ids(split.judged) == past
    assert _ids(split.ranked) == set(_order(review)) - past
    assert list(split.background) == []


@pytest.mark.parametrize("year", [1999, 2009])
def test_a_side_without_records_makes_no_time_split(year: int) -> None:
    """Before the first year nothing is known, after the last nothing is to come."""
    assert time_split(_review(), year) is None


def test_a_side_of_one_kind_makes_no_time_split() -> None:
    """A past in which everything was included teaches nothing."""
    review = _review(10, included=5)
    assert time_split(replace(review, years=np.where(review.included, 2000, 2001)), 2000) is None


def test_unknown_years_make_no_time_split() -> None:
    """A review that kept no years cannot be cut by them."""
    assert time_split(replace(_review(), years=None), 2004) is None


@given(st.integers(0, 1000))
def test_a_cold_start_has_one_of_each(seed: int) -> None:
    """The first place is that of an included record, the second that of another."""
    review = _review()
    yes, no = cold_start_priors(review, seed=seed)
    assert (review.included[yes], review.included[no]) == (True, False)


@pytest.mark.parametrize(("included", "missing"), [(0, "included"), (10, "other")])
def test_a_cold_start_needs_both_kinds(included: int, missing: str) -> None:
    """The error says which kind there is none of."""
    with pytest.raises(ValueError, match=f"found no {missing} record"):
        cold_start_priors(_review(10, included=included, near=0), seed=1)
