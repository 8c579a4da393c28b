"""Links between reports: the same document twice, or another report of the same study. Never one relation."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from review.ids import RecordId, ReportId, StudyId

__all__ = [
    "LIKELY",
    "DuplicateLink",
    "HintAnswer",
    "HintWord",
    "LinkHint",
    "Relation",
    "StudyLink",
    "StudyLinkKind",
]

LIKELY = 0.8
"""From this confidence on a hint is put before people unasked; weaker ones are kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DuplicateLink:
    """The report that a record stands for; of several rows on one record the last one holds.

    Parameters
    ----------
    report
        Another report where the record is the same document; the record's own where it is set apart again.
    rule
        Why, in words.
    by
        The account that said so; empty for the service, which ties identical identifiers only.
    """

    record: RecordId
    report: ReportId
    rule: str
    at: datetime
    by: str = ""


class Relation(StrEnum):
    """What two reports may be to each other: one document, or two documents about one study."""

    DUPLICATE = "duplicate"
    SIBLING = "sibling"


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkHint:
    """The machine's guess that two reports are one document or tell of one study; it changes nothing.

    Parameters
    ----------
    confidence
        0 to 1: how sure the rule is, by its own measure; not a probability.
    """

    report: ReportId
    other: ReportId
    evidence: str
    at: datetime
    relation: Relation = Relation.SIBLING
    confidence: float = 0.5


class HintWord(StrEnum):
    """What a person says of a hint that is not true; that it is true, a DuplicateLink says."""

    TWO_DOCUMENTS = "two documents"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class HintAnswer:
    """A person's word that two reports are two documents, or that word taken back; the last one holds."""

    report: ReportId
    other: ReportId
    word: HintWord
    by: str
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
