"""From a text as it is written to speech as it is heard, whatever the engine."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from synthesis.levels import levelled, shortened
from synthesis.nouns import LANGUAGES, SynthesisError
from synthesis.wording import BORROWED, runs, spoken

if TYPE_CHECKING:
    from collections.abc import Mapping

    from synthesis.engines import Engine
    from synthesis.nouns import Samples

PIECE_SECONDS = 58.0
"""The longest piece: with silence around it, it fits into a note."""

VERSION = 1
"""Counts up when the same words would sound different for a reason of this package."""


class Speaker:
    """A `Voice` with an engine for each language. Safe to share between threads."""

    def __init__(self, engines: Mapping[str, Engine]) -> None:
        """Take one engine per language; several may be the same one."""
        self._engines = engines

    def identity(self, language: str) -> str:
        """Name all that decides how this language sounds, as part of cache keys.

        That is also the voice it borrows for words in another script. Raises
        `SynthesisError` for a language without a voice.
        """
        own = self._engine(language).identity(language)
        other = BORROWED[language]
        return f"{own} + {self._engine(other).identity(other)} / {VERSION}"

    def speak(self, text: str, language: str) -> Samples:
        """Say one sentence or row, without silence around it and as loud as any other.

        No sample is above -3 dB. Words in Arabic letters are said by the Arabic voice,
        words in Latin letters within Arabic by the Dutch one. Emoji and control
        characters are passed over; what goes beyond `wording.MOST_LETTERS` or
        `PIECE_SECONDS` is left out. Raises `SynthesisError`: permanent if there is
        nothing to say or the language has no voice; `VoiceError` if the voice cannot
        be used.
        """
        parts = runs(spoken(text), language)
        sounds = [levelled(self._said(line, whose)) for whose, line in parts]
        whole = shortened(
            np.concatenate([np.zeros(0, np.float32), *sounds]), PIECE_SECONDS
        )
        if not whole.size:
            raise SynthesisError("there is nothing to say in it", permanent=True)
        return whole

    def close(self) -> None:
        """End the programs that speak. They are started again if need be."""
        for engine in set(self._engines.values()):
            engine.close()

    def _said(self, line: str, language: str) -> Samples:
        return self._engine(language).say(line, language)

    def _engine(self, language: str) -> Engine:
        if language not in self._engines:
            raise SynthesisError(
                f"no voice for {language!r}, only for {', '.join(LANGUAGES)}",
                permanent=True,
            )
        return self._engines[language]
