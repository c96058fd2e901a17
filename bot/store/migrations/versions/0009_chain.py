"""The chain of each round, and what joins its ballots to it.

Only adds, and every new column may be empty, so that processes of the version before
go on working beside it. On PostgreSQL each step is committed by itself and locks one
table of theirs at most; the index is built without locking writers out. Run again, it
does nothing. Imports nothing from bot.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

LOOSE, LOOSE_WHERE = "ix_ballots_loose", "place IS NULL"
TABLES = ("chain", "replaced_ballots")


def upgrade() -> None:
    """Add the tables and what ties them to rounds, the columns, then the index."""
    _make_chain()
    _make_replaced()
    _keep()
    if _on_postgres():
        for table in TABLES:
            _tie(table)
            _keep()
    for column in (sa.Column("nonce", sa.String(length=32)), _place()):
        op.add_column("ballots", column, if_not_exists=_on_postgres() or None)
        _keep()
    if _is_half_built():
        _drop_index()
    with _outside():
        op.create_index(
            LOOSE,
            "ballots",
            ["round_id"],
            sqlite_where=sa.text(LOOSE_WHERE),
            postgresql_where=sa.text(LOOSE_WHERE),
            postgresql_concurrently=True,
            if_not_exists=True,
        )


def downgrade() -> None:
    """Take it all back; what the chain proved is lost."""
    _drop_index()
    for name in ("place", "nonce"):
        _keep()
        op.drop_column("ballots", name, if_exists=_on_postgres() or None)
    for table in reversed(TABLES):
        _keep()
        op.drop_table(table, if_exists=True)


def _place() -> "sa.Column[int]":
    return sa.Column("place", sa.Integer())


def _make_chain() -> None:
    op.create_table(
        "chain",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("fact", sa.String(length=16), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("value", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("round_id", "place", name=op.f("pk_chain")),
        *_ties_at_once("chain"),
        if_not_exists=True,
    )


def _make_replaced() -> None:
    op.create_table(
        "replaced_ballots",
        sa.Column("commitment", sa.String(length=64), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("commitment", name=op.f("pk_replaced_ballots")),
        *_ties_at_once("replaced_ballots"),
        sqlite_with_rowid=False,
        if_not_exists=True,
    )


def _ties_at_once(table: str) -> list[sa.ForeignKeyConstraint]:
    """Return what SQLite, which cannot tie later, ties a new table with."""
    if _on_postgres():
        return []
    name = op.f(_named(table))
    return [sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=name)]


def _tie(table: str) -> None:
    """Tie a table to the rounds; a second time, do nothing."""
    known = sa.text("SELECT oid FROM pg_constraint WHERE conname = :name")
    if op.get_bind().scalar(known, {"name": _named(table)}) is None:
        name = op.f(_named(table))
        op.create_foreign_key(name, table, "rounds", ["round_id"], ["id"])


def _named(table: str) -> str:
    return f"fk_{table}_round_id"


def _is_half_built() -> bool:
    """Tell whether an earlier run died while it built the index: it is no use then."""
    if not _on_postgres():
        return False
    invalid = sa.text(
        "SELECT indexrelid FROM pg_index "
        "WHERE indexrelid = to_regclass(:name) AND NOT indisvalid"
    )
    return op.get_bind().scalar(invalid, {"name": LOOSE}) is not None


def _drop_index() -> None:
    with _outside():
        op.drop_index(LOOSE, "ballots", postgresql_concurrently=True, if_exists=True)


def _on_postgres() -> bool:
    return op.get_bind().dialect.name == "postgresql"


@contextmanager
def _outside() -> Iterator[None]:
    """Commit, and work outside a transaction; on SQLite all is one."""
    if _on_postgres():
        with op.get_context().autocommit_block():
            yield
    else:
        yield


def _keep() -> None:
    """Commit what was done so far, and let go of its locks."""
    with _outside():
        pass
