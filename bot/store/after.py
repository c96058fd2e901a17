"""After the result: calls, authors who meet, plans that were kept for later."""

from datetime import datetime

from sqlalchemy import ForeignKey, Identity, Index
from sqlalchemy.orm import Mapped, mapped_column

from bot.store.base import Base, short
from bot.store.sealed import sealed_words
from bot.store.talks import RowId


class CallRow(Base):
    """Somebody of the desk called an author. `outcome`: spoke, no_answer or wrong."""

    __tablename__ = "calls"
    __table_args__ = (Index("ix_calls_plan_id", "plan_id", "id"),)

    id: Mapped[int] = mapped_column(RowId, Identity(), primary_key=True)
    plan_id: Mapped[int] = mapped_column(RowId, ForeignKey("plans.id"))
    outcome: Mapped[str] = mapped_column(short(16))
    by: Mapped[str] = mapped_column(short(120))
    at: Mapped[datetime]


class MeetingRow(Base):
    """Two authors who were asked whether they want to meet; a side for each plan.

    `answer` is None (no answer is no), "yes" or "no"; `words` is the name and number
    she gives. Both are exchanged at `met_at`. `ended_at` is when it came to nothing,
    or one of them took it back; then the words are gone.
    """

    __tablename__ = "meetings"
    __table_args__ = (
        Index("ix_meetings_plan_id", "plan_id"),
        Index("ix_meetings_other_id", "other_id"),
    )

    id: Mapped[int] = mapped_column(RowId, Identity(), primary_key=True)
    plan_id: Mapped[int] = mapped_column(RowId, ForeignKey("plans.id"))
    other_id: Mapped[int] = mapped_column(RowId, ForeignKey("plans.id"))
    answer: Mapped[str | None] = mapped_column(short(8))
    other_answer: Mapped[str | None] = mapped_column(short(8))
    words: Mapped[str | None] = mapped_column(sealed_words("meetings.words"))
    other_words: Mapped[str | None] = mapped_column(
        sealed_words("meetings.other_words")
    )
    by: Mapped[str] = mapped_column(short(120))
    at: Mapped[datetime]
    met_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]


class Renewal(Base):
    """An author was asked whether her kept plan goes into another round."""

    __tablename__ = "renewals"

    plan_id: Mapped[int] = mapped_column(
        RowId, ForeignKey("plans.id"), primary_key=True, autoincrement=False
    )
    round_id: Mapped[int] = mapped_column(
        ForeignKey("rounds.id"), primary_key=True, autoincrement=False
    )
    by: Mapped[str] = mapped_column(short(120))
    at: Mapped[datetime]
