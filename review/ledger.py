"""Everything that was ever written down about a review, but the texts of its records: what the folds read."""

from dataclasses import dataclass, replace
from datetime import datetime

from review.decision import Decision, ImportedDecision, Resolution
from review.edition import Edition, Notice, StatusEntry, UpdateDecision
from review.effect import Effect, EffectCheck, ImportedEffect
from review.ids import RecordId, ReportId
from review.link import DuplicateLink, LinkHint, StudyLink
from review.result import Synthesis
from review.searching import SearchGap, SearchRun
from review.suggestion import Model

__all__ = ["Ledger", "Sighting"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """When a record was first seen, and the report it stands for."""

    record: RecordId
    report: ReportId
    source: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """The append-only rows of one review, each tuple in the order of writing."""

    sightings: tuple[Sighting, ...] = ()
    runs: tuple[SearchRun, ...] = ()
    gaps: tuple[SearchGap, ...] = ()
    duplicates: tuple[DuplicateLink, ...] = ()
    link_hints: tuple[LinkHint, ...] = ()
    study_links: tuple[StudyLink, ...] = ()
    decisions: tuple[Decision, ...] = ()
    resolutions: tuple[Resolution, ...] = ()
    imported_decisions: tuple[ImportedDecision, ...] = ()
    effects: tuple[Effect, ...] = ()
    checks: tuple[EffectCheck, ...] = ()
    imported_effects: tuple[ImportedEffect, ...] = ()
    models: tuple[Model, ...] = ()
    syntheses: tuple[Synthesis, ...] = ()
    update_decisions: tuple[UpdateDecision, ...] = ()
    editions: tuple[Edition, ...] = ()
    status_entries: tuple[StatusEntry, ...] = ()
    notices: tuple[Notice, ...] = ()

    def as_of(self, when: datetime) -> "Ledger":
        """Return the ledger as it stood at `when`: rows written later are left out."""
        changes = {
            name: tuple(row for row in getattr(self, name) if _written(row) <= when)
            for name in self.__slots__
        }
        reopened = tuple(_reopen(gap, when) for gap in changes["gaps"])
        return replace(self, **{**changes, "gaps": reopened})


def _reopen(gap: SearchGap, when: datetime) -> SearchGap:
    later = gap.closed_at is not None and gap.closed_at > when
    return replace(gap, closed_by=None, closed_at=None) if later else gap


def _written(row: object) -> datetime:
    return row.ended if isinstance(row, SearchRun) else row.at  # type: ignore[attr-defined]  # each row but a run has `at`
