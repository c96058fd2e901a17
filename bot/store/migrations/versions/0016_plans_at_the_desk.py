"""Plans at the desk: what is searched, since when we owe an answer, and reviews.

Every new column may be empty, so that processes of the version before go on working
beside it. What can be searched is filled in by the worker in portions, by the same code
that writes it (`bot.services.searching`); here is only filled in who has had an answer,
also in portions. On PostgreSQL each step is committed by itself and locks one table at
most. Run again, it does nothing. Imports nothing from bot.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"

WHEN = sa.DateTime(timezone=True)
COLUMNS: tuple[tuple[str, Any], ...] = (
    ("search", sa.Text()),
    ("asked_at", WHEN),
    ("answered_at", WHEN),
    ("advised_at", WHEN),
    ("entry", sa.String(length=40)),
    ("entry_key", sa.String(length=64)),
)
INDEXES = (
    ("ix_plans_entry_key", ["entry_key"], None, True),
    ("ix_plans_unsearched", ["id"], "search IS NULL", False),
)
PORTION = 1_000


def upgrade() -> None:
    """Add the columns, their indexes and the table; then note who was answered."""
    for name, kind in COLUMNS:
        column: sa.Column[object] = sa.Column(name, kind, nullable=True)
        op.add_column("plans", column, if_not_exists=_on_postgres() or None)
        _keep()
    for name, columns, where, unique in INDEXES:
        _add_index(name, columns, where, unique=unique)
    _make_reviews()
    _keep()
    _note_answers()


def downgrade() -> None:
    """Take it back; reviews are lost, what they did to plans stays."""
    op.drop_table("reviews", if_exists=True)
    _keep()
    for name, _, _, _ in INDEXES:
        with _outside():
            op.drop_index(name, "plans", postgresql_concurrently=True, if_exists=True)
    for name, _ in reversed(COLUMNS):
        op.drop_column("plans", name, if_exists=_on_postgres() or None)
        _keep()


def _make_reviews() -> None:
    big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "reviews",
        sa.Column("id", big, sa.Identity(), nullable=False),
        sa.Column("plan_id", big, nullable=False),
        sa.Column("verdict", sa.String(length=16), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("note", sa.JSON(), nullable=False),
        sa.Column("department", sa.String(length=80), nullable=False),
        sa.Column("person", sa.String(length=80), nullable=False),
        sa.Column("cost_cents", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("by", sa.String(length=120), nullable=False),
        sa.Column("at", WHEN, nullable=False),
        sa.Column("second", sa.String(length=120), nullable=True),
        sa.Column("settled_at", WHEN, nullable=True),
        sa.Column("before", sa.JSON(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reviews")),
        if_not_exists=True,
    )
    op.create_index(
        "ix_reviews_plan_id", "reviews", ["plan_id", "id"], if_not_exists=True
    )
    waits = sa.text("state = 'proposed'")
    op.create_index(
        "ix_reviews_waiting",
        "reviews",
        ["at"],
        sqlite_where=waits,
        postgresql_where=waits,
        if_not_exists=True,
    )


def _note_answers() -> None:
    """Note for each plan when somebody at the municipality first did something."""
    db = op.get_bind()
    last = 0
    while True:
        found = sa.text(
            "SELECT max(id) FROM (SELECT id FROM plans WHERE id > :last"
            " ORDER BY id LIMIT :most) AS portion"
        )
        upto = db.scalar(found, {"last": last, "most": PORTION})
        if upto is None:
            return
        answered = sa.text(
            "UPDATE plans SET answered_at = (SELECT min(s.at) FROM plan_stages AS s"
            " WHERE s.plan_id = plans.id AND s.by <> 'author')"
            " WHERE id > :last AND id <= :upto AND answered_at IS NULL"
        )
        db.execute(answered, {"last": last, "upto": upto})
        _keep()
        last = upto


def _add_index(
    name: str, columns: list[str], where: str | None, *, unique: bool
) -> None:
    if _is_half_built(name):
        with _outside():
            op.drop_index(name, "plans", postgresql_concurrently=True, if_exists=True)
    only = None if where is None else sa.text(where)
    with _outside():
        op.create_index(
            name,
            "plans",
            columns,
            unique=unique,
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
        "SELECT 1 FROM pg_index JOIN pg_class ON pg_class.oid = pg_index.indexrelid"
        " WHERE pg_class.relname = :name AND NOT pg_index.indisvalid"
    )
    return op.get_bind().scalar(invalid, {"name": name}) is not None


def _on_postgres() -> bool:
    return op.get_bind().dialect.name == "postgresql"


def _keep() -> None:
    """Commit what was done so far, and let go of its locks."""
    with _outside():
        pass


@contextmanager
def _outside() -> Iterator[None]:
    """Commit, and work outside a transaction; on SQLite all is one."""
    if _on_postgres():
        with op.get_context().autocommit_block():
            yield
    else:
        yield
