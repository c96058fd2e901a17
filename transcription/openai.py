"""openai-whisper: the reference engine, an extra that brings torch."""

from __future__ import annotations

import pickle
import threading
from typing import TYPE_CHECKING

import torch
import whisper
from whisper.tokenizer import get_tokenizer

from transcription.engine import Piece, token_cap
from transcription.nouns import (
    LANGUAGES,
    SAMPLE_RATE,
    ModelBroken,
    TranscriptionError,
)

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import numpy as np
    import numpy.typing as npt


UNREADABLE = (
    RuntimeError,
    KeyError,
    TypeError,
    OSError,
    EOFError,
    pickle.UnpicklingError,
)


class OpenAIWhisper:
    """A loaded openai-whisper model; it hears one piece at a time."""

    def __init__(self, checkpoint: Path) -> None:
        """Load a `.pt` file. Raises `ModelBroken` if that is not possible."""
        # With more threads it is several times slower as soon as anybody else
        # uses the machine.
        torch.set_num_threads(1)
        self._model = _open(checkpoint)
        self._suppress = _suppressed(self._model)
        # Decoding hangs its cache on the model itself.
        self._lock = threading.Lock()

    def detect(self, samples: npt.NDArray[np.float32]) -> Mapping[str, float]:
        """The probability of each of `LANGUAGES`; their sum may be below 1."""
        with self._lock:
            _, found = self._model.detect_language(self._mel(samples))
        return {language: found.get(language, 0.0) for language in LANGUAGES}

    def recognise(self, samples: npt.NDArray[np.float32], language: str) -> Piece:
        """The text of a piece, with the engine's own signs of doubt."""
        cap = token_cap(samples.size / SAMPLE_RATE)
        options = whisper.DecodingOptions(
            task="transcribe",
            language=language,
            temperature=0.0,
            beam_size=5,
            sample_len=cap,
            without_timestamps=True,
            suppress_tokens=self._suppress,
            fp16=False,
        )
        return _piece(self._decode(samples, options), cap)

    def _decode(
        self, samples: npt.NDArray[np.float32], options: whisper.DecodingOptions
    ) -> whisper.DecodingResult:
        try:
            with self._lock:
                return self._model.decode(self._mel(samples), options)
        except RuntimeError as error:
            raise TranscriptionError(
                f"recognition failed: {error}", permanent=False
            ) from error

    def _mel(self, samples: npt.NDArray[np.float32]) -> torch.Tensor:
        window = whisper.pad_or_trim(samples)
        return whisper.log_mel_spectrogram(window, n_mels=self._model.dims.n_mels)


def _open(checkpoint: Path) -> whisper.Whisper:
    try:
        # A path with a folder in it is never taken for a name to be fetched.
        model = whisper.load_model(str(checkpoint.absolute()), device="cpu")
    except UNREADABLE as error:
        raise ModelBroken(f"model {checkpoint} cannot be loaded: {error}") from error
    if not model.is_multilingual:
        raise ModelBroken(f"model {checkpoint} is for English only")
    return model


def _suppressed(model: whisper.Whisper) -> list[int]:
    """The library's usual list, and every time mark: none is wanted."""
    first = get_tokenizer(
        multilingual=True, num_languages=model.num_languages
    ).timestamp_begin
    return [-1, *range(first, model.dims.n_vocab)]


def _piece(result: whisper.DecodingResult, cap: int) -> Piece:
    return Piece(
        text=result.text.strip(),
        tokens=len(result.tokens),
        token_cap=cap,
        logprob=result.avg_logprob,
        no_speech=result.no_speech_prob,
        compression=result.compression_ratio,
    )
