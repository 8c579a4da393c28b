"""Catch-up screening from a cold start."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from classifier.catch_up import CatchUp, simulate
from classifier.evaluation import wss
from classifier.pool import Pool, build_pool
from review.record import Record


@pytest.fixture(scope="module")
def pool(made_up: Any) -> Pool:
    """A hundred made-up records, of which every tenth is relevant."""
    return build_pool(made_up.fresh)


def test_the_relevant_are_read_first(made_up: Any, pool: Pool) -> None:
    """From one relevant and one irrelevant record on, the other nine are among the next dozen."""
    order = simulate(pool, made_up.relevant, [0, 1], seed=1)
    assert np.array(made_up.relevant)[order[:12]].sum() == 9


def test_every_record_is_read_once(made_up: Any, pool: Pool) -> None:
    """Priors and what is read after them are the whole pool."""
    order = simulate(pool, made_up.relevant, [0, 1], seed=1)
    assert sorted([0, 1, *order]) == list(range(100))


def test_the_same_labels_give_the_same_order(made_up: Any, pool: Pool) -> None:
    """A screening can be told again, record by record."""
    assert (simulate(pool, made_up.relevant, [0, 1]) == simulate(pool, made_up.relevant, [1, 0])).all()


def test_a_real_review_saves_work(shared_data: Path) -> None:
    """From one of each, more than 40% of a real review's reading is saved at 95% recall."""
    table = pd.read_csv(shared_data / "screening/Cohen_ADHD.csv.gz").fillna("")
    pool = build_pool(
        Record(source="cohen", accession=str(row.id), title=row.title, abstract=row.abstract)
        for row in table.itertuples()
    )
    relevant = table["label_included"].to_numpy() > 0
    priors = [int(np.flatnonzero(relevant)[0]), int(np.flatnonzero(~relevant)[0])]
    order = simulate(pool, relevant, priors, seed=1)
    assert wss(relevant[order], -np.arange(len(order))) > 0.4


def test_before_both_kinds_are_known_the_order_is_drawn(pool: Pool) -> None:
    """Nothing can be learned from one kind: the seed decides, not the order of arrival."""
    screening = CatchUp(pool, seed=1)
    first = screening.next(100)
    screening.learn({int(first[0]): True})
    assert (screening.next(99) == first[1:]).all()
    assert first.tolist() != list(range(100))
    assert first.tolist() != CatchUp(pool, seed=2).next(100).tolist()


def test_a_few_are_the_first_of_all(made_up: Any) -> None:
    """However many are asked for, they come in one order; equal texts in the order of their numbers."""
    doubled = build_pool([*made_up.fresh, *made_up.fresh])
    screening = CatchUp(doubled, seed=1)
    screening.learn(dict(enumerate(made_up.relevant[:20])))
    whole = screening.next(200)
    assert len(whole) == 180
    assert all((screening.next(n) == whole[:n]).all() for n in (0, 1, 7, 179))
    place = {int(one): at for at, one in enumerate(whole)}
    assert all(place[one] < place[one + 100] for one in range(20, 100))


def test_what_is_labelled_is_not_asked_again(pool: Pool) -> None:
    """Labels leave the queue at once, also where no training is due."""
    screening = CatchUp(pool, seed=1)
    screening.learn({0: True, 1: False})
    asked = screening.next(5).tolist()
    screening.learn({asked[0]: True})
    assert asked[0] not in screening.next(100)
    assert len(screening.next(100)) == 97


def test_training_waits_for_a_fiftieth_more_labels(made_up: Any, pool: Pool) -> None:
    """With a hundred labels one more changes nothing but itself; a second one does."""
    large = pool.append(made_up.background)
    screening = CatchUp(large, seed=1)
    screening.learn(dict(enumerate(made_up.relevant)))
    before = screening.next(120)
    screening.learn({int(before[0]): True})
    assert (screening.next(119) == before[1:]).all()
    screening.learn({int(before[1]): True})
    assert (screening.next(118) != before[2:]).any()


def test_a_correction_counts(made_up: Any, pool: Pool) -> None:
    """Whoever changes a label changes what is learned: as if it had never been otherwise."""
    truth = dict(enumerate(made_up.relevant[:40]))
    corrected, right = CatchUp(pool, seed=1), CatchUp(pool, seed=1)
    corrected.learn(truth | {0: False})
    corrected.learn({0: True})
    right.learn(truth)
    assert (corrected.next(60) == right.next(60)).all()


def test_a_correction_can_take_everything_back(pool: Pool) -> None:
    """With one class left, the order is the one before anything was taught."""
    corrected, untaught = CatchUp(pool, seed=1), CatchUp(pool, seed=1)
    corrected.learn({0: True, 1: False})
    corrected.learn({0: False})
    untaught.learn({0: False, 1: False})
    assert (corrected.next(98) == untaught.next(98)).all()


def test_a_pool_without_words_is_read_in_its_order() -> None:
    """Nothing to learn from is no error: the records come as they stand."""
    empty = build_pool(Record(source="files", accession=str(number), title="") for number in range(4))
    assert simulate(empty, [True, False, True, False], [0, 1]).tolist() == [2, 3]


def test_a_label_for_nobody_is_refused(pool: Pool) -> None:
    """A number outside the pool is an error that says so."""
    with pytest.raises(ValueError, match="found a label for record 100; expected 0 to 99"):
        CatchUp(pool).learn({100: True})


def test_every_record_needs_its_truth(pool: Pool) -> None:
    """A simulation with a label too few is refused."""
    with pytest.raises(ValueError, match="found 99 labels; expected one for each of 100"):
        simulate(pool, [True] * 99, [0])


def test_a_label_must_be_one(pool: Pool) -> None:
    """What is not known to be relevant or not is no label."""
    with pytest.raises(ValueError, match="neither true, false, 0 nor 1"):
        simulate(pool, [float("nan")] * 100, [0])


@pytest.mark.parametrize("labels", [{0: "no"}, {0: float("nan")}, {2.7: False}, {0: 2}])
def test_a_word_that_is_no_label_teaches_nothing(pool: Pool, labels: Any) -> None:
    """What only counts as true, or as a number of a record, is refused and not kept."""
    screening = CatchUp(pool)
    with pytest.raises(ValueError, match=r"CatchUp.learn: found .*; expected"):
        screening.learn(labels)
    assert screening.labels == {}
