"""The one way from a sound to a transcript, whatever the engine."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from transcription.engine import PIECE_SECONDS
from transcription.nouns import (
    SAMPLE_RATE,
    Level,
    Sound,
    Transcript,
    TranscriptionError,
    clear_leader,
)
from transcription.signals import LEAST_SPEECH_SECONDS, Evidence, Reason, judge

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    import numpy as np
    import numpy.typing as npt

    from transcription.engine import Engine, Window

DETECTABLE_SECONDS = 1.5
"""With less speech than this, the language a model detects is worth nothing."""

FOUR_TOGETHER = 0.3
"""When the four languages together are less likely than this, it is another one."""

BUDGET_SECONDS = 240.0
"""How long recognising one note may take; whoever hears it has it for five minutes."""

TRIAL_LANGUAGE = "nl"


@dataclass(frozen=True, slots=True)
class Trial:
    """Where an engine runs, and how long a window of `window_seconds` took it."""

    device: str
    at_once: int
    window_seconds: float
    took_seconds: float


class Recogniser:
    """A `Transcriber` that loads its engine when it first hears somebody speak.

    Safe to share between threads: the engine is loaded once. `clock` counts the
    seconds of `budget_seconds`, after which a note is left as far as it was heard.
    """

    def __init__(
        self,
        open_engine: Callable[[], Engine],
        budget_seconds: float = BUDGET_SECONDS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Keep the way to load the engine; nothing is loaded yet."""
        self._open = open_engine
        self._budget = budget_seconds
        self._clock = clock
        self._lock = threading.Lock()
        self._engine: Engine | None = None
        self._failure: TranscriptionError | None = None

    def warm(self) -> None:
        """Load the engine now. Raises `ModelError` if it cannot be."""
        self._loaded()

    def try_window(self) -> Trial:
        """Hear one full window of noise, to know how fast this machine is.

        Raises `ModelError` and `TranscriptionError`.
        """
        import numpy as np

        engine = self._loaded()
        count = int(PIECE_SECONDS * SAMPLE_RATE)
        noise = np.random.default_rng(1).standard_normal(count).astype(np.float32)
        began = self._clock()
        engine.take_in(noise * np.float32(0.01)).words(TRIAL_LANGUAGE)
        took = self._clock() - began
        return Trial(engine.device, engine.at_once, PIECE_SECONDS, took)

    def transcribe(self, sound: Sound, language: str | None) -> Transcript:
        """What was said; silence is answered without any engine.

        Raises `ModelError` and `TranscriptionError`.
        """
        # Imported at first use: the detector costs 50 MB and a quarter second.
        from transcription.speech import cut, find_speech, speech_seconds

        spans = find_speech(sound.samples)
        spoken = speech_seconds(spans)
        if spoken < LEAST_SPEECH_SECONDS:
            return _nothing_heard(sound, language, spoken)
        return self._recognise(sound, language, cut(sound.samples, spans), spoken)

    def _recognise(
        self,
        sound: Sound,
        language: str | None,
        pieces: Sequence[npt.NDArray[np.float32]],
        spoken: float,
    ) -> Transcript:
        engine, began = self._loaded(), self._clock()
        first = engine.take_in(pieces[0])
        asked = language is None or spoken >= DETECTABLE_SECONDS
        probabilities = dict(first.languages()) if asked else {}
        worth = probabilities if spoken >= DETECTABLE_SECONDS else {}
        if worth and sum(worth.values()) < FOUR_TOGETHER:
            return _another_language(sound, worth, spoken)
        clear = clear_leader(worth)
        chosen = clear or language or max(probabilities, key=probabilities.__getitem__)
        windows = self._windows(engine, first, pieces, began)
        heard = [window.words(chosen) for window in windows]
        evidence = Evidence(
            pieces=heard,
            language=chosen,
            speech_seconds=spoken,
            complete=sound.complete,
            language_clear=bool(language or clear),
            unheard_seconds=_seconds(pieces[len(heard) :]),
        )
        return _transcript(sound, evidence, worth)

    def _windows(
        self,
        engine: Engine,
        first: Window,
        pieces: Sequence[npt.NDArray[np.float32]],
        began: float,
    ) -> Iterator[Window]:
        """The pieces taken in, one after the other, until the time is over."""
        yield first
        for piece in pieces[1:]:
            if self._clock() - began >= self._budget:
                return
            yield engine.take_in(piece)

    def _loaded(self) -> Engine:
        with self._lock:
            if self._failure:
                raise self._failure
            if self._engine is None:
                self._engine = self._load()
            return self._engine

    def _load(self) -> Engine:
        try:
            return self._open()
        except TranscriptionError as error:
            # A damaged model stays so: do not read gigabytes again for each note.
            self._failure = error
            raise


def _seconds(pieces: Sequence[npt.NDArray[np.float32]]) -> float:
    return sum(piece.size for piece in pieces) / SAMPLE_RATE


def _nothing_heard(sound: Sound, language: str | None, spoken: float) -> Transcript:
    return Transcript(
        text="",
        language=language,
        probabilities={},
        level=Level.EMPTY,
        seconds=sound.seconds,
        speech_seconds=spoken,
        reasons=(Reason.NO_SPEECH,),
    )


def _another_language(
    sound: Sound, probabilities: Mapping[str, float], spoken: float
) -> Transcript:
    """Words in a language that the model would only distort are not written at all."""
    return Transcript(
        text="",
        language=None,
        probabilities=probabilities,
        level=Level.BAD,
        seconds=sound.seconds,
        speech_seconds=spoken,
        reasons=(Reason.OTHER_LANGUAGE,),
    )


def _transcript(
    sound: Sound, evidence: Evidence, probabilities: Mapping[str, float]
) -> Transcript:
    level, reasons = judge(evidence)
    return Transcript(
        text=evidence.text,
        language=evidence.language,
        probabilities=probabilities,
        level=level,
        seconds=sound.seconds,
        speech_seconds=evidence.speech_seconds,
        reasons=reasons,
        unheard_seconds=evidence.unheard_seconds,
    )
