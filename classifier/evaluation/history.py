"""What models said of reports before anybody decided on them, beside what was decided.

Only a suggestion made before the first word on a report counts: one made later may have learned from it, or
from what people had said. A vote given in the very moment of a ranking came before it, as far as anyone can
tell. An imported decision of that moment came after it, because what an import has settled is not ranked.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache

from review.decision import Decision, ImportedDecision, Resolution
from review.ids import ModelId, ReportId
from review.in_force import last_put_in_force
from review.ledger import Ledger
from review.screening import Settlement, Status
from review.suggestion import Suggestion

__all__ = ["Fate", "History", "Ranked", "fate_of", "look_back"]


class Fate(StrEnum):
    """What became of a report that was ranked."""

    INCLUDED = "included"
    NOT_INCLUDED = "not included"
    UNDECIDED = "undecided"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranked:
    """One report, where it stood, and what became of it.

    Parameters
    ----------
    rank, of
        Its rank, from 1, in the list of `of` reports that were ranked with it.
    probability
        None where the model had none.
    at
        When it was ranked.
    decided
        When somebody first said something of it; None where nobody did.
    """

    report: ReportId
    model: ModelId
    rank: int
    of: int
    flagged: bool
    at: datetime
    fate: Fate
    probability: float | None = None
    decided: datetime | None = None

    @property
    def place(self) -> float:
        """The share of its list that stood no lower than it: rank / of, above 0, up to 1."""
        return self.rank / self.of


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """Every report that was ranked before it was decided, and how many were left out.

    Parameters
    ----------
    too_late
        Reports that were ranked only after somebody had spoken of them: no test of the ranking.
    never_ranked
        Decided reports that no model ever ranked, the published review's own among them.
    """

    ranked: tuple[Ranked, ...]
    too_late: int
    never_ranked: int


_FATES = {
    Status.INCLUDED: Fate.INCLUDED,
    Status.SIBLING: Fate.INCLUDED,
    Status.EXCLUDED: Fate.NOT_INCLUDED,
    Status.EXCLUDED_AT_SCREENING: Fate.NOT_INCLUDED,
}


def fate_of(settlement: Settlement | None) -> Fate:
    """Return what became of a report; a conflict, an ongoing trial and all that waits are undecided."""
    return Fate.UNDECIDED if settlement is None else _FATES.get(settlement.status, Fate.UNDECIDED)


def look_back(
    suggestions: Iterable[Suggestion], ledger: Ledger, settlements: Mapping[ReportId, Settlement]
) -> History:
    """Take, of each report, the suggestion that counted when the first word on it was said.

    That is the one by the model in force then, or the last made before. Where no row says which model was
    in force, it is the last made before.

    Parameters
    ----------
    suggestions
        All that were ever made, in any order.
    ledger
        Gives the words with their times, and the report that a name means at present.
    settlements
        Where each report stands now: the truth, as far as it is known.
    """
    means, before = ledger.means(), _came_before(ledger)
    in_force = _in_force_then(ledger, before)
    last: dict[ReportId, Suggestion] = {}
    seen: set[ReportId] = set()
    for one in suggestions:
        report = means.get(one.report, one.report)
        seen.add(report)
        if not before(report, one.at):
            continue
        present = in_force(report)
        if report not in last or _counts(last[report], present) <= _counts(one, present):
            last[report] = one
    first = _first_words(ledger)
    decided = {report for report, found in settlements.items() if fate_of(found) is not Fate.UNDECIDED}
    return History(
        ranked=tuple(
            _ranked(report, last[report], settlements.get(report), first.get(report))
            for report in sorted(last)
        ),
        too_late=len(seen - last.keys()),
        never_ranked=len(decided - seen),
    )


def _ranked(
    report: ReportId, said: Suggestion, settlement: Settlement | None, decided: datetime | None
) -> Ranked:
    return Ranked(
        report=report,
        model=said.model,
        rank=said.rank,
        of=said.of,
        flagged=said.flagged,
        at=said.at,
        fate=fate_of(settlement),
        probability=said.probability,
        decided=decided,
    )


def _counts(said: Suggestion, in_force: ModelId | None) -> tuple[bool, datetime]:
    """Return what orders the suggestions on one report, the one that counts last."""
    return said.model == in_force, said.at


def _in_force_then(
    ledger: Ledger, before: Callable[[ReportId, datetime], bool]
) -> Callable[[ReportId], ModelId | None]:
    @cache
    def in_force(report: ReportId) -> ModelId | None:
        return last_put_in_force([one for one in ledger.in_force if before(report, one.at)])

    return in_force


def _came_before(ledger: Ledger) -> Callable[[ReportId, datetime], bool]:
    voted = _earliest((*ledger.decisions, *ledger.resolutions))
    imported = _earliest(ledger.imported_decisions)

    def before(report: ReportId, at: datetime) -> bool:
        of_people, of_others = voted.get(report), imported.get(report)
        return (of_people is None or at < of_people) and (of_others is None or at <= of_others)

    return before


def _first_words(ledger: Ledger) -> dict[ReportId, datetime]:
    return _earliest((*ledger.decisions, *ledger.resolutions, *ledger.imported_decisions))


def _earliest(rows: Iterable[Decision | Resolution | ImportedDecision]) -> dict[ReportId, datetime]:
    first: dict[ReportId, datetime] = {}
    for row in rows:
        first[row.report] = min(row.at, first.get(row.report, row.at))
    return first
