"""What changes about chosen plans, and who gets the money that becomes free.

Only adds tables. On PostgreSQL each is committed by itself and locks one table in use.
Run again, it does nothing. Imports nothing from bot.
"""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
PROPOSED = sa.text("state = 'proposed'")


def upgrade() -> None:
    """Add the tables; each is tied to one that is there."""
    _make_changes()
    _keep()
    _make_awards()


def downgrade() -> None:
    """Take them away; what plans get by now stays in their decisions."""
    op.drop_table("freed_awards", if_exists=True)
    _keep()
    op.drop_table("plan_changes", if_exists=True)


def _make_changes() -> None:
    op.create_table(
        "plan_changes",
        sa.Column("id", BIG, sa.Identity(), nullable=False),
        sa.Column("plan_id", BIG, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("was", sa.JSON(), nullable=False),
        sa.Column("now", sa.JSON(), nullable=False),
        sa.Column("reason", sa.JSON(), nullable=False),
        sa.Column("translator", sa.String(length=120), nullable=False),
        *_settling(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_changes")),
        _tie("plan_changes", "plan_id", "plans"),
        if_not_exists=True,
    )
    _index("plan_changes", "plan_id")


def _make_awards() -> None:
    op.create_table(
        "freed_awards",
        sa.Column("id", BIG, sa.Identity(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("plans", sa.JSON(), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("reason", sa.JSON(), nullable=False),
        sa.Column("translator", sa.String(length=120), nullable=False),
        sa.Column("contact", sa.JSON(), nullable=False),
        sa.Column("call_before", sa.String(length=10), nullable=False),
        *_settling(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_freed_awards")),
        _tie("freed_awards", "round_id", "rounds"),
        if_not_exists=True,
    )
    _index("freed_awards", "round_id")


def _settling() -> tuple[sa.Column[Any], ...]:
    """Return who proposed it and who agreed."""
    return (
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("by", sa.String(length=120), nullable=False),
        _moment("at"),
        sa.Column("second", sa.String(length=120), nullable=True),
        _moment("settled_at", nullable=True),
    )


def _index(table: str, column: str) -> None:
    op.create_index(f"ix_{table}_{column}", table, [column, "id"], if_not_exists=True)
    op.create_index(
        f"uq_{table}_proposed",
        table,
        [column],
        unique=True,
        sqlite_where=PROPOSED,
        postgresql_where=PROPOSED,
        if_not_exists=True,
    )


def _moment(name: str, *, nullable: bool = False) -> sa.Column[datetime]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _tie(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}")
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=name)


def _keep() -> None:
    """Commit what was done so far, and let go of its locks."""
    if op.get_bind().dialect.name == "postgresql":
        with op.get_context().autocommit_block():
            pass
