"""Which days of a source are due: from its own watermark, less the overlap, and from any open gap."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol

from review.searched_days import searched_through
from review.searching import Window
from store.store import Store

__all__ = ["Days", "Plan", "next_window"]


class Plan(Protocol):
    """Since when a source is searched, and how many days each run searches again."""

    @property
    def since(self) -> date:
        """The first day."""
        ...

    @property
    def overlap_days(self) -> int:
        """Days before the last watermark that are searched again; 0 or more."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Days:
    """A plan by itself, for what has no table of its own in the protocol."""

    since: date
    overlap_days: int = 0


def next_window(plan: Plan, store: Store, today: date, *, strategy: str, source: str = "pubmed") -> Window:
    """Return the days the next run of a source must search.

    Parameters
    ----------
    strategy
        SHA-256 of the present question. Days that only another one searched are not searched: after an
        amendment, or an earlier `since`, everything is searched again, and what is known stays known. No more
        are days that were not over when they were asked for.
    """
    reached = searched_through(store.ledger().runs, source, strategy=strategy, since=plan.since, today=today)
    start = reached + timedelta(days=1 - plan.overlap_days) if reached else plan.since
    gaps = [gap.window.start for gap in store.open_gaps(source)]
    start = max(min([start, *gaps]), min([plan.since, *gaps]))
    return Window(start, max(start, today))
