"""What the city's own systems are told: who is told, events, what is owed, each try."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    ForeignKey,
    Identity,
    Index,
    LargeBinary,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from bot.store.base import Base, short
from bot.store.talks import RowId

OWED = text("state = 'owed'")


class HookEndpoint(Base):
    """An address in a system of the city that is told of events.

    `secret` is encrypted. After a rotation `old_secret` signs as well, until
    `old_until`. `failing_since` is when the first of an unbroken row of failed tries
    was. `off_for` is a machine word that says why nothing is sent, None while it is.
    """

    __tablename__ = "hook_endpoints"
    __table_args__ = (UniqueConstraint("url"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    url: Mapped[str] = mapped_column(short(500))
    secret: Mapped[bytes] = mapped_column(LargeBinary)
    secret_at: Mapped[datetime]
    old_secret: Mapped[bytes | None] = mapped_column(LargeBinary)
    old_until: Mapped[datetime | None]
    failing_since: Mapped[datetime | None]
    off_at: Mapped[datetime | None]
    off_for: Mapped[str | None] = mapped_column(short(24))
    created_at: Mapped[datetime]
    created_by: Mapped[str] = mapped_column(short(120))


class HookWish(Base):
    """That an endpoint wants to hear of one kind of event."""

    __tablename__ = "hook_wishes"

    kind: Mapped[str] = mapped_column(short(40), primary_key=True)
    endpoint_id: Mapped[int] = mapped_column(
        ForeignKey("hook_endpoints.id"), primary_key=True
    )


class HookEvent(Base):
    """Something that happened, written in the transaction in which it did.

    `uid` is its `webhook-id`. `data` holds numbers and machine words only.
    """

    __tablename__ = "hook_events"
    __table_args__ = (UniqueConstraint("uid"), Index("ix_hook_events_at", "at"))

    id: Mapped[int] = mapped_column(RowId, Identity(), primary_key=True)
    uid: Mapped[str] = mapped_column(short(40))
    kind: Mapped[str] = mapped_column(short(40))
    at: Mapped[datetime]
    data: Mapped[dict[str, Any]]


class HookDispatch(Base):
    """An event that is owed to one endpoint: `state` is owed, taken or given_up.

    `tries` counts those of the schedule it is in; sending again begins a new one.
    """

    __tablename__ = "hook_dispatches"
    __table_args__ = (
        UniqueConstraint("event_id", "endpoint_id"),
        Index(
            "ix_hook_dispatches_owed",
            "endpoint_id",
            "due_at",
            sqlite_where=OWED,
            postgresql_where=OWED,
        ),
        Index("ix_hook_dispatches_endpoint", "endpoint_id", "id"),
    )

    id: Mapped[int] = mapped_column(RowId, Identity(), primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("hook_events.id"))
    endpoint_id: Mapped[int] = mapped_column(ForeignKey("hook_endpoints.id"))
    state: Mapped[str] = mapped_column(short(12))
    tries: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime]
    leased_until: Mapped[datetime | None]


class HookTry(Base):
    """One try to hand an event over, and how it ended.

    `status` is the HTTP status, None where there was no answer; `fault` a machine word,
    "" for success; `said` the beginning of a refusal, in plain characters.
    """

    __tablename__ = "hook_tries"
    __table_args__ = (
        Index("ix_hook_tries_dispatch", "dispatch_id", "id"),
        Index("ix_hook_tries_at", "at"),
    )

    id: Mapped[int] = mapped_column(RowId, Identity(), primary_key=True)
    dispatch_id: Mapped[int] = mapped_column(ForeignKey("hook_dispatches.id"))
    at: Mapped[datetime]
    status: Mapped[int | None]
    milliseconds: Mapped[int]
    fault: Mapped[str] = mapped_column(short(24))
    said: Mapped[str] = mapped_column(short(200))
