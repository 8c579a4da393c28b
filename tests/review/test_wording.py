"""A sentence agrees with its number."""

import pytest

from review.wording import agreeing, counted


@pytest.mark.parametrize(
    ("amount", "noun", "verb"),
    [(0, "0 reports", "are"), (1, "1 report", "is"), (2_000, "2,000 reports", "are")],
)
def test_only_one_is_singular(amount: int, noun: str, verb: str) -> None:
    """Nought is many, and thousands are parted."""
    assert counted(amount, "report") == noun
    assert agreeing(amount, "is", "are") == verb


def test_a_noun_may_have_its_own_plural() -> None:
    """Studies are no *studys*."""
    assert counted(2, "study", "studies") == "2 studies"
