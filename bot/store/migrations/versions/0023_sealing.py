"""Addresses may be longer than they were: sealed ones are. Since when all is sealed.

A database without talks seals from the first one on. One that is in use goes on in
clear, so that processes of an earlier version can read what is written, until
`buurtstem keys seal`. On PostgreSQL each step is committed by itself and locks one
table at most; no row is written anew. Run again, it does nothing. Imports nothing from
bot.
"""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"

_LENGTHS = {"address": 160, "phone": 32}
_TALKS = sa.table("talks", sa.column("id"))
_MOMENT = sa.DateTime(timezone=True)
_SEALING = sa.table(
    "sealing",
    sa.column("id", sa.Integer()),
    sa.column("begun_at", _MOMENT),
    sa.column("done_at", _MOMENT),
)


def upgrade() -> None:
    """Add the table, mark a new database as sealed, and lengthen the addresses."""
    op.create_table(
        _SEALING.name,
        sa.Column("id", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("begun_at", _MOMENT, nullable=False),
        sa.Column("done_at", _MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sealing")),
        if_not_exists=True,
    )
    db = op.get_bind()
    known = db.scalar(sa.select(sa.func.count()).select_from(_SEALING))
    if not known and db.scalar(sa.select(_TALKS.c.id).limit(1)) is None:
        now = datetime.now(UTC)  # noqa: TID251 - a migration has no clock of ours
        now = now.replace(tzinfo=None) if _on_sqlite() else now
        db.execute(sa.insert(_SEALING).values(id=1, begun_at=now, done_at=now))
    _keep()
    if not _on_sqlite():
        for name, length in _LENGTHS.items():
            was = sa.String(length=length)
            op.alter_column("talks", name, type_=sa.Text(), existing_type=was)


def downgrade() -> None:
    """Take it back. What is sealed stays so: an earlier version cannot read it.

    Raises ValueError where anything is.
    """
    db = op.get_bind()
    begun = db.scalar(sa.text("SELECT count(*) FROM sealing"))
    if begun and db.scalar(sa.select(_TALKS.c.id).limit(1)) is not None:
        raise ValueError("people's addresses are sealed: no earlier version reads them")
    if not _on_sqlite():
        for name, length in _LENGTHS.items():
            op.alter_column("talks", name, type_=sa.String(length=length))
        _keep()
    op.drop_table("sealing", if_exists=True)


def _on_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"


def _keep() -> None:
    """Commit what was done so far, and let go of its locks."""
    if not _on_sqlite():
        with op.get_context().autocommit_block():
            pass
