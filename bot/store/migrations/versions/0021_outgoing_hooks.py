"""Events for the city's own systems.

Only adds tables. Run again, it does nothing. Imports nothing from bot.
"""

from datetime import datetime

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"

TABLES = (
    "hook_endpoints",
    "hook_wishes",
    "hook_events",
    "hook_dispatches",
    "hook_tries",
)
BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
OWED = sa.text("state = 'owed'")


def upgrade() -> None:
    """Add the tables; they are tied only to each other."""
    _make_endpoints()
    _make_wishes()
    _make_events()
    _make_dispatches()
    _make_tries()


def downgrade() -> None:
    """Take them away; the city's systems have to be connected anew."""
    for table in reversed(TABLES):
        op.drop_table(table, if_exists=True)


def _make_endpoints() -> None:
    op.create_table(
        "hook_endpoints",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("url", sa.String(length=500), nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        _moment("secret_at"),
        sa.Column("old_secret", sa.LargeBinary(), nullable=True),
        _moment("old_until", nullable=True),
        _moment("failing_since", nullable=True),
        _moment("off_at", nullable=True),
        sa.Column("off_for", sa.String(length=24), nullable=True),
        _moment("created_at"),
        sa.Column("created_by", sa.String(length=120), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hook_endpoints")),
        sa.UniqueConstraint("url", name=op.f("uq_hook_endpoints_url")),
        if_not_exists=True,
    )


def _make_wishes() -> None:
    op.create_table(
        "hook_wishes",
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("endpoint_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "endpoint_id", name=op.f("pk_hook_wishes")),
        _tie("hook_wishes", "endpoint_id", "hook_endpoints"),
        if_not_exists=True,
    )


def _make_events() -> None:
    op.create_table(
        "hook_events",
        sa.Column("id", BIG, sa.Identity(), nullable=False),
        sa.Column("uid", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        _moment("at"),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hook_events")),
        sa.UniqueConstraint("uid", name=op.f("uq_hook_events_uid")),
        if_not_exists=True,
    )
    op.create_index("ix_hook_events_at", "hook_events", ["at"], if_not_exists=True)


def _make_dispatches() -> None:
    op.create_table(
        "hook_dispatches",
        sa.Column("id", BIG, sa.Identity(), nullable=False),
        sa.Column("event_id", BIG, nullable=False),
        sa.Column("endpoint_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        _moment("due_at"),
        _moment("leased_until", nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hook_dispatches")),
        sa.UniqueConstraint(
            "event_id",
            "endpoint_id",
            name=op.f("uq_hook_dispatches_event_id_endpoint_id"),
        ),
        _tie("hook_dispatches", "event_id", "hook_events"),
        _tie("hook_dispatches", "endpoint_id", "hook_endpoints"),
        if_not_exists=True,
    )
    op.create_index(
        "ix_hook_dispatches_owed",
        "hook_dispatches",
        ["endpoint_id", "due_at"],
        sqlite_where=OWED,
        postgresql_where=OWED,
        if_not_exists=True,
    )
    op.create_index(
        "ix_hook_dispatches_endpoint",
        "hook_dispatches",
        ["endpoint_id", "id"],
        if_not_exists=True,
    )


def _make_tries() -> None:
    op.create_table(
        "hook_tries",
        sa.Column("id", BIG, sa.Identity(), nullable=False),
        sa.Column("dispatch_id", BIG, nullable=False),
        _moment("at"),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("milliseconds", sa.Integer(), nullable=False),
        sa.Column("fault", sa.String(length=24), nullable=False),
        sa.Column("said", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hook_tries")),
        _tie("hook_tries", "dispatch_id", "hook_dispatches"),
        if_not_exists=True,
    )
    op.create_index(
        "ix_hook_tries_dispatch",
        "hook_tries",
        ["dispatch_id", "id"],
        if_not_exists=True,
    )
    op.create_index("ix_hook_tries_at", "hook_tries", ["at"], if_not_exists=True)


def _moment(name: str, *, nullable: bool = False) -> sa.Column[datetime]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _tie(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}")
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=name)
