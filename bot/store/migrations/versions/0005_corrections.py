"""What a machine heard stays beside what a person wrote down; which language it was.

Only adds, and every new column may be empty, so that processes of the version before
go on working beside it. On PostgreSQL each step is committed by itself; after a crash,
run it again. On SQLite it is one transaction. Imports nothing from bot.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

MOMENT = sa.DateTime(timezone=True)
ROW_ID: Any = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
COLUMNS: tuple[tuple[str, str, Any], ...] = (
    ("residents", "may_record", sa.Boolean()),
    ("media", "model", sa.String(length=80)),
    ("media", "signals", sa.JSON()),
    ("tasks", "speaks", sa.String(length=8)),
)
TABLE, INDEX = "corrections", "ix_corrections_talk_id"


def upgrade() -> None:
    """Add the columns, then the table with its index."""
    for table, name, kind in COLUMNS:
        added = sa.Column(name, kind, nullable=True)
        op.add_column(table, added, if_not_exists=_on_postgres() or None)
        _keep()
    _make_table()
    op.create_index(INDEX, TABLE, ["talk_id"], if_not_exists=True)
    _keep()


def downgrade() -> None:
    """Take it all back; corrections, and who allowed recordings, are lost."""
    op.drop_table(TABLE, if_exists=True)
    for table, name, _ in reversed(COLUMNS):
        _keep()
        op.drop_column(table, name, if_exists=_on_postgres() or None)


def _make_table() -> None:
    op.create_table(
        TABLE,
        sa.Column("media_id", ROW_ID, nullable=False),
        sa.Column("talk_id", ROW_ID, nullable=False),
        sa.Column("machine_text", sa.Text(), nullable=True),
        sa.Column("machine_language", sa.String(length=8), nullable=True),
        sa.Column("engine", sa.String(length=40), nullable=True),
        sa.Column("model", sa.String(length=80), nullable=True),
        sa.Column("heard", sa.String(length=16), nullable=True),
        sa.Column("signals", sa.JSON(), nullable=True),
        sa.Column("person_text", sa.Text(), nullable=False),
        sa.Column("spoken_language", sa.String(length=8), nullable=False),
        sa.Column("written_language", sa.String(length=8), nullable=False),
        sa.Column("by", sa.String(length=120), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("consent", sa.Boolean(), nullable=True),
        sa.ForeignKeyConstraint(
            ["media_id"], ["media.id"], name=op.f("fk_corrections_media_id")
        ),
        sa.ForeignKeyConstraint(
            ["talk_id"], ["talks.id"], name=op.f("fk_corrections_talk_id")
        ),
        sa.PrimaryKeyConstraint("media_id", name=op.f("pk_corrections")),
        if_not_exists=True,
    )


def _on_postgres() -> bool:
    return op.get_bind().dialect.name == "postgresql"


def _keep() -> None:
    """Commit what was done so far, and let go of its locks."""
    if _on_postgres():
        with op.get_context().autocommit_block():
            pass
