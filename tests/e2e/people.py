"""Residents of either messenger, with the same verbs."""

from dataclasses import dataclass
from itertools import count
from typing import Any

from bot.domain.say import Say
from bot.i18n import render
from tests.e2e.city import City, wait_for

_chats = count(5_000_001)


@dataclass
class Neighbour:
    """Somebody with a messenger on her phone. Verbs wait for the answer."""

    city: City
    phone: Any
    channel: str
    language: str

    @property
    def texts(self) -> list[str]:
        return [heard.text for heard in self.phone.heard]

    @property
    def last(self) -> str:
        return self.texts[-1]

    @property
    def buttons(self) -> list[str]:
        return [button for button, _ in self.phone.heard[-1].buttons]

    def says(self, text: str, answers: int = 1) -> None:
        self.city.watch.secrets.add(text) if len(text) > 8 else None
        self._answered(lambda: self.phone.says(text), answers)

    def taps(self, button: str, answers: int = 1) -> None:
        self._answered(lambda: self.phone.taps(button), answers)

    def speaks(self, note: bytes, answers: int = 2) -> None:
        self._answered(lambda: self.phone.sends_voice(note), answers)

    def _answered(self, verb: Any, answers: int) -> None:
        before = len(self.phone.heard)
        assert verb() == 200
        self.hears(before + answers)

    def hears(self, count: int) -> None:
        """Wait until so many messages came in all."""
        try:
            wait_for(lambda: len(self.phone.heard) >= count)
        except TimeoutError:
            raise AssertionError(f"heard only {self.texts}") from None

    def heard(self, msgid: str, **params: Any) -> bool:
        """Tell whether a sentence was said to her, in her language."""
        sentence = render(Say(msgid, params), self.language)
        return any(sentence in text for text in self.texts)

    def arrives(self) -> None:
        """Write for the first time and choose the language."""
        self.says("hello there")
        self.taps(f"lang:{self.language}")


def neighbour(city: City, channel: str, language: str = "nl") -> Neighbour:
    """Return somebody who has never written before."""
    number = next(_chats)
    if channel == "telegram":
        phone: Any = city.bot_api.resident(number, language)
        city.watch.secrets |= {str(number), "Ayşe"}
    else:
        phone = city.twilio.resident(f"+3161{number}")
        city.watch.secrets |= {f"3161{number}", "Ayşe"}
    return Neighbour(city, phone, channel, language)
