"""What every source is: something that answers for a window of days, in full or with an error."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from review.record import Record
from review.searching import Window
from search.errors import RefusedQuery

__all__ = ["Found", "Progress", "Source", "Unaskable"]

Progress = Callable[[int, int], None]
"""Told how many records have arrived, of how many."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Everything a source said of one window; each record it counted is in `records` or in `missing`.

    Parameters
    ----------
    query
        The question as it was put, enough to put it again.
    records
        Filed under the source's name.
    count
        How many records the source says match.
    missing
        Identifiers that were counted but not delivered, each with the reason.
    messages
        What the source said besides.
    build
        The source's own version or date of data; empty where it says none.
    """

    query: str
    records: tuple[Record, ...]
    count: int
    missing: tuple[tuple[str, str], ...] = ()
    messages: tuple[str, ...] = ()
    build: str = ""


class Source(Protocol):
    """A place where records are found; each has its own clock and its own gaps."""

    @property
    def name(self) -> str:
        """The name of its table in the protocol, of its records and of its runs."""
        ...

    def search(self, window: Window, progress: Progress | None = None) -> Found:
        """Return everything new or changed in the window.

        Raises
        ------
        SourceError
            When no complete answer could be had.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Unaskable:
    """A source to which the review's question cannot be put; each search of it fails and says why."""

    name: str
    why: str

    def search(self, window: Window, progress: Progress | None = None) -> Found:  # noqa: ARG002 - the contract's
        """Raise RefusedQuery."""
        raise RefusedQuery(f"{self.name}: {self.why}")
