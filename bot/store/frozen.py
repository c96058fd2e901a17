"""What is frozen when a vote opens, and all that may still be done about it."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Identity, Index
from sqlalchemy.orm import Mapped, mapped_column

from bot.store.base import Base, short
from bot.store.talks import RowId


class FrozenRound(Base):
    """The settings of a round as of one moment: version 1 when its vote was opened.

    `settings` is canonical JSON, byte for byte what `hash` (SHA-256) is of. Another
    version is there for each time closing was moved; rows are only ever added. `by` is
    the official who opened it, or the one who confirmed the move.
    """

    __tablename__ = "frozen_rounds"

    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    hash: Mapped[str] = mapped_column(short(64))
    settings: Mapped[str]
    by: Mapped[str] = mapped_column(short(120))
    at: Mapped[datetime]


class ClosingMove(Base):
    """That voting closes later: why, who proposed it, and who else confirmed it.

    `reason` is {locale: text}. Confirmed, it names the `version` of the frozen settings
    that it made and the broadcast that tells people. `dropped_at` is when another
    proposal took its place.
    """

    __tablename__ = "closing_moves"
    __table_args__ = (Index("ix_closing_moves_round_id", "round_id"),)

    id: Mapped[int] = mapped_column(RowId, Identity(), primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"))
    closes_from: Mapped[datetime]
    closes_to: Mapped[datetime]
    reason: Mapped[dict[str, Any]]
    proposed_by: Mapped[str] = mapped_column(short(120))
    proposed_at: Mapped[datetime]
    confirmed_by: Mapped[str | None] = mapped_column(short(120))
    confirmed_at: Mapped[datetime | None]
    dropped_at: Mapped[datetime | None]
    version: Mapped[int | None]
    broadcast_id: Mapped[int | None] = mapped_column(RowId)


class RoundStatement(Base):
    """What an official declares about a round that no machine can know.

    The newest one on an `item` counts; with `holds` False it takes one back.
    """

    __tablename__ = "round_statements"
    __table_args__ = (Index("ix_round_statements_round_id", "round_id"),)

    id: Mapped[int] = mapped_column(RowId, Identity(), primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"))
    item: Mapped[str] = mapped_column(short(40))
    holds: Mapped[bool]
    note: Mapped[str]
    by: Mapped[str] = mapped_column(short(120))
    at: Mapped[datetime]


class Outage(Base):
    """A time in which messages of residents did not reach us on one channel.

    `missed` are those that were found at the provider afterwards.
    """

    __tablename__ = "outages"
    __table_args__ = (Index("ix_outages_ended_at", "ended_at"),)

    id: Mapped[int] = mapped_column(RowId, Identity(), primary_key=True)
    channel: Mapped[str] = mapped_column(short(16))
    began_at: Mapped[datetime]
    ended_at: Mapped[datetime]
    missed: Mapped[int]
