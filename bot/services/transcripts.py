"""Notes that people let us test recognisers with: collected, carried off, judged.

Only notes with her consent, whose words she has confirmed. They are those that a
recogniser could not make out by itself, so they are harder than the average note.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, exists, select

from bot.domain.languages import is_language
from bot.services.house import House
from bot.services.word_errors import Trial
from bot.store.civic import Correction, PlanMedia
from bot.store.talks import Media
from transcription import ModelError, Transcriber, TranscriptionError

MANIFEST = "manifest.jsonl"
_AS_ARABIC = "ary"
"""Darija is heard and written as Arabic."""


class SetError(ValueError):
    """A folder cannot be used as an evaluation set; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Sample:
    """A note to test with: what a person wrote, and what a machine had heard.

    `language` is what is spoken, `written` that of the reference. `hypothesis` is None
    where no machine was asked; `seconds` is the length of the sound.
    """

    file: str
    reference: str
    hypothesis: str | None
    language: str
    written: str
    engine: str | None
    model: str | None
    level: str | None
    seconds: float | None

    @property
    def is_verbatim(self) -> bool:
        """Whether the reference is what was said, and not a translation of it."""
        return self.written == ("ar" if self.language == _AS_ARABIC else self.language)


@dataclass(frozen=True, slots=True)
class EvaluationSet:
    """Notes to test with, and the way to the sound of each.

    `sound` raises FileNotFoundError for one that is gone, and MediaUnavailableError.
    """

    samples: Sequence[Sample]
    sound: Callable[[Sample], bytes]


def consented(house: House) -> EvaluationSet:
    """Return the notes that may be kept for tests now."""
    rows = house.db.read(_rows)
    keys = {_name(place): row.key for place, row in enumerate(rows, 1)}
    samples = [_sample(_name(place), row) for place, row in enumerate(rows, 1)]
    return EvaluationSet(samples, lambda each: house.media.load(keys[each.file]))


def _rows(db: Connection) -> Sequence[Any]:
    confirmed = exists().where(PlanMedia.media_id == Correction.media_id)
    columns = select(
        Media.key,
        Media.seconds,
        Correction.machine_text,
        Correction.engine,
        Correction.model,
        Correction.signals,
        Correction.person_text,
        Correction.spoken_language,
        Correction.written_language,
    ).join(Media, Media.id == Correction.media_id)
    found = columns.where(
        Correction.consent.is_(True), Media.key.is_not(None), confirmed
    )
    order = (Correction.spoken_language, Correction.media_id)
    return db.execute(found.order_by(*order)).all()


def _name(place: int) -> str:
    """Return the name of a file of the set: it tells nothing about anybody."""
    return f"note-{place:05}.ogg"


def _sample(file: str, row: Any) -> Sample:  # noqa: ANN401 - a row
    return Sample(
        file=file,
        reference=row.person_text,
        hypothesis=row.machine_text,
        language=row.spoken_language,
        written=row.written_language,
        engine=row.engine,
        model=row.model,
        level=(row.signals or {}).get("level"),
        seconds=row.seconds,
    )


def export(house: House, folder: Path) -> tuple[int, int]:
    """Write the set into an empty folder; return how many notes, and how many are gone.

    The manifest is written last: a folder without it is no set. Raises SetError for a
    folder with something in it, and MediaUnavailableError.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise SetError(f"{folder} is not an empty folder. Nothing was written.")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    found = consented(house)
    kept = [each for each in found.samples if _carry(found, each, folder)]
    lines = [json.dumps(asdict(each), ensure_ascii=False) + "\n" for each in kept]
    (folder / MANIFEST).write_text("".join(lines), encoding="utf-8")
    return len(kept), len(found.samples) - len(kept)


def _carry(found: EvaluationSet, sample: Sample, folder: Path) -> bool:
    """Write the sound of a note; False if it was deleted meanwhile."""
    try:
        (folder / sample.file).write_bytes(found.sound(sample))
    except FileNotFoundError:
        return False
    return True


def read_set(folder: Path) -> EvaluationSet:
    """Return the set that `export` wrote. Raises SetError, with the line at fault."""
    manifest = folder / MANIFEST
    if not manifest.is_file():
        raise SetError(
            f"{folder} has no {MANIFEST}. "
            "Make a set with: buurtstem transcripts export FOLDER"
        )
    lines = manifest.read_text(encoding="utf-8").splitlines()
    samples = [_read(folder, place, line) for place, line in enumerate(lines, 1)]
    return EvaluationSet(samples, lambda each: (folder / each.file).read_bytes())


_NEEDED = frozenset({"file", "reference", "language", "written"})


def _read(folder: Path, place: int, line: str) -> Sample:
    try:
        told: Mapping[str, Any] = json.loads(line)
        lacking = sorted(name for name in _NEEDED if not isinstance(told[name], str))
    except (ValueError, KeyError, TypeError) as error:
        raise SetError(f"{MANIFEST}, line {place}: not a note of a set.") from error
    if lacking:
        raise SetError(f"{MANIFEST}, line {place}: {', '.join(lacking)} must be text.")
    if Path(told["file"]).name != told["file"] or not (folder / told["file"]).is_file():
        raise SetError(f"{MANIFEST}, line {place}: there is no file {told['file']}.")
    values: dict[str, Any] = {each.name: told.get(each.name) for each in fields(Sample)}
    return Sample(**values)


def stored_trials(samples: Sequence[Sample]) -> Iterator[Trial]:
    """Yield what recognisers made of the notes when they came in."""
    for each in samples:
        if each.hypothesis is not None and each.is_verbatim:
            yield Trial(
                language=each.language,
                engine=each.engine or "unknown",
                model=each.model or "unknown",
                reference=each.reference,
                hypothesis=each.hypothesis,
            )


def new_trials(
    found: EvaluationSet, transcriber: Transcriber, engine: str, model: str
) -> Iterator[Trial]:
    """Yield what this recogniser makes of the notes now; it is told the language.

    What it cannot use counts as nothing heard. Raises ModelError if there is no model,
    FileNotFoundError and MediaUnavailableError if there is no sound.
    """
    for each in found.samples:
        if each.is_verbatim:
            language = each.language if is_language(each.language) else each.written
            heard = _recognised(found.sound(each), transcriber, language)
            yield Trial(each.language, engine, model, each.reference, heard)


def _recognised(data: bytes, transcriber: Transcriber, language: str) -> str:
    from transcription.audio import decode

    try:
        return transcriber.transcribe(decode(data), language).text
    except ModelError:
        raise
    except TranscriptionError:
        return ""
