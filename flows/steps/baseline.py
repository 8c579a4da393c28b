"""Take in the published review that is kept up to date: its reports, decisions and effects, each once.

What its tables say can be corrected: another verdict, reason, study or value is imported again and supersedes
what was imported before. A report's record and the removal of a line are not taken back in this way; lines
that are gone are named by ``left_behind``.
"""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from review.baseline import BaselineReport, BaselineStudy, TableError, read_reports, read_studies
from review.decision import ImportedDecision, Stage
from review.effect import ImportedEffect
from review.ids import EffectId, StudyId
from review.protocol import Protocol
from review.published_effects import PublishedEffect, read_effects
from review.record import Record
from review.studies import slot_of
from store.store import Store

__all__ = ["import_effects", "take_in_baseline"]


def take_in_baseline(folder: Path, protocol: Protocol, store: Store, now: datetime) -> None:
    """Write what the baseline tables say and the store does not know yet.

    Raises
    ------
    TableError
        When a table cannot be read, a report or effect belongs to no listed study, a row of effects stands
        there twice, or a report is told otherwise than it was taken in; nothing is written.
    """
    references = protocol.references
    studies = {one.study: one for one in read_studies(folder / references.studies)}
    reports = read_reports(folder / references.reports)
    effects = read_effects(folder / references.effects, protocol)
    _refuse_strangers(folder / references.reports, (one.study for one in reports), studies)
    _refuse_strangers(folder / references.effects, (one.estimate.study for one in effects), studies)
    _refuse_twins(folder / references.effects, effects)
    _refuse_changed(folder / references.reports, reports, store)
    # Rows of an older version lack fields that a record has by now: what is held is not written again.
    held = store.known([one.record.id for one in reports])
    store.add_records([one.record for one in reports if one.record.id not in held], now)
    _import_decisions(store, reports, studies, now)
    import_effects(store, effects, now)


def import_effects(store: Store, effects: Iterable[PublishedEffect], now: datetime) -> int:
    """Write those published effects that the store does not hold as they are; return how many.

    A row of a table (source, label, analysis key) that differs from its last import is imported again.
    """
    held = {slot_of(one.source, one.estimate): one for one in store.ledger().imported_effects}
    rows = {slot_of(one.source, one.estimate): one for one in effects}
    return store.import_effects(
        [_as_import(one, held.get(slot), now) for slot, one in rows.items() if not _same(one, held.get(slot))]
    )


def _same(effect: PublishedEffect, held: ImportedEffect | None) -> bool:
    return held is not None and (held.estimate, held.note) == (effect.estimate, effect.note)


def _import_decisions(
    store: Store,
    reports: Iterable[BaselineReport],
    studies: dict[StudyId, BaselineStudy],
    now: datetime,
) -> None:
    held = {
        (one.report, one.source): (one.verdict, one.reason, one.study)
        for one in store.ledger().imported_decisions
    }
    decisions = (_as_decision(one, studies[one.study], now) for one in reports)
    store.import_decisions(
        [
            one
            for one in decisions
            if held.get((one.report, one.source)) != (one.verdict, one.reason, one.study)
        ]
    )


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


def _as_import(effect: PublishedEffect, former: ImportedEffect | None, now: datetime) -> ImportedEffect:
    # The one it supersedes is part of the digest, so that a value may go back to what it was.
    content = [asdict(effect), former.id if former else ""]
    digest = hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:16]
    return ImportedEffect(
        id=EffectId(f"imported-{digest}"),
        estimate=effect.estimate,
        source=effect.source,
        at=now,
        note=effect.note,
    )


def _refuse_twins(path: Path, effects: Iterable[PublishedEffect]) -> None:
    seen = set()
    for one in effects:
        slot = slot_of(one.source, one.estimate)
        if slot in seen:
            raise TableError(
                f"{path}: row {one.estimate.label!r}",
                f"it twice for {one.estimate.key} from one source",
                "each row of a source once for each analysis",
                "give the second a row name of its own or remove it",
            )
        seen.add(slot)


def _refuse_changed(path: Path, reports: Sequence[BaselineReport], store: Store) -> None:
    held = store.reports({one.record.report_id for one in reports})
    known = {record.id: record for report in held.values() for record in report.records}
    for one in reports:
        before = known.get(one.record.id, one.record)
        if before != one.record:
            raise TableError(
                f"{path}: report {one.record.accession!r}",
                f"a line that differs from what was taken in: {_differences(before, one.record)}",
                "a report as it was taken in, because people judged it so",
                "add a new report number instead or restore the line",
            )


def _differences(before: Record, now: Record) -> str:
    old, new = asdict(before), asdict(now)
    return "; ".join(
        f"{name} {new[name]!r} instead of {old[name]!r}" for name in old if old[name] != new[name]
    )


def _refuse_strangers(path: Path, named: Iterable[StudyId], studies: dict[StudyId, BaselineStudy]) -> None:
    for study in named:
        if study not in studies:
            raise TableError(
                str(path), f"study {study!r}", "a study of the list of studies", "add it there or correct it"
            )
