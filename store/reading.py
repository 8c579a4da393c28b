"""The ledger as one value: everything written down, but the texts and the suggestions."""

from typing import TypeVar

from sqlalchemy import Connection, select

from review.audit import AuditDraw, PutBack
from review.decision import Decision, ImportedDecision, Resolution
from review.drift import Drift
from review.edition import Edition, Notice, StatusEntry, UpdateDecision
from review.effect import Effect, EffectCheck, ImportedEffect
from review.ids import RecordId, ReportId
from review.ledger import Ledger, Sighting
from review.link import DuplicateLink, HintAnswer, LinkHint, StudyLink
from review.result import Synthesis
from review.searching import SearchGap, SearchRun
from review.suggestion import InForce, Model
from store.codec import from_text, load
from store.nouns import table_of
from store.room import Room
from store.schema import chain_head, record
from store.searches import fold_gaps

__all__ = ["Reading"]

Noun = TypeVar("Noun")


class Reading(Room):
    """The read model that the folds of ``review`` start from."""

    _kept: tuple[int, Ledger] | None = None

    def ledger(self) -> Ledger:
        """Return everything written but the texts of records and the suggestions.

        Read anew only where something was written since; a ledger is a value and never changes.
        """
        with self._read() as connection:
            generation = connection.execute(select(chain_head.c.seq)).scalar_one()
            kept = self._kept
            if kept is None or kept[0] != generation:
                kept = self._kept = (generation, _read(connection))
        return kept[1]


def _read(connection: Connection) -> Ledger:
    return Ledger(
        sightings=_sightings(connection),
        runs=_all(connection, SearchRun),
        gaps=fold_gaps(_all(connection, SearchGap)),
        duplicates=_all(connection, DuplicateLink),
        link_hints=_all(connection, LinkHint),
        hint_answers=_all(connection, HintAnswer),
        study_links=_all(connection, StudyLink),
        decisions=_all(connection, Decision),
        resolutions=_all(connection, Resolution),
        imported_decisions=_all(connection, ImportedDecision),
        effects=_all(connection, Effect),
        checks=_all(connection, EffectCheck),
        imported_effects=_all(connection, ImportedEffect),
        models=_all(connection, Model),
        in_force=_all(connection, InForce),
        syntheses=_all(connection, Synthesis),
        update_decisions=_all(connection, UpdateDecision),
        editions=_all(connection, Edition),
        status_entries=_all(connection, StatusEntry),
        notices=_all(connection, Notice),
        audit_draws=_all(connection, AuditDraw),
        put_back=_all(connection, PutBack),
        drifts=_all(connection, Drift),
    )


def _all(connection: Connection, kind: type[Noun]) -> tuple[Noun, ...]:
    table = table_of(kind)
    return tuple(load(kind, body) for body in connection.scalars(select(table.c.body).order_by(table.c.seq)))


def _sightings(connection: Connection) -> tuple[Sighting, ...]:
    statement = select(record.c.id, record.c.report, record.c.source, record.c.at).order_by(record.c.seq)
    return tuple(
        Sighting(record=RecordId(one), report=ReportId(report), source=source, at=from_text(at))
        for one, report, source, at in connection.execute(statement)
    )
