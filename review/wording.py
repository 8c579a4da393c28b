"""One and many: how a sentence agrees with its number."""

__all__ = ["agreeing", "counted"]


def counted(amount: int, one: str, many: str = "") -> str:
    """Write a number with its noun.

    >>> counted(1, "report"), counted(0, "study", "studies")
    ('1 report', '0 studies')
    """
    return f"{amount:,} {agreeing(amount, one, many or one + 's')}"


def agreeing(amount: int, one: str, many: str) -> str:
    """Return the word that goes with a number.

    >>> agreeing(1, "is", "are"), agreeing(2, "is", "are")
    ('is', 'are')
    """
    return one if amount == 1 else many
