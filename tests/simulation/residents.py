"""People who write to us: mostly sensibly, sometimes twice, sometimes never again."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from bot.domain.messages import (
    Content,
    Inbound,
    MediaRef,
    Outbound,
    Pin,
    Reach,
    Sender,
    Tap,
    Text,
    Unknown,
    Voice,
)
from tests.simulation.timeline import Timeline

WORDS = {
    "nl": ("plan", "stemmen", "status", "help", "ja", "nee", "menu", "hallo"),
    "en": ("plan", "vote", "status", "help", "yes", "no", "menu", "hello"),
    "tr": ("plan", "oy", "durum", "yardım", "evet", "hayır", "menü", "merhaba"),
    "ar": ("خطة", "تصويت", "مساعدة", "نعم", "لا", "مرحبا", "خطة", "نعم"),
}
LANGUAGES = tuple(WORDS)
MEAN_HOURS = (12.0, 26.0, 90.0)
"""How often somebody talks to us: some let WhatsApp's day pass in between."""

ONCE = "Een bank bij nummer "
"""What plans begin with that nobody tells twice."""


@dataclass
class Resident:
    """Somebody with one address. What she heard last decides what she says next.

    `intends` is what she came to say; she is distracted easily.
    """

    channel: str
    address: str
    timeline: Timeline
    say: Callable[["Resident", Content], None]
    language: str = "nl"
    choices: tuple[Any, ...] = ()
    tapped_on: str | None = None
    plans: int = 0
    patience: int = 0
    ballot: tuple[int, ...] = ()
    heard: list[tuple[int, str]] = field(default_factory=list)
    intends: list[Content] = field(default_factory=list)
    silent: bool = False

    def begin(self) -> None:
        """Have a talk every now and then, for ever."""
        mean = MEAN_HOURS[sum(map(ord, self.address)) % len(MEAN_HOURS)]
        hours = self.timeline.random.expovariate(1 / mean)
        self.timeline.after(hours * 3600 + 1, self._session)

    def _session(self) -> None:
        if self.silent:
            return
        self.patience = self.timeline.random.randint(2, 9)
        self.intends = self._vote() if self.timeline.chance(0.25) else []
        self._speak()
        self.begin()

    def hears(self, out: Outbound, sid: str) -> None:
        self.heard.append((out.id, out.text))
        if out.choices:
            self.choices, self.tapped_on = out.choices, sid
        if self.patience > 0 and not self.silent:
            self.patience -= 1
            self.timeline.after(self.timeline.between(0.3, 20), self._speak)

    def _speak(self) -> None:
        if not self.silent:
            self.say(self, self._content())

    def _vote(self) -> list[Content]:
        return [Text("", start="vote"), self._picks(), Tap("yes"), Tap("yes")]

    def _picks(self) -> Text:
        some = self.timeline.random.sample(self.ballot, min(len(self.ballot), 3))
        return Text(" ".join(map(str, some)) or "21 30")

    def _content(self) -> Content:
        if self.intends and self.timeline.chance(0.9):
            return self.intends.pop(0)
        return self._whatever()

    def _whatever(self) -> Content:
        random, dice = self.timeline.random, self.timeline.random.random()
        if self.choices and dice < 0.62:
            return Tap(self._choice(), on=self.tapped_on)
        if dice < 0.76:
            self.plans += 1
            return Text(f"{ONCE}{self.address}-{self.plans} in de straat.")
        if dice < 0.82:
            return self._picks()
        if dice < 0.93:
            return Text(random.choice(WORDS[self.language]))
        if dice < 0.97:
            seconds = float(random.randint(1, 4))
            return Voice(MediaRef(f"v{random.random()}", "audio/ogg", 900, seconds))
        if dice < 0.98:
            return random.choice((Text("stop"), Unknown("sticker")))
        if dice < 0.99:
            return Pin(52.38, 4.82)
        return Text("", start=random.choice(("p21", "p30", "vote", "status")))

    def _choice(self) -> str:
        """Choose a button; yes more often than the others."""
        ids = [choice.id for choice in self.choices]
        if "yes" in ids and self.timeline.chance(0.6):
            return "yes"
        languages = [each for each in ids if each == f"lang:{self.language}"]
        return str((languages or [self.timeline.random.choice(ids)])[0])

    def blocks(self, blocked: set[str]) -> None:
        """Block us for a while; Telegram tells us so."""
        blocked.add(self.address)
        if self.channel == "telegram":
            self.say(self, Reach(open=False))

        def back() -> None:
            blocked.discard(self.address)
            if self.channel == "telegram":
                self.say(self, Reach(open=True))

        self.timeline.after(self.timeline.between(3600, 200_000), back)

    def inbound(self, content: Content, number: int, ours: str | None) -> Inbound:
        sender = Sender(self.address, language_hint=self.language)
        return Inbound(self.channel, f"m{number}", sender, content, ours)
