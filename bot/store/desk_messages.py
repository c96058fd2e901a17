"""What officials write or say to one resident, beside the message that carries it."""

from datetime import datetime

from sqlalchemy import ForeignKey, Identity, Index
from sqlalchemy.orm import Mapped, mapped_column

from bot.store.base import Base, short
from bot.store.sealed import sealed_words
from bot.store.talks import RowId


class DeskMessage(Base):
    """An official's message to one resident. Its words are in the outbound row.

    `by` is the official's e-mail address, `official_id` who hears of her answer.
    `phrase` is the prepared phrase it was made of, `translated_by` who translated words
    of the official's own, and `dutch` what they say, for colleagues. `asks` tells that
    her next words are the answer; `answered_at` is when they came.
    """

    __tablename__ = "desk_messages"
    __table_args__ = (Index("ix_desk_messages_talk", "talk_id", "id"),)

    id: Mapped[int] = mapped_column(RowId, Identity(), primary_key=True)
    talk_id: Mapped[int] = mapped_column(ForeignKey("talks.id"))
    task_id: Mapped[int | None] = mapped_column(RowId)
    outbound_id: Mapped[int | None] = mapped_column(RowId, index=True)
    official_id: Mapped[int]
    by: Mapped[str] = mapped_column(short(120))
    phrase: Mapped[str | None] = mapped_column(short(24))
    dutch: Mapped[str | None] = mapped_column(sealed_words("desk_messages.dutch"))
    translated_by: Mapped[str | None] = mapped_column(short(120))
    asks: Mapped[bool] = mapped_column(default=False)
    at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
