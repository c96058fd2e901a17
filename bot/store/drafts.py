"""Broadcasts before they are sent, and the people who were called about one."""

from datetime import datetime
from typing import Any

from sqlalchemy import Identity, Index
from sqlalchemy.orm import Mapped, mapped_column

from bot.store.base import Base, short
from bot.store.talks import RowId

DRAFT, PROPOSED, SENT, DROPPED = "draft", "proposed", "sent", "dropped"
"""What a draft can be. What waits for a second person is proposed."""


class BroadcastDraft(Base):
    """A broadcast that officials write: kept with every save, sent by a second person.

    `segment` is written as a hook sends it; `texts` and `sounds` are {locale: text} and
    {locale: media id} of what people recorded. `at` is when it is to go out, None for
    at once. `version` rises with every change, so that two editors at once are seen.
    """

    __tablename__ = "broadcast_drafts"
    __table_args__ = (Index("ix_broadcast_drafts_state", "state", "id"),)

    id: Mapped[int] = mapped_column(RowId, Identity(), primary_key=True)
    state: Mapped[str] = mapped_column(short(16))
    version: Mapped[int] = mapped_column(default=1)
    segment: Mapped[str] = mapped_column(short(160))
    texts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    sounds: Mapped[dict[str, Any]] = mapped_column(default=dict)
    at: Mapped[datetime | None]
    broadcast_id: Mapped[int | None] = mapped_column(RowId)
    made_by: Mapped[str] = mapped_column(short(120))
    made_at: Mapped[datetime]
    changed_by: Mapped[str] = mapped_column(short(120))
    changed_at: Mapped[datetime]
    proposed_by: Mapped[str | None] = mapped_column(short(120))
    proposed_at: Mapped[datetime | None]
    released_by: Mapped[str | None] = mapped_column(short(120))
    released_at: Mapped[datetime | None]


class CallMade(Base):
    """That an official told somebody by telephone what a message did not tell her."""

    __tablename__ = "calls_made"

    outbound_id: Mapped[int] = mapped_column(
        RowId, primary_key=True, autoincrement=False
    )
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(short(120))
