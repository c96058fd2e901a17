"""What the municipality pays already at the place of a plan: public words of its own.

Only adds, and the new column may be empty, so that processes of the version before go
on working beside it. Run again, it does nothing. Imports nothing from bot.
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Add the column."""
    column = sa.Column("already", sa.JSON(), nullable=True)
    op.add_column("plans", column, if_not_exists=_on_postgres() or None)


def downgrade() -> None:
    """Take it back; the words in it are lost."""
    op.drop_column("plans", "already", if_exists=_on_postgres() or None)


def _on_postgres() -> bool:
    return op.get_bind().dialect.name == "postgresql"
