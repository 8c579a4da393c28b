"""Links between reports: the same document twice, or another report of the same study. Never one relation."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from review.ids import RecordId, ReportId, StudyId

__all__ = ["DuplicateLink", "SiblingHint", "StudyLink", "StudyLinkKind"]


@dataclass(frozen=True, slots=True, kw_only=True)
class DuplicateLink:
    """A record that is the same document as a report seen before."""

    record: RecordId
    report: ReportId
    rule: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SiblingHint:
    """The machine's guess that two reports tell of one study; shown to people, never acted upon."""

    report: ReportId
    other: ReportId
    evidence: str
    at: datetime


class StudyLinkKind(StrEnum):
    """Whether a report was tied to a study or untied from it."""

    LINKED = "linked"
    UNLINKED = "unlinked"


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyLink:
    """A report tied to the study it tells of, by a person or by the source it was imported from."""

    report: ReportId
    study: StudyId
    by: str
    at: datetime
    kind: StudyLinkKind = StudyLinkKind.LINKED
