"""How a model did on what was held out of it, and how sure that is."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from classifier.calibration import cross_fitted
from classifier.ensemble import OutOfFold
from classifier.evaluation import Figure, figures
from classifier.grade import Grade
from classifier.members import Head
from classifier.training import TrainingSet

__all__ = ["held_out_figures"]

# Enough for the second digit of an end; a training must not wait for a third.
_DRAWS = 400


def held_out_figures(
    out: OutOfFold, training: TrainingSet, *, seed: int, calibrated: bool
) -> tuple[Figure, ...]:
    """Return cross-validated figures of each head with their intervals.

    Of the head *inclusion*: included against all other training records. Of the head *triage*, where there is
    one, under names that begin with "triage": included and excluded at full text against the others. Where
    most of the others are presumed negatives the figures are kind; they say nothing of later years.

    Parameters
    ----------
    seed
        Of the bootstrap.
    calibrated
        Whether to tell of cross-fitted probabilities too.
    """
    included = training.is_any(Grade.INCLUDED)
    probabilities = cross_fitted(out.scores, included, out.folds) if calibrated else None
    return (
        *_counts("", "included", included),
        *figures(
            included,
            out.scores,
            probabilities=probabilities,
            seed=seed,
            shares=(0.1,),
            counts=(),
            draws=_DRAWS,
        ),
        *_of_triage(out, training, seed),
    )


def _of_triage(out: OutOfFold, training: TrainingSet, seed: int) -> Iterator[Figure]:
    if Head.TRIAGE not in out.by_head:
        return
    worth = training.is_any(Grade.INCLUDED, Grade.FULL_TEXT_EXCLUDED)
    yield from _counts("triage ", "worth reading", worth)
    told = figures(worth, out.by_head[Head.TRIAGE], seed=seed, shares=(0.1,), counts=(), draws=_DRAWS)
    for one in told:
        yield Figure(f"triage {one.name}", one.value, one.low, one.high, one.n)


def _counts(prefix: str, what: str, relevant: NDArray[np.bool_]) -> Iterator[Figure]:
    for name, n in ((what, int(relevant.sum())), ("others", int((~relevant).sum()))):
        yield Figure(f"{prefix}n {name}", float(n), None, None, n)
