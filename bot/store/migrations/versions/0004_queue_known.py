"""Tell PostgreSQL that what waits in the queue is hardly ever a reply.

Replies are most of what was ever sent, and pushes most of what is queued. Held for
independent, that makes thousands of queued replies of a broadcast, and the question
whether one is due reads a whole table. Only adds a statistic; SQLite keeps none. Run
again, it does nothing. Imports nothing from bot.
"""

from alembic import op

revision = "0004"
down_revision = "0003"

NAME = "st_outbound_messages_queue"


def upgrade() -> None:
    """Keep the statistic, and count for the first time."""
    if _on_postgres():
        with op.get_context().autocommit_block():
            op.execute(
                f"CREATE STATISTICS IF NOT EXISTS {NAME} (mcv) "
                "ON delivery, priority FROM outbound_messages"
            )
            op.execute("ANALYZE outbound_messages")


def downgrade() -> None:
    """Forget it."""
    if _on_postgres():
        op.execute(f"DROP STATISTICS IF EXISTS {NAME}")


def _on_postgres() -> bool:
    return op.get_bind().dialect.name == "postgresql"
