"""How ballots came: beside the receipt for the turnout, in the box for weights only.

Only adds, and every new column may be empty, so that processes of the version before
go on working beside it. On PostgreSQL each step is committed by itself and locks one
table of theirs at most. Run again, it does nothing. Imports nothing from bot.
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

COLUMNS = (
    ("ballots", "route", 16),
    ("receipts", "route", 16),
    ("receipts", "language", 8),
)
TIE = "fk_turnout_round_id"


def upgrade() -> None:
    """Add the table and what ties it to rounds, then the columns."""
    op.create_table(
        "turnout",
        sa.Column("round_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("route", sa.String(length=16), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("ballots", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint(
            "round_id", "route", "language", name=op.f("pk_turnout")
        ),
        *_ties_at_once(),
        if_not_exists=True,
    )
    _keep()
    if _on_postgres():
        _tie()
        _keep()
    for table, name, length in COLUMNS:
        column = sa.Column(name, sa.String(length=length), nullable=True)
        op.add_column(table, column, if_not_exists=_on_postgres() or None)
        _keep()


def downgrade() -> None:
    """Take it all back; how ballots came is lost, they are not."""
    for table, name, _ in reversed(COLUMNS):
        op.drop_column(table, name, if_exists=_on_postgres() or None)
        _keep()
    op.drop_table("turnout", if_exists=True)


def _ties_at_once() -> list[sa.ForeignKeyConstraint]:
    """Return what SQLite, which cannot tie later, ties the new table with."""
    if _on_postgres():
        return []
    return [sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f(TIE))]


def _tie() -> None:
    """Tie the table to rounds, which are in use; a second time, do nothing."""
    known = sa.text("SELECT oid FROM pg_constraint WHERE conname = :name")
    if op.get_bind().scalar(known, {"name": TIE}) is None:
        op.create_foreign_key(op.f(TIE), "turnout", "rounds", ["round_id"], ["id"])


def _on_postgres() -> bool:
    return op.get_bind().dialect.name == "postgresql"


def _keep() -> None:
    """Commit what was done so far, and let go of its locks."""
    if _on_postgres():
        with op.get_context().autocommit_block():
            pass
