"""What is left of a round whose records were destroyed: that it was, and the proof."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Mapped, mapped_column

from bot.store.base import Base, short


class DestroyedRound(Base):
    """A round that is gone: who destroyed it, when, and which archive holds its record.

    `title` is {locale: text}; it lasted from `began_at` to `ended_at`. `counts` are the
    rows that went, by table. `files` are the media whose files still have to go; when
    none is left it is done at `finished_at`. `last_number` is the highest public number
    its plans had, which is given to no other plan. `selection` is the category of the
    municipality's selection list, `archive_hash` the SHA-256 of the archive's manifest.
    """

    __tablename__ = "destroyed_rounds"

    slug: Mapped[str] = mapped_column(short(80), primary_key=True)
    title: Mapped[dict[str, Any]]
    municipality: Mapped[str] = mapped_column(short(120))
    began_at: Mapped[datetime]
    ended_at: Mapped[datetime]
    selection: Mapped[str] = mapped_column(short(240), default="")
    archive_hash: Mapped[str] = mapped_column(short(64))
    archived_at: Mapped[datetime]
    counts: Mapped[dict[str, Any]]
    files: Mapped[list[Any]]
    last_number: Mapped[int]
    by: Mapped[str] = mapped_column(short(120))
    second: Mapped[str] = mapped_column(short(120))
    at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
