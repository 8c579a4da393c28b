"""Several duplicate links on one record, answers to hints, and the report that each record stands for."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    _several_links()
    _any_hints()
    _answers()
    _standing()


def downgrade() -> None:
    """Refuse: a ledger is never taken down."""
    raise NotImplementedError("a store is not taken back to an older schema; restore a backup instead")


def _several_links() -> None:
    # SQLite takes a constraint off by copying the table, which loses the triggers.
    with op.batch_alter_table("duplicate_link") as table:
        table.drop_constraint("uq_duplicate_link_record", type_="unique")
    op.create_index("ix_duplicate_link_record", "duplicate_link", ["record"])
    if op.get_bind().dialect.name == "sqlite":
        _refuse_changes("duplicate_link")


def _any_hints() -> None:
    _ledger("link_hint", _to("report"), _to("other"))
    op.execute(
        "INSERT INTO link_hint (seq, report, other, at, body) "
        "SELECT seq, report, other, at, body FROM sibling_hint"
    )
    op.drop_table("sibling_hint")


def _answers() -> None:
    _ledger(
        "hint_answer",
        _to("report"),
        _to("other"),
        _text("word"),
        _text("sha256"),
        sa.UniqueConstraint("sha256", name="uq_hint_answer_sha256"),
    )


def _standing() -> None:
    op.create_table(
        "standing", _to("record"), _to("report"), sa.PrimaryKeyConstraint("record", name="pk_standing")
    )
    op.create_index("ix_standing_report", "standing", ["report"])
    # Under the first schema no record could come to stand for another report than at first sight.
    op.execute("INSERT INTO standing (record, report) SELECT id, report FROM record")


def _ledger(name: str, *columns: sa.Column[str] | sa.Constraint) -> None:
    op.create_table(
        name,
        sa.Column("seq", sa.Integer, autoincrement=False),
        *columns,
        _text("at"),
        _text("body"),
        sa.PrimaryKeyConstraint("seq", name=f"pk_{name}"),
    )
    for end in ("report", "other"):
        op.create_index(f"ix_{name}_{end}", name, [end])
    _refuse_changes(name)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False)


def _to(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text, sa.ForeignKey("record.id"), nullable=False)


def _refuse_changes(table: str) -> None:
    if op.get_bind().dialect.name == "sqlite":
        for event in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{event.lower()} BEFORE {event} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )
        return
    # The function came with the first ledgers.
    op.execute(
        f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    )
    op.execute(
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )
