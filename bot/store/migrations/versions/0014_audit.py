"""The audit trail of officials.

Only adds a table. Run again, it does nothing. Imports nothing from bot.
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """Add the table and its index."""
    big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "audit_lines",
        sa.Column("id", big, sa.Identity(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=120), nullable=False),
        sa.Column("act", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_lines")),
        if_not_exists=True,
    )
    op.create_index(
        "ix_audit_lines_subject", "audit_lines", ["subject", "id"], if_not_exists=True
    )


def downgrade() -> None:
    """Take the trail away; what was done is not undone."""
    op.drop_table("audit_lines", if_exists=True)
