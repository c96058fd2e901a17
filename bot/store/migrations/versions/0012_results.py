"""Published results, and who was given the ballots to check them.

Only adds two tables. On PostgreSQL each step is committed by itself and locks one table
of theirs at most. Run again, it does nothing. Imports nothing from bot.
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"

TABLES = ("results", "observer_acts")


def upgrade() -> None:
    """Add the tables, then what ties them to rounds."""
    _make_results()
    _make_observer_acts()
    _keep()
    if _on_postgres():
        for table in TABLES:
            _tie(table)
            _keep()


def downgrade() -> None:
    """Take both back; what was published has to be counted again."""
    for table in reversed(TABLES):
        op.drop_table(table, if_exists=True)
        _keep()


def _make_results() -> None:
    op.create_table(
        "results",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=250), nullable=False),
        sa.Column("reason", sa.JSON(), nullable=True),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("round_id", "version", name=op.f("pk_results")),
        *_ties_at_once("results"),
        if_not_exists=True,
    )


def _make_observer_acts() -> None:
    big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "observer_acts",
        sa.Column("id", big, sa.Identity(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("act", sa.String(length=8), nullable=False),
        sa.Column("observer", sa.String(length=120), nullable=False),
        sa.Column("by", sa.String(length=250), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_observer_acts")),
        *_ties_at_once("observer_acts"),
        if_not_exists=True,
    )
    op.create_index(
        "ix_observer_acts_round_id", "observer_acts", ["round_id"], if_not_exists=True
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


def _on_postgres() -> bool:
    return op.get_bind().dialect.name == "postgresql"


def _keep() -> None:
    """Commit what was done so far, and let go of its locks."""
    if _on_postgres():
        with op.get_context().autocommit_block():
            pass
