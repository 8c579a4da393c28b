"""What a search leaves behind: the run with its counts, and the gap where it could not look."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from review.ids import RunId

__all__ = ["SECOND_LOOK", "BlockCount", "RunCounts", "RunStatus", "SearchGap", "SearchRun", "Window"]

SECOND_LOOK = "known-pass"
"""Stands for a source in the search log: the pass over everything known, which finds no new records."""


class RunStatus(StrEnum):
    """How a run ended. *Suspect* means that it was answered, but a canary was not in the answer."""

    COMPLETE = "complete"
    PARTIAL = "partial"
    SUSPECT = "suspect"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Window:
    """Days on which records entered the source, both ends included."""

    start: date
    end: date

    def __post_init__(self) -> None:
        if self.end < self.start:
            raise ValueError(f"window: found {self}; expected the end on or after the start")

    def __str__(self) -> str:
        return f"{self.start} to {self.end}"


@dataclass(frozen=True, slots=True)
class BlockCount:
    """How many records one block of the strategy matches by itself inside the window."""

    block: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RunCounts:
    """Where the retrieved records went; every retrieved record is in exactly one place.

    Raises
    ------
    ValueError
        When ``retrieved != known + duplicates + queued + set_aside + decided``: a record would be lost.
    """

    retrieved: int = 0
    known: int = 0
    duplicates: int = 0
    queued: int = 0
    set_aside: int = 0
    decided: int = 0

    def __post_init__(self) -> None:
        placed = self.known + self.duplicates + self.queued + self.set_aside + self.decided
        if placed != self.retrieved:
            raise ValueError(
                f"search run: {self.retrieved} records retrieved but {placed} accounted for; "
                "expected the two to be equal; nothing was committed"
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchRun:
    """One question to one source, with everything needed to ask it again.

    Parameters
    ----------
    missing
        Identifiers that were counted but not delivered, each with its reason.
    canaries_missing
        Identifiers that the strategy must find and did not.
    translation
        How the source says it read the query.
    build
        The source's own version (PubMed: DbBuild).
    """

    id: RunId
    source: str
    strategy_sha256: str
    protocol_version: int
    query: str
    window: Window
    started: datetime
    ended: datetime
    status: RunStatus
    counts: RunCounts
    blocks: tuple[BlockCount, ...] = ()
    missing: tuple[tuple[str, str], ...] = ()
    canaries_missing: tuple[str, ...] = ()
    translation: str = ""
    build: str = ""
    message: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchGap:
    """Days of a source that nobody searched, until a later run closes the gap."""

    source: str
    window: Window
    opened_by: RunId
    reason: str
    at: datetime
    closed_by: RunId | None = None
    closed_at: datetime | None = None

    @property
    def open(self) -> bool:
        """True until a run has searched these days."""
        return self.closed_by is None
