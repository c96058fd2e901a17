"""The chain of each round, and which ballots of it were replaced."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from bot.store.base import Base, short


class ChainRow(Base):
    """An entry of a round's chain (`bot.domain.chain`). Rows are added, never changed.

    The key lets one writer at a time append.
    """

    __tablename__ = "chain"

    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"), primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True)
    fact: Mapped[str] = mapped_column(short(16))
    at: Mapped[datetime]
    body: Mapped[dict[str, Any]]
    value: Mapped[str] = mapped_column(short(64))


class ReplacedBallot(Base):
    """The commitment of a ballot that its voter changed, until the chain says so."""

    __tablename__ = "replaced_ballots"
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012 - SQLAlchemy's own

    commitment: Mapped[str] = mapped_column(short(64), primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"))
