"""The keys that linking finds records by; the first linking fills them in."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "link_key",
        sa.Column("key", sa.Text, nullable=False),
        sa.Column(
            "record",
            sa.Integer,
            sa.ForeignKey("record.seq", name="fk_link_key_record_record"),
            nullable=False,
            autoincrement=False,
        ),
        sa.PrimaryKeyConstraint("key", "record", name="pk_link_key"),
    )
    op.create_index("ix_link_key_record", "link_key", ["record"])


def downgrade() -> None:
    """Refuse: a ledger is never taken down."""
    raise NotImplementedError("a store is not taken back to an older schema; restore a backup instead")
