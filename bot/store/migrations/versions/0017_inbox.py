"""Who has a task in hand and how it ended; what officials write to one resident.

Adds columns that may be empty, two indexes and a table. On PostgreSQL each step is
committed by itself and locks one table in use at most. Run again, it does nothing.
Imports nothing from bot.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"

COLUMNS = ("assigned_to", "outcome", "outcome_note", "again_at")
TIE = "fk_desk_messages_talk_id"


def upgrade() -> None:
    """Add the columns of tasks, then the table, then what ties it to talks."""
    known = {each["name"] for each in sa.inspect(op.get_bind()).get_columns("tasks")}
    for column in _columns():
        if column.name not in known:
            op.add_column("tasks", column)
    _index()
    _keep()
    _make_messages()
    _keep()
    _tie()
    _keep()


def downgrade() -> None:
    """Take them back; messages that were sent stay sent."""
    op.drop_table("desk_messages", if_exists=True)
    _keep()
    op.drop_index("ix_tasks_done", "tasks", if_exists=True)
    op.drop_index("ix_tasks_waiting", "tasks", if_exists=True)
    for name in reversed(COLUMNS):
        op.drop_column("tasks", name)
    _keep()


def _columns() -> list[sa.Column[Any]]:
    return [
        sa.Column("assigned_to", sa.Integer(), nullable=True),
        sa.Column("outcome", sa.String(length=16), nullable=True),
        sa.Column("outcome_note", sa.Text(), nullable=True),
        sa.Column("again_at", _moment(), nullable=True),
    ]


def _index() -> None:
    waiting = sa.text("done_at IS NULL")
    op.create_index(
        "ix_tasks_waiting",
        "tasks",
        ["created_at", "id"],
        sqlite_where=waiting,
        postgresql_where=waiting,
        if_not_exists=True,
    )
    op.create_index("ix_tasks_done", "tasks", ["done_at", "id"], if_not_exists=True)


def _make_messages() -> None:
    big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "desk_messages",
        sa.Column("id", big, sa.Identity(), nullable=False),
        sa.Column("talk_id", big, nullable=False),
        sa.Column("task_id", big, nullable=True),
        sa.Column("outbound_id", big, nullable=True),
        sa.Column("official_id", sa.Integer(), nullable=False),
        sa.Column("by", sa.String(length=120), nullable=False),
        sa.Column("phrase", sa.String(length=24), nullable=True),
        sa.Column("dutch", sa.Text(), nullable=True),
        sa.Column("translated_by", sa.String(length=120), nullable=True),
        sa.Column("asks", sa.Boolean(), nullable=False),
        sa.Column("at", _moment(), nullable=False),
        sa.Column("answered_at", _moment(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_desk_messages")),
        *_tied_at_once(),
        if_not_exists=True,
    )
    op.create_index(
        "ix_desk_messages_talk",
        "desk_messages",
        ["talk_id", "id"],
        if_not_exists=True,
    )
    op.create_index(
        "ix_desk_messages_outbound_id",
        "desk_messages",
        ["outbound_id"],
        if_not_exists=True,
    )


def _tied_at_once() -> list[sa.ForeignKeyConstraint]:
    """Return what SQLite, which cannot tie later, ties the new table with."""
    if _on_postgres():
        return []
    return [sa.ForeignKeyConstraint(["talk_id"], ["talks.id"], name=op.f(TIE))]


def _tie() -> None:
    """Tie the table to talks; a second time, do nothing."""
    if not _on_postgres():
        return
    known = sa.text("SELECT oid FROM pg_constraint WHERE conname = :name")
    if op.get_bind().scalar(known, {"name": TIE}) is None:
        op.create_foreign_key(op.f(TIE), "desk_messages", "talks", ["talk_id"], ["id"])


def _moment() -> sa.DateTime:
    return sa.DateTime(timezone=True)


def _on_postgres() -> bool:
    return op.get_bind().dialect.name == "postgresql"


def _keep() -> None:
    """Commit what was done so far, and let go of its locks."""
    if _on_postgres():
        with op.get_context().autocommit_block():
            pass
