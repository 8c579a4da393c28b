"""The line under the flagged records: a promise, a promise withdrawn, or an aid to reading."""

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256

import numpy as np
from numpy.typing import NDArray

from classifier.threshold import CannotPromise, Threshold, fewest, percent, promise
from classifier.time_check import NotChecked, TimeCheck
from review.ids import ModelId

__all__ = ["Line", "draw_line"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """The score from which a record is flagged, and what that is worth.

    Parameters
    ----------
    value
        None where everything is flagged.
    n
        Included records that were held out to draw it.
    sentence
        Said to reviewers.
    promised
        Whether `recall` is promised at it.
    withdrawn
        Why a promise that n would allow is not given, or "".
    time_check
        What the review's own past said of the promise, or "" where there is none to check.
    """

    value: float | None
    recall: float
    n: int
    sentence: str
    promised: bool = False
    withdrawn: str = ""
    time_check: str = ""

    def version(self, model: ModelId) -> str:
        """Return 16 hexadecimal digits that name the line: of its value, alpha, n, recall and model."""
        alpha = round(1 - self.recall, 12)
        made_of = (self.value, alpha, self.n, self.recall, self.promised, model)
        return sha256(repr(made_of).encode()).hexdigest()[:16]


def draw_line(
    positives: NDArray[np.float64] | None,
    recall: float,
    check: Callable[[], TimeCheck | NotChecked],
    *,
    included: int,
) -> Line:
    """Draw the line.

    Parameters
    ----------
    positives
        Out-of-fold scores of the included records; None if none could be held out.
    recall
        What the protocol asks for.
    check
        Asks the review's own past; called only where there is a promise to check.
    included
        How many reports are included, held out or not.

    Returns
    -------
    Line
        At the promised threshold; where there can be none, or the past contradicts it, at the lowest
        out-of-fold score of an included record, called a reading aid; where not even that is known, nowhere:
        everything is flagged.
    """
    answer = promise(() if positives is None else positives, recall)
    if positives is None:
        sentence = f"{_nothing_held_out(included, fewest(recall))} Everything is flagged."
        return Line(value=None, recall=recall, n=0, sentence=sentence)
    if isinstance(answer, Threshold):
        return _promised(answer, positives, recall, check())
    return Line(
        value=float(positives.min()),
        recall=recall,
        n=len(positives),
        sentence=f"{answer.sentence()} {_AID} {_reached(answer)}",
    )


def _promised(
    answer: Threshold, positives: NDArray[np.float64], recall: float, checked: TimeCheck | NotChecked
) -> Line:
    said = checked.sentence()
    if isinstance(checked, TimeCheck) and checked.failed:
        return Line(
            value=float(positives.min()),
            recall=recall,
            n=answer.n,
            sentence=f"No promise: it was withdrawn, because the review's own past contradicts it. {_AID} "
            "Look at everything, best first.",
            withdrawn=said,
            time_check=said,
        )
    return Line(
        value=answer.value,
        recall=recall,
        n=answer.n,
        sentence=answer.sentence(),
        promised=True,
        time_check=said,
    )


_AID = (
    "The line shown is no promise but a reading aid: the lowest score that an included report got while "
    "held out."
)


def _reached(answer: CannotPromise) -> str:
    reached = 100 * answer.n / (answer.n + 1)
    return (
        f"On average over reviews {reached:.1f}% of reports like the included ones stand at the line or "
        f"above, less than the {percent(1 - answer.alpha)} asked for, and of this review that says little."
    )


def _nothing_held_out(included: int, needed: int) -> str:
    reports = "1 included report" if included == 1 else f"{included} included reports"
    return (
        f"No promise: a line is drawn by included reports that were held out, and with {reports} and what "
        f"else was judged none could be ({needed} would be needed). Look at everything, best first."
    )
