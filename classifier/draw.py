"""Random draws that stay put: the order depends on identifier and seed alone, never on who else is there."""

from collections.abc import Iterable
from hashlib import sha256

__all__ = ["draw", "shuffled"]


def shuffled(ids: Iterable[str], *, seed: int) -> list[str]:
    """Return the distinct `ids` in the order of the SHA-256 of seed and identifier.

    Adding or removing an identifier does not change the order of the others, so a draw made last week is
    still the draw this week.

    Parameters
    ----------
    ids
        Identifiers; repeated ones count once.
    seed
        Another seed gives another order.
    """
    return sorted(set(ids), key=lambda one: (sha256(f"{seed}:{one}".encode()).digest(), one))


def draw(ids: Iterable[str], n: int, *, seed: int) -> list[str]:
    """Return the first `n` of `shuffled`: a simple random sample without replacement.

    Raises
    ------
    ValueError
        If `n` is negative.
    """
    if n < 0:
        raise ValueError(f"draw: found n={n}; expected 0 or more: ask for the number of records you can read")
    return shuffled(ids, seed=seed)[:n]
