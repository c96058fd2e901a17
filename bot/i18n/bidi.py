"""Right-to-left and left-to-right in one line, so that each part reads in order.

A text whose direction may differ from the reader's stands in an isolate (FSI to PDI):
it finds its own direction and does not disturb what is beside it. Other text stays
bare, so that the first strong letter of a row is still seen by the reader's app.
"""

import re
from typing import Literal

Direction = Literal["ltr", "rtl"]
RIGHT_TO_LEFT = frozenset({"ar"})
FSI, PDI = "\u2068", "\u2069"

_RTL = (
    "\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff"
)
_RTL_LETTER = re.compile(f"[{_RTL}]")
_LTR_LETTER = re.compile(rf"(?![{_RTL}])[^\W\d_]")
_DIGIT = re.compile(r"\d")
_LATIN = re.compile(r"[A-Za-z](?:[\w .'-]*\w)?", re.ASCII)

# Marks, embeddings, overrides, isolates; and what ends a paragraph like a newline.
_CONTROLS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_BREAKS = re.compile("\r\n|[\r\x1c-\x1e\x85\u2029]")


def direction(language: str) -> Direction:
    """Return how `language` is written, as HTML's `dir` wants it."""
    return "rtl" if language in RIGHT_TO_LEFT else "ltr"


def without_controls(text: str) -> str:
    """Return `text` without direction controls, its lines ended by newlines only."""
    if text.isascii() and text.isprintable():
        return text
    return _CONTROLS.sub("", _BREAKS.sub("\n", text))


def set_apart(text: str, reading: Direction) -> str:
    """Return `text` clean, and in isolates if it may run against `reading`.

    Every line gets its own pair, because the end of a line ends an isolate.
    """
    text = without_controls(text)
    if not _clashes(text, reading):
        return text
    return FSI + text.replace("\n", f"{PDI}\n{FSI}") + PDI


def isolate_latin(text: str) -> str:
    """Return right-to-left `text` with the Latin words in it set apart."""
    return _LATIN.sub(rf"{FSI}\g<0>{PDI}", text)


def _clashes(text: str, reading: Direction) -> bool:
    if reading == "ltr":
        return not text.isascii() and _RTL_LETTER.search(text) is not None
    if _RTL_LETTER.search(text):
        return _LTR_LETTER.search(text) is not None
    # Groups of digits without letters ("020 123") would stand in the wrong order.
    return bool(_LTR_LETTER.search(text) or _DIGIT.search(text))
