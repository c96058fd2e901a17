"""What is read aloud: sound made before, recordings by people, work still to do.

Only adds, and every new column may be empty, so that processes of the version before
go on working beside it. Run again, it does nothing. Imports nothing from bot.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

MOMENT = sa.DateTime(timezone=True)
ROW_ID: Any = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add the tables, their indexes, and who wants to hear."""
    _make_sounds()
    _make_recordings()
    _make_speeches()
    op.add_column(
        "talks",
        sa.Column("aloud", sa.Boolean(), nullable=True),
        if_not_exists=_on_postgres() or None,
    )


def downgrade() -> None:
    """Take it all back; recordings by people are lost."""
    op.drop_column("talks", "aloud", if_exists=_on_postgres() or None)
    for table in ("speeches", "recordings", "sounds"):
        op.drop_table(table, if_exists=True)


def _on_postgres() -> bool:
    return op.get_bind().dialect.name == "postgresql"


def _make_sounds() -> None:
    op.create_table(
        "sounds",
        sa.Column("key", sa.String(length=64), nullable=False),
        _tie("sounds", "media_id", "media"),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("used_at", MOMENT, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_sounds")),
        if_not_exists=True,
    )
    op.create_index("ix_sounds_used_at", "sounds", ["used_at"], if_not_exists=True)


def _make_recordings() -> None:
    op.create_table(
        "recordings",
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("slot", sa.String(length=16), nullable=False),
        _tie("recordings", "media_id", "media"),
        sa.Column("words", sa.String(length=64), nullable=False),
        sa.Column("by", sa.String(length=120), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("language", "slot", name=op.f("pk_recordings")),
        if_not_exists=True,
    )


def _make_speeches() -> None:
    op.create_table(
        "speeches",
        sa.Column("id", ROW_ID, sa.Identity(always=False), nullable=False),
        _tie("speeches", "talk_id", "talks"),
        _tie("speeches", "outbound_id", "outbound_messages"),
        sa.Column("words", sa.LargeBinary(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("leased_until", MOMENT, nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_speeches")),
        if_not_exists=True,
    )
    op.create_index("ix_speeches_talk_id", "speeches", ["talk_id"], if_not_exists=True)


def _tie(table: str, name: str, target: str) -> "sa.Column[int]":
    """Return a column that names a row of `target`."""
    rule = op.f(f"fk_{table}_{name}")
    tie = sa.ForeignKey(f"{target}.id", name=rule)
    return sa.Column(name, ROW_ID, tie, nullable=False)
