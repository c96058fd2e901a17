"""faster-whisper: Whisper on CTranslate2, 8-bit integers on the processor."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from faster_whisper import WhisperModel

from transcription.engine import Piece, token_cap
from transcription.nouns import (
    LANGUAGES,
    SAMPLE_RATE,
    ModelBroken,
    TranscriptionError,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import numpy as np
    import numpy.typing as npt
    from faster_whisper.transcribe import Segment

LARGE_BYTES = 600_000_000
TIMESTAMPS = 1501
PROMPT_TOKENS = 4


class FasterWhisper:
    """A loaded faster-whisper model; calls from several threads run side by side."""

    def __init__(self, folder: Path) -> None:
        """Load the model in `folder`. Raises `ModelBroken` if that is not possible."""
        self._model = _open(folder)
        self._suppress = _suppressed(self._model)

    def detect(self, samples: npt.NDArray[np.float32]) -> Mapping[str, float]:
        """The probability of each of `LANGUAGES`; their sum may be below 1."""
        try:
            _, _, everything = self._model.detect_language(audio=samples)
        except RuntimeError as error:
            raise _failed(error) from error
        found = dict(everything)
        return {language: found.get(language, 0.0) for language in LANGUAGES}

    def recognise(self, samples: npt.NDArray[np.float32], language: str) -> Piece:
        """The text of a piece, with the engine's own signs of doubt."""
        cap = token_cap(samples.size / SAMPLE_RATE)
        try:
            segments = self._segments(samples, language, cap)
        except RuntimeError as error:
            raise _failed(error) from error
        return _piece(segments, cap)

    def _segments(
        self, samples: npt.NDArray[np.float32], language: str, cap: int
    ) -> list[Segment]:
        # Silence is cut away before, so no second detector. The library's own
        # thresholds are off: they drop or retry at random; `signals` judges.
        found, _ = self._model.transcribe(
            samples,
            language=language,
            task="transcribe",
            beam_size=5,
            temperature=0.0,
            without_timestamps=True,
            condition_on_previous_text=False,
            compression_ratio_threshold=None,
            log_prob_threshold=None,
            no_speech_threshold=None,
            suppress_tokens=list(self._suppress),
            # CTranslate2 halves the length it is given, prompt included.
            max_new_tokens=2 * cap - PROMPT_TOKENS,
        )
        return list(found)


def _open(folder: Path) -> WhisperModel:
    threads, workers = _parallelism(folder)
    try:
        model = WhisperModel(
            str(folder),
            device="cpu",
            compute_type="int8",
            cpu_threads=threads,
            num_workers=workers,
            local_files_only=True,
        )
    # The tokenizer's own errors are bare `Exception`s.
    except Exception as error:
        raise ModelBroken(f"model {folder} cannot be loaded: {error}") from error
    _check(model, folder)
    return model


def _parallelism(folder: Path) -> tuple[int, int]:
    """Threads per note and notes at once: small models gain by the second."""
    cores = os.cpu_count() or 1
    if (folder / "model.bin").stat().st_size > LARGE_BYTES:
        return min(2, cores), 1
    return 1, min(2, cores)


def _check(model: WhisperModel, folder: Path) -> None:
    if not model.model.is_multilingual:
        raise ModelBroken(f"model {folder} is for English only")
    bands = model.feature_extractor.mel_filters.shape[0]
    if bands != model.model.n_mels:
        raise ModelBroken(
            f"model {folder} lacks preprocessor_config.json with "
            f'"feature_size": {model.model.n_mels}'
        )


def _suppressed(model: WhisperModel) -> Sequence[int]:
    """The library's usual list, and every time mark.

    A time mark written where none is wanted sends the library's window back to
    where it came from, for ever.
    """
    last = model.hf_tokenizer.token_to_id("<|notimestamps|>")
    return [-1, *range(last + 1, last + 1 + TIMESTAMPS)]


def _piece(segments: Sequence[Segment], cap: int) -> Piece:
    tokens = sum(len(one.tokens) for one in segments)
    total = sum(one.avg_logprob * len(one.tokens) for one in segments)
    return Piece(
        text=" ".join(one.text.strip() for one in segments),
        tokens=tokens,
        token_cap=cap,
        logprob=total / tokens if tokens else 0.0,
        no_speech=max((one.no_speech_prob for one in segments), default=0.0),
        compression=max((one.compression_ratio for one in segments), default=0.0),
    )


def _failed(error: RuntimeError) -> TranscriptionError:
    return TranscriptionError(f"recognition failed: {error}", permanent=False)
