"""What is read aloud: sound that was made before, recordings by people, work to do."""

from datetime import datetime

from sqlalchemy import ForeignKey, Identity, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from bot.store.base import Base, short
from bot.store.talks import RowId


class SoundRow(Base):
    """Sound of ours that can be used again, found by what is said in it.

    `key` is a hash over voice, language and words: of one row of a message, or of all
    that one turn says. What a resident wrote or said herself is never in here.
    `used_at` is moved once a day, so that what nobody hears any more can go.
    """

    __tablename__ = "sounds"
    __table_args__ = (Index("ix_sounds_used_at", "used_at"),)

    key: Mapped[str] = mapped_column(short(64), primary_key=True)
    media_id: Mapped[int] = mapped_column(ForeignKey("media.id"), index=True)
    language: Mapped[str] = mapped_column(short(8))
    used_at: Mapped[datetime]
    created_at: Mapped[datetime]


class Recording(Base):
    """A prompt as a person reads it; `slot` names the prompt in the script.

    `words` is a hash of what was to be read: where the prompt says something else by
    now, the recording is not used any more.
    """

    __tablename__ = "recordings"

    language: Mapped[str] = mapped_column(short(8), primary_key=True)
    slot: Mapped[str] = mapped_column(short(16), primary_key=True)
    media_id: Mapped[int] = mapped_column(ForeignKey("media.id"))
    words: Mapped[str] = mapped_column(short(64))
    by: Mapped[str] = mapped_column(short(120))
    created_at: Mapped[datetime]


class Speech(Base):
    """Something that is still to be read aloud to somebody.

    `words` are the rows to read, encrypted: they can hold a choice. It belongs to the
    message `outbound_id`, the last one of its turn: a push that waits gets the sound
    itself; behind a reply it goes out as a message of its own, unless she has gone on
    meanwhile. Claims set `leased_until`.
    """

    __tablename__ = "speeches"

    id: Mapped[int] = mapped_column(RowId, Identity(), primary_key=True)
    talk_id: Mapped[int] = mapped_column(ForeignKey("talks.id"), index=True)
    outbound_id: Mapped[int] = mapped_column(ForeignKey("outbound_messages.id"))
    words: Mapped[bytes] = mapped_column(LargeBinary)
    attempts: Mapped[int] = mapped_column(default=0)
    leased_until: Mapped[datetime | None]
    created_at: Mapped[datetime]
