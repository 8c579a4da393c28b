"""Which table a noun is written to, and what stands in its columns."""

from collections.abc import Mapping
from datetime import date, datetime
from operator import attrgetter
from typing import Any

from sqlalchemy import Table

from review.audit import AuditDraw, PutBack
from review.decision import Decision, ImportedDecision, Resolution
from review.drift import Drift
from review.edition import Edition, Notice, StatusEntry, UpdateDecision
from review.effect import AnalysisKey, Effect, EffectCheck, ImportedEffect
from review.link import DuplicateLink, HintAnswer, LinkHint, StudyLink
from review.record import Record
from review.result import Synthesis
from review.searching import SearchGap, SearchRun
from review.suggestion import InForce, Model, Suggestion
from store import schema
from store.codec import dump, sha256, storable, to_text

__all__ = ["Row", "kind_of", "row_of", "table_of"]

Row = dict[str, Any]
"""A row by column name."""

_TABLES: Mapping[type, Table] = {
    AuditDraw: schema.audit_draw,
    Decision: schema.decision,
    Drift: schema.drift,
    DuplicateLink: schema.duplicate_link,
    Edition: schema.edition,
    Effect: schema.effect,
    EffectCheck: schema.effect_check,
    HintAnswer: schema.hint_answer,
    ImportedDecision: schema.imported_decision,
    ImportedEffect: schema.imported_effect,
    InForce: schema.in_force,
    Model: schema.model,
    Notice: schema.notice,
    PutBack: schema.put_back,
    Record: schema.record,
    Resolution: schema.resolution,
    SearchGap: schema.search_gap,
    SearchRun: schema.search_run,
    LinkHint: schema.link_hint,
    StatusEntry: schema.status_entry,
    StudyLink: schema.study_link,
    Suggestion: schema.suggestion,
    Synthesis: schema.synthesis,
    UpdateDecision: schema.update_decision,
}

_ATTRIBUTES: Mapping[type, Mapping[str, str]] = {
    Effect: {"study": "estimate.study", "reviewer": "by"},
    EffectCheck: {"reviewer": "by"},
    ImportedEffect: {"study": "estimate.study"},
    SearchGap: {"first_day": "window.start", "last_day": "window.end"},
    SearchRun: {"at": "ended"},
}
"""Where a column is not called what the noun calls its field."""


def table_of(kind: type) -> Table:
    """Return the ledger of a kind of noun."""
    return _TABLES[kind]


def kind_of(table: Table) -> type:
    """Return the kind of noun that a ledger holds; background holds records too."""
    return next((kind for kind, ledger in _TABLES.items() if ledger is table), Record)


def row_of(noun: object, **given: object) -> Row:
    """Return the row that says `noun`, without its number; `given` columns are not looked for in the noun.

    Raises
    ------
    ValueError
        When a column would hold a character that no database holds, or a time without a zone.
    """
    kind = type(noun)
    attributes = _ATTRIBUTES.get(kind, {})
    values: Row = {"body": dump(noun), **given}
    for column in _TABLES[kind].columns.keys() - values.keys() - {"seq", "sha256"}:
        values[column] = attrgetter(attributes.get(column, column))(noun)
    if "sha256" in _TABLES[kind].columns:
        values["sha256"] = sha256(values["body"])
    return {column: _plain(f"{kind.__name__}.{column}", value) for column, value in values.items()}


def _plain(where: str, value: object) -> object:
    match value:
        case datetime():
            return to_text(value)
        case date():
            return value.isoformat()
        case AnalysisKey():
            return _storable(where, str(value))
        case float():
            return float(value)
        case str():
            return _storable(where, str(value))
    return value


def _storable(where: str, text: str) -> str:
    if storable(text) != text:
        raise ValueError(f"{where}: found {text!r}; expected text without NUL and without half characters")
    return text
