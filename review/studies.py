"""Studies as a fold: which trials are in, which wait, and through which reports each is known."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from review.effect import AnalysisKey, Effect, Estimate, ImportedEffect
from review.ids import EffectId, ReportId, Reviewer, StudyId
from review.ledger import Ledger
from review.protocol import Protocol
from review.result import Pending
from review.screening import Settlement, Status

__all__ = [
    "Slot",
    "Study",
    "Usable",
    "contested_studies",
    "included_studies",
    "of_last_source",
    "pending_studies",
    "people_behind",
    "slot_of",
    "standing_effects",
    "usable_estimates",
]

Slot = tuple[str, str, AnalysisKey]
"""Which row of which published table an imported effect is: source, row label, analysis key."""


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
    """Return the studies whose only reports are held as conflicts at full text.

    A document that was taken for several studies, while it stood as several reports, holds each of them.
    """
    held = _grouped(settlements.values(), Status.FULL_TEXT_CONFLICT)
    included = included_studies(settlements)
    return {study: found for study, found in held.items() if study not in included}


def usable_estimates(ledger: Ledger, protocol: Protocol) -> tuple[Usable, ...]:
    """Return every estimate that may be pooled: imported ones, and read ones that enough people stand behind.

    A correction takes the place of an extracted result once enough people stand behind the correction; until
    then the earlier result counts. Where people extracted a result of a study for an analysis key, it
    replaces what was imported for that study and key.

    Of imports, the last one of each row of a published table counts. Where several sources print a result of
    one study for one key, only the rows of the source that came last (by its first import) count: they tell
    of the same participants, so that pooling both would make the variance too small.
    """
    read = _confirmed(ledger, protocol.extraction.people_per_effect)
    own = {(effect.estimate.study, effect.estimate.key) for effect in read}
    imported = [
        one.estimate
        for one in of_last_source(ledger.imported_effects)
        if (one.estimate.study, one.estimate.key) not in own
    ]
    return (
        *(Usable(estimate=effect.estimate, imported=False) for effect in read),
        *(Usable(estimate=estimate, imported=True) for estimate in imported),
    )


def slot_of(source: str, estimate: Estimate) -> Slot:
    """Return the row of a published table that an estimate was printed in."""
    return source, estimate.label, estimate.key


def of_last_source(imported: Iterable[ImportedEffect]) -> tuple[ImportedEffect, ...]:
    """Return the last import of each row, for each study and key of the source that came last alone."""
    # A row that comes again keeps the place of its first import: a correction changes no precedence.
    last = {slot_of(one.source, one.estimate): one for one in imported}.values()
    source = {(one.estimate.study, one.estimate.key): one.source for one in last}
    return tuple(one for one in last if one.source == source[one.estimate.study, one.estimate.key])


def standing_effects(ledger: Ledger) -> dict[EffectId, Effect]:
    """Return the extracted results that no later one supersedes, checked or not."""
    replaced = {effect.supersedes for effect in ledger.effects}
    return {effect.id: effect for effect in ledger.effects if effect.id not in replaced}


def people_behind(ledger: Ledger) -> dict[EffectId, set[Reviewer]]:
    """Return who read or checked each extracted result."""
    behind = {effect.id: {effect.by} for effect in ledger.effects}
    for check in ledger.checks:
        if check.effect in behind:
            behind[check.effect].add(check.by)
    return behind


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
            for held in one.held_from or (label,):
                reports[held].append(one.report)
        elif one.status is Status.SIBLING:
            siblings[label].append(one.report)
    return {label: Study(id=label, reports=(*found, *siblings[label])) for label, found in reports.items()}


def _confirmed(ledger: Ledger, people: int) -> tuple[Effect, ...]:
    behind = people_behind(ledger)
    confirmed = [effect for effect in ledger.effects if len(behind[effect.id]) >= people]
    replaced = _replaced({effect.id: effect.supersedes for effect in ledger.effects}, confirmed)
    return tuple(effect for effect in confirmed if effect.id not in replaced)


def _replaced(supersedes: Mapping[EffectId, EffectId | None], confirmed: Collection[Effect]) -> set[EffectId]:
    """Return whatever stands before a confirmed result in its chain of corrections."""
    found: set[EffectId] = set()
    for effect in confirmed:
        former = effect.supersedes
        while former is not None and former not in found:
            found.add(former)
            former = supersedes.get(former)
    return found
