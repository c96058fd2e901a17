"""The pass register, wrong tries, receipts, and the sealing of a round's ballots.

Nothing here names a ballot: what joins a pass to its ballot is the code itself, which
is in no table, and a key that is in no database.
"""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bot.store.base import Base, short
from bot.store.talks import RowId


class PassRow(Base):
    """One voting pass. Code and token are here as keyed hashes only.

    `serial` is public: six digits for the help desk. `chat_hash` is the chat it was
    first used in, as a keyed hash. There is no time of use on purpose.
    """

    __tablename__ = "passes"
    __table_args__ = (
        UniqueConstraint("serial"),
        UniqueConstraint("code_hash"),
        UniqueConstraint("token_hash"),
        Index("ix_passes_round_id_kind_state", "round_id", "kind", "state"),
        Index("ix_passes_chat_hash", "chat_hash"),
    )

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"))
    kind: Mapped[str] = mapped_column(short(16))
    digits: Mapped[int]
    serial: Mapped[str] = mapped_column(short(6))
    code_hash: Mapped[str] = mapped_column(short(64))
    token_hash: Mapped[str] = mapped_column(short(64))
    state: Mapped[str] = mapped_column(short(8))
    chat_hash: Mapped[str | None] = mapped_column(short(64))


class PassTry(Base):
    """A code that was wrong, so that nobody guesses for long: "slip" or "unknown".

    Not which code, and whose chat only as a keyed hash. It goes after two days.
    """

    __tablename__ = "pass_tries"
    __table_args__ = (
        Index("ix_pass_tries_kind_at", "kind", "at"),
        Index("ix_pass_tries_chat_hash_at", "chat_hash", "at"),
    )

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    chat_hash: Mapped[str] = mapped_column(short(64))
    kind: Mapped[str] = mapped_column(short(8))
    at: Mapped[datetime]


class PassAct(Base):
    """What officials did to passes: who, when, to which or to how many."""

    __tablename__ = "pass_acts"

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"), index=True)
    act: Mapped[str] = mapped_column(short(16))
    kind: Mapped[str | None] = mapped_column(short(16))
    serial: Mapped[str | None] = mapped_column(short(6))
    passes: Mapped[int]
    by: Mapped[str] = mapped_column(short(250))
    at: Mapped[datetime]


class Receipt(Base):
    """A receipt that can be looked up by anybody, beside no choice.

    Until sealing `holder`, a keyed hash, lets a newer receipt of the same voter replace
    it; it is another one than the ballot's. The key is the receipt, so the order of
    rows tells nothing. `route` and `language` are how the ballot came, for the turnout:
    empty for a test pass, and once they were added up (`Turnout`).
    """

    __tablename__ = "receipts"
    __table_args__ = (
        UniqueConstraint("round_id", "holder"),
        {"sqlite_with_rowid": False},
    )

    receipt: Mapped[str] = mapped_column(short(24), primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"))
    holder: Mapped[str | None] = mapped_column(short(64))
    route: Mapped[str | None] = mapped_column(short(16))
    language: Mapped[str | None] = mapped_column(short(8))


class Turnout(Base):
    """How many ballots of a sealed round came by a route, in a language ("": unknown).

    Until then they are counted from the receipts.
    """

    __tablename__ = "turnout"

    round_id: Mapped[int] = mapped_column(
        ForeignKey("rounds.id"), primary_key=True, autoincrement=False
    )
    route: Mapped[str] = mapped_column(short(16), primary_key=True)
    language: Mapped[str] = mapped_column(short(8), primary_key=True)
    ballots: Mapped[int]


class Seal(Base):
    """That the ballots of a round were cut loose from everything else, and by whom."""

    __tablename__ = "seals"

    round_id: Mapped[int] = mapped_column(
        ForeignKey("rounds.id"), primary_key=True, autoincrement=False
    )
    ballots: Mapped[int]
    by: Mapped[str] = mapped_column(short(250))
    at: Mapped[datetime]
