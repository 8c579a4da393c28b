"""What is written when reports are set aside: the draw for audit, and a person's word to put one back."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from review.ids import ModelId, ReportId, Reviewer

__all__ = ["AuditDraw", "PutBack", "QueueWord"]


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditDraw:
    """One cycle's setting aside, and whom chance drew from it into the reviewers' queue.

    Parameters
    ----------
    id
        Digest of the model and of what was set aside: the same cycle run twice draws once.
    model
        The model in force at the draw.
    set_aside
        What no earlier draw held: the population of this one, the drawn among them.
    drawn
        In the order of the draw.
    """

    id: str
    model: ModelId
    at: datetime
    set_aside: tuple[ReportId, ...]
    drawn: tuple[ReportId, ...]


class QueueWord(StrEnum):
    """What a person says of a report that is set aside, or was."""

    BACK = "back in the queue"
    ASIDE = "set aside again"


@dataclass(frozen=True, slots=True, kw_only=True)
class PutBack:
    """A person's word on one report; the last one holds."""

    report: ReportId
    word: QueueWord
    by: Reviewer
    at: datetime
