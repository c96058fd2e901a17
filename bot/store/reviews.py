"""Feasibility reviews: what officials found about a plan, and who settled it."""

from datetime import datetime
from typing import Any

from sqlalchemy import Identity, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from bot.store.base import Base, short
from bot.store.talks import RowId


class Review(Base):
    """One review. `words` are the official's grounds, `note` what the author reads.

    A review with money is "proposed" until a second official settles it. Then it is
    "done", "declined", or "undone" within the time its message is held. `before` holds
    what of the plan it changed, to be put back. `department` and `person` would carry
    the plan out.
    """

    __tablename__ = "reviews"
    __table_args__ = (
        Index("ix_reviews_plan_id", "plan_id", "id"),
        Index(
            "ix_reviews_waiting",
            "at",
            sqlite_where=text("state = 'proposed'"),
            postgresql_where=text("state = 'proposed'"),
        ),
    )

    id: Mapped[int] = mapped_column(RowId, Identity(), primary_key=True)
    plan_id: Mapped[int] = mapped_column(RowId)
    verdict: Mapped[str] = mapped_column(short(16))
    words: Mapped[str]
    note: Mapped[dict[str, Any]]
    department: Mapped[str] = mapped_column(short(80))
    person: Mapped[str] = mapped_column(short(80))
    cost_cents: Mapped[int | None]
    state: Mapped[str] = mapped_column(short(12))
    by: Mapped[str] = mapped_column(short(120))
    at: Mapped[datetime]
    second: Mapped[str | None] = mapped_column(short(120))
    settled_at: Mapped[datetime | None]
    before: Mapped[dict[str, Any] | None]
