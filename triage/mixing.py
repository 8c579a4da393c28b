"""Where chance puts the reports that it drew for audit among the others: no place tells them apart."""

from collections.abc import Collection, Sequence
from hashlib import sha256

from review.ids import ReportId

__all__ = ["mixed"]


def mixed(
    others: Sequence[ReportId], count: int, drawn: Collection[ReportId], *, seed: int
) -> tuple[ReportId, ...]:
    """Return a queue with the drawn reports at places that chance gave them.

    Parameters
    ----------
    others
        The first of the queue without the drawn ones, the likeliest first.
    count
        How many others there are in all.
    drawn
        Each keeps its relative depth, whoever comes and goes.
    """
    places = sorted((_depth(seed, one), one) for one in drawn)
    ordered: list[ReportId] = []
    for at, other in enumerate(others):
        while places and places[0][0] * count <= at + 0.5:
            ordered.append(places.pop(0)[1])
        ordered.append(other)
    rest = [one for _, one in places] if len(others) == count else []
    return (*ordered, *rest)


def _depth(seed: int, report: ReportId) -> float:
    """Return a number from 0 to 1 that has nothing to do with the order of the draw."""
    return int.from_bytes(sha256(f"place:{seed}:{report}".encode()).digest()[:8]) / 2**64
