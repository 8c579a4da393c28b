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
from review.searching import SearchGap
from review.source_clocks import (
    RHYTHM_DAYS,
    SourceClock,
    answered,
    any_in_doubt,
    fully_searched_through,
    known_pass_due,
    known_pass_through,
    open_gaps,
    source_clocks,
    sources_behind,
    sources_out_of_date,
)
from review.studies import included_studies

__all__ = [
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


class Badge(StrEnum):
    """One word on how current the review is."""

    CURRENT = "current"
    EVIDENCE_PENDING = "evidence pending"
    SUSPECT = "search suspect"
    BEHIND = "search behind"
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
        Sources with no day, or with one before PubMed's (without PubMed: before the newest of them).
    open_gaps
        Days that wait to be searched: of sources that the protocol names, and of the look at what is known.
    sources
        The clock of each source by itself.
    out_of_date
        Those that the service asks and whose day is further back than the rhythm and their overlap.
    known_pass_through, known_pass_due
        The day everything known was looked at again (retractions, errata, late abstracts), and the day by
        which it must be again; None before the first search.
    screened_through
        The last day before the windows in which the reports that still wait for screening were found; where
        none waits, the day on which the last record was seen.
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
    sources: tuple[SourceClock, ...] = ()
    out_of_date: tuple[SourceClock, ...] = ()
    known_pass_through: date | None = None
    known_pass_due: date | None = None


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
    gaps = open_gaps(ledger, protocol)
    due = _next_due(ledger, protocol)
    late = due + timedelta(days=RHYTHM_DAYS[protocol.living.search_every]) if due else None
    waiting = [report for report, found in settlements.items() if found.status not in _SETTLED]
    sources = source_clocks(ledger, protocol, now.date())
    pending, doubt = bool(waiting) or _unsigned(ledger, settlements), any_in_doubt(gaps, sources)
    old = sources_out_of_date(sources, protocol, now.date())
    return Clocks(
        badge=_badge(late, now, doubt=doubt, behind=bool(old), pending=pending),
        pubmed_through=next((one.through for one in sources if one.name == "pubmed"), None),
        fully_searched_through=fully_searched_through(sources),
        sources_behind=sources_behind(sources),
        screened_through=_screened_through(ledger, waiting),
        waiting=len(waiting),
        synthesised_at=_last(one.at for one in ledger.syntheses),
        published_at=_last(one.at for one in ledger.editions),
        next_search_due=due,
        overdue_after=late,
        open_gaps=gaps,
        sources=sources,
        out_of_date=old,
        known_pass_through=known_pass_through(ledger),
        known_pass_due=known_pass_due(ledger, protocol),
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


def _next_due(ledger: Ledger, protocol: Protocol) -> date | None:
    runs = answered(ledger, "pubmed")
    if protocol.search.pubmed is None or not runs:
        return None
    return runs[-1].ended.date() + timedelta(days=RHYTHM_DAYS[protocol.living.search_every])


def _screened_through(ledger: Ledger, waiting: list[ReportId]) -> date | None:
    unsettled = set(waiting)
    if not ledger.sightings:
        return None
    searched = {(run.source, run.ended): run.window.start for run in ledger.runs}
    # A record may have entered its source on any day of the window in which it was found.
    first = min(
        (
            searched.get((one.source, one.at), one.at.date())
            for one in ledger.sightings
            if one.report in unsettled
        ),
        default=None,
    )
    return first - timedelta(days=1) if first else ledger.sightings[-1].at.date()


def _badge(late: date | None, now: datetime, *, doubt: bool, behind: bool, pending: bool) -> Badge:
    if late is None:
        return Badge.NOT_SEARCHED
    if now.date() > late:
        return Badge.OVERDUE
    if doubt:
        return Badge.SUSPECT
    if behind:
        return Badge.BEHIND
    return Badge.EVIDENCE_PENDING if pending else Badge.CURRENT


def _last(moments: Iterable[datetime]) -> datetime | None:
    return max(moments, default=None)
