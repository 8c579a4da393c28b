"""The model card: what a model learned from, how it did on what was held out, and what it can promise."""

from dataclasses import dataclass
from hashlib import sha256

import numpy as np
import scipy
import sklearn
from numpy.typing import NDArray

from classifier.calibration import cross_fitted
from classifier.ensemble import OutOfFold
from classifier.evaluation import atd, average_precision, brier, ece, recall_at, wss
from classifier.threshold import CannotPromise, Threshold, promise

__all__ = ["METHOD", "Line", "draw_line", "held_out_metrics", "model_digest"]

METHOD = "rank-mean/1"
"""Name and version of the method: raised whenever the same input would train another model."""


@dataclass(frozen=True, slots=True)
class Line:
    """The score from which a record is flagged, and the sentence that says what that is worth."""

    value: float | None
    sentence: str


def draw_line(positives: NDArray[np.float64] | None, recall: float) -> Line:
    """Draw the line under the flagged records.

    Parameters
    ----------
    positives
        Out-of-fold scores of the included records; None if none could be held out.
    recall
        What the protocol asks for.

    Returns
    -------
    Line
        At the promised threshold; where there can be none, at the lowest out-of-fold score of an included
        record, called a reading aid; where not even that is known, nowhere: everything is flagged.
    """
    answer = promise(() if positives is None else positives, recall)
    if isinstance(answer, Threshold):
        return Line(answer.value, answer.sentence())
    if positives is None:
        return Line(None, f"{answer.sentence()} Everything is flagged.")
    return Line(float(positives.min()), f"{answer.sentence()} {_reading_aid(answer)}")


def held_out_metrics(out: OutOfFold, included: NDArray[np.bool_], *, calibrated: bool) -> dict[str, float]:
    """Return cross-validated figures of included against all other training records, with both numbers.

    Where most of the others are presumed negatives the figures are kind; they say nothing of later years.
    """
    metrics = {
        "n included": float(included.sum()),
        "n others": float((~included).sum()),
        "recall@10%": recall_at(included, out.scores),
        "AP": average_precision(included, out.scores),
        "WSS@95": wss(included, out.scores),
        "ATD": atd(included, out.scores),
    }
    if calibrated:
        probabilities = cross_fitted(out.scores, included, out.folds)
        metrics |= {"Brier": brier(included, probabilities), "ECE": ece(included, probabilities)}
    return metrics


def model_digest(training_digest: str, settings: object, *, seed: int, recall: float) -> str:
    """Name a model by all that it follows from: training set, settings, seed, method and libraries."""
    versions = (np.__version__, scipy.__version__, sklearn.__version__)
    return sha256(repr((METHOD, training_digest, settings, seed, recall, versions)).encode()).hexdigest()


def _reading_aid(answer: CannotPromise) -> str:
    reached = 100 * answer.n / (answer.n + 1)
    return (
        "The line shown is no promise but a reading aid: the lowest score that an included report got while "
        f"held out (a like report would stand above it with a probability of {reached:.1f}%)."
    )
