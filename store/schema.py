"""The tables. A ledger is append-only (triggers of the migration hold it); what is not a ledger says so.

Every ledger has `seq` (1, 2, 3, ... without holes), the columns one looks up or joins by, `at` (ISO text in
UTC) and `body` (the noun in canonical JSON). ``once`` says when a row counts as written already: the same
*row* (`sha256` of its body), the same *id*, or the same id with the same *content* apart from its time.
"""

from typing import Any, Literal

from sqlalchemy import (
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
)

__all__ = [
    "LEDGERS",
    "account",
    "audit",
    "chain_head",
    "link_key",
    "login_failure",
    "metadata",
    "outbox",
    "session",
    "standing",
    "worklist",
]

Once = Literal["row", "id", "content"]

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _text(
    name: str, *constraints: ForeignKey, null: bool = False, index: bool = False, unique: bool = False
) -> Column[str]:
    return Column(name, Text, *constraints, nullable=null, index=index, unique=unique)


def _report(name: str = "report") -> Column[str]:
    return _text(name, ForeignKey("record.id"), index=True)


def _ledger(name: str, *columns: Column[Any], once: Once | None = None) -> Table:
    identity = (_text("id", unique=True),) if once in {"id", "content"} else ()
    digest = (_text("sha256", unique=True),) if once == "row" else ()
    return Table(
        name,
        metadata,
        Column("seq", Integer, primary_key=True, autoincrement=False),
        *identity,
        *columns,
        *digest,
        _text("at"),
        _text("body"),
        info={"once": once},
    )


search_run = _ledger("search_run", _text("source"), _text("cursor", null=True), once="id")
Index("ix_search_run_source_cursor", search_run.c.source, search_run.c.cursor)

search_gap = _ledger(
    "search_gap",
    _text("source", index=True),
    _text("first_day"),
    _text("last_day"),
    _text("opened_by", ForeignKey("search_run.id")),
    _text("closed_by", ForeignKey("search_run.id"), null=True),
)

record = _ledger(
    "record",
    _report(),
    _text("source"),
    _text("run", ForeignKey("search_run.id"), null=True),
    _text("pmid", null=True, index=True),
    _text("doi", null=True, index=True),
    _text("title_key", null=True, index=True),
    once="content",
)

background = _ledger("background", _text("entered", null=True, index=True), once="content")

duplicate_link = _ledger("duplicate_link", _report("record"), _report())
link_hint = _ledger("link_hint", _report(), _report("other"))
hint_answer = _ledger("hint_answer", _report(), _report("other"), _text("word"), once="row")
study_link = _ledger("study_link", _report(), _text("study", index=True), once="row")

model = _ledger("model", once="id")

suggestion = _ledger(
    "suggestion",
    _text("model", ForeignKey("model.id")),
    _report(),
    Column("score", Float, nullable=False),
    Column("flagged", Boolean, nullable=False),
)
suggestion.append_constraint(UniqueConstraint("model", "report"))

audit_draw = _ledger("audit_draw", _text("model", ForeignKey("model.id")), once="content")
put_back = _ledger("put_back", _report(), _text("word"), once="row")
in_force = _ledger("in_force", _text("model", ForeignKey("model.id")))
drift = _ledger("drift", _text("model", ForeignKey("model.id")), once="content")

decision = _ledger(
    "decision",
    _text("report", ForeignKey("record.id")),
    _text("stage"),
    _text("verdict"),
    _text("reviewer"),
    _text("token", null=True, unique=True),
    once="row",
)
Index(
    "ix_decision_report_stage_reviewer_seq",
    *(decision.c[name] for name in ("report", "stage", "reviewer", "seq")),
)

resolution = _ledger("resolution", _report(), _text("stage"), once="row")
imported_decision = _ledger("imported_decision", _report(), _text("stage"), once="row")

effect = _ledger(
    "effect",
    _report(),
    _text("study", index=True),
    _text("reviewer"),
    _text("supersedes", ForeignKey("effect.id"), null=True),
    once="content",
)
effect_check = _ledger(
    "effect_check", _text("effect", ForeignKey("effect.id"), index=True), _text("reviewer"), once="row"
)
imported_effect = _ledger("imported_effect", _text("study", index=True), once="content")

synthesis = _ledger("synthesis", _text("key"), _text("digest"))
Index("ix_synthesis_key_seq", synthesis.c.key, synthesis.c.seq)

update_decision = _ledger("update_decision", _text("verdict"), once="row")
edition = _ledger("edition", Column("number", Integer, nullable=False, unique=True), once="content")
status_entry = _ledger("status_entry", once="id")
notice = _ledger("notice", _report(), _text("kind"), once="row")

LEDGERS: tuple[Table, ...] = tuple(metadata.sorted_tables)
"""The ledgers, each after those it refers to."""

audit = Table(
    "audit",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    _text("at"),
    _text("actor"),
    _text("action"),
    _text("body"),
    _text("prev_hash"),
    _text("hash", unique=True),
)
"""Append-only as the ledgers are; each row bears the hash of the one before it."""

chain_head = Table(
    "chain_head",
    metadata,
    Column("one", Integer, primary_key=True, autoincrement=False),
    Column("seq", Integer, nullable=False),
    _text("hash"),
)
"""No ledger: one row that says where the chain ends, so that a cut end is seen."""

standing = Table(
    "standing",
    metadata,
    Column("record", Text, ForeignKey("record.id"), primary_key=True),
    _report(),
)
"""No ledger: the report that each record stands for at present, as ``review.merging`` folds it, for joins."""

link_key = Table(
    "link_key",
    metadata,
    Column("key", Text, primary_key=True),
    Column("record", Integer, ForeignKey("record.seq"), primary_key=True, index=True, autoincrement=False),
)
"""No ledger: what linking finds records by. A migration that changes the keys empties it; it fills again."""

worklist = Table(
    "worklist",
    metadata,
    Column("report", Text, ForeignKey("record.id"), primary_key=True),
    Column("seen", Integer, nullable=False),
    Column("score", Float, nullable=False),
    Column("suggestion", Integer, nullable=True),
)
"""No ledger: the score of each report that counts (-1 before the first), kept so a queue is one index scan.

It is that of the model in force, of what it did not rank the last one written (``review.in_force``).
"""
Index("ix_worklist_score_seen", worklist.c.score.desc(), worklist.c.seen)

outbox = Table(
    "outbox",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    _text("topic"),
    _text("body"),
    _text("at"),
    _text("sent_at", null=True),
)
"""No ledger: a row is marked once it was acted upon."""
Index("ix_outbox_sent_at_topic", outbox.c.sent_at, outbox.c.topic)

account = Table(
    "account", metadata, Column("name", Text, primary_key=True), _text("password_hash"), _text("body")
)
"""No ledger: what an account may do today. Its history is in the audit chain."""

session = Table(
    "session",
    metadata,
    Column("token_sha256", Text, primary_key=True),
    _text("name", ForeignKey("account.name"), index=True),
    _text("expires"),
    _text("at"),
)
"""No ledger: who is signed in."""

login_failure = Table(
    "login_failure",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=True),
    _text("name"),
    _text("at"),
)
"""No ledger: who failed to sign in, and when."""
Index("ix_login_failure_name_at", login_failure.c.name, login_failure.c.at)
