"""Everything a service needs, put together once by `bot.app`."""

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from sqlalchemy import Connection

from bot.channels.base import Channel
from bot.config import Settings
from bot.domain.events import Parcel, Posted
from bot.keys import Keys
from bot.meters import Meters, Noted
from bot.store.database import Database
from bot.store.media import MediaStore
from synthesis import Voice
from transcription import Transcriber

if TYPE_CHECKING:
    from bot.services.catalog import CatalogCache
    from bot.services.clamd import Scanner
    from bot.services.desk.sign_on import SignOn
    from bot.services.desk.translating import Translator
    from bot.services.floods import Floods
    from bot.services.outbox import Owed


class Post(Protocol):
    """Hands events to the city's own systems."""

    def post_all(self, parcels: Sequence[Parcel]) -> list[Posted]:
        """Post each once, side by side; return how each ended. Never raises."""
        ...

    def close(self) -> None:
        """Break off what is under way."""
        ...


class Postman(Protocol):
    """Takes messages whose rows are committed and leased to this process."""

    name: str

    def push(self, owed: "list[Owed]") -> None:
        """Start sending these, in order per talk. Never blocks."""
        ...

    def holds(self, row: int) -> bool:
        """Tell whether a message was pushed and its end is not yet written."""
        ...

    def room(self) -> int:
        """Return how many more it can take now without hoarding leases."""
        ...

    def close(self) -> None:
        """Let what is on its way end, and stop."""
        ...


def new_receipt() -> str:
    """Return a receipt of eight random digits, "4821 7730"; it may be taken already.

    The space between them does not break.
    """
    digits = f"{secrets.randbelow(10**8):08}"
    return f"{digits[:4]}\u00a0{digits[4:]}"


@dataclass(frozen=True)
class House:
    """Settings, database, channels, clock and the rest. Built by `bot.app.build`.

    `transcriber` is None where no recogniser or model is at hand, `voice` where nothing
    is read aloud, `sign_on` where the city has none of its own, `translator` where no
    server drafts translations, `scanner` where no file is looked at for viruses, `post`
    where no events are sent, `floods` where no chat is slowed. `receipt` and `clock`
    are handed in so that a test decides what is random and what time it is.
    """

    settings: Settings
    keys: Keys
    db: Database
    media: MediaStore
    channels: Mapping[str, Channel]
    clock: Callable[[], datetime]
    postman: Postman
    catalog: "CatalogCache"
    transcriber: Transcriber | None = None
    voice: Voice | None = None
    sign_on: "SignOn | None" = None
    translator: "Translator | None" = None
    scanner: "Scanner | None" = None
    post: Post | None = None
    receipt: Callable[[], str] = field(default=new_receipt)
    meters: Meters = field(default_factory=Meters)
    floods: "Floods | None" = None

    def close(self) -> None:
        """Have what is on its way recorded, and let go of every connection."""
        self.postman.close()
        for channel in self.channels.values():
            channel.close()
        if self.voice is not None:
            self.voice.close()
        if self.post is not None:
            self.post.close()
        self.media.close()
        self.db.close()
        self.meters.close()


@dataclass(frozen=True, slots=True)
class Scene:
    """Where a verb happens: one transaction at one moment (aware UTC).

    What it comes across is `noted`, and counted by whoever opened the transaction once
    it is committed. A job that is run again has a new scene.
    """

    house: House
    db: Connection
    now: datetime
    noted: list[Noted] = field(default_factory=list)

    @property
    def me(self) -> str:
        """Our name in the leases of messages this process sends."""
        return self.house.postman.name
