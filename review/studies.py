"""Studies as a fold: which trials are in, which wait, and through which reports each is known."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from review.effect import Effect, EffectCheck, Estimate
from review.ids import EffectId, ReportId, StudyId
from review.ledger import Ledger
from review.protocol import Protocol
from review.result import Pending
from review.screening import Settlement, Status

__all__ = ["Study", "Usable", "contested_studies", "included_studies", "pending_studies", "usable_estimates"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Study:
    """A trial and the reports that tell of it, the one it was included by first."""

    id: StudyId
    reports: tuple[ReportId, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Usable:
    """An estimate that may be pooled, and whether it was imported."""

    estimate: Estimate
    imported: bool


def included_studies(settlements: Mapping[ReportId, Settlement]) -> dict[StudyId, Study]:
    """Return the studies with an included report, by label; siblings join the study they are linked to."""
    return _grouped(settlements.values(), Status.INCLUDED)


def contested_studies(settlements: Mapping[ReportId, Settlement]) -> dict[StudyId, Study]:
    """Return the studies whose only reports are held as conflicts at full text."""
    held = _grouped(settlements.values(), Status.FULL_TEXT_CONFLICT)
    return {study: found for study, found in held.items() if study not in included_studies(settlements)}


def usable_estimates(ledger: Ledger, protocol: Protocol) -> tuple[Usable, ...]:
    """Return every estimate that may be pooled: imported ones, and read ones that enough people stand behind.

    An extracted result that was superseded is left out. Where people extracted a result of a study for an
    analysis key, it replaces what was imported for that study and key.
    """
    read = _confirmed(ledger.effects, ledger.checks, protocol.extraction.people_per_effect)
    own = {(effect.estimate.study, effect.estimate.key) for effect in read}
    imported = [
        one.estimate for one in ledger.imported_effects if (one.estimate.study, one.estimate.key) not in own
    ]
    return (
        *(Usable(estimate=effect.estimate, imported=False) for effect in read),
        *(Usable(estimate=estimate, imported=True) for estimate in imported),
    )


def pending_studies(
    ledger: Ledger, settlements: Mapping[ReportId, Settlement], protocol: Protocol
) -> tuple[Pending, ...]:
    """Return the included studies without any usable estimate, each with what it waits for."""
    usable = {one.estimate.study for one in usable_estimates(ledger, protocol)}
    entered = {effect.estimate.study for effect in ledger.effects}
    return tuple(
        Pending(
            study=study.id,
            reports=study.reports,
            why="result entered, not yet checked" if study.id in entered else "no result extracted yet",
        )
        for study in included_studies(settlements).values()
        if study.id not in usable
    )


def _grouped(settlements: Iterable[Settlement], status: Status) -> dict[StudyId, Study]:
    reports: dict[StudyId, list[ReportId]] = defaultdict(list)
    siblings: dict[StudyId, list[ReportId]] = defaultdict(list)
    for one in settlements:
        label = one.study or StudyId(one.report)
        if one.status is status:
            reports[label].append(one.report)
        elif one.status is Status.SIBLING:
            siblings[label].append(one.report)
    return {label: Study(id=label, reports=(*found, *siblings[label])) for label, found in reports.items()}


def _confirmed(effects: Iterable[Effect], checks: Iterable[EffectCheck], people: int) -> tuple[Effect, ...]:
    standing = {effect.id: effect for effect in effects}
    for effect in tuple(standing.values()):
        if effect.supersedes:
            standing.pop(effect.supersedes, None)
    behind = _people_behind(standing, checks)
    return tuple(effect for effect in standing.values() if len(behind[effect.id]) >= people)


def _people_behind(
    standing: Mapping[EffectId, Effect], checks: Iterable[EffectCheck]
) -> dict[EffectId, set[str]]:
    behind: dict[EffectId, set[str]] = {effect.id: {effect.by} for effect in standing.values()}
    for check in checks:
        if check.effect in behind:
            behind[check.effect].add(check.by)
    return behind
