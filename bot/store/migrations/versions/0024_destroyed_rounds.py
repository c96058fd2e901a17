"""What is left of a round whose records were destroyed.

Only adds a table. Run again, it does nothing. Imports nothing from bot.
"""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"

_TABLE = "destroyed_rounds"
_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        _TABLE,
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("title", sa.JSON(), nullable=False),
        sa.Column("municipality", sa.String(length=120), nullable=False),
        sa.Column("began_at", _MOMENT, nullable=False),
        sa.Column("ended_at", _MOMENT, nullable=False),
        sa.Column("selection", sa.String(length=240), nullable=False),
        sa.Column("archive_hash", sa.String(length=64), nullable=False),
        sa.Column("archived_at", _MOMENT, nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("files", sa.JSON(), nullable=False),
        sa.Column("last_number", sa.Integer(), nullable=False),
        sa.Column("by", sa.String(length=120), nullable=False),
        sa.Column("second", sa.String(length=120), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("finished_at", _MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("slug", name=op.f("pk_destroyed_rounds")),
        if_not_exists=True,
    )


def downgrade() -> None:
    """Take it back, and with it the proof that rounds were destroyed."""
    op.drop_table(_TABLE, if_exists=True)
