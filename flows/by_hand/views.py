"""What the command line shows of a review: what waits, and how current it is."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import count, islice

from classifier.advice import advise
from classifier.audited import Audited, SetAside
from classifier.design import Design, design_at, trial_likelihood
from classifier.stopping import Verdict
from flows.steps.ranking import waiting_reports
from flows.steps.setting_aside import standing_now
from review.clocks import Clocks, clocks
from review.drift import Drift, Level
from review.ids import ReportId
from review.ledger import Ledger
from review.merging import open_hints
from review.prisma import PrismaFlow, prisma_flow
from review.protocol import Protocol
from review.record import Report
from review.screening import settle
from review.searching import SECOND_LOOK
from review.source_clocks import SourceClock
from review.suggestion import Suggestion
from store.store import Store

__all__ = ["StatusView", "WaitingRow", "status_view", "waiting_list"]

_AT_ONCE = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingRow:
    """One report that waits for screening, and why it stands where it does.

    Parameters
    ----------
    rank
        Its place among all that wait, whatever was asked for.
    trial_likelihood, design
        How much it reads like a randomised trial, 0 to 1, and the tag that follows; no part of the rank.
    """

    rank: int
    score: float | None
    flagged: bool
    report: str
    title: str
    because: str
    nearest_included: str
    trial_likelihood: float
    design: Design


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusView:
    """How current a review is, as data and as sentences.

    Parameters
    ----------
    set_aside
        How many of those that wait for people are out of their queue.
    promise_withdrawn
        Why, where the audit or drift withdrew it; else empty.
    """

    clocks: Clocks
    prisma: PrismaFlow
    sentences: tuple[str, ...]
    set_aside: int = 0
    audit: Audited | None = None
    promise_withdrawn: str = ""
    drift: Drift | None = None
    stopping: Verdict | None = None


def waiting_list(
    protocol: Protocol,
    store: Store,
    limit: int,
    *,
    set_aside: bool = False,
    design: Design | None = None,
) -> tuple[WaitingRow, ...]:
    """Return the reports that wait, likeliest first; those nobody ranked yet come last.

    Parameters
    ----------
    set_aside
        List what is set aside instead of what is in the queue.
    design
        List only what reads so. Each keeps its rank among all, so that what was passed over shows as a gap.
    """
    out = set(standing_now(protocol, store).reports)
    waiting = [one for one in waiting_reports(settle(store.ledger(), protocol)) if (one in out) is set_aside]
    suggestions = store.latest_suggestions()
    ordered = sorted(waiting, key=lambda one: -suggestions[one].score if one in suggestions else 1.0)
    rows = _rows(store, ordered if design else ordered[:limit], suggestions)
    return tuple(islice((row for row in rows if design in {None, row.design}), limit))


def _rows(
    store: Store, ordered: Sequence[ReportId], suggestions: Mapping[ReportId, Suggestion]
) -> Iterator[WaitingRow]:
    for start in range(0, len(ordered), _AT_ONCE):
        some = ordered[start : start + _AT_ONCE]
        reports = store.reports(some)
        likelihoods = trial_likelihood([reports[one].record for one in some])
        for rank, report, likelihood in zip(count(start + 1), some, likelihoods, strict=False):
            yield _row(rank, reports[report], suggestions.get(report), float(likelihood))


def _row(rank: int, report: Report, found: Suggestion | None, likelihood: float) -> WaitingRow:
    return WaitingRow(
        rank=rank,
        score=found.score if found else None,
        flagged=bool(found and found.flagged),
        report=report.id,
        title=report.record.title,
        because=", ".join(term.term for term in found.terms[:4]) if found else "not ranked yet",
        nearest_included=found.nearest_included if found else "",
        trial_likelihood=likelihood,
        design=design_at(likelihood),
    )


def status_view(protocol: Protocol, store: Store, now: datetime, strategy: str = "") -> StatusView:
    """Return the clocks and PRISMA numbers at `now`.

    Parameters
    ----------
    strategy
        SHA-256 of the present strategy, to be compared with the last run's; empty for none.
    """
    ledger = store.ledger()
    settlements = settle(ledger, protocol)
    at, flow = clocks(ledger, settlements, protocol, now), prisma_flow(ledger, settlements)
    aside = standing_now(protocol, store)
    stopping = advise(ledger, settlements, protocol.classifier, aside)
    drift = ledger.drifts[-1] if ledger.drifts else None
    sentences = (
        *_sentences(protocol, at, flow, now),
        *_set_aside(aside),
        *_drift(drift),
        *((stopping.sentence,) if stopping else ()),
        *_amended(ledger, strategy),
        *_possible(ledger),
        *_last_words(ledger, protocol),
    )
    return StatusView(
        clocks=at,
        prisma=flow,
        sentences=sentences,
        set_aside=len(aside.reports),
        audit=aside.audit,
        promise_withdrawn=aside.withdrawn,
        drift=drift,
        stopping=stopping,
    )


def _set_aside(aside: SetAside) -> tuple[str, ...]:
    if aside.audit is None:
        return (aside.short,) if aside.short else ()
    out = f"Set aside: {len(aside.reports)} of those that wait, unscreened and not excluded"
    said = (out, f"Audit: {aside.audit.sentence}", aside.withdrawn, aside.short)
    return tuple(one for one in said if one)


def _drift(drift: Drift | None) -> tuple[str, ...]:
    if drift is None:
        return ()
    looks = [one for one in drift.checks if one.level in {Level.LOOK, Level.WITHDRAWN}]
    return (f"Drift: {drift.level}", *(f"Drift, {one.name}: {one.level}: {one.sentence}" for one in looks))


def _sentences(protocol: Protocol, at: Clocks, flow: PrismaFlow, now: datetime) -> tuple[str, ...]:
    behind = f" (behind: {', '.join(at.sources_behind)})" if at.sources_behind else ""
    gaps = tuple(f"Gap: {gap.source} was not searched {gap.window}: {gap.reason}" for gap in at.open_gaps)
    return (
        f"{protocol.title}: {at.badge}",
        f"Fully searched through {at.fully_searched_through or 'no day yet'}{behind}",
        f"PubMed watched through {at.pubmed_through or 'no day yet'}",
        *(_source(one) for one in at.sources if one.name != "pubmed"),
        *_known_pass(at, now),
        f"Next search due {at.next_search_due or 'when it is first searched'}",
        f"Screened through {at.screened_through or 'no day yet'}; {at.waiting} reports wait for people",
        f"Included: {flow.total_studies} studies in {flow.total_reports} reports",
        f"Pooled at {at.synthesised_at or 'no time yet'}; published at {at.published_at or 'no time yet'}",
        *gaps,
    )


def _source(clock: SourceClock) -> str:
    verb = "imported" if clock.by_hand else "watched"
    return f"{clock.name} {verb} through {clock.through or 'no day yet'}"


def _known_pass(at: Clocks, now: datetime) -> tuple[str, ...]:
    if at.known_pass_due is None:
        return ()
    late = " (overdue: run 'living-review run --known-pass')" if now.date() > at.known_pass_due else ""
    seen = (
        f"last looked at again on {at.known_pass_through}" if at.known_pass_through else "not looked at yet"
    )
    return (f"Known records {seen}; the next look is due {at.known_pass_due}{late}",)


def _amended(ledger: Ledger, strategy: str) -> tuple[str, ...]:
    last = next((run.strategy_sha256 for run in reversed(ledger.runs) if run.source == "pubmed"), strategy)
    told = "The strategy has changed since PubMed was last searched: the days above are the former one's"
    return () if not strategy or last == strategy else (told,)


def _possible(ledger: Ledger) -> tuple[str, ...]:
    waiting = len(open_hints(ledger.link_hints, ledger.hint_answers))
    return (f"Possible duplicates: {waiting} waiting for a person's word at the desk",) if waiting else ()


def _last_words(ledger: Ledger, protocol: Protocol) -> tuple[str, ...]:
    """Return what the last run of each source that the service asks said besides its counts."""
    last = {run.source: run for run in ledger.runs}
    told = (last[name] for name in (*protocol.search.automatic, SECOND_LOOK) if name in last)
    return tuple(f"Last run of {run.source}: {run.status}: {run.message}" for run in told if run.message)
