"""Which reports are set aside at present, and what became of those that the audit drew.

A report is set aside in the moment in which the draw is written that had it among those it drew from: none
leaves the queue without having had its chance to be drawn. Whether it still is set aside is a fold. It counts
as unscreened everywhere, and is back in the queue as soon as somebody votes on it or puts it back, a later
model flags it, the promise fails or is less than is asked now, or the protocol no longer sets aside.
"""

from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass
from datetime import datetime

from review.audit import QueueWord
from review.ids import ModelId, ReportId
from review.in_force import model_in_force
from review.ledger import Ledger
from review.protocol import ClassifierPlan
from review.screening import Settlement, Status
from review.suggestion import Model

__all__ = [
    "RELEVANT",
    "FirstSaid",
    "Line",
    "Stratum",
    "drawn_below",
    "ever_set_aside",
    "falls_short",
    "flagged_and_relevant",
    "newly_below",
    "promise_holds",
    "promises",
    "put_aside",
    "put_back",
    "strata",
]

RELEVANT = frozenset(
    {
        Status.AWAITING_FULL_TEXT,
        Status.AWAITING_SECOND_FULL_TEXT_VOTE,
        Status.FULL_TEXT_CONFLICT,
        Status.AWAITING_CLASSIFICATION,
        Status.ONGOING,
        Status.INCLUDED,
        Status.SIBLING,
    }
)
"""What went on beyond title and abstract, as long as its full text does not exclude it."""

_IRRELEVANT = frozenset({Status.EXCLUDED_AT_SCREENING, Status.EXCLUDED})

Settlements = Mapping[ReportId, Settlement]


@dataclass(frozen=True, slots=True)
class Line:
    """On which side of which model's line the suggestion stands that counts of a report's."""

    model: ModelId
    flagged: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstSaid:
    """What the machine said of a report when it was first ranked."""

    at: datetime
    model: ModelId
    score: float
    flagged: bool


Lines = Mapping[ReportId, Line]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stratum:
    """One cycle's draw, and what is known of it now.

    Parameters
    ----------
    reports
        Those that were set aside.
    drawn
        How many of them the audit drew.
    read
        Drawn ones that are settled, by votes or by an import; only these count as a sample.
    relevant
        Those of `read` that are relevant.
    found
        All of `of` that people found relevant by now, by whatever way.
    """

    at: datetime
    reports: frozenset[ReportId]
    drawn: int
    read: int
    relevant: int
    found: int

    @property
    def of(self) -> int:
        """How many were set aside."""
        return len(self.reports)


def promise_holds(model: Model) -> bool:
    """Return whether a model's line bears a promise that was not withdrawn when it was trained."""
    return model.promised and not model.promise_withdrawn


def promises(model: Model, asked: float) -> bool:
    """Return whether a model's line bears a promise that holds, of at least the recall `asked`.

    A card that does not say its recall promises nothing here: that brings back too much, never too little.
    """
    return promise_holds(model) and model.recall is not None and model.recall >= asked


def falls_short(ledger: Ledger, plan: ClassifierPlan) -> str:
    """Return why the line in force, though it bears a promise, sets nothing aside; empty where it may."""
    present = model_in_force(ledger)
    if not (plan.set_aside and present and promise_holds(present)) or promises(present, plan.promise):
        return ""
    given = "a recall that its card does not say" if present.recall is None else f"{present.recall:.4g}"
    return (
        f"Nothing is set aside: the line in force promises {given}, the protocol asks {plan.promise:.4g}. "
        "A model that learns anew draws its line for that."
    )


def put_aside(
    ledger: Ledger, settlements: Settlements, lines: Lines, plan: ClassifierPlan, *, withdrawn: str = ""
) -> tuple[ReportId, ...]:
    """Return the reports that are set aside, in the order in which they were.

    Parameters
    ----------
    lines
        Where the suggestion of each report that counts stands.
    withdrawn
        Why the promise was withdrawn since the model was trained; with it everything is back in the queue.
    """
    if withdrawn or not ledger.audit_draws:
        return ()
    below = frozenset(_below(ledger, settlements, lines, plan))
    out = ever_set_aside(ledger) - _drawn(ledger) - put_back(ledger)
    ordered = dict.fromkeys(one for draw in ledger.audit_draws for one in draw.set_aside)
    return tuple(one for one in ordered if one in out and one in below)


def newly_below(
    ledger: Ledger, settlements: Settlements, lines: Lines, plan: ClassifierPlan, *, withdrawn: str = ""
) -> tuple[ReportId, ...]:
    """Return what may be set aside and never was, in order of first sight: what the next draw draws from."""
    if withdrawn:
        return ()
    before = ever_set_aside(ledger) | put_back(ledger)
    return tuple(one for one in _below(ledger, settlements, lines, plan) if one not in before)


def ever_set_aside(ledger: Ledger) -> frozenset[ReportId]:
    """Return every report that a draw ever held."""
    return frozenset(one for draw in ledger.audit_draws for one in draw.set_aside)


def put_back(ledger: Ledger) -> frozenset[ReportId]:
    """Return the reports that people put back in the queue, by the last word on each."""
    last = {one.report: one.word for one in ledger.put_back}
    return frozenset(report for report, word in last.items() if word is QueueWord.BACK)


def drawn_below(ledger: Ledger, lines: Lines) -> frozenset[ReportId]:
    """Return what was drawn for audit and is not flagged: what chance, not a score, has in the queue."""
    return _drawn(ledger) - _flagged(ledger, lines)


def strata(ledger: Ledger, settlements: Settlements, lines: Lines) -> tuple[Stratum, ...]:
    """Return what is known of each draw, the first first.

    Reports that turned out to be one document count once, in the first draw that held one of them. A document
    that is flagged under a name which was never set aside counts in none: the line did not miss it.
    """
    held = set(_flagged(ledger, _never_aside(ledger, lines)))
    found: list[Stratum] = []
    for draw in ledger.audit_draws:
        own = frozenset(draw.set_aside) - held
        found.append(_stratum(draw.at, own, own.intersection(draw.drawn), settlements))
        held |= own
    return tuple(found)


def flagged_and_relevant(ledger: Ledger, settlements: Settlements, lines: Lines) -> int:
    """Count the relevant documents that a promised line flagged under a name which was never set aside."""
    promised = {one.id for one in ledger.models if promise_holds(one)}
    theirs = {report: line for report, line in lines.items() if line.model in promised}
    caught = _flagged(ledger, _never_aside(ledger, theirs))
    return sum(_is(report, RELEVANT, settlements) for report in caught)


def _below(
    ledger: Ledger, settlements: Settlements, lines: Lines, plan: ClassifierPlan
) -> Iterator[ReportId]:
    """Yield what waits unread below the line of a model that promises what the protocol asks now."""
    present = model_in_force(ledger)
    if not (plan.set_aside and present and promises(present, plan.promise)):
        return
    promised = {one.id for one in ledger.models if promises(one, plan.promise)}
    seen = {one.report for one in ledger.decisions} | _flagged(ledger, lines)
    for report, found in settlements.items():
        line = lines.get(report)
        if line is None or line.model not in promised or report in seen:
            continue
        if found.status is Status.AWAITING_SCREENING:
            yield report


def _flagged(ledger: Ledger, lines: Lines) -> frozenset[ReportId]:
    """Return the documents above the line under any of their names: joining two must not hide the one."""
    means = ledger.means()
    return frozenset(means.get(report, report) for report, line in lines.items() if line.flagged)


def _never_aside(ledger: Ledger, lines: Lines) -> Lines:
    """Return the lines of names that no draw held when it was written, whatever they mean at present."""
    aside = {one for draw in ledger.as_written.audit_draws for one in draw.set_aside}
    return {report: line for report, line in lines.items() if report not in aside}


def _drawn(ledger: Ledger) -> frozenset[ReportId]:
    return frozenset(one for draw in ledger.audit_draws for one in draw.drawn)


def _stratum(
    at: datetime, of: frozenset[ReportId], drawn: Set[ReportId], settlements: Settlements
) -> Stratum:
    return Stratum(
        at=at,
        reports=of,
        drawn=len(drawn),
        read=sum(_is(one, RELEVANT | _IRRELEVANT, settlements) for one in drawn),
        relevant=sum(_is(one, RELEVANT, settlements) for one in drawn),
        found=sum(_is(one, RELEVANT, settlements) for one in of),
    )


def _is(report: ReportId, statuses: Set[Status], settlements: Settlements) -> bool:
    found = settlements.get(report)
    return found is not None and found.status in statuses
