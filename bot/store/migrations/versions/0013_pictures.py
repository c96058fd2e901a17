"""Pictures of plans: which one is public, and which one goes along with a message.

Only adds, and every new column may be empty, so that processes of the version before
go on working beside it. On PostgreSQL each step is committed by itself and locks one
table at most; so no column is tied to the media, which would lock those too. Run again,
it does nothing. Imports nothing from bot.
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
COLUMNS = (
    ("plans", "picture_id", BIG),
    ("plans", "picture_hash", sa.String(length=64)),
    ("outbound_messages", "picture", BIG),
)


def upgrade() -> None:
    """Add the columns."""
    for table, name, kind in COLUMNS:
        column: sa.Column[object] = sa.Column(name, kind, nullable=True)
        op.add_column(table, column, if_not_exists=_on_postgres() or None)
        _keep()


def downgrade() -> None:
    """Take them back; which picture belongs to which plan is lost."""
    for table, name, _ in reversed(COLUMNS):
        op.drop_column(table, name, if_exists=_on_postgres() or None)
        _keep()


def _on_postgres() -> bool:
    return op.get_bind().dialect.name == "postgresql"


def _keep() -> None:
    """Commit what was done so far, and let go of its locks."""
    if _on_postgres():
        with op.get_context().autocommit_block():
            pass
