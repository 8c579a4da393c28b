"""Where a report stands, and whose word that rests on."""

from dataclasses import dataclass
from enum import StrEnum

from review.decision import Stage
from review.ids import ReportId, StudyId

__all__ = ["CONFLICT", "SettledBy", "Settlement", "Status"]


class Status(StrEnum):
    """Where a report stands."""

    AWAITING_SCREENING = "awaiting screening"
    AWAITING_SECOND_VOTE = "awaiting a second vote"
    SCREENING_CONFLICT = "conflict at screening"
    EXCLUDED_AT_SCREENING = "excluded at screening"
    AWAITING_FULL_TEXT = "awaiting full text"
    AWAITING_SECOND_FULL_TEXT_VOTE = "awaiting a second full-text vote"
    FULL_TEXT_CONFLICT = "conflict at full text"
    EXCLUDED = "excluded at full text"
    INCLUDED = "included"
    SIBLING = "another report of an included study"
    AWAITING_CLASSIFICATION = "awaiting classification"
    ONGOING = "ongoing"


class SettledBy(StrEnum):
    """Whose word the status rests on."""

    NOBODY = "nobody yet"
    VOTES = "votes"
    RESOLUTION = "resolution"
    IMPORT = "imported decision"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """A report's status, whose word it rests on, and the study it tells of.

    Parameters
    ----------
    held_from
        Studies that the document was taken for while it stood as several reports which contradict each
        other: people must say which it is.
    """

    report: ReportId
    status: Status
    by: SettledBy = SettledBy.NOBODY
    reason: str = ""
    study: StudyId | None = None
    source: str = ""
    held_from: tuple[StudyId, ...] = ()

    @property
    def judged_twice(self) -> bool:
        """True where a document is held because the reports it was judged as contradict each other."""
        return self.by is SettledBy.NOBODY and self.status in CONFLICT.values()


CONFLICT = {Stage.SCREENING: Status.SCREENING_CONFLICT, Stage.FULL_TEXT: Status.FULL_TEXT_CONFLICT}
