"""Voting passes: the register, wrong tries, what officials did, receipts, seals.

Only adds, and what it adds to tables there are may be empty, so that processes of the
version before go on working beside it. On PostgreSQL each step is committed by itself
and locks one table in use at most: whoever holds one and waits for another can wait in
a circle with them. After a crash, run it again. On SQLite it is one transaction.
Imports nothing from bot.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

MOMENT = sa.DateTime(timezone=True)
ROW_ID: Any = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TABLES = ("passes", "pass_tries", "pass_acts", "receipts", "seals")
TIED = ("passes", "pass_acts", "receipts", "seals")
INDEXES: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("ix_passes_round_id_kind_state", "passes", ("round_id", "kind", "state")),
    ("ix_passes_chat_hash", "passes", ("chat_hash",)),
    ("ix_pass_tries_kind_at", "pass_tries", ("kind", "at")),
    ("ix_pass_tries_chat_hash_at", "pass_tries", ("chat_hash", "at")),
    ("ix_pass_acts_round_id", "pass_acts", ("round_id",)),
)


def upgrade() -> None:
    """Make the tables, tie them to rounds, and let a ballot say its voter's class."""
    _make_passes()
    _make_tries()
    _make_acts()
    _make_receipts()
    _make_seals()
    for name, table, columns in INDEXES:
        op.create_index(name, table, list(columns), if_not_exists=True)
    _keep()
    if _on_postgres():
        for table in TIED:
            _tie(table)
            _keep()
    op.add_column(
        "ballots",
        sa.Column("voter_class", sa.String(length=16), nullable=True),
        if_not_exists=_on_postgres() or None,
    )


def downgrade() -> None:
    """Take it all back; passes and receipts are lost, ballots are not."""
    op.drop_column("ballots", "voter_class", if_exists=_on_postgres() or None)
    for table in reversed(TABLES):
        _keep()
        op.drop_table(table, if_exists=True)


def _on_postgres() -> bool:
    return op.get_bind().dialect.name == "postgresql"


def _keep() -> None:
    """Commit what was done so far, and let go of its locks."""
    if _on_postgres():
        with op.get_context().autocommit_block():
            pass


def _make_passes() -> None:
    op.create_table(
        "passes",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("digits", sa.Integer(), nullable=False),
        sa.Column("serial", sa.String(length=6), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("chat_hash", sa.String(length=64), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passes")),
        sa.UniqueConstraint("serial", name=op.f("uq_passes_serial")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_passes_code_hash")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_passes_token_hash")),
        *_tie_at_once("passes"),
        if_not_exists=True,
    )


def _make_tries() -> None:
    op.create_table(
        "pass_tries",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("chat_hash", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pass_tries")),
        if_not_exists=True,
    )


def _make_acts() -> None:
    op.create_table(
        "pass_acts",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("act", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=True),
        sa.Column("serial", sa.String(length=6), nullable=True),
        sa.Column("passes", sa.Integer(), nullable=False),
        sa.Column("by", sa.String(length=250), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pass_acts")),
        *_tie_at_once("pass_acts"),
        if_not_exists=True,
    )


def _make_receipts() -> None:
    op.create_table(
        "receipts",
        sa.Column("receipt", sa.String(length=24), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("holder", sa.String(length=64), nullable=True),
        sa.PrimaryKeyConstraint("receipt", name=op.f("pk_receipts")),
        sa.UniqueConstraint(
            "round_id", "holder", name=op.f("uq_receipts_round_id_holder")
        ),
        *_tie_at_once("receipts"),
        sqlite_with_rowid=False,
        if_not_exists=True,
    )


def _make_seals() -> None:
    op.create_table(
        "seals",
        sa.Column("round_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("ballots", sa.Integer(), nullable=False),
        sa.Column("by", sa.String(length=250), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("round_id", name=op.f("pk_seals")),
        *_tie_at_once("seals"),
        if_not_exists=True,
    )


def _tie_at_once(table: str) -> list[sa.ForeignKeyConstraint]:
    """Return what SQLite, which cannot tie later, ties a new table with."""
    if _on_postgres():
        return []
    return [
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f(_named(table)))
    ]


def _tie(table: str) -> None:
    """Tie a table to rounds, which are in use; a second time, do nothing."""
    name = _named(table)
    known = sa.text("SELECT oid FROM pg_constraint WHERE conname = :name")
    if op.get_bind().scalar(known, {"name": name}) is None:
        op.create_foreign_key(op.f(name), table, "rounds", ["round_id"], ["id"])


def _named(table: str) -> str:
    return f"fk_{table}_round_id"
