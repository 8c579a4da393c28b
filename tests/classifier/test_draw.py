"""Stable random draws, and the background of presumed negatives made of them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.background import presumed_negatives
from classifier.draw import draw, shuffled
from review.record import Record

ids = st.lists(st.text(max_size=5), max_size=30)


def _pool(n: int) -> list[Record]:
    return [Record(source="test", accession=str(i), title=f"A trial of X in Y{i}") for i in range(n)]


@given(ids, st.text(max_size=5), st.integers())
def test_a_newcomer_leaves_the_order_of_the_others(known: list[str], newcomer: str, seed: int) -> None:
    """Adding an identifier does not reshuffle those that were there."""
    before = [one for one in shuffled(known, seed=seed) if one != newcomer]
    after = [one for one in shuffled([*known, newcomer], seed=seed) if one != newcomer]
    assert after == before


@given(ids, st.integers(0, 40), st.integers())
def test_a_draw_is_a_sample_without_replacement(known: list[str], n: int, seed: int) -> None:
    """A draw has distinct members of the pool, as many as asked for or as there are."""
    drawn = draw(known, n, seed=seed)
    assert len(set(drawn)) == len(drawn) == min(n, len(set(known)))


def test_another_seed_draws_another_order() -> None:
    """The seed matters."""
    known = [str(i) for i in range(50)]
    assert shuffled(known, seed=1) != shuffled(known, seed=2)


def test_a_draw_favours_nobody() -> None:
    """Over many seeds each of ten identifiers is drawn first about as often as the others."""
    known = [str(i) for i in range(10)]
    first = [draw(known, 1, seed=seed)[0] for seed in range(2000)]
    assert all(150 < first.count(one) < 250 for one in known)


def test_a_negative_number_is_refused() -> None:
    """Drawing fewer than no records is an error that says what to ask for."""
    with pytest.raises(ValueError, match="found n=-1; expected 0 or more"):
        draw(["a"], -1, seed=0)


def test_judged_records_are_never_presumed_negative() -> None:
    """What is excluded from the draw stays out, even when everything else is drawn."""
    pool = _pool(10)
    drawn = presumed_negatives(pool, 10, seed=1, exclude=[pool[3].id])
    assert {record.id for record in drawn} == {record.id for record in pool} - {pool[3].id}


def test_a_growing_pool_displaces_at_most_the_newcomers() -> None:
    """When five records join, at least all but five of those drawn before are drawn again."""
    before = {record.id for record in presumed_negatives(_pool(100), 30, seed=1)}
    after = {record.id for record in presumed_negatives(_pool(105), 30, seed=1)}
    assert len(before & after) >= 25
