"""After the result: contact persons, how chosen plans are looked after, meetings.

Only adds tables. On PostgreSQL they are tied to plans and rounds afterwards, one at a
time and each in a transaction of its own. Run again, it does nothing. Imports nothing
from bot.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WHEN = sa.DateTime(timezone=True)
ID = ("id", BIG, False)
PLAN = ("plan_id", BIG, False)
BY, AT = ("by", sa.String(120), False), ("at", WHEN, False)
Kind = sa.types.TypeEngine[Any]
Column = tuple[str, Kind, bool]
TABLES: dict[str, tuple[Column, ...]] = {
    "contacts": (
        ID,
        ("name", sa.String(80), False),
        ("phone", sa.String(40), False),
        ("photo_id", BIG, True),
        ("official_id", sa.Integer(), True),
        ("left_at", WHEN, True),
        ("created_at", WHEN, False),
    ),
    "plan_care": (
        PLAN,
        ("contact_id", BIG, True),
        ("cadence", sa.String(24), False),
        ("begun_at", WHEN, False),
        ("asked", sa.Integer(), False),
        ("next_at", WHEN, True),
        ("asked_at", WHEN, True),
        ("answered_at", WHEN, True),
        ("silent_at", WHEN, True),
        ("silences", sa.Integer(), False),
        ("reported_at", WHEN, True),
        ("warned_at", WHEN, True),
        ("late_at", WHEN, True),
        ("stuck_at", WHEN, True),
        ("first_talk", sa.String(10), True),
        ("steps", sa.JSON(), False),
    ),
    "plan_lines": (
        ID,
        PLAN,
        ("kind", sa.String(16), False),
        ("texts", sa.JSON(), False),
        ("media_id", BIG, True),
        BY,
        AT,
        ("told_at", WHEN, True),
        ("public_at", WHEN, True),
        ("public_by", sa.String(120), True),
    ),
    "handovers": (
        ID,
        ("contact_id", BIG, False),
        ("moves", sa.JSON(), False),
        ("left", sa.Boolean(), False),
        BY,
        AT,
        ("told_at", WHEN, True),
        ("undone_at", WHEN, True),
    ),
    "calls": (ID, PLAN, ("outcome", sa.String(16), False), BY, AT),
    "meetings": (
        ID,
        PLAN,
        ("other_id", BIG, False),
        ("answer", sa.String(8), True),
        ("other_answer", sa.String(8), True),
        ("words", sa.Text(), True),
        ("other_words", sa.Text(), True),
        BY,
        AT,
        ("met_at", WHEN, True),
        ("ended_at", WHEN, True),
    ),
    "renewals": (PLAN, ("round_id", sa.Integer(), False), BY, AT),
}
KEYS = {"plan_care": ("plan_id",), "renewals": ("plan_id", "round_id")}
TIES = (
    ("plan_care", "plan_id", "plans"),
    ("plan_lines", "plan_id", "plans"),
    ("calls", "plan_id", "plans"),
    ("meetings", "plan_id", "plans"),
    ("meetings", "other_id", "plans"),
    ("renewals", "plan_id", "plans"),
    ("renewals", "round_id", "rounds"),
)
INDEXES = (
    ("ix_plan_care_next", "plan_care", ["next_at"]),
    ("ix_plan_care_asked", "plan_care", ["asked_at"]),
    ("ix_plan_care_stuck", "plan_care", ["stuck_at"]),
    ("ix_plan_care_contact_id", "plan_care", ["contact_id"]),
    ("ix_plan_lines_plan_id", "plan_lines", ["plan_id", "id"]),
    ("ix_handovers_open", "handovers", ["told_at", "id"]),
    ("ix_calls_plan_id", "calls", ["plan_id", "id"]),
    ("ix_meetings_plan_id", "meetings", ["plan_id"]),
    ("ix_meetings_other_id", "meetings", ["other_id"]),
)


def upgrade() -> None:
    """Add the tables and their indexes, then what ties them to plans and rounds."""
    for table, columns in TABLES.items():
        _make(table, columns)
    for name, table, indexed in INDEXES:
        op.create_index(name, table, indexed, if_not_exists=True)
    _keep()
    if _on_postgres():
        for table, column, to in TIES:
            _tie(table, column, to)
            _keep()


def downgrade() -> None:
    """Take them back; who looks after which plan is lost."""
    for table in reversed(TABLES):
        op.drop_table(table, if_exists=True)
        _keep()


def _make(table: str, columns: tuple[Column, ...]) -> None:
    key = KEYS.get(table, ("id",))
    op.create_table(
        table,
        *(_column(*column) for column in columns),
        sa.PrimaryKeyConstraint(*key, name=op.f(f"pk_{table}")),
        *_ties_at_once(table),
        if_not_exists=True,
    )


def _column(name: str, kind: Kind, empty: bool) -> sa.Column[Any]:  # noqa: FBT001 - a row of the list above
    own = [sa.Identity()] if name == "id" else []
    return sa.Column(name, kind, *own, nullable=empty)


def _ties_at_once(table: str) -> list[sa.ForeignKeyConstraint]:
    """Return what SQLite, which cannot tie later, ties a new table with."""
    if _on_postgres():
        return []
    return [
        sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(_named(own, column)))
        for own, column, to in TIES
        if own == table
    ]


def _tie(table: str, column: str, to: str) -> None:
    """Tie a table to another; a second time, do nothing."""
    known = sa.text("SELECT oid FROM pg_constraint WHERE conname = :name")
    name = _named(table, column)
    if op.get_bind().scalar(known, {"name": name}) is None:
        op.create_foreign_key(op.f(name), table, to, [column], ["id"])


def _named(table: str, column: str) -> str:
    return f"fk_{table}_{column}"


def _on_postgres() -> bool:
    return op.get_bind().dialect.name == "postgresql"


def _keep() -> None:
    """Commit what was done so far, and let go of its locks."""
    if _on_postgres():
        with op.get_context().autocommit_block():
            pass
