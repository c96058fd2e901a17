"""A resident with Telegram on her phone."""

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.standins.telegram import TelegramStandIn


@dataclass(frozen=True, slots=True)
class Heard:
    """A message on a resident's phone. `buttons` are pairs of id and label."""

    chat_id: int
    message_id: int
    text: str
    buttons: tuple[tuple[str, str], ...] = ()
    sound: bytes | None = None
    kind: str = "text"
    picture: bytes | None = None
    document: bytes | None = None


@dataclass(slots=True)
class TelegramResident:
    """One person in a private chat with the bot. Each verb returns the HTTP status."""

    stand_in: "TelegramStandIn"
    chat_id: int
    language: str = "nl"
    blocked: bool = False
    forbids_voice: bool = False
    heard: list[Heard] = field(default_factory=list)

    @property
    def person(self) -> dict[str, object]:
        person = {"id": self.chat_id, "is_bot": False, "first_name": "Ayşe"}
        return {**person, "language_code": self.language}

    @property
    def chat(self) -> dict[str, object]:
        return {"id": self.chat_id, "type": "private", "first_name": "Ayşe"}

    def message(self, **content: object) -> dict[str, object]:
        """Return a Message of hers with `content`, not sent yet."""
        number, now = next(self.stand_in.numbers), int(time.time())
        envelope = {"message_id": number, "date": now}
        return {**envelope, "from": self.person, "chat": self.chat, **content}

    def says(self, text: str) -> int:
        return self.stand_in.update(message=self.message(text=text))

    def opens(self, payload: str = "") -> int:
        """Follow a deep link."""
        text = f"/start {payload}".strip()
        command = {"type": "bot_command", "offset": 0, "length": 6}
        return self.stand_in.update(message=self.message(text=text, entities=[command]))

    def taps(self, id: str, on: int | None = None) -> int:  # noqa: A002
        """Tap a button of message `on`, else the newest one that has it."""
        if on is None:
            on = next(
                (m.message_id for m in reversed(self.heard) if id in dict(m.buttons)), 1
            )
        tapped = {"message_id": on, "date": 1, "chat": self.chat, "text": "?"}
        query = str(next(self.stand_in.numbers))
        self.stand_in.open_queries.add(query)
        return self.stand_in.update(
            callback_query={
                "id": query,
                "from": self.person,
                "chat_instance": str(self.chat_id),
                "data": id,
                "message": {**tapped, "from": self.stand_in.bot},
            }
        )

    def sends_voice(self, sound: bytes, seconds: int = 3) -> int:
        voice = self.stand_in.keep(sound, "voice/file.oga")
        voice |= {"duration": seconds, "mime_type": "audio/ogg"}
        return self.stand_in.update(message=self.message(voice=voice))

    def sends_photo(self, picture: bytes, caption: str = "") -> int:
        large = self.stand_in.keep(picture, "photos/file.jpg")
        small = self.stand_in.keep(picture[:10], "photos/small.jpg")
        sizes = [
            small | {"width": 90, "height": 67},
            large | {"width": 1280, "height": 960},
        ]
        words = {"caption": caption} if caption else {}
        return self.stand_in.update(message=self.message(photo=sizes, **words))

    def shares_place(self, latitude: float, longitude: float) -> int:
        place = {"latitude": latitude, "longitude": longitude}
        return self.stand_in.update(message=self.message(location=place))

    def sends(self, **content: object) -> int:
        """Send anything else: `sends(sticker={…})`."""
        return self.stand_in.update(message=self.message(**content))

    def edits(self, text: str) -> int:
        edited = self.message(text=text, edit_date=int(time.time()))
        return self.stand_in.update(edited_message=edited)

    def blocks(self) -> int:
        self.blocked = True
        return self._moves("member", "kicked")

    def unblocks(self) -> int:
        self.blocked = False
        return self._moves("kicked", "member")

    def hears(self, count: int) -> list[Heard]:
        """Wait until `count` messages came in all; return them all."""
        self.stand_in.wait_until(lambda: len(self.heard) >= count)
        return list(self.heard)

    def _moves(self, before: str, after: str) -> int:
        bot, now = self.stand_in.bot, int(time.time())
        old: dict[str, object] = {"status": before, "user": bot}
        new: dict[str, object] = {"status": after, "user": bot}
        for state in (old, new):
            if state["status"] == "kicked":
                state["until_date"] = 0
        change = {"old_chat_member": old, "new_chat_member": new, "date": now}
        return self.stand_in.update(
            my_chat_member={"chat": self.chat, "from": self.person, **change}
        )
