"""What is read aloud: sound made before, recordings by people, work still to do.

Only adds, and every new column may be empty, so that processes of the version before
go on working beside it. On PostgreSQL each step is committed by itself and locks one
table of theirs at most: whoever holds one and waits for another can wait in a circle
with them. Run again, it does nothing. Imports nothing from bot.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

MOMENT = sa.DateTime(timezone=True)
ROW_ID: Any = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIES = (
    ("sounds", "media_id", "media"),
    ("recordings", "media_id", "media"),
    ("speeches", "talk_id", "talks"),
    ("speeches", "outbound_id", "outbound_messages"),
)


def upgrade() -> None:
    """Add the tables, their indexes and their ties, and who wants to hear."""
    _make_sounds()
    _make_recordings()
    _make_speeches()
    _keep()
    if _on_postgres():
        for tie in TIES:
            _tie(*tie)
            _keep()
    op.add_column(
        "talks",
        sa.Column("aloud", sa.Boolean(), nullable=True),
        if_not_exists=_on_postgres() or None,
    )


def downgrade() -> None:
    """Take it all back; recordings by people are lost."""
    op.drop_column("talks", "aloud", if_exists=_on_postgres() or None)
    for table in ("speeches", "recordings", "sounds"):
        _keep()
        op.drop_table(table, if_exists=True)


def _on_postgres() -> bool:
    return op.get_bind().dialect.name == "postgresql"


def _keep() -> None:
    """Commit what was done so far, and let go of its locks."""
    if _on_postgres():
        with op.get_context().autocommit_block():
            pass


def _make_sounds() -> None:
    op.create_table(
        "sounds",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("media_id", ROW_ID, nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("used_at", MOMENT, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_sounds")),
        *_ties_at_once("sounds"),
        if_not_exists=True,
    )
    op.create_index("ix_sounds_used_at", "sounds", ["used_at"], if_not_exists=True)


def _make_recordings() -> None:
    op.create_table(
        "recordings",
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("slot", sa.String(length=16), nullable=False),
        sa.Column("media_id", ROW_ID, nullable=False),
        sa.Column("words", sa.String(length=64), nullable=False),
        sa.Column("by", sa.String(length=120), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("language", "slot", name=op.f("pk_recordings")),
        *_ties_at_once("recordings"),
        if_not_exists=True,
    )


def _make_speeches() -> None:
    op.create_table(
        "speeches",
        sa.Column("id", ROW_ID, sa.Identity(always=False), nullable=False),
        sa.Column("talk_id", ROW_ID, nullable=False),
        sa.Column("outbound_id", ROW_ID, nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("leased_until", MOMENT, nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_speeches")),
        *_ties_at_once("speeches"),
        if_not_exists=True,
    )
    op.create_index("ix_speeches_talk_id", "speeches", ["talk_id"], if_not_exists=True)


def _ties_at_once(table: str) -> list[sa.ForeignKeyConstraint]:
    """Return what SQLite, which cannot tie later, ties a new table with."""
    if _on_postgres():
        return []
    return [
        sa.ForeignKeyConstraint(
            [column], [f"{target}.id"], name=op.f(_named(table, column))
        )
        for tied, column, target in TIES
        if tied == table
    ]


def _tie(table: str, column: str, target: str) -> None:
    """Tie a column to a table that is in use; a second time, do nothing."""
    name = _named(table, column)
    known = sa.text("SELECT oid FROM pg_constraint WHERE conname = :name")
    if op.get_bind().scalar(known, {"name": name}) is None:
        op.create_foreign_key(op.f(name), table, target, [column], ["id"])


def _named(table: str, column: str) -> str:
    return f"fk_{table}_{column}"
