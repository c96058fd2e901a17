"""What is spent on chosen plans: activities, and lines that are only added."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Identity, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from bot.store.base import Base, short
from bot.store.talks import RowId

_WAITS = text("state = 'waiting'")
_LOOSE = text("activity_id IS NULL AND state <> 'sent_back'")
_STANDS = text("state <> 'sent_back'")


class Activity(Base):
    """A part of a plan that money is spent on: "placing the benches"."""

    __tablename__ = "activities"

    id: Mapped[int] = mapped_column(RowId, Identity(), primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plans.id"), index=True)
    name: Mapped[str] = mapped_column(short(120))
    by: Mapped[str] = mapped_column(short(120))
    at: Mapped[datetime]


class Spending(Base):
    """One payment for a plan (`bot.domain.spending`). No row is ever deleted.

    `cents` is less than nothing in a correction, which names the line it takes back in
    `counters`. `what` is {locale: text}, empty until a person has written it; `day` is
    the day of the payment (YYYY-MM-DD). `media_id` is a photo of the receipt. It was
    entered by an official's e-mail address or by "author", and then `talk_id` is where
    she hears about it. Whoever decided stands in `decided_by`, and why not in `reason`.
    """

    __tablename__ = "spendings"
    __table_args__ = (
        Index("ix_spendings_plan_id", "plan_id", "id"),
        Index(
            "ix_spendings_waiting", "at", sqlite_where=_WAITS, postgresql_where=_WAITS
        ),
        Index("ix_spendings_loose", "id", sqlite_where=_LOOSE, postgresql_where=_LOOSE),
        Index(
            "uq_spendings_counters",
            "counters",
            unique=True,
            sqlite_where=_STANDS,
            postgresql_where=_STANDS,
        ),
        Index("ix_spendings_media_id", "media_id"),
    )

    id: Mapped[int] = mapped_column(RowId, Identity(), primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plans.id"))
    kind: Mapped[str] = mapped_column(short(16))
    cents: Mapped[int]
    what: Mapped[dict[str, Any]]
    paid_to: Mapped[str] = mapped_column(short(16))
    day: Mapped[str] = mapped_column(short(10))
    activity_id: Mapped[int | None] = mapped_column(ForeignKey("activities.id"))
    media_id: Mapped[int | None] = mapped_column(ForeignKey("media.id"))
    counters: Mapped[int | None] = mapped_column(RowId)
    state: Mapped[str] = mapped_column(short(16))
    entered_by: Mapped[str] = mapped_column(short(120))
    talk_id: Mapped[int | None] = mapped_column(ForeignKey("talks.id"), index=True)
    reason: Mapped[dict[str, Any] | None]
    decided_by: Mapped[str | None] = mapped_column(short(120))
    decided_at: Mapped[datetime | None]
    at: Mapped[datetime]
