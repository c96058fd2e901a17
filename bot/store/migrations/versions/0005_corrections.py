"""What a machine heard stays beside what a person wrote down; which language it was.

Only adds, and every new column may be empty, so that processes of the version before
go on working beside it. On PostgreSQL each step is committed by itself and locks one
table of theirs at most: whoever holds one and waits for another can wait in a circle
with them. After a crash, run it again. On SQLite it is one transaction. Imports nothing
from bot.
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
TIES = {"media_id": "media", "talk_id": "talks"}


def upgrade() -> None:
    """Add the columns, then the table with its index, then what ties it to others."""
    for table, name, kind in COLUMNS:
        added = sa.Column(name, kind, nullable=True)
        op.add_column(table, added, if_not_exists=_on_postgres() or None)
        _keep()
    _make_table()
    op.create_index(INDEX, TABLE, ["talk_id"], if_not_exists=True)
    _keep()
    if _on_postgres():
        for column, target in TIES.items():
            _tie(column, target)
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
        sa.PrimaryKeyConstraint("media_id", name=op.f("pk_corrections")),
        *([] if _on_postgres() else _ties_at_once()),
        if_not_exists=True,
    )


def _ties_at_once() -> list[sa.ForeignKeyConstraint]:
    """Return what SQLite, which cannot tie later, ties a new table with."""
    return [
        sa.ForeignKeyConstraint([name], [f"{target}.id"], name=op.f(_tie_name(name)))
        for name, target in TIES.items()
    ]


def _tie(column: str, target: str) -> None:
    """Tie a column to a table that is in use; a second time, do nothing."""
    name = _tie_name(column)
    known = sa.text("SELECT oid FROM pg_constraint WHERE conname = :name")
    if op.get_bind().scalar(known, {"name": name}) is None:
        op.create_foreign_key(op.f(name), TABLE, target, [column], ["id"])


def _tie_name(column: str) -> str:
    return f"fk_{TABLE}_{column}"


def _on_postgres() -> bool:
    return op.get_bind().dialect.name == "postgresql"


def _keep() -> None:
    """Commit what was done so far, and let go of its locks."""
    if _on_postgres():
        with op.get_context().autocommit_block():
            pass
