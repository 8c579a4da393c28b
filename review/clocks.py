"""How current a review is: its clocks and its badge, computed from the ledgers and the present day."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from review.edition import UpdateDecision, UpdateVerdict
from review.effect import AnalysisKey
from review.ids import ReportId
from review.ledger import Ledger
from review.protocol import Protocol
from review.result import Synthesis
from review.screening import Settlement, Status
from review.searching import RunStatus, SearchGap, SearchRun
from review.studies import included_studies

__all__ = [
    "RHYTHM_DAYS",
    "Badge",
    "Clocks",
    "candidates",
    "clocks",
    "current_syntheses",
    "last_words",
    "latest_syntheses",
    "published_syntheses",
    "withdrawn_keys",
]

RHYTHM_DAYS: Mapping[str, int] = {"day": 1, "week": 7, "month": 31, "quarter": 92, "year": 366}


_AUTOMATIC = ("pubmed",)
"""Sources that the service asks by itself: a run of theirs that went wrong puts the search in doubt."""


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
        Every day up to this one was searched in PubMed, without a gap. Where nothing was searched yet this is
        the day up to which the published review is up to date (`since`), and it is never an earlier one.
    fully_searched_through
        The same for all of the protocol's sources, files among them. None as soon as one of them has no day:
        without PubMed no `since` is declared, and a source that was never searched has no day.
    sources_behind
        File sources with no day, or with one before PubMed's (without PubMed: before the newest of them).
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
        badge=_badge(ledger, late, now, pending=bool(waiting) or _unsigned(ledger, settlements)),
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


def current_syntheses(
    ledger: Ledger, settlements: Mapping[ReportId, Settlement]
) -> dict[AnalysisKey, Synthesis]:
    """Return the last synthesis of each analysis key that still pools an included study, by key."""
    included = included_studies(settlements).keys()
    return {
        one.key: one for one in latest_syntheses(ledger) if any(row.study in included for row in one.rows)
    }


def published_syntheses(ledger: Ledger) -> dict[AnalysisKey, Synthesis]:
    """Return what the last edition shows, by key; nothing before the first edition."""
    digests = set(ledger.editions[-1].syntheses) if ledger.editions else set()
    return {one.key: one for one in ledger.syntheses if one.digest in digests}


def withdrawn_keys(ledger: Ledger, settlements: Mapping[ReportId, Settlement]) -> tuple[AnalysisKey, ...]:
    """Return the keys that the last edition shows though no included study has a result any more."""
    return tuple(sorted(published_syntheses(ledger).keys() - current_syntheses(ledger, settlements).keys()))


def candidates(
    ledger: Ledger, settlements: Mapping[ReportId, Settlement] | None = None
) -> tuple[Synthesis, ...]:
    """Return the latest syntheses that wait for a person's word, ordered by key.

    That is each one that the last edition does not show, unless *nothing new* was the last word on it since
    it was pooled; *hold* leaves it waiting.

    Parameters
    ----------
    settlements
        Where given, keys that no included study is left of are no candidates.
    """
    shown = set(ledger.editions[-1].syntheses) if ledger.editions else set()
    words = last_words(ledger)
    latest = (
        latest_syntheses(ledger) if settlements is None else current_syntheses(ledger, settlements).values()
    )
    return tuple(
        one for one in latest if one.digest not in shown and not _done_with(one, words.get(one.digest))
    )


def last_words(ledger: Ledger) -> dict[str, UpdateDecision]:
    """Return the last update decision on each digest."""
    return {digest: word for word in ledger.update_decisions for digest in word.syntheses}


def _unsigned(ledger: Ledger, settlements: Mapping[ReportId, Settlement]) -> bool:
    return bool(candidates(ledger, settlements) or withdrawn_keys(ledger, settlements))


def _done_with(synthesis: Synthesis, word: UpdateDecision | None) -> bool:
    # A result that went and came back is looked at again: the word was said of another last edition.
    return word is not None and word.verdict is UpdateVerdict.NOTHING_NEW and word.at >= synthesis.at


def _answered(ledger: Ledger, source: str) -> list[SearchRun]:
    return [run for run in ledger.runs if run.source == source and run.status is not RunStatus.FAILED]


def _reached(ledger: Ledger, source: str) -> list[date]:
    # A file is partial where nobody said up to which day its source was searched: it moves no clock.
    moving = (
        run
        for run in _answered(ledger, source)
        if source in _AUTOMATIC or run.status is not RunStatus.PARTIAL
    )
    return [run.window.end for run in moving]


def _searched_through(ledger: Ledger, source: str, protocol: Protocol) -> date | None:
    start = protocol.search.pubmed.since if protocol.search.pubmed else None
    reached = max(_reached(ledger, source), default=start)
    holes = [gap.window.start - timedelta(days=1) for gap in ledger.gaps if gap.open and gap.source == source]
    through = min([day for day in (reached, *holes) if day is not None], default=None)
    return max(through, start) if through and start else through


def _all_sources(ledger: Ledger, protocol: Protocol) -> tuple[tuple[str, ...], date | None]:
    names = protocol.search.files.names if protocol.search.files else ()
    files = {name: _searched_through(ledger, name, protocol) for name in names}
    pubmed = _searched_through(ledger, "pubmed", protocol)
    asked = [*files.values(), *([pubmed] if protocol.search.pubmed else [])]
    known = [day for day in asked if day is not None]
    leader = pubmed or max(known, default=None)
    behind = tuple(name for name, day in files.items() if day is None or (leader and day < leader))
    return behind, min(known) if known and len(known) == len(asked) else None


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
    last = {run.source: run.status for run in ledger.runs if run.source in _AUTOMATIC}
    if set(last.values()) != {RunStatus.COMPLETE} or any(gap.open for gap in ledger.gaps):
        return Badge.SUSPECT
    return Badge.EVIDENCE_PENDING if pending else Badge.CURRENT


def _last(moments: Iterable[datetime]) -> datetime | None:
    return max(moments, default=None)
