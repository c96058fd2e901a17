"""What is spent on chosen plans, and what residents answer about trust.

Only adds tables. On PostgreSQL each step is committed by itself and locks one table in
use at most. Run again, it does nothing. Imports nothing from bot.
"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIES = (
    ("activities", "plan_id", "plans"),
    ("spendings", "plan_id", "plans"),
    ("spendings", "activity_id", "activities"),
    ("spendings", "media_id", "media"),
    ("spendings", "talk_id", "talks"),
    ("trust_answers", "round_id", "rounds"),
    ("trust_asked", "round_id", "rounds"),
)
TABLES = ("activities", "spendings", "trust_answers", "trust_asked")


def upgrade() -> None:
    """Add the tables, then what ties them to others."""
    for make in (_make_activities, _make_spendings, _make_trust):
        make()
        _keep()
    if _on_postgres():
        for table, column, other in TIES:
            _tie(table, column, other)
            _keep()


def downgrade() -> None:
    """Take them back; what was paid has to stand in another book."""
    for table in reversed(TABLES):
        op.drop_table(table, if_exists=True)
        _keep()


def _make_activities() -> None:
    op.create_table(
        "activities",
        sa.Column("id", BIG, sa.Identity(), nullable=False),
        sa.Column("plan_id", BIG, nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("by", sa.String(length=120), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activities")),
        *_ties_at_once("activities"),
        if_not_exists=True,
    )
    op.create_index(
        "ix_activities_plan_id", "activities", ["plan_id"], if_not_exists=True
    )


def _make_spendings() -> None:
    op.create_table(
        "spendings",
        sa.Column("id", BIG, sa.Identity(), nullable=False),
        sa.Column("plan_id", BIG, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("cents", sa.Integer(), nullable=False),
        sa.Column("what", sa.JSON(), nullable=False),
        sa.Column("paid_to", sa.String(length=16), nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("activity_id", BIG, nullable=True),
        sa.Column("media_id", BIG, nullable=True),
        sa.Column("counters", BIG, nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("entered_by", sa.String(length=120), nullable=False),
        sa.Column("talk_id", BIG, nullable=True),
        sa.Column("reason", sa.JSON(), nullable=True),
        sa.Column("decided_by", sa.String(length=120), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_spendings")),
        *_ties_at_once("spendings"),
        if_not_exists=True,
    )
    _index("ix_spendings_plan_id", ["plan_id", "id"])
    _index("ix_spendings_media_id", ["media_id"])
    _index("ix_spendings_talk_id", ["talk_id"])
    _index("ix_spendings_waiting", ["at"], where="state = 'waiting'")
    loose = "activity_id IS NULL AND state <> 'sent_back'"
    _index("ix_spendings_loose", ["id"], where=loose)
    once = "state <> 'sent_back'"
    _index("uq_spendings_counters", ["counters"], where=once, unique=True)


def _index(
    name: str, columns: list[str], where: str | None = None, *, unique: bool = False
) -> None:
    condition = None if where is None else sa.text(where)
    op.create_index(
        name,
        "spendings",
        columns,
        unique=unique,
        if_not_exists=True,
        sqlite_where=condition,
        postgresql_where=condition,
    )


def _make_trust() -> None:
    """One table of answers without a person, one of who was asked without answers."""
    op.create_table(
        "trust_answers",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("moment", sa.String(length=8), nullable=False),
        sa.Column("question", sa.String(length=16), nullable=False),
        sa.Column("answer", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trust_answers")),
        *_ties_at_once("trust_answers"),
        if_not_exists=True,
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_trust_answers_round_id",
        "trust_answers",
        ["round_id", "moment"],
        if_not_exists=True,
    )
    op.create_table(
        "trust_asked",
        sa.Column("mark", sa.String(length=64), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("moment", sa.String(length=8), nullable=False),
        sa.PrimaryKeyConstraint("mark", name=op.f("pk_trust_asked")),
        *_ties_at_once("trust_asked"),
        if_not_exists=True,
        sqlite_with_rowid=False,
    )


def _ties_at_once(table: str) -> list[sa.ForeignKeyConstraint]:
    """Return what SQLite, which cannot tie later, ties a new table with."""
    if _on_postgres():
        return []
    return [
        sa.ForeignKeyConstraint(
            [column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}")
        )
        for of, column, other in TIES
        if of == table
    ]


def _tie(table: str, column: str, other: str) -> None:
    """Tie a column to another table; a second time, do nothing."""
    name = f"fk_{table}_{column}"
    known = sa.text("SELECT oid FROM pg_constraint WHERE conname = :name")
    if op.get_bind().scalar(known, {"name": name}) is None:
        op.create_foreign_key(op.f(name), table, other, [column], ["id"])


def _on_postgres() -> bool:
    return op.get_bind().dialect.name == "postgresql"


def _keep() -> None:
    """Commit what was done so far, and let go of its locks."""
    if _on_postgres():
        with op.get_context().autocommit_block():
            pass
