"""From what an engine and the speech detector report to how far to trust the text.

The thresholds are starting values from the literature and the library's own
defaults; they are not calibrated on residents' recordings.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from transcription.nouns import Level
from transcription.phrases import is_known_phrase

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from transcription.engine import Piece

LEAST_SPEECH_SECONDS = 0.3
"""With less speech than this, nothing was heard."""

UNSURE_LOGPROB = -0.7
BAD_LOGPROB = -1.0
LIKELY_SILENCE = 0.6
LOOP_COMPRESSION = 2.4
LITTLE_SPEECH_SECONDS = 0.5
PHRASE_SPEECH_SECONDS = 2.0
MOST_WORDS_PER_SECOND = 5.0
LEAST_WORDS_PER_SECOND = 0.5
SCRIPT_SHARE_BAD = 0.5
SCRIPT_SHARE_UNSURE = 0.9
REPEATS_UNSURE = 3
REPEATS_BAD = 6
LONGEST_PHRASE_WORDS = 8
SCRIPTS = {"nl": "LATIN", "en": "LATIN", "tr": "LATIN", "ar": "ARABIC"}


class Reason(StrEnum):
    """Why a transcript is less than good."""

    NO_SPEECH = "no_speech"
    NO_TEXT = "no_text"
    KNOWN_PHRASE = "known_phrase"
    LOOP = "loop"
    REPEATED = "repeated"
    VERY_LOW_CONFIDENCE = "very_low_confidence"
    LOW_CONFIDENCE = "low_confidence"
    LIKELY_SILENCE = "likely_silence"
    LITTLE_SPEECH = "little_speech"
    RATE = "rate"
    WRONG_SCRIPT = "wrong_script"
    MIXED_SCRIPT = "mixed_script"
    CUT_OFF = "cut_off"
    INCOMPLETE = "incomplete"
    LANGUAGE_UNCLEAR = "language_unclear"
    OTHER_LANGUAGE = "other_language"
    OUT_OF_TIME = "out_of_time"


BAD_REASONS = frozenset(
    {
        Reason.NO_TEXT,
        Reason.KNOWN_PHRASE,
        Reason.LOOP,
        Reason.VERY_LOW_CONFIDENCE,
        Reason.WRONG_SCRIPT,
        Reason.OTHER_LANGUAGE,
        Reason.OUT_OF_TIME,
    }
)


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that is known about one recognised sound.

    `language_clear` is True when the language was given or led by a wide margin;
    `unheard_seconds` is how much speech there was no time for.
    """

    pieces: Sequence[Piece]
    language: str
    speech_seconds: float
    complete: bool = True
    language_clear: bool = True
    unheard_seconds: float = 0.0

    @property
    def text(self) -> str:
        """The pieces joined, with single spaces."""
        return " ".join(" ".join(piece.text for piece in self.pieces).split())

    @property
    def logprob(self) -> float:
        """The mean log probability per token over all pieces."""
        tokens = sum(piece.tokens for piece in self.pieces)
        total = sum(piece.logprob * piece.tokens for piece in self.pieces)
        return total / tokens if tokens else 0.0


def judge(evidence: Evidence) -> tuple[Level, tuple[Reason, ...]]:
    """How far to trust the text, and every reason found for doubting it."""
    if evidence.speech_seconds < LEAST_SPEECH_SECONDS:
        return Level.EMPTY, (Reason.NO_SPEECH,)
    if not evidence.text:
        return Level.BAD, (Reason.NO_TEXT,)
    reasons = tuple(dict.fromkeys(_reasons(evidence)))
    return _level(reasons), reasons


def _level(reasons: Sequence[Reason]) -> Level:
    if BAD_REASONS.intersection(reasons):
        return Level.BAD
    return Level.UNSURE if reasons else Level.GOOD


def _reasons(evidence: Evidence) -> Iterator[Reason]:
    yield from _confidence(evidence)
    yield from _looping(evidence)
    yield from _pace(evidence)
    yield from _script(evidence.text, evidence.language)
    if _is_invented(evidence):
        yield Reason.KNOWN_PHRASE
    if any(piece.tokens >= piece.token_cap for piece in evidence.pieces):
        yield Reason.CUT_OFF
    if not evidence.complete or not all(piece.text for piece in evidence.pieces):
        yield Reason.INCOMPLETE
    if not evidence.language_clear:
        yield Reason.LANGUAGE_UNCLEAR
    if evidence.unheard_seconds:
        # A plan whose end is missing is not read back as if it were all.
        yield Reason.OUT_OF_TIME


def _confidence(evidence: Evidence) -> Iterator[Reason]:
    worst = min(piece.logprob for piece in evidence.pieces if piece.text)
    if evidence.logprob < BAD_LOGPROB:
        yield Reason.VERY_LOW_CONFIDENCE
    elif evidence.logprob < UNSURE_LOGPROB or worst < BAD_LOGPROB:
        yield Reason.LOW_CONFIDENCE
    if _sounds_silent(evidence):
        yield Reason.LIKELY_SILENCE


def _sounds_silent(evidence: Evidence) -> bool:
    return any(piece.no_speech > LIKELY_SILENCE for piece in evidence.pieces)


def _looping(evidence: Evidence) -> Iterator[Reason]:
    repeats = most_repeats(evidence.text)
    packed = max(piece.compression for piece in evidence.pieces)
    if packed > LOOP_COMPRESSION or repeats >= REPEATS_BAD:
        yield Reason.LOOP
    elif repeats >= REPEATS_UNSURE:
        # "Nee, nee, nee" is also how people speak: it is read back, not dropped.
        yield Reason.REPEATED


def _pace(evidence: Evidence) -> Iterator[Reason]:
    words = len(evidence.text.split())
    per_second = words / evidence.speech_seconds
    if not LEAST_WORDS_PER_SECOND <= per_second <= MOST_WORDS_PER_SECOND:
        yield Reason.RATE
    if evidence.speech_seconds < LITTLE_SPEECH_SECONDS:
        yield Reason.LITTLE_SPEECH


def _script(text: str, language: str) -> Iterator[Reason]:
    share = _share_in_script(text, SCRIPTS.get(language))
    if share < SCRIPT_SHARE_BAD:
        yield Reason.WRONG_SCRIPT
    elif share < SCRIPT_SHARE_UNSURE:
        yield Reason.MIXED_SCRIPT


def _share_in_script(text: str, script: str | None) -> float:
    letters = [unicodedata.name(sign, "") for sign in text if sign.isalpha()]
    if script is None or not letters:
        return 1.0
    return sum(name.startswith(script) for name in letters) / len(letters)


def _is_invented(evidence: Evidence) -> bool:
    # A list of phrases acts only with another sign: people do say "thank you".
    doubtful = (
        evidence.speech_seconds < PHRASE_SPEECH_SECONDS
        or evidence.logprob < UNSURE_LOGPROB
        or _sounds_silent(evidence)
    )
    return doubtful and is_known_phrase(evidence.text)


def most_repeats(text: str) -> int:
    """How often the most repeated word or short phrase stands there in a row."""
    words = re.findall(r"\w+", text.casefold())
    sizes = range(1, LONGEST_PHRASE_WORDS + 1)
    return max((_repeats_of_size(words, size) for size in sizes), default=0)


def _repeats_of_size(words: list[str], size: int) -> int:
    most = run = size if words else 0
    for one, other in zip(words, words[size:], strict=False):
        run = run + 1 if one == other else size
        most = max(most, run)
    return most // size
