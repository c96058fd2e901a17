"""From a voice note to its read-back: both engines beside each other, and a burst.

Nobody may fetch the real weights here, so both engines are given the same invented ones
of a true size. Their layers multiply as real ones do, and they write the same number of
tokens for each piece of up to 25 seconds, so that speed can be compared; what they
write means nothing. Needs openai-whisper and torch beside everything else.
"""

import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path

import click
import numpy as np

from bench.report import machine, table, verdict
from tests import sound
from tests.e2e.city import City, Watch, open_city, wait_for
from tests.standins.telegram_resident import TelegramResident
from tests.transcription.tiny_model import (
    Shape,
    reciting_weights,
    write_checkpoint,
    write_folder,
)
from transcription import SAMPLE_RATE, Machine
from transcription.engine import Engine

SHAPES = {
    "tiny": Shape(
        n_audio_state=384,
        n_audio_head=6,
        n_audio_layer=4,
        n_text_state=384,
        n_text_head=6,
        n_text_layer=4,
    ),
    "small": Shape(
        n_audio_state=768,
        n_audio_head=12,
        n_audio_layer=12,
        n_text_state=768,
        n_text_head=12,
        n_text_layer=12,
    ),
}
SAID = (
    "Ik wil graag een bank onder de linde bij het plein. Daar is nu geen plek om "
    "samen te zitten."
)
"""One token for each letter: what twenty seconds of Dutch have."""

ENGINES = ("faster-whisper", "openai-whisper")
GOALS = {1: 1.7, 5: 2.5}
"""How many times as fast as openai-whisper, by the number of beams."""

BURST_ADDED = 0.1
AT_ONCE = 2
LENGTHS = (5, 20, 60)
CROWDS = (1, 8)
LONGEST_WAIT = 3_600.0
READ_BACK = "Is dit uw plan"
QUIET = {"WORKERS": "4", "WHISPER_THREADS": str(AT_ONCE), "WHISPER_DEVICE": "cpu"}


@dataclass(frozen=True, slots=True)
class Pieces:
    """Pieces of 20 s that an engine heard per second, two side by side."""

    engine: str
    beams: int
    per_second: float


@dataclass(frozen=True, slots=True)
class Waited:
    """Seconds from notes sent to each read-back on its phone, so many at once."""

    engine: str
    note_seconds: int
    at_once: int
    waits: tuple[float, ...]


def write_models(folder: Path, size: str) -> dict[str, Path]:
    """Write the same weights for each engine; return where."""
    shape = SHAPES[size]
    weights = reciting_weights(SAID, "nl", shape=shape)
    # In this order: CTranslate2 rounds the very arrays it is given.
    checkpoint = write_checkpoint(folder / f"{size}.pt", weights, shape)
    converted = write_folder(folder / size, weights, shape)
    return {"faster-whisper": converted, "openai-whisper": checkpoint}


def opened(engine: str, model: Path, beams: int) -> Engine:
    """Load an engine that hears two pieces side by side, one thread each."""
    from transcription.faster import FasterWhisper
    from transcription.openai import OpenAIWhisper

    use = Machine("cpu", AT_ONCE)
    if engine == "faster-whisper":
        return FasterWhisper(model, use, beams)
    return OpenAIWhisper(model, use, beams)


def recording(seconds: int) -> np.ndarray:
    """Return so much speech, without long pauses."""
    return np.resize(sound.sentence("nl"), seconds * SAMPLE_RATE)


def measure_engines(
    models: dict[str, Path], rounds: int, pieces: int
) -> Iterator[Pieces]:
    """Yield how fast each engine is, in turns, so that a busy machine harms both."""
    kinds = [(each, beams) for beams in GOALS for each in ENGINES]
    engines = {kind: opened(kind[0], models[kind[0]], kind[1]) for kind in kinds}
    for kind in kinds:
        _hear(engines[kind], AT_ONCE)
    for _ in range(rounds):
        for kind in kinds:
            took = _hear(engines[kind], pieces)
            yield Pieces(*kind, pieces / took)


def _hear(engine: Engine, pieces: int) -> float:
    """Return the seconds in which an engine hears so many pieces, two at once."""
    samples = recording(20)

    def one(_: int) -> None:
        heard = engine.take_in(samples).words("nl")
        if heard.text != SAID:
            raise click.ClickException(f"the model said {heard.text!r}")

    began = time.monotonic()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(one, range(pieces)))
    return time.monotonic() - began


def in_city(engine: str, model: Path, job: Callable[[City], None]) -> None:
    """Run the product with this engine and both providers' stand-ins around it."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        database = f"sqlite:///{folder / 'city.db'}"
        hears = {"WHISPER_ENGINE": engine, "WHISPER_MODEL": str(model)}
        with open_city(database, folder, Watch(folder), **hears, **QUIET) as city:
            city.serve()
            job(city)


def arrive(city: City, chat: int) -> TelegramResident:
    """Return somebody new who has chosen her language."""
    person = city.bot_api.resident(chat)
    person.says("/start")
    wait_for(lambda: person.heard, LONGEST_WAIT)
    person.taps("lang:nl")
    wait_for(lambda: len(person.heard) > 1, LONGEST_WAIT)
    return person


def send_at_once(city: City, count: int, note: bytes, first: int) -> tuple[float, ...]:
    """Send a note from so many people at one moment; return how long each waited.

    `first` is the chat of the first of them: whoever has spoken is not asked again.
    """
    people = [arrive(city, first + number) for number in range(count)]
    began = time.monotonic()
    with ThreadPoolExecutor(min(count, 16)) as pool:
        list(pool.map(lambda person: person.sends_voice(note), people))
    waiting, waits = list(people), []
    while waiting:
        time.sleep(0.02)
        now = time.monotonic() - began
        done = [each for each in waiting if READ_BACK in each.heard[-1].text]
        waits += [now] * len(done)
        waiting = [each for each in waiting if each not in done]
        if now > LONGEST_WAIT:
            raise click.ClickException(f"{len(waiting)} notes were never read back")
    return tuple(waits)


def measure_waits(engine: str, model: Path) -> list[Waited]:
    """Return how long notes of each length wait, alone and eight at once."""
    found: list[Waited] = []

    def job(city: City) -> None:
        send_at_once(
            city, 1, sound.ogg_opus(recording(5)), first=100
        )  # loads the model
        for place, seconds in enumerate(LENGTHS):
            note = sound.ogg_opus(recording(seconds))
            for count in CROWDS:
                first = 1_000 * (place + 1) + 100 * count
                waits = send_at_once(city, count, note, first)
                found.append(Waited(engine, seconds, count, waits))

    in_city(engine, model, job)
    return found


def measure_burst(model: Path, notes: int) -> float:
    """Return how many notes of 20 s per second a burst of them is answered at."""
    rates: list[float] = []

    def job(city: City) -> None:
        send_at_once(city, 1, sound.ogg_opus(recording(5)), first=100)
        note = sound.ogg_opus(recording(20))
        rates.append(notes / max(send_at_once(city, notes, note, first=1_000)))

    in_city("faster-whisper", model, job)
    return rates[0]


def engines_report(seen: list[Pieces]) -> str:
    """Return the medians of both engines and how many times ours is as fast."""
    rows = []
    for beams, goal in GOALS.items():
        ours, theirs = (_median(seen, each, beams) for each in ENGINES)
        times = ours / theirs
        met = verdict(times, goal, higher_is_better=True)
        figures = [f"{ours:.2f}", f"{theirs:.2f}", f"{times:.2f}", f"{goal:g}", met]
        rows.append([f"{beams} beams" if beams > 1 else "greedy", "pieces/s", *figures])
    heads = ["decoding", "unit", *ENGINES, "times as fast", "goal", "outcome"]
    return table(heads, rows)


def _median(seen: list[Pieces], engine: str, beams: int) -> float:
    kind = (engine, beams)
    return statistics.median(
        each.per_second for each in seen if (each.engine, each.beams) == kind
    )


def waits_report(seen: list[Waited]) -> str:
    """Return the seconds to the read-back as Markdown."""
    rows = [
        [
            each.engine,
            f"{each.note_seconds} s, {each.at_once} at once",
            f"{min(each.waits):.1f}",
            f"{statistics.median(each.waits):.1f}",
            f"{max(each.waits):.1f}",
        ]
        for each in seen
    ]
    return table(["engine", "notes", "first s", "median s", "last s"], rows)


def burst_report(notes: int, burst: float, engine: float) -> str:
    """Return the pace of a burst beside what the engine alone can do."""
    added = engine / burst - 1
    met = verdict(added, BURST_ADDED, higher_is_better=False)
    row = [f"{notes} notes of 20 s", "notes/s", f"{burst:.3f}", f"{engine:.3f}"]
    row += [f"{added:.0%}", f"{BURST_ADDED:.0%}", met]
    heads = ["burst", "unit", "read back", "engine alone", "added", "goal", "outcome"]
    return table(heads, [row])


def _needs_both() -> None:
    """Leave if this environment lacks an engine or the product itself."""
    lacks = [each for each in ("whisper", "torch") if find_spec(each) is None]
    try:
        version("buurtstem")
    except PackageNotFoundError:
        lacks.append("buurtstem")
    if lacks:
        raise click.ClickException(
            f"Not installed here: {', '.join(lacks)}. Both engines have to run in one "
            "environment: install requirements-dev.lock, then '.[openai-whisper]'."
        )


SIZES = click.Choice(list(SHAPES))


@click.command()
@click.option("--size", type=SIZES, default="small", help="Of both engines alone.")
@click.option("--talk-size", type=SIZES, help="Of waits and burst. Default: the same.")
@click.option("--rounds", default=5, show_default=True)
@click.option("--pieces", default=8, show_default=True, help="In each round.")
@click.option("--notes", default=144, show_default=True, help="In the burst.")
def main(
    size: str, talk_size: str | None, rounds: int, pieces: int, notes: int
) -> None:
    """Measure engines, waits and a burst; Markdown on stdout. Half an hour at small."""
    _needs_both()
    talk_size = talk_size or size
    with tempfile.TemporaryDirectory() as folder:
        models = write_models(Path(folder), size)
        seen = list(measure_engines(models, rounds, pieces))
        alone = seen
        if talk_size != size:
            models = write_models(Path(folder), talk_size)
            alone = list(measure_engines(models, rounds, pieces))
        waits = [each for name in ENGINES for each in measure_waits(name, models[name])]
        burst = measure_burst(models["faster-whisper"], notes)
    pace = _median(alone, "faster-whisper", beams=5)
    told = f"one thread for each of {AT_ONCE} pieces at once."
    parts = [machine(), f"Size {size}, {told}", engines_report(seen)]
    parts += [f"Size {talk_size}, {told}", waits_report(waits)]
    click.echo("\n\n".join([*parts, burst_report(notes, burst, pace)]))


if __name__ == "__main__":
    main()
