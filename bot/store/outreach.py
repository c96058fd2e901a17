"""What officials send to many: broadcasts, approved templates, our accounts."""

from datetime import datetime
from typing import Any

from sqlalchemy import Identity, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bot.store.base import Base, short
from bot.store.talks import RowId

RUNNING, PAUSED, CANCELLED, DONE = "running", "paused", "cancelled", "done"
"""What a broadcast can be."""


class Broadcast(Base):
    """The same words for many people, and how far they are.

    `key` makes it unique ("cast:…"). `segment` is written as a hook sends it, `texts`
    is {locale: text}, `sounds` {locale: media id} of what people read. `state` is
    running, paused, cancelled or done. Rows of the outbox are written in portions, up
    to the resident `spread_to`; `spread_at` is when the last one was, `places` how many
    places in the pace are given away. `people` is how many it was meant for when it
    began.
    """

    __tablename__ = "broadcasts"
    __table_args__ = (UniqueConstraint("key"),)

    id: Mapped[int] = mapped_column(RowId, Identity(), primary_key=True)
    key: Mapped[str] = mapped_column(short(80))
    segment: Mapped[str] = mapped_column(short(160))
    texts: Mapped[dict[str, Any]]
    sounds: Mapped[dict[str, Any] | None]
    round_id: Mapped[int | None]
    state: Mapped[str] = mapped_column(short(16))
    people: Mapped[int]
    spread_to: Mapped[int] = mapped_column(RowId, default=0)
    spread_at: Mapped[datetime | None]
    places: Mapped[dict[str, Any]] = mapped_column(default=dict)
    by: Mapped[str] = mapped_column(short(120))
    starts_at: Mapped[datetime]
    created_at: Mapped[datetime]


class Account(Base):
    """Our sender on one channel: its pace, and up to when its inbound was checked.

    The next push may go at `next_at`. Until `paused_until` nothing that we begin goes
    out, for `paused_for` (a machine word). What the provider has of inbound messages
    was compared with ours up to `checked_to`; who does so has until `checking_until`.
    """

    __tablename__ = "accounts"

    channel: Mapped[str] = mapped_column(short(16), primary_key=True)
    next_at: Mapped[datetime]
    paused_until: Mapped[datetime | None]
    paused_for: Mapped[str | None] = mapped_column(short(40))
    checked_to: Mapped[datetime | None]
    checking_until: Mapped[datetime | None]


class Template(Base):
    """A wording given to the provider for approval, per kind and language.

    `digest` is of its wording, so that new words make a new one; the newest approved
    one is used. `slots` are the names of its variables in their order. `approval` is
    the provider's word: unsubmitted, received, pending, approved, rejected, paused or
    disabled; `reason` why it was not approved.
    """

    __tablename__ = "templates"
    __table_args__ = (UniqueConstraint("kind", "language", "digest"),)

    id: Mapped[int] = mapped_column(RowId, Identity(), primary_key=True)
    kind: Mapped[str] = mapped_column(short(24))
    language: Mapped[str] = mapped_column(short(8))
    digest: Mapped[str] = mapped_column(short(32))
    sid: Mapped[str] = mapped_column(short(64))
    slots: Mapped[list[Any]]
    approval: Mapped[str] = mapped_column(short(16))
    reason: Mapped[str | None] = mapped_column(short(240))
    created_at: Mapped[datetime]
    checked_at: Mapped[datetime | None]
