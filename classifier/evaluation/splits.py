"""Three ways to cut a labelled review into what a ranker may know and what it has to find.

Tiny start: a handful of included studies and the list of those excluded at full text, as a living review
begins. Time-split: everything decided up to a year, to rank what came after. Cold start: one relevant and
one irrelevant record, from which screening goes on (`classifier.catch_up`).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from classifier.background import DEFAULT_SIZE, presumed_negatives
from classifier.draw import draw
from classifier.grade import Grade
from review.record import Record

__all__ = ["Labelled", "Split", "cold_start_priors", "time_split", "tiny_start"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """A review that is over: every record with what became of it.

    Parameters
    ----------
    records
        n distinct records.
    included
        Shape (n,): included in the end.
    worth_reading
        Shape (n,): went on from title and abstract to the full text, the included among them; None where
        nobody kept it.
    years
        Shape (n,): year of publication; None where unknown.
    """

    name: str
    records: tuple[Record, ...]
    included: NDArray[np.bool_]
    worth_reading: NDArray[np.bool_] | None = None
    years: NDArray[np.intp] | None = None

    def grades(self) -> list[Grade]:
        """Return the grade of each record; where `worth_reading` is None nothing fell at full text."""
        reading = self.included if self.worth_reading is None else self.worth_reading
        return [_grade(*one) for one in zip(self.included, reading, strict=True)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """What a ranker is given, and what it has to rank with the truth about it.

    Parameters
    ----------
    judged, grades
        The records that people judged, and how.
    background
        Presumed negatives: drawn without a look at their labels, and not among `ranked`.
    ranked
        m records to rank.
    included, worth_reading
        Shape (m,): the truth about `ranked`.
    """

    name: str
    judged: Sequence[Record]
    grades: Sequence[Grade]
    background: Sequence[Record]
    ranked: Sequence[Record]
    included: NDArray[np.bool_]
    worth_reading: NDArray[np.bool_] | None = None


def tiny_start(
    review: Labelled, *, seed: int, included: int = 15, near: int = 49, background: int = DEFAULT_SIZE
) -> Split | None:
    """Draw a start of `included` studies and `near` full-text exclusions, and rank the rest.

    Presumed negatives are drawn from what is left, at most half of it, and kept out of the ranking.

    Returns
    -------
    Split or None
        None where the review has too few of either, or nothing relevant is left to find.
    """
    grades = dict(zip((record.id for record in review.records), review.grades(), strict=True))
    yes = draw((one for one, grade in grades.items() if grade is Grade.INCLUDED), included, seed=seed)
    nearly = draw(
        (one for one, grade in grades.items() if grade is Grade.FULL_TEXT_EXCLUDED), near, seed=seed
    )
    if len(yes) < included or len(nearly) < near:
        return None
    known = {*yes, *nearly}
    rest = [record for record in review.records if record.id not in known]
    drawn = presumed_negatives(rest, min(background, len(rest) // 2), seed=seed)
    aside = known.union(record.id for record in drawn)
    return _cut(review, f"{review.name}, tiny start {seed}", _members(review, known), drawn, aside)


def time_split(review: Labelled, year: int) -> Split | None:
    """Give everything up to `year` with its grade, and rank what came after.

    Returns
    -------
    Split or None
        None where the years are not known, or one of the two sides lacks included or other records.
    """
    if review.years is None:
        return None
    past = np.asarray(review.years <= year)
    known: set[str] = {record.id for record, before in zip(review.records, past, strict=True) if before}
    for side in (past, ~past):
        if not review.included[side].any() or review.included[side].all():
            return None
    return _cut(review, f"{review.name} to {year}", np.flatnonzero(past), [], known)


def cold_start_priors(review: Labelled, *, seed: int) -> tuple[int, int]:
    """Draw one included and one other record to begin with; return their places in `review.records`.

    Raises
    ------
    ValueError
        If the review has none of either.
    """
    places: dict[str, int] = {record.id: at for at, record in enumerate(review.records)}
    both = []
    for wanted in (True, False):
        drawn = draw((one for one, at in places.items() if review.included[at] == wanted), 1, seed=seed)
        if not drawn:
            what = "included" if wanted else "other"
            raise ValueError(f"cold start: {review.name}: found no {what} record; expected one to begin with")
        both.append(places[drawn[0]])
    return both[0], both[1]


def _members(review: Labelled, ids: set[str]) -> NDArray[np.intp]:
    return np.array([at for at, record in enumerate(review.records) if record.id in ids], dtype=np.intp)


def _cut(
    review: Labelled, name: str, judged: NDArray[np.intp], background: Sequence[Record], aside: set[str]
) -> Split | None:
    grades = review.grades()
    ranked = np.array([record.id not in aside for record in review.records], dtype=bool)
    if not review.included[ranked].any():
        return None
    return Split(
        name=name,
        judged=[review.records[at] for at in judged],
        grades=[grades[at] for at in judged],
        background=background,
        ranked=[record for record, yes in zip(review.records, ranked, strict=True) if yes],
        included=review.included[ranked],
        worth_reading=None if review.worth_reading is None else review.worth_reading[ranked],
    )


def _grade(included: bool, worth_reading: bool) -> Grade:  # noqa: FBT001 - two columns of one table
    if included:
        return Grade.INCLUDED
    return Grade.FULL_TEXT_EXCLUDED if worth_reading else Grade.ABSTRACT_EXCLUDED
