"""Errors that are the user's to mend: they say where, what was found, what was expected and what to do."""

__all__ = ["ReviewError"]


class ReviewError(ValueError):
    """Something in a review's folder is wrong.

    Parameters
    ----------
    where
        File, and key or line.
    """

    def __init__(self, where: str, found: str, expected: str, todo: str) -> None:
        super().__init__(f"{where}: found {found}; expected {expected}; {todo}")
