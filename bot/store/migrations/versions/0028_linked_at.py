"""When an app was linked to a person, so that it can be unlinked again.

Only adds a column. Run again, it does nothing. Imports nothing from bot.
"""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"

TALKS, LINKED = "talks", "linked_at"


def upgrade() -> None:
    """Add the column."""
    if not _has_it():
        column = sa.Column(LINKED, sa.DateTime(timezone=True))
        op.add_column(TALKS, column, if_not_exists=_on_postgres() or None)


def downgrade() -> None:
    """Take it back."""
    if _has_it():
        op.drop_column(TALKS, LINKED)


def _on_postgres() -> bool:
    return op.get_bind().dialect.name == "postgresql"


def _has_it() -> bool:
    columns = sa.inspect(op.get_bind()).get_columns(TALKS)
    return any(each["name"] == LINKED for each in columns)
