"""A long row of things, a batch at a time."""

import pytest

from classifier.batches import batches


def test_all_things_come_in_their_order() -> None:
    """Every batch but the last is full."""
    assert list(batches(iter(range(5)), 2)) == [[0, 1], [2, 3], [4]]


def test_nothing_makes_no_batch() -> None:
    """There is no empty batch."""
    assert list(batches([], 3)) == []


def test_a_batch_holds_something() -> None:
    """A size below one is refused."""
    with pytest.raises(ValueError, match="found size=0"):
        list(batches([1], 0))
