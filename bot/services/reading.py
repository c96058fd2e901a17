"""What is to be read aloud: the rows of a turn as pieces, and where sound of them is.

A piece is a row. Sound is found by a hash over voice, language and words, so that a
changed word or another voice is never mixed up with what was made before.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass, field, replace
from datetime import timedelta
from functools import lru_cache

from sqlalchemy import bindparam, select, update

from bot.domain.languages import FALLBACK, LANGUAGES
from bot.domain.say import Reply, Say
from bot.domain.script import HUMAN_VOICES
from bot.flows import aloud
from bot.i18n import sentences, slot, speak
from bot.services.house import Scene
from bot.store.prepared import Prepared
from bot.store.talks import Media
from bot.store.voices import SoundRow
from synthesis import Voice

TOUCH_DAYS = 1
ONLY_RECORDED = tuple(HUMAN_VOICES)
"""Lines that no synthesiser can say: they are heard where people have read them."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A row to read: its words, and its `slot` in the script if it never changes.

    `spare`: one sentence of a row that is read as far as there is time for it.
    """

    text: str
    language: str
    slot: str | None = None
    spare: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """All that one turn says, in order.

    `tail` is how many pieces at the end are the question and its choices: they are
    heard whatever has to be left out. What is `personal` is not kept for others, what
    is `secret` for an hour only.
    """

    pieces: tuple[Piece, ...]
    language: str
    tail: int = 1
    personal: bool = False
    secret: bool = False

    @property
    def is_shared(self) -> bool:
        """Whether its sound may be kept and used for others."""
        return not (self.personal or self.secret)

    def dump(self) -> str:
        """Return it as JSON."""
        rows = [list(astuple(each)) for each in self.pieces]
        flags = [self.language, self.tail, self.personal, self.secret]
        return json.dumps([rows, *flags], ensure_ascii=False, separators=(",", ":"))


def load_reading(stored: str) -> Reading:
    """Return what `Reading.dump` gave."""
    rows, *flags = json.loads(stored)
    return Reading(tuple(Piece(*each) for each in rows), *flags)


def read_replies(
    replies: Sequence[Reply], language: str | None, *, first: bool = False
) -> Reading:
    """Return what is read aloud of these replies, to somebody who reads `language`.

    `first`: nobody knows her language yet, so she hears also what people recorded in
    the languages that nobody writes.
    """
    reader = language or FALLBACK
    rows, choices = aloud.script(replies)
    pieces = [each for row in (*rows, *choices) for each in _pieces(row, reader)]
    if first:
        pieces += [Piece("", name, name) for name in ONLY_RECORDED]
    return Reading(
        tuple(pieces),
        reader,
        tail=len(choices) + 1,
        personal=aloud.is_personal(rows),
        secret=any(reply.secret for reply in replies),
    )


def _pieces(say: Say, reader: str) -> list[Piece]:
    """Return a row as one piece, or sentence by sentence where it may be cut."""
    whole = _piece(say, reader)
    if not aloud.is_brief(say):
        return [whole]
    return [replace(whole, text=each, spare=True) for each in sentences(whole.text)]


def _piece(say: Say, reader: str) -> Piece:
    language = say.language or reader
    named = None if say.params or say.plural else slot(say.msgid, language)
    if aloud.is_personal([say]):
        return Piece(speak(say, language), language, named)
    return Piece(_spoken(_Row(repr(say), language, say)), language, named)


@dataclass(frozen=True, slots=True)
class _Row:
    """A row that many are told, by what it says: the same `key`, the same words."""

    key: str
    language: str
    say: Say = field(compare=False)


@lru_cache(maxsize=4_096)
def _spoken(row: _Row) -> str:
    """Return the words of a row; making them anew would be most of what sound costs."""
    return speak(row.say, row.language)


@dataclass(frozen=True, slots=True)
class Voices:
    """Who reads: a synthesiser (if there is one), and what people recorded.

    `recorded` holds media and words of a recording, by language and slot.
    """

    voice: Voice | None
    recorded: Mapping[tuple[str, str], tuple[int, str]]

    def recording(self, piece: Piece) -> int | None:
        """Return the media of a person's recording of these very words, if any."""
        found = self.recorded.get((piece.language, piece.slot or ""))
        if found is None:
            return None
        media, words = found
        return media if words == hash_words(piece.text) else None

    def key(self, piece: Piece) -> str:
        """Return what sound of a piece is found by."""
        media = self.recording(piece)
        who = self._name(piece.language) if media is None else f"media {media}"
        spare = ("spare",) if piece.spare else ()
        return _hash(who, piece.language, piece.text, *spare)

    def whole(self, reading: Reading) -> str:
        """Return what sound of all of it is found by."""
        return _hash(*(self.key(piece) for piece in reading.pieces))

    def _name(self, language: str) -> str:
        known = language in LANGUAGES and self.voice is not None
        return self.voice.identity(language) if known and self.voice else ""


def find_voices(scene: Scene) -> Voices:
    """Return who reads now."""
    return Voices(scene.house.voice, scene.house.catalog.view(scene.db).recorded)


def hash_words(text: str) -> str:
    """Return what tells whether a prompt still says what was recorded."""
    return _hash(text)


def _hash(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


_FIND = Prepared(
    select(SoundRow.media_id, SoundRow.used_at)
    .join(Media, Media.id == SoundRow.media_id)
    .where(SoundRow.key == bindparam("key"), Media.key.is_not(None))
)
_TOUCH = Prepared(
    update(SoundRow)
    .where(SoundRow.key == bindparam("key"))
    .values(used_at=bindparam("now"))
)


def find_sound(scene: Scene, key: str) -> int | None:
    """Return the media that was made under this key; None if it is to be made."""
    row = _FIND.one(scene.db, {"key": key})
    if row is None:
        return None
    if row[1] < scene.now - timedelta(days=TOUCH_DAYS):
        _TOUCH.run(scene.db, {"key": key, "now": scene.now})
    return int(row[0])
