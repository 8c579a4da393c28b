"""What people said of a record, and who, when and at which stage: a grade with where it comes from."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from classifier.grade import Grade
from review.decision import Stage
from review.ids import Reviewer
from review.screening import SettledBy

__all__ = ["Graded", "Label", "label_of", "provenance"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """A grade, and whose word it is.

    Parameters
    ----------
    by
        On what the grade rests; *nobody yet* for a bare grade or a presumption.
    stage
        At which stage it was given; None where unknown.
    reviewers
        Those whose votes or word it is; nobody for an import.
    at
        When the last of them said so; None where unknown.
    source
        Citation of the review that an imported decision comes from.
    kept
        True where that is the published review which is kept up to date, and not another one.
    """

    grade: Grade
    by: SettledBy = SettledBy.NOBODY
    stage: Stage | None = None
    reviewers: tuple[Reviewer, ...] = ()
    at: datetime | None = None
    source: str = ""
    kept: bool = False


Graded = Label | Grade | str
"""What a ranker takes for a record: a label, a grade, or the text of a grade (``"included"``)."""


def label_of(graded: Graded) -> Label:
    """Return a label, bare where only a grade is given.

    Raises
    ------
    ValueError
        If it is no grade.
    """
    return graded if isinstance(graded, Label) else Label(grade=Grade(graded))


def provenance(labels: Sequence[Label]) -> str:
    """Say how many records were judged by which kind of word, by how many people, and from when to when.

    Presumptions are left out; people are counted, never named.
    """
    judged = [one for one in labels if one.grade is not Grade.PRESUMED_NEGATIVE]
    counts = Counter(_kind(one) for one in judged)
    people = {who for one in judged for who in one.reviewers}
    kinds = [f"{counts[kind]} {kind}" for kind in (*_BY.values(), _KEPT) if counts[kind]]
    by = f" ({_number(len(people), 'reviewer')})" if people else ""
    return f"{_number(len(judged), 'record')} judged: {', '.join(kinds)}{by}; {_span(judged)}."


_BY = {
    SettledBy.VOTES: "by votes",
    SettledBy.RESOLUTION: "by the resolution of a conflict",
    SettledBy.IMPORT: "by decisions imported from other reviews",
    SettledBy.NOBODY: "of which it is not known by whom",
}
_KEPT = "taken over from the review that is kept up to date"


def _kind(label: Label) -> str:
    return _KEPT if label.kept and label.by is SettledBy.IMPORT else _BY[label.by]


def _number(n: int, what: str) -> str:
    return f"{n} {what}" if n == 1 else f"{n} {what}s"


def _span(judged: Iterable[Label]) -> str:
    days = sorted(one.at.date() for one in judged if one.at)
    if not days:
        return "dates unknown"
    return f"from {days[0]} to {days[-1]}" if days[0] != days[-1] else f"on {days[0]}"
