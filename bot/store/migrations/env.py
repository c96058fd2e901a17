"""Alembic's entry: runs the migrations on the connection handed to it."""

from alembic import context

from bot.store import (
    after,
    audit,
    care,
    chain,
    changes,
    civic,
    desk_messages,
    destroyed,
    drafts,
    frozen,
    logins,
    nights,
    outhooks,
    outreach,
    passes,
    results,
    reviews,
    sealed,
    spending,
    talks,
    trust,
    voices,
)
from bot.store.base import Base

KNOWN = (
    after.CallRow,
    audit.AuditLine,
    care.CareRow,
    chain.ChainRow,
    changes.PlanChange,
    civic.PlanRow,
    desk_messages.DeskMessage,
    destroyed.DestroyedRound,
    frozen.FrozenRound,
    logins.DeskSession,
    drafts.BroadcastDraft,
    frozen.FrozenRound,
    nights.Night,
    outhooks.HookEndpoint,
    outreach.Broadcast,
    passes.PassRow,
    results.ResultRow,
    reviews.Review,
    sealed.Sealing,
    spending.Spending,
    talks.Talk,
    trust.TrustAnswer,
    voices.Speech,
)
"""Imported so that their tables are known."""

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    render_as_batch=connection.dialect.name == "sqlite",
    transaction_per_migration=True,
)
with context.begin_transaction():
    context.run_migrations()
