"""Setting aside: what each cycle set aside and drew for audit, what people put back, and what drifted."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    _ledger("audit_draw", "id", _to("model", "model"))
    _ledger("put_back", "sha256", _to("record", "report"), _text("word"))
    op.create_index("ix_put_back_report", "put_back", ["report"])
    _ledger("drift", "id", _to("model", "model"))


def downgrade() -> None:
    """Refuse: a ledger is never taken down."""
    raise NotImplementedError("a store is not taken back to an older schema; restore a backup instead")


def _ledger(name: str, once: str, *columns: sa.Column[str]) -> None:
    op.create_table(
        name,
        sa.Column("seq", sa.Integer, autoincrement=False),
        *columns,
        _text(once),
        _text("at"),
        _text("body"),
        sa.PrimaryKeyConstraint("seq", name=f"pk_{name}"),
        sa.UniqueConstraint(once, name=f"uq_{name}_{once}"),
    )
    _refuse_changes(name)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False)


def _to(table: str, name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text, sa.ForeignKey(f"{table}.id"), nullable=False)


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
