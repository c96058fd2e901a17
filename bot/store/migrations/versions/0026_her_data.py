"""What residents ask for as a file is found at once, however many files there are.

Only adds an index. Run again, it does nothing. Imports nothing from bot.
"""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"

_INDEX = "ix_media_to_make"
_TO_MAKE = "kind = 'her_data' AND fetched_at IS NULL AND delete_after IS NULL"


def upgrade() -> None:
    """Add the index."""
    op.create_index(
        _INDEX,
        "media",
        ["id"],
        sqlite_where=sa.text(_TO_MAKE),
        postgresql_where=sa.text(_TO_MAKE),
        if_not_exists=True,
    )


def downgrade() -> None:
    """Take it back."""
    op.drop_index(_INDEX, table_name="media", if_exists=True)
