"""Cut text where a reader would: paragraph, line, sentence, word, written character.

Direction isolates (U+2066-U+2069) stay balanced: a cut inside one closes it and opens
it again in the next part, so that a number cannot turn a whole line around.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass

Measure = Callable[[str], int]

ELLIPSIS = "…"
_OPENERS = "\u2066\u2067\u2068"
_CLOSER = "\u2069"
_ISOLATES = _OPENERS + _CLOSER
_JOINER = "\u200d"
_SEAMS = (
    re.compile(r"\n[ \t]*\n\s*"),
    re.compile(r"\n\s*"),
    re.compile(r"(?<=[.!?…؟。])[\"'»”’)\]\u2069]*\s+"),
    re.compile(r"\s+"),
)
_SMALLEST_SHARE = 3  # a seam counts if the head keeps more than a third of the room
_DEEPEST = 3  # isolates deeper than this are somebody's prank, not ours
_WIDEST = 4  # no measure counts more than this for one code point


def split(text: str, most: int, measure: Measure = len) -> list[str]:
    """Cut `text` into parts that each measure at most `most`; none for blank text.

    Nothing but white space at the cuts is lost. `most` is at least 16: less would not
    hold one family emoji between isolates.
    """
    parts = []
    rest = text.strip()
    while rest and measure(rest) > most:
        part, rest = _cut_off(rest, most, measure)
        parts.append(part)
    return [part for part in [*parts, rest] if part]


def cut(text: str, most: int, measure: Measure = len) -> str:
    """Return `text` if it fits, else as much of it as fits, with an ellipsis."""
    whole = " ".join(text.split())
    if measure(whole) <= most:
        return whole
    cutter = _Cutter(whole, most - measure(ELLIPSIS), measure)
    end = cutter.best_end(_SEAMS[-1:])
    return whole[:end].rstrip() + ELLIPSIS + _CLOSER * len(cutter.open_at(end))


def boundaries(text: str) -> Iterator[int]:
    """Yield every index where a written character ends (simplified UAX #29)."""
    flags = 0
    for index, sign in enumerate(text):
        if index and not _belongs(text[index - 1], sign, flags):
            yield index
        flags = flags + 1 if _is_flag(sign) else 0
    if text:
        yield len(text)


def _belongs(before: str, sign: str, flags: int) -> bool:
    """Tell whether `sign` goes on the character that `before` is part of."""
    if sign < "\u0300":
        return before == "\r" and sign == "\n"
    if before in _ISOLATES:
        return False
    if _clings(sign):
        return True
    if "\U0001f3fb" <= sign <= "\U0001f3ff" or "\U000e0020" <= sign <= "\U000e007f":
        return True
    if before == _JOINER:
        return unicodedata.category(sign) in {"So", "Sk"}
    return _is_flag(sign) and flags % 2 == 1


def _clings(sign: str) -> bool:
    """Tell whether `sign` is a mark or a joiner; the empty string is not."""
    return bool(sign) and (
        sign == _JOINER or unicodedata.category(sign) in {"Mn", "Me", "Mc"}
    )


def _is_flag(sign: str) -> bool:
    return "\U0001f1e6" <= sign <= "\U0001f1ff"


@dataclass(frozen=True, slots=True)
class _Cutter:
    """Finds where to cut `text` so that the closed head measures at most `most`."""

    text: str
    most: int
    measure: Measure

    def best_end(self, seams: tuple[re.Pattern[str], ...] = _SEAMS) -> int:
        """Return the end of the head: the latest good seam, else a character's end."""
        hard = self._hard_end()
        least = hard // _SMALLEST_SHARE
        depths = _depths(self.text[: hard + 1])
        for deepest in (0, len(depths)):
            for seam in seams:
                for end in reversed(_seam_starts(seam, self.text, hard)):
                    if end > least and depths[end] <= deepest:
                        return end
        return hard

    def open_at(self, end: int) -> str:
        """Return the openers of the isolates that a cut at `end` would leave open."""
        stack: list[str] = []
        for sign in self.text[:end]:
            if sign in _OPENERS:
                stack.append(sign)
            elif sign == _CLOSER and stack:
                stack.pop()
        return "".join(stack[-_DEEPEST:])

    def _hard_end(self) -> int:
        """Return the end of the last character that fits, closers counted."""
        used, depth, start, best = 0, 0, 0, 0
        for end in boundaries(self.text):
            sign = self.text[start:end]
            used += self.measure(sign)
            depth += (sign in _OPENERS) - (sign == _CLOSER and depth > 0)
            if used + depth > self.most:
                break
            best = start = end
        # A character of a thousand accents is cut like any nonsense.
        return best or max(1, self.most // _WIDEST)


def _seam_starts(seam: re.Pattern[str], text: str, hard: int) -> list[int]:
    """Return where the white space of each seam begins, at most at `hard`."""
    # One sign more than fits: white space right behind the head is a seam too.
    found = (
        match.end() - len(match[0]) + len(match[0].rstrip())
        for match in seam.finditer(text, 0, hard + 1)
        # An accent may sit on white space; it is not torn off.
        if not _clings(text[match.end() : match.end() + 1])
    )
    return [end for end in found if end <= hard]


def _depths(text: str) -> list[int]:
    """Return, for each index up to the length, how many isolates are open there."""
    depths = [0]
    for sign in text:
        step = (sign in _OPENERS) - (sign == _CLOSER and depths[-1] > 0)
        depths.append(depths[-1] + step)
    return depths


def _cut_off(text: str, most: int, measure: Measure) -> tuple[str, str]:
    """Return a head that measures at most `most`, and the rest."""
    cutter = _Cutter(text, most, measure)
    end = cutter.best_end()
    if not text[:end].strip(_ISOLATES):
        # A giant of a character behind isolates: they go, or there is no end to it.
        return "", text[end:].lstrip(_ISOLATES).lstrip()
    opened = cutter.open_at(end)
    head = text[:end].rstrip() + _CLOSER * len(opened)
    return head, opened + text[end:].lstrip()
