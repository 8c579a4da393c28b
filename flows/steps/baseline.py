"""Take in the published review that is kept up to date: its reports, decisions and effects, each once."""

import hashlib
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from review.baseline import (
    BaselineReport,
    BaselineStudy,
    PublishedEffect,
    TableError,
    read_effects,
    read_reports,
    read_studies,
)
from review.decision import ImportedDecision, Stage
from review.effect import ImportedEffect
from review.ids import EffectId, StudyId
from review.protocol import Protocol
from store.store import Store

__all__ = ["import_effects", "take_in_baseline"]


def take_in_baseline(folder: Path, protocol: Protocol, store: Store, now: datetime) -> None:
    """Write what the baseline tables say and the store does not know yet.

    Raises
    ------
    TableError
        When a table cannot be read, or a report or effect belongs to no listed study; nothing is written.
    """
    references = protocol.references
    studies = {one.study: one for one in read_studies(folder / references.studies)}
    reports = read_reports(folder / references.reports)
    effects = read_effects(folder / references.effects, protocol)
    _refuse_strangers(folder / references.reports, (one.study for one in reports), studies)
    _refuse_strangers(folder / references.effects, (one.estimate.study for one in effects), studies)
    store.add_records([one.record for one in reports], now)
    _import_decisions(store, reports, studies, now)
    import_effects(store, effects, now)


def import_effects(store: Store, effects: Iterable[PublishedEffect], now: datetime) -> int:
    """Write those published effects that the store does not hold yet; return how many."""
    held = {one.id for one in store.ledger().imported_effects}
    new = (_as_import(one, now) for one in effects)
    return store.import_effects([one for one in new if one.id not in held])


def _import_decisions(
    store: Store,
    reports: Iterable[BaselineReport],
    studies: dict[StudyId, BaselineStudy],
    now: datetime,
) -> None:
    held = {one.report for one in store.ledger().imported_decisions}
    decisions = (_as_decision(one, studies[one.study], now) for one in reports)
    store.import_decisions([one for one in decisions if one.report not in held])


def _as_decision(report: BaselineReport, study: BaselineStudy, now: datetime) -> ImportedDecision:
    return ImportedDecision(
        report=report.record.report_id,
        stage=Stage.FULL_TEXT,
        verdict=study.verdict,
        source=study.source,
        at=now,
        reason=study.reason,
        study=study.study,
    )


def _as_import(effect: PublishedEffect, now: datetime) -> ImportedEffect:
    name = f"{effect.source}|{effect.estimate.label}|{effect.estimate.key}"
    digest = hashlib.sha256(name.encode()).hexdigest()[:16]
    return ImportedEffect(
        id=EffectId(f"imported-{digest}"),
        estimate=effect.estimate,
        source=effect.source,
        at=now,
        note=effect.note,
    )


def _refuse_strangers(path: Path, named: Iterable[StudyId], studies: dict[StudyId, BaselineStudy]) -> None:
    for study in named:
        if study not in studies:
            raise TableError(
                str(path), f"study {study!r}", "a study of the list of studies", "add it there or correct it"
            )
