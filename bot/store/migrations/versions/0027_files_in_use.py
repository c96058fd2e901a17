"""What still needs a file, and who answered at a check-in, is found and not searched.

Only adds indexes. On PostgreSQL they are built without locking writers out. Run again,
it does nothing. Imports nothing from bot.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"

INDEXES: tuple[tuple[str, str, str, str | None], ...] = (
    ("ix_plan_media_media_id", "plan_media", "media_id", None),
    ("ix_sounds_media_id", "sounds", "media_id", None),
    ("ix_plans_picture_id", "plans", "picture_id", "picture_id IS NOT NULL"),
    ("ix_plan_lines_media_id", "plan_lines", "media_id", "media_id IS NOT NULL"),
    (
        "ix_checkin_answers_media_id",
        "checkin_answers",
        "media_id",
        "media_id IS NOT NULL",
    ),
    (
        "ix_checkin_answers_resident_id",
        "checkin_answers",
        "resident_id",
        "resident_id IS NOT NULL",
    ),
)


def upgrade() -> None:
    """Add the indexes."""
    for index in INDEXES:
        _make_index(*index)


def downgrade() -> None:
    """Take them away again."""
    for name, table, *_ in reversed(INDEXES):
        _drop_index(name, table)


def _make_index(name: str, table: str, column: str, where: str | None) -> None:
    """Make an index, of some rows where it has a condition, beside running writers."""
    if _is_half_built(name):
        _drop_index(name, table)
    only = None if where is None else sa.text(where)
    with _outside():
        op.create_index(
            name,
            table,
            [column],
            sqlite_where=only,
            postgresql_where=only,
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
