"""The prompts that never change: rendered ahead, read by people, listed for both.

A prompt has a `slot`, the name of its line in the script that people read from. A
recording counts as long as the prompt says what was read.
"""

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from sqlalchemy import Connection, delete, insert

from bot.domain.languages import LANGUAGES
from bot.flows.welcome import ask_language
from bot.i18n import fixed_prompts, script, slot
from bot.services.catalog import touch
from bot.services.house import House, Scene
from bot.services.reading import (
    ONLY_RECORDED,
    Piece,
    Voices,
    find_voices,
    hash_words,
    read_replies,
)
from bot.services.sounds import (
    Made,
    find_prompt,
    keep_for_all,
    make_ahead,
    render_prompt,
    save_note,
)
from bot.store.voices import Recording
from synthesis import RATE, SynthesisError, levelled, waveform
from synthesis.resampling import resampled
from transcription import SAMPLE_RATE, TranscriptionError

MOST_SECONDS = 20.0
"""A prompt is a row of a message: nobody reads one for longer."""

_WRONG = {
    "silent": "nothing is heard",
    "clipped": "too loud: its peaks are cut off",
    "cut": "it begins or ends in the middle of a word",
    "too_quiet": "too quiet",
    "too_long": "too long",
    "long_silence": "there is a pause of more than two seconds in it",
}
COLUMNS = ("file", "say", "on the screen", "where")


@dataclass(frozen=True, slots=True)
class Rendered:
    """A prompt after `render_all` came to it: "there", "made" or "failed"."""

    piece: Piece
    outcome: str


def prompts(languages: Sequence[str] = LANGUAGES) -> list[Piece]:
    """Return every prompt that never changes, as it is to be said."""
    return [
        Piece(text, language, slot(msgid, language))
        for language in languages
        for msgid, text in fixed_prompts(language).items()
    ]


def render_all(house: House, pieces: Iterable[Piece]) -> Iterator[Rendered]:
    """Make sound of each prompt that has none yet; repeating it makes nothing twice.

    In the end the first question of all is made, in each order of the languages.
    """
    voices = house.db.read(lambda db: find_voices(Scene(house, db, house.clock())))
    for piece in pieces:
        yield Rendered(piece, _render(house, voices, piece))
    for first in LANGUAGES:
        make_ahead(house, read_replies([ask_language(first)], None, first=True))


def _render(house: House, voices: Voices, piece: Piece) -> str:
    if find_prompt(house, voices, piece) is not None:
        return "there"
    try:
        render_prompt(house, voices, piece)
    except SynthesisError:
        return "failed"
    return "made"


def write_script(path: Path, language: str) -> int:
    """Write what people are to read in `language` as a table; return how many lines.

    A recording is to be named as its line's first column says, in any usual format.
    """
    lines = script(language)
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        table = csv.writer(file)
        table.writerow(COLUMNS)
        for line in lines:
            table.writerow((line.slot, line.spoken, line.written, line.context))
    return len(lines)


@dataclass(frozen=True, slots=True)
class Heard:
    """What became of a file: taken as the recording of a prompt, or why not."""

    file: str
    taken: bool
    why: str = ""


def import_recordings(
    house: House, folder: Path, language: str, by: str
) -> Iterator[Heard]:
    """Take recordings by people: each file is named after the slot of its prompt.

    One that is not good enough is left out with its reason; the others count at once.
    """
    pieces = {piece.slot: piece for piece in prompts([language])}
    pieces |= {name: Piece("", name, name) for name in ONLY_RECORDED}
    for path in sorted(each for each in folder.iterdir() if each.is_file()):
        if path.suffix in {".csv", ".txt"} or path.name.startswith("."):
            continue
        piece = pieces.get(path.stem)
        why = "no prompt has this name" if piece is None else ""
        if piece is not None:
            why = _take(house, path, piece, by)
        yield Heard(path.name, not why, why)


def _take(house: House, path: Path, piece: Piece, by: str) -> str:
    """Take one recording; return what is wrong with it, "" if nothing is."""
    from transcription.audio import decode

    try:
        sound = decode(path.read_bytes())
    except (TranscriptionError, OSError) as error:
        return str(error)
    if sound.seconds > MOST_SECONDS:
        return f"longer than {MOST_SECONDS:.0f} seconds"
    samples = resampled(sound.samples, SAMPLE_RATE, RATE)
    if faults := waveform(samples).faults:
        return ", ".join(_WRONG[each] for each in faults)
    made = save_note(house, [levelled(samples)])
    read = Recorded(piece.language, str(piece.slot), hash_words(piece.text), by)
    now = house.clock()

    def keep(db: Connection) -> None:
        keep_recording(Scene(house, db, now), made, read)

    house.db.run(keep)
    return ""


@dataclass(frozen=True, slots=True)
class Recorded:
    """Which prompt a person has read: language, slot, hash of the words, and who."""

    language: str
    slot: str
    words: str
    by: str


def keep_recording(scene: Scene, made: Made, read: Recorded) -> None:
    """Let a recording stand for its prompt; one that it replaces goes."""
    former = delete(Recording).where(
        Recording.language == read.language, Recording.slot == read.slot
    )
    gone = list(scene.db.scalars(former.returning(Recording.media_id)))
    media = keep_for_all(scene, made, read.language, instead_of=gone)
    kept = asdict(read) | {"media_id": media, "created_at": scene.now}
    scene.db.execute(insert(Recording).values(kept))
    touch(scene.db)


@dataclass(frozen=True, slots=True)
class State:
    """How far the prompts of a language are, in numbers of prompts."""

    language: str
    prompts: int
    recorded: int
    rendered: int


def state_of(house: House, language: str) -> State:
    """Return how many prompts a person has read, and how many others are rendered."""
    pieces = prompts([language])
    voices = house.db.read(lambda db: find_voices(Scene(house, db, house.clock())))
    read = [each for each in pieces if voices.recording(each) is not None]
    others = [each for each in pieces if each not in read]
    made = sum(find_prompt(house, voices, each) is not None for each in others)
    return State(language, len(pieces), len(read), made)
