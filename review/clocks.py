"""How current a review is: its clocks and its badge, computed from the ledgers and the present day."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from review.ids import ReportId
from review.ledger import Ledger
from review.protocol import Protocol
from review.result import Synthesis
from review.screening import Settlement, Status
from review.searching import RunStatus, SearchGap, SearchRun

__all__ = ["RHYTHM_DAYS", "Badge", "Clocks", "candidates", "clocks", "latest_syntheses"]

RHYTHM_DAYS: Mapping[str, int] = {"day": 1, "week": 7, "month": 31, "quarter": 92, "year": 366}


class Badge(StrEnum):
    """One word on how current the review is."""

    CURRENT = "current"
    EVIDENCE_PENDING = "evidence pending"
    SUSPECT = "search suspect"
    OVERDUE = "overdue"
    NOT_SEARCHED = "not searched"


@dataclass(frozen=True, slots=True, kw_only=True)
class Clocks:
    """Days up to which each part of the work is done; None where it never was.

    Parameters
    ----------
    pubmed_through
        Every day up to this one was searched in PubMed, without a gap.
    fully_searched_through
        The same for all of the protocol's sources, files among them.
    screened_through
        No report first seen on or before this day still waits for screening.
    overdue_after
        The last moment at which the badge may say anything but *overdue*.
    waiting
        Reports that wait for people.
    """

    badge: Badge
    pubmed_through: date | None
    fully_searched_through: date | None
    sources_behind: tuple[str, ...]
    screened_through: date | None
    waiting: int
    synthesised_at: datetime | None
    published_at: datetime | None
    next_search_due: date | None
    overdue_after: date | None
    open_gaps: tuple[SearchGap, ...]


_SETTLED = {
    Status.EXCLUDED_AT_SCREENING,
    Status.EXCLUDED,
    Status.INCLUDED,
    Status.SIBLING,
    Status.ONGOING,
    Status.AWAITING_CLASSIFICATION,
}


def clocks(
    ledger: Ledger, settlements: Mapping[ReportId, Settlement], protocol: Protocol, now: datetime
) -> Clocks:
    """Return the clocks at `now`."""
    gaps = tuple(gap for gap in ledger.gaps if gap.open)
    due = _next_due(ledger, protocol)
    late = due + timedelta(days=RHYTHM_DAYS[protocol.living.search_every]) if due else None
    waiting = [report for report, found in settlements.items() if found.status not in _SETTLED]
    behind, fully = _all_sources(ledger, protocol)
    return Clocks(
        badge=_badge(ledger, late, now, pending=bool(waiting) or bool(candidates(ledger))),
        pubmed_through=_searched_through(ledger, "pubmed", protocol),
        fully_searched_through=fully,
        sources_behind=behind,
        screened_through=_screened_through(ledger, waiting),
        waiting=len(waiting),
        synthesised_at=_last(one.at for one in ledger.syntheses),
        published_at=_last(one.at for one in ledger.editions),
        next_search_due=due,
        overdue_after=late,
        open_gaps=gaps,
    )


def latest_syntheses(ledger: Ledger) -> tuple[Synthesis, ...]:
    """Return the last synthesis of each analysis key, ordered by key."""
    last = {synthesis.key: synthesis for synthesis in ledger.syntheses}
    return tuple(last[key] for key in sorted(last))


def candidates(ledger: Ledger) -> tuple[Synthesis, ...]:
    """Return the latest syntheses that no edition has published yet."""
    published = set(ledger.editions[-1].syntheses) if ledger.editions else set()
    return tuple(one for one in latest_syntheses(ledger) if one.digest not in published)


def _answered(ledger: Ledger, source: str) -> list[SearchRun]:
    return [run for run in ledger.runs if run.source == source and run.status is not RunStatus.FAILED]


def _searched_through(ledger: Ledger, source: str, protocol: Protocol) -> date | None:
    start = protocol.search.pubmed.since if protocol.search.pubmed else None
    ends = [run.window.end for run in _answered(ledger, source)]
    reached = max(ends, default=start)
    holes = [gap.window.start - timedelta(days=1) for gap in ledger.gaps if gap.open and gap.source == source]
    return min([day for day in (reached, *holes) if day is not None], default=None)


def _all_sources(ledger: Ledger, protocol: Protocol) -> tuple[tuple[str, ...], date | None]:
    pubmed = _searched_through(ledger, "pubmed", protocol)
    if protocol.search.files is None:
        return (), pubmed
    through = {name: _searched_through(ledger, name, protocol) for name in protocol.search.files.names}
    days = [day for day in (pubmed, *through.values()) if day is not None]
    fully = min(days, default=None)
    return tuple(name for name, day in through.items() if day is None or (pubmed and day < pubmed)), fully


def _next_due(ledger: Ledger, protocol: Protocol) -> date | None:
    runs = _answered(ledger, "pubmed")
    if protocol.search.pubmed is None or not runs:
        return None
    return runs[-1].ended.date() + timedelta(days=RHYTHM_DAYS[protocol.living.search_every])


def _screened_through(ledger: Ledger, waiting: list[ReportId]) -> date | None:
    unsettled = set(waiting)
    if not ledger.sightings:
        return None
    first = min((one.at for one in ledger.sightings if one.report in unsettled), default=None)
    return first.date() - timedelta(days=1) if first else ledger.sightings[-1].at.date()


def _badge(ledger: Ledger, late: date | None, now: datetime, *, pending: bool) -> Badge:
    if late is None:
        return Badge.NOT_SEARCHED
    if now.date() > late:
        return Badge.OVERDUE
    if ledger.runs[-1].status is not RunStatus.COMPLETE or any(gap.open for gap in ledger.gaps):
        return Badge.SUSPECT
    return Badge.EVIDENCE_PENDING if pending else Badge.CURRENT


def _last(moments: Iterable[datetime]) -> datetime | None:
    return max(moments, default=None)
