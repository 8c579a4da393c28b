"""The first ledgers."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

APPEND_ONLY: list[str] = []


def upgrade() -> None:
    """Apply the change."""
    APPEND_ONLY.clear()
    _searching()
    _links_and_suggestions()
    _judgements()
    _results()
    _audit()
    _what_is_no_ledger()
    _refuse_changes()


def downgrade() -> None:
    """Refuse: a ledger is never taken down."""
    raise NotImplementedError("a store is not taken back to an older schema; restore a backup instead")


def _searching() -> None:
    _ledger("search_run", _text("source"), _text("cursor", null=True), once="id")
    _index("search_run", "source", "cursor")
    _ledger(
        "search_gap",
        _text("source"),
        _text("first_day"),
        _text("last_day"),
        _to("search_run", "opened_by"),
        _to("search_run", "closed_by", null=True),
    )
    _index("search_gap", "source")
    _ledger(
        "record",
        _to("record", "report"),
        _text("source"),
        _to("search_run", "run", null=True),
        _text("pmid", null=True),
        _text("doi", null=True),
        _text("title_key", null=True),
        once="id",
    )
    for column in ("report", "pmid", "doi", "title_key"):
        _index("record", column)
    _ledger("background", _text("entered", null=True), once="id")
    _index("background", "entered")


def _links_and_suggestions() -> None:
    _ledger(
        "duplicate_link",
        _to("record", "record"),
        _to("record", "report"),
        sa.UniqueConstraint("record", name="uq_duplicate_link_record"),
    )
    _index("duplicate_link", "report")
    _ledger("sibling_hint", _to("record", "report"), _to("record", "other"))
    _index("sibling_hint", "report")
    _index("sibling_hint", "other")
    _ledger("study_link", _to("record", "report"), _text("study"), once="sha256")
    _index("study_link", "report")
    _index("study_link", "study")
    _ledger("model", once="id")
    _ledger(
        "suggestion",
        _to("model", "model"),
        _to("record", "report"),
        sa.Column("score", sa.Float, nullable=False),
        sa.Column("flagged", sa.Boolean, nullable=False),
        sa.UniqueConstraint("model", "report", name="uq_suggestion_model_report"),
    )
    _index("suggestion", "report")


def _judgements() -> None:
    _ledger(
        "decision",
        _to("record", "report"),
        _text("stage"),
        _text("verdict"),
        _text("reviewer"),
        _text("token", null=True),
        sa.UniqueConstraint("token", name="uq_decision_token"),
        once="sha256",
    )
    _index("decision", "report", "stage", "reviewer", "seq")
    for table in ("resolution", "imported_decision"):
        _ledger(table, _to("record", "report"), _text("stage"), once="sha256")
        _index(table, "report")
    _ledger(
        "effect",
        _to("record", "report"),
        _text("study"),
        _text("reviewer"),
        _to("effect", "supersedes", null=True),
        once="id",
    )
    _index("effect", "report")
    _index("effect", "study")
    _ledger("effect_check", _to("effect", "effect"), _text("reviewer"), once="sha256")
    _index("effect_check", "effect")
    _ledger("imported_effect", _text("study"), once="id")
    _index("imported_effect", "study")


def _results() -> None:
    _ledger("synthesis", _text("key"), _text("digest"))
    _index("synthesis", "key", "seq")
    _ledger("update_decision", _text("verdict"), once="sha256")
    _ledger(
        "edition",
        sa.Column("number", sa.Integer, nullable=False),
        sa.UniqueConstraint("number", name="uq_edition_number"),
        once="id",
    )
    _ledger("status_entry", once="id")
    _ledger("notice", _to("record", "report"), _text("kind"), once="sha256")
    _index("notice", "report")


def _audit() -> None:
    _append_only(
        "audit",
        _seq(),
        *(_text(name) for name in ("at", "actor", "action", "body", "prev_hash", "hash")),
        sa.UniqueConstraint("hash", name="uq_audit_hash"),
    )
    op.create_table(
        "chain_head",
        sa.Column("one", sa.Integer, autoincrement=False),
        sa.Column("seq", sa.Integer, nullable=False),
        _text("hash"),
        sa.PrimaryKeyConstraint("one", name="pk_chain_head"),
    )
    op.execute(f"INSERT INTO chain_head (one, seq, hash) VALUES (1, 0, '{'0' * 64}')")  # noqa: S608 - a constant


def _what_is_no_ledger() -> None:
    op.create_table(
        "worklist",
        _to("record", "report"),
        sa.Column("seen", sa.Integer, nullable=False),
        sa.Column("score", sa.Float, nullable=False),
        sa.Column("suggestion", sa.Integer, nullable=True),
        sa.PrimaryKeyConstraint("report", name="pk_worklist"),
    )
    op.create_index("ix_worklist_score_seen", "worklist", [sa.text("score DESC"), "seen"])
    op.create_table(
        "outbox",
        _seq(),
        _text("topic"),
        _text("body"),
        _text("at"),
        _text("sent_at", null=True),
        _pk("outbox"),
    )
    _index("outbox", "sent_at", "topic")
    op.create_table(
        "account",
        _text("name"),
        _text("password_hash"),
        _text("body"),
        sa.PrimaryKeyConstraint("name", name="pk_account"),
    )
    op.create_table(
        "session",
        _text("token_sha256"),
        sa.Column("name", sa.Text, sa.ForeignKey("account.name", name="fk_session_name"), nullable=False),
        _text("expires"),
        _text("at"),
        sa.PrimaryKeyConstraint("token_sha256", name="pk_session"),
    )
    _index("session", "name")
    op.create_table(
        "login_failure", sa.Column("seq", sa.Integer), _text("name"), _text("at"), _pk("login_failure")
    )
    _index("login_failure", "name", "at")


def _ledger(name: str, *columns: Any, once: str = "") -> None:  # noqa: ANN401 - columns and constraints
    key = [_text(once), sa.UniqueConstraint(once, name=f"uq_{name}_{once}")] if once else []
    _append_only(name, _seq(), *columns, *key, _text("at"), _text("body"))


def _append_only(name: str, *columns: Any) -> None:  # noqa: ANN401 - columns and constraints
    op.create_table(name, *columns, _pk(name))
    APPEND_ONLY.append(name)


def _seq() -> sa.Column[int]:
    return sa.Column("seq", sa.Integer, autoincrement=False)


def _pk(table: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint("seq", name=f"pk_{table}")


def _text(name: str, *, null: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=null)


def _to(table: str, name: str, *, null: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text, sa.ForeignKey(f"{table}.id"), nullable=null)


def _index(table: str, *columns: str) -> None:
    op.create_index(f"ix_{table}_{'_'.join(columns)}", table, list(columns))


def _refuse_changes() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for table in APPEND_ONLY:
            _refuse_in_sqlite(table)
    else:
        op.execute(
            "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$"
        )
        for table in APPEND_ONLY:
            _refuse_in_postgresql(table)


def _refuse_in_sqlite(table: str) -> None:
    for event in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER {table}_no_{event.lower()} BEFORE {event} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        )


def _refuse_in_postgresql(table: str) -> None:
    op.execute(
        f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    )
    op.execute(
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )
