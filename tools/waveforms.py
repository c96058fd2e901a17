"""Draws many sounds on one sheet, so that what is wrong with one of them can be seen.

`.venv/bin/python -m tools.waveforms FOLDER SHEET.png` draws every `.ogg` of a folder,
by name: its waveform between the lines of -3 dB, how long it is, its peak and loudness,
and its faults, in red. Exits 1 if there is a fault, 2 if the folder holds no such file.
"""

import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFont

from synthesis import Samples, Waveform, samples_of, waveform

WIDTH, HEIGHT, MARGIN, TEXT = 420, 72, 10, 18
COLUMNS = 3
LINE = 10 ** (-3 / 20)
PAPER, INK, GREY, GOOD, BAD = "#ffffff", "#222222", "#d0d0d0", "#1f6f8b", "#c0262d"


def sheet(sounds: Sequence[tuple[str, Samples]], columns: int = COLUMNS) -> Image.Image:
    """Draw each sound under its title, from left to right and from top to bottom."""
    across = min(columns, max(1, len(sounds)))
    down = -(-len(sounds) // across)
    cell = (WIDTH + MARGIN, HEIGHT + 2 * TEXT + MARGIN)
    size = (across * cell[0] + MARGIN, down * cell[1] + MARGIN)
    made = Image.new("RGB", size, PAPER)
    pen = ImageDraw.Draw(made)
    for place, (title, samples) in enumerate(sounds):
        row, column = divmod(place, across)
        corner = (column * cell[0] + MARGIN, row * cell[1] + MARGIN)
        _draw(pen, corner, title, samples)
    return made


def _draw(
    pen: ImageDraw.ImageDraw, corner: tuple[int, int], title: str, samples: Samples
) -> None:
    left, top = corner
    seen = waveform(samples)
    colour = BAD if seen.faults else GOOD
    font = ImageFont.load_default(13)
    pen.text((left, top), title[:60], fill=INK, font=font)
    middle = top + TEXT + HEIGHT // 2
    for height in (-LINE, 0.0, LINE):
        level = middle - round(height * HEIGHT / 2)
        pen.line([(left, level), (left + WIDTH, level)], fill=GREY)
    for column, (low, high) in enumerate(_outline(samples, WIDTH)):
        ends = [
            (left + column, middle - round(each * HEIGHT / 2)) for each in (high, low)
        ]
        pen.line(ends, fill=colour)
    below = (left, top + TEXT + HEIGHT)
    pen.text(below, caption(seen), fill=colour, font=font)


def _outline(samples: Samples, width: int) -> npt.NDArray[np.float32]:
    """Return the lowest and highest value in each of `width` slices."""
    if not samples.size:
        return np.zeros((width, 2), dtype=np.float32)
    spread = np.resize(samples, max(samples.size, width))
    slices = np.array_split(np.clip(np.nan_to_num(spread), -1, 1), width)
    return np.array([(each.min(), each.max()) for each in slices], dtype=np.float32)


def caption(seen: Waveform) -> str:
    """Say in one line what was measured; decibels are of full scale."""
    peak = 20 * np.log10(max(seen.peak, 1e-5))
    told = (
        f"{seen.seconds:.1f} s   peak {peak:.1f} dB   loudness {seen.loudness:.1f} dB"
    )
    return "   ".join([told, *(fault.replace("_", " ") for fault in seen.faults)])


def main(folder: str, target: str) -> int:
    """Draw the folder, and print what is wrong; return the exit code."""
    files = sorted(Path(folder).glob("*.ogg"))
    if not files:
        print(f"there is no .ogg file in {folder}", file=sys.stderr)
        return 2
    sounds = [(file.stem, samples_of(file.read_bytes())) for file in files]
    sheet(sounds).save(target)
    seen = [(title, waveform(samples)) for title, samples in sounds]
    faulty = [(title, each) for title, each in seen if each.faults]
    for title, each in faulty:
        print(f"{title}: {caption(each)}")
    print(f"{len(sounds)} sounds on {target}, {len(faulty)} with a fault")
    return 1 if faulty else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
