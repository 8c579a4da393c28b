"""What people say of reports: votes, resolutions, and what another review decided."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from review.ids import ReportId, Reviewer, StudyId

__all__ = ["Basis", "Decision", "ImportedDecision", "Resolution", "Stage", "Verdict"]


class Stage(StrEnum):
    """Where a report is judged."""

    SCREENING = "screening"
    FULL_TEXT = "full text"


class Verdict(StrEnum):
    """What a person may say of a report. *Withdrawn* takes one's own last word back."""

    INCLUDE = "include"
    EXCLUDE = "exclude"
    MAYBE = "maybe"
    SIBLING = "another report of an included study"
    ONGOING = "ongoing"
    WITHDRAWN = "withdrawn"


class Basis(StrEnum):
    """How a conflict was resolved."""

    CONSENSUS = "consensus"
    ADJUDICATOR = "adjudicator"


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """One reviewer's vote on one report at one stage; a later row of the same reviewer supersedes it.

    Parameters
    ----------
    reason
        One of the protocol's ordered exclusion reasons; empty unless the verdict is *exclude* at full text.
    study
        For *another report of an included study*: which one; for *include* at full text: the label given.
    criteria_version
        Version of the protocol under which the vote was cast.
    """

    report: ReportId
    stage: Stage
    verdict: Verdict
    reviewer: Reviewer
    at: datetime
    criteria_version: int
    reason: str = ""
    study: StudyId | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolution:
    """The end of a conflict, by consensus or by an adjudicator who is not one of the two."""

    report: ReportId
    stage: Stage
    verdict: Verdict
    by: Reviewer
    basis: Basis
    at: datetime
    reason: str = ""
    study: StudyId | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedDecision:
    """What another review or meta-analysis decided. It can settle a report; it is never a vote.

    Parameters
    ----------
    source
        Citation of the review that decided.
    contested
        Why it cannot settle the report under this protocol; empty where it can. A contested import is held
        as a conflict for people.
    """

    report: ReportId
    stage: Stage
    verdict: Verdict
    source: str
    at: datetime
    reason: str = ""
    study: StudyId | None = None
    contested: str = ""
