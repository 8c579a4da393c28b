"""What a plot of a ranking shows: recall against what was read, and probability against what came true."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from classifier.evaluation.measures import BINS, bin_of, checked_probabilities
from classifier.evaluation.ranks import ranks_of

__all__ = ["Bin", "Step", "ideal_curve", "recall_curve", "reliability"]


@dataclass(frozen=True, slots=True)
class Step:
    """After this share of the records was read, this share of the relevant ones was found."""

    read: float
    recall: float


@dataclass(frozen=True, slots=True)
class Bin:
    """Records whose probability lies from `start` to below `end` (the last bin holds 1).

    Parameters
    ----------
    n
        How many.
    probability
        Their mean probability.
    observed
        The share of them that is relevant.
    """

    start: float
    end: float
    n: int
    probability: float
    observed: float


def recall_curve(relevant: ArrayLike, scores: ArrayLike) -> tuple[Step, ...]:
    """Return the corners of the recall curve: nothing read, each relevant record found, everything read.

    WSS at a recall R is R less the share that was read when the curve first reaches R: the distance between
    curve and diagonal. Ties count against the ranking.

    Raises
    ------
    ValueError
        As `classifier.evaluation.atd`.
    """
    ranks, n = ranks_of(relevant, scores)
    found = [Step(float(rank / n), float(hits / len(ranks))) for hits, rank in enumerate(ranks, start=1)]
    return (Step(0.0, 0.0), *found, Step(1.0, 1.0))


def ideal_curve(relevant: ArrayLike) -> tuple[Step, ...]:
    """Return the recall curve of the best order there could be.

    Raises
    ------
    ValueError
        If nothing is relevant.
    """
    truth = np.asarray(relevant, dtype=bool).ravel()
    return recall_curve(truth, truth.astype(float))


def reliability(relevant: ArrayLike, probabilities: ArrayLike, *, bins: int = BINS) -> tuple[Bin, ...]:
    """Return the reliability table behind `classifier.evaluation.ece`, without empty bins.

    Raises
    ------
    ValueError
        If lengths differ, nothing is given or a probability is not in [0, 1].
    """
    truth, given = checked_probabilities(relevant, probabilities)
    place = bin_of(given, bins)
    return tuple(
        Bin(
            start=float(at / bins),
            end=float((at + 1) / bins),
            n=int((place == at).sum()),
            probability=float(given[place == at].mean()),
            observed=float(truth[place == at].mean()),
        )
        for at in np.unique(place)
    )
