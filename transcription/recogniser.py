"""The one way from a sound to a transcript, whatever the engine."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from transcription.nouns import (
    Level,
    Sound,
    Transcript,
    TranscriptionError,
    clear_leader,
)
from transcription.signals import LEAST_SPEECH_SECONDS, Evidence, Reason, judge

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import numpy as np
    import numpy.typing as npt

    from transcription.engine import Engine


class Recogniser:
    """A `Transcriber` that loads its engine when it first hears somebody speak.

    Safe to share between threads: the engine is loaded once.
    """

    def __init__(self, open_engine: Callable[[], Engine]) -> None:
        """Keep the way to load the engine; nothing is loaded yet."""
        self._open = open_engine
        self._lock = threading.Lock()
        self._engine: Engine | None = None
        self._failure: TranscriptionError | None = None

    def warm(self) -> None:
        """Load the engine now. Raises `ModelError` if it cannot be."""
        self._loaded()

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
        engine = self._loaded()
        probabilities = {} if language else dict(engine.detect(pieces[0]))
        chosen = language or max(probabilities, key=probabilities.__getitem__)
        evidence = Evidence(
            pieces=[engine.recognise(piece, chosen) for piece in pieces],
            language=chosen,
            speech_seconds=spoken,
            complete=sound.complete,
            language_clear=bool(language or clear_leader(probabilities)),
        )
        return _transcript(sound, evidence, probabilities)

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
    )
