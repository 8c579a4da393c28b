"""Many resamples of a ranking at once: how often each record is drawn, and the ranks of the relevant then.

Relevant and irrelevant records are resampled apart (Efron & Tibshirani 1993, section 8.3), so that every draw
has as many of each. Rankings that are compared share their draws.
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from classifier.evaluation.ranks import Ranks, ranking_order

__all__ = ["Counts", "drawn_counts", "drawn_ranks"]

Counts = NDArray[np.intp]

# Cells of a block of draws that are held at once: 32 MB.
_CELLS = 4_000_000


def drawn_counts(truth: NDArray[np.bool_], *, seed: int, draws: int) -> Iterator[Counts]:
    """Yield blocks, together of `draws` rows, of how often each record was drawn, shape (b, n)."""
    rng = np.random.default_rng(seed)
    at_once = max(1, _CELLS // len(truth))
    for start in range(0, draws, at_once):
        yield _block(truth, rng, min(at_once, draws - start))


def drawn_ranks(counts: Counts, truth: NDArray[np.bool_], scores: NDArray[np.float64]) -> Ranks:
    """Return the ranks of the p relevant records in each draw, shape (b, p), ascending."""
    order = ranking_order(truth, scores)
    ordered, yes = counts[:, order], truth[order]
    p, drawn = int(yes.sum()), ordered[:, yes]
    # How many irrelevant ones were drawn before each relevant place.
    before = np.cumsum(np.where(yes, 0, ordered), axis=1)[:, yes]
    places = np.repeat(np.tile(np.arange(p), len(drawn)), drawn.ravel()).reshape(len(drawn), p)
    ranks: Ranks = np.take_along_axis(before, places, axis=1) + np.arange(1, p + 1)
    return ranks


def _block(truth: NDArray[np.bool_], rng: np.random.Generator, rows: int) -> Counts:
    counts = np.zeros((rows, len(truth)), dtype=np.intp)
    for part in (np.flatnonzero(truth), np.flatnonzero(~truth)):
        if len(part):
            chosen = rng.integers(len(part), size=(rows, len(part)))
            flat = chosen + np.arange(rows)[:, None] * len(part)
            tallied = np.bincount(flat.ravel(), minlength=rows * len(part))
            counts[:, part] = tallied.reshape(rows, len(part))
    return counts
