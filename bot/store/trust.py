"""What residents answer about trust, and who was asked: never side by side."""

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from bot.store.base import Base, short


class TrustAnswer(Base):
    """One answer from 1 to 5 to one question, by nobody.

    `moment` is "before" or "after" a round. The key is random, there is no time, and
    SQLite keeps the table without row numbers: nothing ties answers to each other, or
    to who gave them.
    """

    __tablename__ = "trust_answers"
    __table_args__ = (
        Index("ix_trust_answers_round_id", "round_id", "moment"),
        {"sqlite_with_rowid": False},
    )

    id: Mapped[str] = mapped_column(short(32), primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"))
    moment: Mapped[str] = mapped_column(short(8))
    question: Mapped[str] = mapped_column(short(16))
    answer: Mapped[int]
    language: Mapped[str | None] = mapped_column(short(8))


class TrustAsked(Base):
    """That somebody was asked: a keyed hash of person, round and moment."""

    __tablename__ = "trust_asked"
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012 - SQLAlchemy's own

    mark: Mapped[str] = mapped_column(short(64), primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"))
    moment: Mapped[str] = mapped_column(short(8))
