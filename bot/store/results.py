"""Published results of rounds, and who was given the ballots to check them."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Identity, Index
from sqlalchemy.orm import Mapped, mapped_column

from bot.store.base import Base, short
from bot.store.talks import RowId


class ResultRow(Base):
    """A published count of a round. Rows are added, never changed.

    `body` is canonical JSON, byte for byte what `hash` (SHA-256) is of. A corrected
    count is another version; its `reason` is {locale: text}.
    """

    __tablename__ = "results"

    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(short(250))
    reason: Mapped[dict[str, Any] | None]
    hash: Mapped[str] = mapped_column(short(64))
    body: Mapped[str]


class ObserverAct(Base):
    """That an observer was given a link to the ballots ("link") or used it ("file")."""

    __tablename__ = "observer_acts"
    __table_args__ = (Index("ix_observer_acts_round_id", "round_id"),)

    id: Mapped[int] = mapped_column(RowId, Identity(), primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"))
    act: Mapped[str] = mapped_column(short(8))
    observer: Mapped[str] = mapped_column(short(120))
    by: Mapped[str] = mapped_column(short(250))
    at: Mapped[datetime]
