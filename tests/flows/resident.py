"""A resident of the neighbourhood in memory, on a channel, with a stored talk."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from bot.domain.effects import Effect
from bot.domain.languages import Language
from bot.domain.messages import Pin
from bot.domain.text import clean
from bot.flows.engine import advance
from bot.flows.reading import read_note, read_start, read_tap, read_text
from bot.flows.saved import dump_picks, dump_talk, load_talk
from bot.flows.state import Heard, Kind, Message, Talk, Turn
from tests.flows.world import Person, World

Reads = Callable[[Talk], Message]


@dataclass(frozen=True, slots=True)
class Recording:
    """What a voice note says, how well it is heard, and in which language for sure."""

    text: str
    heard: Heard = Heard.WELL
    clear: Language | None = None


@dataclass
class Resident:
    """Somebody who writes. Between all turns her talk is nothing but stored text.

    `steps` are the turns of her last message, in order: a voice note has two.
    """

    world: World
    person: Person
    stored: str | None = None
    stored_picks: str | None = None
    steps: list[Turn] = field(default_factory=list)
    recordings: dict[int, Recording] = field(default_factory=dict)
    media: int = 100

    @property
    def talk(self) -> Talk:
        """Her talk, read back from what is stored."""
        return load_talk(self.stored, self.stored_picks)

    @property
    def language(self) -> Language:
        """The language in which she reads now."""
        return self.talk.language or "nl"

    def types(self, text: str) -> list[Turn]:
        """Type words."""
        words = clean(text)
        return self._send(
            lambda before: read_text(
                before, words.text, masked=words.masked, too_long=words.too_long
            )
        )

    def taps(self, button_id: str, *, stale: bool = False) -> list[Turn]:
        """Tap a button, perhaps on an older question."""
        return self._send(lambda _: read_tap(button_id, stale=stale))

    def follows_link(self, payload: str) -> list[Turn]:
        """Come in by a deep link."""
        return self._send(lambda _: read_start(payload))

    def shows(self, caption: str = "") -> list[Turn]:
        """Send a photo."""
        self.media += 1
        photo = Message(Kind.PHOTO, clean(caption).text, media=self.media)
        return self._send(lambda _: photo)

    def pins(self, latitude: float, longitude: float) -> list[Turn]:
        """Share a place."""
        return self._send(lambda _: Message(Kind.PIN, pin=Pin(latitude, longitude)))

    def sends_sticker(self) -> list[Turn]:
        """Send what nobody can use."""
        return self._send(lambda _: Message(Kind.UNKNOWN))

    def speaks(self, recording: Recording) -> list[Turn]:
        """Send a voice note: it arrives at once, and its words follow."""
        self.media += 1
        self.recordings[self.media] = recording
        self.steps = []
        self._turn(Message(Kind.NOTE_ARRIVED, media=self.media))
        self._listen(self.media, recording.clear)
        return self.steps

    def _listen(self, media: int, clear: Language | None) -> None:
        """Hand in what the recogniser hears, if there is one."""
        said = self.recordings[media]
        if not self.world.can_listen:
            said = Recording("", Heard.BADLY)
        clear = clear if self.talk.language is None and said.text else None
        text = clean(said.text)
        message = read_note(self.talk, text.text, media, said.heard, clear)
        self._turn(replace(message, masked=text.masked))

    def _send(self, read: Reads) -> list[Turn]:
        self.steps = []
        self._turn(read(self.talk))
        while self.world.listening:
            self._listen(self.world.listening.pop(0), None)
        return self.steps

    def _turn(self, message: Message) -> None:
        """Take one turn, do its effects, and store the talk as the service does."""
        before = self.talk
        self.person.messages += 1
        facts = self.world.facts(self.person, before, message)
        turn = advance(before, message, facts, self.world.now)
        for effect in turn.effects:
            self.world.apply(self.person, effect)
        self.stored = dump_talk(turn.talk)
        self.stored_picks = dump_picks(turn.talk.picks)
        assert self.talk == turn.talk, "the talk is another one when read back"
        self.steps.append(turn)

    @property
    def effects(self) -> list[Effect]:
        """What her last message asked to be done."""
        return [effect for turn in self.steps for effect in turn.effects]
