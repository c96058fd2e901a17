"""What is frozen when a vote opens; closings moved, statements of officials, outages.

Only adds, so that processes of the version before go on working beside it. On
PostgreSQL each step is committed by itself and locks one table of theirs at most:
whoever holds one and waits for another can wait in a circle with them. Run again, it
does nothing. Imports nothing from bot.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

MOMENT = sa.DateTime(timezone=True)
ROW_ID: Any = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIED = ("frozen_rounds", "closing_moves", "round_statements")
"""Tables whose `round_id` names a row of `rounds`."""


def upgrade() -> None:
    """Add the tables and their indexes, then what ties them to rounds."""
    _make_frozen_rounds()
    _make_closing_moves()
    _make_round_statements()
    _make_outages()
    _keep()
    if _on_postgres():
        for table in TIED:
            _tie(table)
            _keep()


def downgrade() -> None:
    """Take it all back; what was frozen, and by whom, is lost."""
    for table in ("outages", *reversed(TIED)):
        op.drop_table(table, if_exists=True)
        _keep()


def _on_postgres() -> bool:
    return op.get_bind().dialect.name == "postgresql"


def _keep() -> None:
    """Commit what was done so far, and let go of its locks."""
    if _on_postgres():
        with op.get_context().autocommit_block():
            pass


def _make_frozen_rounds() -> None:
    op.create_table(
        "frozen_rounds",
        sa.Column("round_id", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("version", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("settings", sa.Text(), nullable=False),
        sa.Column("by", sa.String(length=120), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("round_id", "version", name=op.f("pk_frozen_rounds")),
        *_tie_at_once("frozen_rounds"),
        if_not_exists=True,
    )


def _make_closing_moves() -> None:
    op.create_table(
        "closing_moves",
        sa.Column("id", ROW_ID, sa.Identity(always=False), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("closes_from", MOMENT, nullable=False),
        sa.Column("closes_to", MOMENT, nullable=False),
        sa.Column("reason", sa.JSON(), nullable=False),
        sa.Column("proposed_by", sa.String(length=120), nullable=False),
        sa.Column("proposed_at", MOMENT, nullable=False),
        sa.Column("confirmed_by", sa.String(length=120), nullable=True),
        sa.Column("confirmed_at", MOMENT, nullable=True),
        sa.Column("dropped_at", MOMENT, nullable=True),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.Column("broadcast_id", ROW_ID, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_closing_moves")),
        *_tie_at_once("closing_moves"),
        if_not_exists=True,
    )
    _index("closing_moves", "round_id")


def _make_round_statements() -> None:
    op.create_table(
        "round_statements",
        sa.Column("id", ROW_ID, sa.Identity(always=False), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("item", sa.String(length=40), nullable=False),
        sa.Column("holds", sa.Boolean(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("by", sa.String(length=120), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round_statements")),
        *_tie_at_once("round_statements"),
        if_not_exists=True,
    )
    _index("round_statements", "round_id")


def _make_outages() -> None:
    op.create_table(
        "outages",
        sa.Column("id", ROW_ID, sa.Identity(always=False), nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("began_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=False),
        sa.Column("missed", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outages")),
        if_not_exists=True,
    )
    _index("outages", "ended_at")


def _index(table: str, column: str) -> None:
    op.create_index(f"ix_{table}_{column}", table, [column], if_not_exists=True)


def _tie_at_once(table: str) -> list[sa.ForeignKeyConstraint]:
    """Return what SQLite, which cannot tie later, ties a new table with."""
    if _on_postgres():
        return []
    named = op.f(_named(table))
    return [sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=named)]


def _tie(table: str) -> None:
    """Tie a new table to rounds, which is in use; a second time, do nothing."""
    known = sa.text("SELECT oid FROM pg_constraint WHERE conname = :name")
    if op.get_bind().scalar(known, {"name": _named(table)}) is None:
        named = op.f(_named(table))
        op.create_foreign_key(named, table, "rounds", ["round_id"], ["id"])


def _named(table: str) -> str:
    return f"fk_{table}_round_id"
