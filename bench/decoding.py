"""Thousands of damaged recordings through the real decoder: none may harm a worker.

Each goes the way of a voice note, through `transcription.audio.decode` and the child
process it starts. A child that dies is that recording's own end, and counted; what may
not happen is an error that is not the recording's fault, or more than a limit.
"""

import os
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import click
import numpy as np

from bench.report import machine, table
from tests import sound
from transcription import BadAudio, TranscriptionError
from transcription.audio import MOST_SECONDS, WALL_SECONDS, decode

FORMATS = {
    "OGG/Opus": ("ogg", "libopus", 48_000, 24_000),
    "WebM/Opus": ("webm", "libopus", 48_000, 32_000),
    "Matroska/AAC": ("matroska", "aac", 44_100, 64_000),
    "m4a": ("mp4", "aac", 44_100, 64_000),
    "AAC": ("adts", "aac", 44_100, 64_000),
    "MP3": ("mp3", "libmp3lame", 44_100, 64_000),
    "FLAC": ("flac", "flac", 16_000, None),
    "WAV": ("wav", "pcm_s16le", 16_000, None),
}
OLD_PHONES = {"AMR": "amr", "3gp": "3gp"}
HEAD_BYTES = 400
"""Where containers say how long, how many and how fast: damage there does most."""

PROGRESS_EVERY = 500
Random = np.random.Generator


@dataclass(slots=True)
class Decoded:
    """What became of damaged recordings: how many ended how, and what may not be.

    `slowest` is in seconds; `faults` names each file that broke a rule.
    """

    ends: Counter[str] = field(default_factory=Counter)
    slowest: float = 0.0
    faults: list[str] = field(default_factory=list)


def whole_files() -> dict[str, bytes]:
    """Return three seconds of speech in each format."""
    spoken = sound.sentence("nl")
    files = {
        name: sound.encode(spoken, container, codec, rate=rate, bits=bits)
        for name, (container, codec, rate, bits) in FORMATS.items()
    }
    return files | {name: sound.old_phone(each) for name, each in OLD_PHONES.items()}


def flip(data: bytearray, draw: Random) -> None:
    """Change some bytes anywhere."""
    for place in draw.integers(0, len(data), draw.integers(1, 60)):
        data[place] = int(draw.integers(256))


def flip_head(data: bytearray, draw: Random) -> None:
    """Change some bytes where the container describes itself."""
    most = min(HEAD_BYTES, len(data))
    for place in draw.integers(0, most, draw.integers(1, 12)):
        data[place] = int(draw.integers(256))


def overstate(data: bytearray, draw: Random) -> None:
    """Write the largest or smallest number over four bytes near the beginning."""
    place = int(draw.integers(0, min(HEAD_BYTES, len(data) - 4)))
    data[place : place + 4] = draw.choice([b"\xff" * 4, bytes(4), b"\x7f\xff\xff\xff"])


def cut(data: bytearray, draw: Random) -> None:
    """Lose the end."""
    del data[int(draw.integers(1, len(data))) :]


def lose(data: bytearray, draw: Random) -> None:
    """Lose a stretch in the middle."""
    place = int(draw.integers(0, len(data)))
    del data[place : place + int(draw.integers(1, 2_000))]


def repeat(data: bytearray, draw: Random) -> None:
    """Say a stretch several times."""
    place = int(draw.integers(0, len(data)))
    stretch = data[place : place + int(draw.integers(1, 4_000))]
    data[place:place] = stretch * int(draw.integers(1, 20))


def blank(data: bytearray, draw: Random) -> None:
    """Overwrite a stretch with zeros."""
    place = int(draw.integers(0, len(data)))
    count = min(int(draw.integers(1, 2_000)), len(data) - place)
    data[place : place + count] = bytes(count)


DAMAGE: tuple[Callable[[bytearray, Random], None], ...] = (
    flip,
    flip_head,
    overstate,
    cut,
    lose,
    repeat,
    blank,
)


def damaged(count: int, seed: int = 1) -> Iterator[tuple[str, bytes]]:
    """Yield so many damaged recordings, each with a name by which it can be remade."""
    files = whole_files()
    names = list(files)
    for number in range(count):
        draw = np.random.default_rng([seed, number])
        name, harm = names[number % len(names)], draw.choice(np.array(DAMAGE))
        data = bytearray(files[name])
        for _ in range(int(draw.integers(1, 3))):
            harm(data, draw)
            if len(data) < HEAD_BYTES:
                break
        yield f"{name} {number} ({harm.__name__}, seed {seed})", bytes(data)


def decode_all(files: Iterator[tuple[str, bytes]], *, tell: bool = False) -> Decoded:
    """Decode all files, as many at a time as there are cores."""
    seen = Decoded()
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for name, end, took, fault in pool.map(_decode_one, files):
            seen.ends[end] += 1
            seen.slowest = max(seen.slowest, took)
            seen.faults += [f"{name}: {fault}"] if fault else []
            done = seen.ends.total()
            if tell and done % PROGRESS_EVERY == 0:
                click.echo(f"{done} files, {len(seen.faults)} faults", err=True)
    return seen


def _decode_one(file: tuple[str, bytes]) -> tuple[str, str, float, str]:
    """Return a file's name, how it ended, in how many seconds, and what was wrong."""
    name, data = file
    began = time.monotonic()
    fault = ""
    try:
        heard = decode(data)
        end = "sound" if heard.complete else "a part"
        if heard.seconds > MOST_SECONDS:
            fault = f"{heard.seconds:.0f} s of sound"
    except BadAudio as bad:
        end = f"refused: {bad.reason}"
    except TranscriptionError as error:
        end, fault = "our fault", str(error)
    took = time.monotonic() - began
    if took > WALL_SECONDS + 1:
        fault = f"took {took:.0f} s"
    return name, end, took, fault


def decoding_report(seen: Decoded) -> str:
    """Return what became of the files as Markdown."""
    rows = [[end, "files", str(count)] for end, count in seen.ends.most_common()]
    rows.append(["slowest", "seconds", f"{seen.slowest:.2f}"])
    rows.append(["against a rule", "files", str(len(seen.faults))])
    return table(["what", "unit", "seen"], rows)


@click.command()
@click.option("--files", default=10_000, show_default=True)
@click.option("--seed", default=1, show_default=True)
def main(files: int, seed: int) -> None:
    """Decode damaged recordings; Markdown on stdout. Exits 1 if one broke a rule."""
    seen = decode_all(damaged(files, seed), tell=True)
    click.echo(f"{machine()}\n\n{decoding_report(seen)}")
    for fault in seen.faults:
        click.echo(fault, err=True)
    if seen.faults:
        raise click.exceptions.Exit(1)


if __name__ == "__main__":
    main()
