"""What a ranker learns from."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from classifier.grade import Grade
from classifier.training import TrainingSetError, assemble
from review.record import Record

ONE, TWO, THREE = (Record(source="test", accession=name, title=f"A trial of {name} in Y") for name in "ABC")


def test_the_order_of_arrival_leaves_no_trace() -> None:
    """The same records in another order make the same training set."""
    first = assemble([ONE, TWO], [Grade.INCLUDED, Grade.ABSTRACT_EXCLUDED], [THREE])
    second = assemble([TWO, ONE], [Grade.ABSTRACT_EXCLUDED, Grade.INCLUDED], [THREE])
    assert first == second


def test_a_changed_grade_changes_the_digest() -> None:
    """The digest names what was learned."""
    first = assemble([ONE, TWO], [Grade.INCLUDED, Grade.ABSTRACT_EXCLUDED])
    second = assemble([ONE, TWO], [Grade.INCLUDED, Grade.FULL_TEXT_EXCLUDED])
    assert first.digest() != second.digest()


def test_a_judgement_outweighs_the_presumption() -> None:
    """A judged record that is also in the background keeps its grade and counts once."""
    training = assemble([ONE, TWO], [Grade.INCLUDED, Grade.FULL_TEXT_EXCLUDED], [TWO, THREE])
    assert dict(zip((r.accession for r in training.records), training.grades, strict=True)) == {
        "A": Grade.INCLUDED,
        "B": Grade.FULL_TEXT_EXCLUDED,
        "C": Grade.PRESUMED_NEGATIVE,
    }


def test_contradicting_grades_are_refused() -> None:
    """One record with two grades is an error that names the record and both."""
    with pytest.raises(TrainingSetError, match=r"test:A: found both 'included' and 'excluded at full text'"):
        assemble([ONE, ONE], [Grade.INCLUDED, Grade.FULL_TEXT_EXCLUDED])


def test_a_record_told_twice_counts_once() -> None:
    """The same record with the same grade is no contradiction."""
    training = assemble([ONE, ONE, TWO], [Grade.INCLUDED, Grade.INCLUDED, Grade.ABSTRACT_EXCLUDED])
    assert len(training.records) == 2


def test_nothing_included_is_refused() -> None:
    """Without a positive there is nothing to rank towards, and the error says what to do."""
    with pytest.raises(TrainingSetError, match="no included record among 1; expected at least one: import"):
        assemble([ONE], [Grade.ABSTRACT_EXCLUDED])


def test_nothing_but_included_is_refused() -> None:
    """Without a negative there is nothing to rank away from, and the error says what to do."""
    with pytest.raises(TrainingSetError, match="found 2 included records and nothing else"):
        assemble([ONE, TWO], [Grade.INCLUDED, Grade.INCLUDED])


def test_no_records_at_all_are_refused() -> None:
    """An empty training set has no included record."""
    with pytest.raises(TrainingSetError, match="no included record among 0"):
        assemble([], [])


def test_lengths_must_agree() -> None:
    """Each record needs its grade and its name."""
    with pytest.raises(TrainingSetError, match="found 2 records, 1 grades and 2 names"):
        assemble([ONE, TWO], [Grade.INCLUDED])


def test_folds_share_out_every_grade(make: Callable[..., Any]) -> None:
    """In no fold are there two more records of a grade than in another."""
    review = make(3, included=7, near=13, background=22)
    training = assemble(review.records, review.grades, review.background)
    folds = training.folds(5, seed=1)
    for grade in set(training.grades):
        sizes = np.bincount(folds[training.is_any(grade)], minlength=5)
        assert sizes.max() - sizes.min() <= 1
