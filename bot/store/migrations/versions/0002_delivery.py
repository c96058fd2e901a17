"""The delivery ledger: windows, templates, broadcasts, the pace of each account.

Only adds, and every new column may be empty, so that processes of the version before
go on working beside it. On PostgreSQL each step is committed by itself, so that no lock
is held for longer than it takes, and the indexes are built without locking writers out;
after a crash, run it again. On SQLite it is one transaction. Imports nothing from bot.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

MOMENT = sa.DateTime(timezone=True)
ROW_ID: Any = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
OUT = "outbound_messages"
BATCH = 1_000  # talks per transaction: people write to us meanwhile
COLUMNS: dict[str, tuple[tuple[str, Any], ...]] = {
    "residents": (
        ("word_hash", sa.String(length=64)),
        ("word_tries", sa.Integer()),
        ("word_tried_at", MOMENT),
    ),
    "talks": (
        ("window_until", MOMENT),
        ("heard_by", sa.String(length=160)),
        ("opened_at", MOMENT),
    ),
    OUT: (
        ("kind", sa.String(length=24)),
        ("slots", sa.JSON()),
        ("template", sa.String(length=64)),
        ("broadcast_id", ROW_ID),
        ("round_id", sa.Integer()),
        ("held", sa.String(length=16)),
        ("again_id", ROW_ID),
    ),
    "tasks": (("outbound_id", ROW_ID),),
}
INDEXES = (
    ("ix_talks_opened", "talks", ["channel", "opened_at"], "opened_at IS NOT NULL"),
    (
        "ix_outbound_messages_ready",
        OUT,
        ["priority", "channel", "due_at", "id"],
        "delivery = 'queued' AND held IS NULL",
    ),
    (
        "ix_outbound_messages_broadcast",
        OUT,
        ["broadcast_id", "delivery"],
        "broadcast_id IS NOT NULL",
    ),
    (
        "ix_outbound_messages_pushed",
        OUT,
        ["channel", "sent_at"],
        "priority = 1 AND sent_at IS NOT NULL",
    ),
    (
        "ix_outbound_messages_open",
        OUT,
        ["delivery", "held"],
        "delivery = 'unsure' OR held IS NOT NULL",
    ),
)
FORMER = (
    "ix_outbound_messages_due",
    OUT,
    ["priority", "due_at"],
    "delivery = 'queued'",
)


def upgrade() -> None:
    """Add columns and tables, then indexes; the former index goes last."""
    for table, columns in COLUMNS.items():
        for name, kind in columns:
            added = sa.Column(name, kind, nullable=True)
            op.add_column(table, added, if_not_exists=_on_postgres() or None)
        _keep()
    _open_windows()
    _make_tables()
    _keep()
    for index in INDEXES:
        _make_index(*index)
    _drop_index(FORMER[0])


def downgrade() -> None:
    """Take it all back; windows, broadcasts and approvals are lost."""
    _make_index(*FORMER)
    for name, table, *_ in reversed(INDEXES):
        _drop_index(name, table)
    for table in ("templates", "accounts", "broadcasts"):
        op.drop_table(table, if_exists=True)
    for table, columns in reversed(COLUMNS.items()):
        _keep()
        for name, _ in reversed(columns):
            op.drop_column(table, name, if_exists=_on_postgres() or None)


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


def _open_windows() -> None:
    """Let people who wrote lately be answered: the window of what came before."""
    if not _on_postgres():
        op.execute(
            "UPDATE talks SET window_until = datetime(last_inbound_at, '+1425 minutes')"
            " WHERE channel = 'whatsapp' AND last_inbound_at IS NOT NULL"
        )
        return
    last = 0
    while (following := _open_some(last)) is not None:
        last = following
        _keep()


def _open_some(after: int) -> int | None:
    """Open the windows of a batch of talks; return its last id, None for no talk."""
    shut = sa.text(
        "UPDATE talks SET window_until = last_inbound_at + INTERVAL '1425 minutes' "
        "WHERE id IN (SELECT id FROM talks WHERE id > :after AND channel = 'whatsapp' "
        "AND last_inbound_at IS NOT NULL AND window_until IS NULL "
        "ORDER BY id LIMIT :batch) RETURNING id"
    )
    given = {"after": after, "batch": BATCH}
    return max(op.get_bind().scalars(shut, given), default=None)


def _make_tables() -> None:
    op.create_table(
        "broadcasts",
        sa.Column("id", ROW_ID, sa.Identity(always=False), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("segment", sa.String(length=160), nullable=False),
        sa.Column("texts", sa.JSON(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("spread_to", ROW_ID, nullable=False),
        sa.Column("spread_at", MOMENT, nullable=True),
        sa.Column("places", sa.JSON(), nullable=False),
        sa.Column("by", sa.String(length=120), nullable=False),
        sa.Column("starts_at", MOMENT, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_broadcasts")),
        sa.UniqueConstraint("key", name=op.f("uq_broadcasts_key")),
        if_not_exists=True,
    )
    op.create_table(
        "accounts",
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("next_at", MOMENT, nullable=False),
        sa.Column("paused_until", MOMENT, nullable=True),
        sa.Column("paused_for", sa.String(length=40), nullable=True),
        sa.Column("checked_to", MOMENT, nullable=True),
        sa.Column("checking_until", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("channel", name=op.f("pk_accounts")),
        if_not_exists=True,
    )
    op.create_table(
        "templates",
        sa.Column("id", ROW_ID, sa.Identity(always=False), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("digest", sa.String(length=32), nullable=False),
        sa.Column("sid", sa.String(length=64), nullable=False),
        sa.Column("slots", sa.JSON(), nullable=False),
        sa.Column("approval", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.String(length=240), nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("checked_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_templates")),
        sa.UniqueConstraint(
            "kind", "language", "digest", name=op.f("uq_templates_kind_language_digest")
        ),
        if_not_exists=True,
    )


def _make_index(name: str, table: str, columns: list[str], where: str) -> None:
    """Make a partial index; on PostgreSQL without locking writers out."""
    if _is_half_built(name):
        _drop_index(name, table)
    with _outside():
        op.create_index(
            name,
            table,
            columns,
            sqlite_where=sa.text(where),
            postgresql_where=sa.text(where),
            postgresql_concurrently=True,
            if_not_exists=True,
        )


def _is_half_built(name: str) -> bool:
    """Tell whether an earlier run died while it built this index: it is no use then."""
    if not _on_postgres():
        return False
    invalid = sa.text(
        "SELECT indexrelid FROM pg_index "
        "WHERE indexrelid = to_regclass(:name) AND NOT indisvalid"
    )
    return op.get_bind().scalar(invalid, {"name": name}) is not None


def _drop_index(name: str, table: str = OUT) -> None:
    with _outside():
        op.drop_index(name, table, postgresql_concurrently=True, if_exists=True)
