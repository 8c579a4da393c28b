"""Ranks against a fixed reference: where a score would stand among the out-of-fold scores of training."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["Reference", "reference_of"]

# What a deviation counts beside a place: of 0.02 to 0.2, tried on development sets, none was clearly better.
_TAIL = 0.1


@dataclass(frozen=True, slots=True)
class Reference:
    """Distinct reference scores in rising order, the share below each, their mean and their deviation."""

    points: NDArray[np.float64]
    shares: NDArray[np.float64]
    mean: float
    scale: float

    def place(self, scores: ArrayLike) -> NDArray[np.float64]:
        """Return the share of the reference below each score, strictly between 0 and 1, same shape.

        Linear between two reference scores and exponential beyond the last ones: it never stops rising, so
        that what scores above the whole reference is still told apart.
        """
        given = np.asarray(scores, dtype=float)
        inside = np.interp(given, self.points, self.shares)
        above = np.maximum(given - self.points[-1], 0) / self.scale
        below = np.maximum(self.points[0] - given, 0) / self.scale
        placed: NDArray[np.float64] = np.where(
            above > 0,
            1 - (1 - self.shares[-1]) * np.exp(-above),
            np.where(below > 0, self.shares[0] * np.exp(-below), inside),
        )
        return placed

    def standing(self, scores: ArrayLike) -> NDArray[np.float64]:
        """Return the place of each score and a tenth of its distance from the mean in deviations.

        A place alone hardly tells apart what stands at the very top, where it matters most: between the
        first and the tenth of a thousand there is a hundredth.
        """
        standings: NDArray[np.float64] = (
            self.place(scores) + _TAIL * (np.asarray(scores, dtype=float) - self.mean) / self.scale
        )
        return standings


def reference_of(scores: ArrayLike) -> Reference:
    """Make a reference of at least one score, shape (n,); equal scores share their mean rank / (n + 1)."""
    given = np.asarray(scores, dtype=float).ravel()
    points, counts = np.unique(given, return_counts=True)
    ranks = np.cumsum(counts) - (counts - 1) / 2
    # The deviation of equal scores is not always exactly 0 in binary.
    scale = float(given.std()) if len(points) > 1 else 1.0
    return Reference(points=points, shares=ranks / (len(given) + 1), mean=float(given.mean()), scale=scale)
