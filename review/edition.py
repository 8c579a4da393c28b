"""What is published: signed editions, unsigned status entries, and notices for people."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from review.ids import EditionId, ReportId, Reviewer

__all__ = ["Edition", "Notice", "NoticeKind", "StatusEntry", "UpdateDecision", "UpdateVerdict"]


class UpdateVerdict(StrEnum):
    """What the team decides on a candidate."""

    PUBLISH = "publish"
    HOLD = "hold"
    NOTHING_NEW = "nothing new"


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateDecision:
    """A person's word on a candidate synthesis.

    Parameters
    ----------
    signer
        The account that signed; None only in a rehearsal, where nobody did and every page says so.
    syntheses
        Digests of what was looked at.
    """

    verdict: UpdateVerdict
    reason: str
    signer: Reviewer | None
    at: datetime
    syntheses: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """A version of the review that never changes again; `number` counts from 1."""

    id: EditionId
    number: int
    at: datetime
    syntheses: tuple[str, ...]
    decision: UpdateDecision
    protocol_version: int
    previous: EditionId | None = None
    changes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusEntry:
    """A dated line that needs no signature: searched, nothing new; evidence pending; search failed."""

    id: str
    at: datetime
    title: str
    text: str


class NoticeKind(StrEnum):
    """What a notice is about."""

    RETRACTION = "retraction"
    CONCERN = "expression of concern"
    ERRATUM = "erratum"
    REPUBLICATION = "republication"
    UPDATE = "update"
    MERGED = "merged"
    DELETED = "deleted"
    STATUS_CHANGED = "status changed"
    TITLE_CHANGED = "title changed"
    ABSTRACT_ADDED = "abstract added"
    MESH_ADDED = "MeSH added"


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """Something about a known report that a person must look at: a retraction, an erratum.

    Parameters
    ----------
    kind
        One of `NoticeKind`; older notices may bear other words.
    text
        The evidence; a second notice of one kind tells of another document.
    """

    report: ReportId
    kind: str
    text: str
    at: datetime
