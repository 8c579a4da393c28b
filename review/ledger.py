"""Everything that was ever written down about a review, but the texts of its records: what the folds read.

Rows are written under the identifier that a report had then. A ledger gives them under the report that this
identifier means at present (``review.merging``), so that no fold can forget that two reports became one.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any

from review.audit import AuditDraw, PutBack
from review.decision import Decision, ImportedDecision, Resolution
from review.drift import Drift
from review.edition import Edition, Notice, StatusEntry, UpdateDecision
from review.effect import Effect, EffectCheck, ImportedEffect
from review.ids import RecordId, ReportId
from review.link import DuplicateLink, HintAnswer, LinkHint, StudyLink
from review.merging import standing
from review.result import Synthesis
from review.searching import SearchGap, SearchRun
from review.suggestion import InForce, Model

__all__ = ["AsWritten", "Ledger", "Sighting"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """When a record was first seen, and the report it stands for."""

    record: RecordId
    report: ReportId
    source: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AsWritten:
    """The rows that name reports, under the identifiers with which they were written."""

    duplicates: tuple[DuplicateLink, ...]
    sightings: tuple[Sighting, ...]
    link_hints: tuple[LinkHint, ...]
    hint_answers: tuple[HintAnswer, ...]
    study_links: tuple[StudyLink, ...]
    decisions: tuple[Decision, ...]
    resolutions: tuple[Resolution, ...]
    imported_decisions: tuple[ImportedDecision, ...]
    effects: tuple[Effect, ...]
    notices: tuple[Notice, ...]
    audit_draws: tuple[AuditDraw, ...] = ()
    put_back: tuple[PutBack, ...] = ()

    def as_meant(self) -> dict[str, tuple[Any, ...]]:
        """Return the rows by kind, each under the report that its identifier means at present."""
        stands = standing(((one.record, one.report) for one in self.sightings), self.duplicates)
        meant = {ReportId(record): report for record, report in stands.items() if record != str(report)}
        rows = {name: _meant(getattr(self, name), meant) for name in _OF_REPORTS} if meant else _rows(self)
        return {**rows, "sightings": tuple(_standing(one, stands[one.record]) for one in self.sightings)}


_OF_REPORTS = tuple(one.name for one in fields(AsWritten) if one.name not in {"duplicates", "sightings"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """The append-only rows of one review, each tuple in the order of writing.

    Parameters
    ----------
    written
        Filled in when the ledger is made: the rows that name reports as they were written, while those
        beside it stand under the report that is meant. Where a ledger is copied with ``replace``, the rows
        that are given anew count as written so.
    """

    sightings: tuple[Sighting, ...] = ()
    runs: tuple[SearchRun, ...] = ()
    gaps: tuple[SearchGap, ...] = ()
    duplicates: tuple[DuplicateLink, ...] = ()
    link_hints: tuple[LinkHint, ...] = ()
    hint_answers: tuple[HintAnswer, ...] = ()
    study_links: tuple[StudyLink, ...] = ()
    decisions: tuple[Decision, ...] = ()
    resolutions: tuple[Resolution, ...] = ()
    imported_decisions: tuple[ImportedDecision, ...] = ()
    effects: tuple[Effect, ...] = ()
    checks: tuple[EffectCheck, ...] = ()
    imported_effects: tuple[ImportedEffect, ...] = ()
    models: tuple[Model, ...] = ()
    in_force: tuple[InForce, ...] = ()
    syntheses: tuple[Synthesis, ...] = ()
    update_decisions: tuple[UpdateDecision, ...] = ()
    editions: tuple[Edition, ...] = ()
    status_entries: tuple[StatusEntry, ...] = ()
    notices: tuple[Notice, ...] = ()
    audit_draws: tuple[AuditDraw, ...] = ()
    put_back: tuple[PutBack, ...] = ()
    drifts: tuple[Drift, ...] = ()
    written: AsWritten | None = None

    def __post_init__(self) -> None:
        written = _as_written(self)
        object.__setattr__(self, "written", written)
        for name, rows in written.as_meant().items():
            object.__setattr__(self, name, rows)

    @property
    def as_written(self) -> AsWritten:
        """The rows that name reports, under the identifiers with which they were written."""
        assert self.written is not None  # noqa: S101 - __post_init__ has set it
        return self.written

    def means(self) -> dict[ReportId, ReportId]:
        """Return the report that the name of each record ever seen means at present."""
        return {ReportId(one.record): one.report for one in self.sightings}

    def as_of(self, when: datetime) -> "Ledger":
        """Return the ledger as it stood at `when`: rows written later, merges among them, are left out."""
        rows = {**_rows(self), **_rows(self.as_written)}
        changes: dict[str, Any] = {
            name: tuple(row for row in written if _written(row) <= when) for name, written in rows.items()
        }
        reopened = tuple(_reopen(gap, when) for gap in changes["gaps"])
        return Ledger(**{**changes, "gaps": reopened})


def _as_written(ledger: Ledger) -> AsWritten:
    """Return the rows before they were given their meaning; of a copy, those that were not given anew."""
    given = {name: getattr(ledger, name) for name in AsWritten.__slots__}
    before = ledger.written
    if before is None:
        return AsWritten(**given)
    shown = before.as_meant()
    kept = {name: getattr(before, name) for name, rows in shown.items() if given[name] == rows}
    return AsWritten(**{**given, **kept})


def _rows(ledger: "Ledger | AsWritten") -> dict[str, tuple[Any, ...]]:
    return {name: getattr(ledger, name) for name in ledger.__slots__ if name != "written"}


def _meant(rows: tuple[Any, ...], meant: Mapping[ReportId, ReportId]) -> tuple[Any, ...]:
    return tuple(_under(row, meant) for row in rows)


def _under(row: Any, meant: Mapping[ReportId, ReportId]) -> Any:  # noqa: ANN401 - any row that names a report
    ends = {end: getattr(row, end) for end in ("report", "other") if hasattr(row, end)}
    moved: dict[str, Any] = {end: meant[report] for end, report in ends.items() if report in meant}
    if isinstance(row, AuditDraw):
        moved = {name: tuple(meant.get(one, one) for one in getattr(row, name)) for name in _DRAWN}
    return replace(row, **moved) if moved else row


_DRAWN = ("set_aside", "drawn")


def _standing(sighting: Sighting, report: ReportId) -> Sighting:
    return sighting if sighting.report == report else replace(sighting, report=report)


def _reopen(gap: SearchGap, when: datetime) -> SearchGap:
    later = gap.closed_at is not None and gap.closed_at > when
    return replace(gap, closed_by=None, closed_at=None) if later else gap


def _written(row: object) -> datetime:
    return row.ended if isinstance(row, SearchRun) else row.at  # type: ignore[attr-defined]  # each row but a run has `at`
