"""Indexes for a worker that finds nothing to do: what is due is found, not searched.

Only adds indexes of few rows, and takes one away that a smaller one replaces. On
PostgreSQL they are built without locking writers out. Imports nothing from bot.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

KEPT = "key IS NOT NULL OR transcript IS NOT NULL"
INDEXES: tuple[tuple[str, str, list[str], str | None, str | None], ...] = (
    ("ix_media_to_delete", "media", ["delete_after"], KEPT, KEPT),
    (
        "ix_media_to_fetch",
        "media",
        ["id"],
        "kind = 'photo' AND fetched_at IS NULL AND delete_after IS NULL",
        "kind = 'photo' AND fetched_at IS NULL AND delete_after IS NULL",
    ),
    (
        "ix_outbound_messages_secret",
        "outbound_messages",
        ["created_at"],
        "secret = 1 AND text != ''",
        "secret AND text != ''",
    ),
    ("ix_talks_picks", "talks", ["id"], "picks IS NOT NULL", "picks IS NOT NULL"),
    (
        "ix_talks_forgotten",
        "talks",
        ["id"],
        "forgotten_at IS NOT NULL",
        "forgotten_at IS NOT NULL",
    ),
    ("ix_plans_status", "plans", ["status", "number"], None, None),
)
FORMER = ("ix_media_due", "media", ["delete_after"], None, None)


def upgrade() -> None:
    """Add the indexes; the former one goes last."""
    for index in INDEXES:
        _make_index(*index)
    _drop_index(FORMER[0], FORMER[1])


def downgrade() -> None:
    """Take them away again."""
    _make_index(*FORMER)
    for name, table, *_ in reversed(INDEXES):
        _drop_index(name, table)


def _make_index(
    name: str, table: str, columns: list[str], sqlite: str | None, other: str | None
) -> None:
    """Make an index, of some rows where it has conditions, beside running writers."""
    if _is_half_built(name):
        _drop_index(name, table)
    with _outside():
        op.create_index(
            name,
            table,
            columns,
            sqlite_where=None if sqlite is None else sa.text(sqlite),
            postgresql_where=None if other is None else sa.text(other),
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


def _drop_index(name: str, table: str) -> None:
    with _outside():
        op.drop_index(name, table, postgresql_concurrently=True, if_exists=True)


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
