"""A fitted model is named by what it was fitted with, and stays whole whatever is set or tried later."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from classifier.files import load, save
from classifier.ranker import Ranker
from classifier.text import LONGEST
from classifier.training import TrainingSetError
from review.record import Record

AT = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def ranker(made_up: Any) -> Ranker:
    """A model of the made-up review, for one test alone."""
    return Ranker(seed=1).fit(made_up.records, made_up.grades, background=made_up.background)


@pytest.mark.parametrize("seed", [None, -1, 2**32, 1.0, "1", True])
def test_a_seed_that_is_none_is_refused(made_up: Any, seed: Any) -> None:
    """Without a whole number from 0 to 2**32 - 1 two models that differ would bear one name."""
    with pytest.raises(ValueError, match="expected a whole number from 0 to 4294967295"):
        Ranker(seed=seed).fit(made_up.records, made_up.grades)


def test_a_seed_of_numpy_names_the_same_model(ranker: Ranker, made_up: Any) -> None:
    """The kind of whole number makes no other model."""
    seed: Any = np.int64(1)
    again = Ranker(seed=seed).fit(made_up.records, made_up.grades, background=made_up.background)
    assert again.model_id_ == ranker.model_id_


def test_parameters_set_later_change_no_fitted_model(ranker: Ranker) -> None:
    """Name, card and line are those of the fit."""
    before = ranker.model(AT)
    ranker.set_params(recall=0.5, seed=7)
    assert ranker.model(AT) == before


def test_a_fit_that_is_refused_leaves_the_model_of_before(ranker: Ranker, made_up: Any) -> None:
    """It names, scores and promises as if nothing had been tried."""
    before, scores = ranker.model(AT), ranker.scores(made_up.fresh)
    with pytest.raises(TrainingSetError):
        ranker.fit([], [])
    with pytest.raises(ValueError, match="recall"):
        ranker.set_params(recall=2.0).fit(made_up.records, made_up.grades)
    assert ranker.model(AT) == before
    assert (ranker.scores(made_up.fresh) == scores).all()


def test_a_file_is_found_by_its_name_as_text(ranker: Ranker, tmp_path: Path) -> None:
    """A path may be a plain string, and parameters set after the fit do not travel."""
    ranker.set_params(recall=0.5)
    name = str(tmp_path / "model.skops")
    read = load(name, save(ranker, name))
    assert (read.model_id_, read.recall) == (ranker.model_id_, 0.95)


def test_records_may_come_one_by_one(ranker: Ranker, made_up: Any) -> None:
    """A generator of records is scored and ranked as their list is."""
    assert (ranker.scores(one for one in made_up.fresh) == ranker.scores(made_up.fresh)).all()
    assert ranker.rank((one for one in made_up.fresh), at=AT) == ranker.rank(made_up.fresh, at=AT)


def test_what_is_beyond_the_longest_field_is_not_read(ranker: Ranker, made_up: Any) -> None:
    """A text that never ends is read, scored and explained by its first characters."""
    first = made_up.fresh[0].title + " " + "topic1 filler1 " * (LONGEST // 15)
    long = Record(source="test", accession="long", title=first, abstract=first)
    cut = Record(source="test", accession="long", title=first[:LONGEST], abstract=first[:LONGEST])
    assert ranker.rank([long], at=AT) == ranker.rank([cut], at=AT)
