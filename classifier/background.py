"""Presumed negatives: records of the same search that teach what the review is not about, labels unseen."""

from collections.abc import Iterable, Sequence

from classifier.draw import draw
from review.ids import RecordId
from review.record import Record

__all__ = ["DEFAULT_SIZE", "presumed_negatives"]

# As many as the ensemble was measured with on the development sets; more cost time and promise little.
DEFAULT_SIZE = 1000


def presumed_negatives(
    records: Sequence[Record], n: int = DEFAULT_SIZE, *, seed: int, exclude: Iterable[RecordId] = ()
) -> list[Record]:
    """Draw up to `n` records without looking at any label.

    Some of those drawn may be relevant; where relevant records are rare this costs little, and looking would
    leak the answer into the training set. The draw is stable: a record that joins the pool displaces at most
    one of those drawn before, and reshuffles none.

    Parameters
    ----------
    records
        The pool: what the review's own searches returned.
    n
        How many at the most.
    seed
        Another seed draws others.
    exclude
        Identifiers that must not be drawn: those that people have judged, or that are to be ranked.

    Returns
    -------
    list of Record
        In the order of the draw; shorter than `n` where the pool is.

    Raises
    ------
    ValueError
        If `n` is negative.
    """
    barred = set(exclude)
    pool = {record.id: record for record in records if record.id not in barred}
    return [pool[RecordId(one)] for one in draw(pool, n, seed=seed)]
