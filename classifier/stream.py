"""Scoring more records than fit into memory."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from classifier.batches import batches
from classifier.codes import BATCH
from review.record import Record

__all__ = ["Scorer", "score_stream"]


class Scorer(Protocol):
    """What can score records: a trained `classifier.Ranker`, for one."""

    def scores(self, records: Sequence[Record]) -> NDArray[np.float64]:
        """Return the score of each record, shape (n,)."""
        ...


def score_stream(scorer: Scorer, records: Iterable[Record], *, batch: int = BATCH) -> Iterator[float]:
    """Yield the score of each record, in their order; no more than `batch` records are held at a time.

    A score does not depend on who else is in the batch, so that its size changes nothing but
    memory and speed.

    Raises
    ------
    ValueError
        If `batch` is below 1.
    """
    for some in batches(records, batch):
        yield from scorer.scores(some).tolist()
