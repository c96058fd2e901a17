"""faster-whisper: Whisper on CTranslate2, 8-bit integers on the processor."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ctranslate2
from faster_whisper import WhisperModel
from faster_whisper.audio import pad_or_trim
from faster_whisper.tokenizer import Tokenizer
from faster_whisper.transcribe import get_compression_ratio, get_suppressed_tokens

from transcription.engine import ANY, Machine, Piece, of_four, token_cap
from transcription.nouns import SAMPLE_RATE, ModelBroken, TranscriptionError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import numpy as np
    import numpy.typing as npt
    from ctranslate2.models import WhisperGenerationResult

LARGE_BYTES = 600_000_000
LARGE_THREADS = 2
TIMESTAMPS = 1501
BEAMS = 5
COMPUTE = {"cpu": "int8", "cuda": "int8_float16"}


class FasterWhisper:
    """A loaded faster-whisper model; calls from several threads run side by side."""

    def __init__(
        self, folder: Path, machine: Machine = ANY, beams: int = BEAMS
    ) -> None:
        """Load the model in `folder`. Raises `ModelBroken` if that is not possible."""
        self.device = _device(machine.device)
        # Small models gain by the second note at once, large ones by the second thread.
        large = (folder / "model.bin").stat().st_size > LARGE_BYTES
        threads, self.at_once = machine.shared(LARGE_THREADS if large else 1)
        self._model = _open(folder, self.device, threads, self.at_once)
        self._times = _time_marks(self._model)
        self._beams = beams

    def take_in(self, samples: npt.NDArray[np.float32]) -> _Window:
        """Take in a piece: the half of the work that no question repeats."""
        features = self._model.feature_extractor(samples)[:, :-1]
        try:
            encoded = self._model.encode(pad_or_trim(features))
        except RuntimeError as error:
            raise _failed(error) from error
        cap = token_cap(samples.size / SAMPLE_RATE)
        return _Window(self._model, encoded, cap, self._times, self._beams)


class _Window:
    """A piece taken in by CTranslate2's encoder.

    The library's own `transcribe` would encode once for the language and once for the
    words, and drop or retry what it doubts; here `signals` judges.
    """

    def __init__(
        self,
        model: WhisperModel,
        encoded: ctranslate2.StorageView,
        cap: int,
        times: Sequence[int],
        beams: int,
    ) -> None:
        self._model, self._encoded = model, encoded
        self._cap, self._times, self._beams = cap, times, beams

    def languages(self) -> Mapping[str, float]:
        """The probability of each of `LANGUAGES`; their sum may be below 1."""
        try:
            (found,) = self._model.model.detect_language(self._encoded)
        except RuntimeError as error:
            raise _failed(error) from error
        return of_four({mark[2:-2]: share for mark, share in found})

    def words(self, language: str) -> Piece:
        """The text, with the engine's own signs of doubt."""
        tokenizer = Tokenizer(
            self._model.hf_tokenizer,
            multilingual=True,
            task="transcribe",
            language=language,
        )
        try:
            result = self._decoded(tokenizer)
        except RuntimeError as error:
            raise _failed(error) from error
        tokens = result.sequences_ids[0]
        text = tokenizer.decode(tokens).strip()
        return Piece(
            text=text,
            tokens=len(tokens) if text else 0,
            token_cap=self._cap,
            # The score is a mean already, but not over the token that ends it.
            logprob=result.scores[0] * len(tokens) / (len(tokens) + 1),
            no_speech=result.no_speech_prob,
            compression=get_compression_ratio(text) if text else 0.0,
        )

    def _decoded(self, tokenizer: Tokenizer) -> WhisperGenerationResult:
        prompt = [*tokenizer.sot_sequence, tokenizer.no_timestamps]
        (result,) = self._model.model.generate(
            self._encoded,
            [prompt],
            beam_size=self._beams,
            # CTranslate2 halves the length it is given, prompt included.
            max_length=2 * self._cap,
            return_scores=True,
            return_no_speech_prob=True,
            suppress_tokens=get_suppressed_tokens(tokenizer, [-1, *self._times]),
        )
        return result


def _device(wished: str) -> str:
    if wished != "auto":
        return wished
    return "cuda" if ctranslate2.get_cuda_device_count() else "cpu"


def _open(folder: Path, device: str, threads: int, at_once: int) -> WhisperModel:
    try:
        model = WhisperModel(
            str(folder),
            device=device,
            compute_type=COMPUTE[device],
            cpu_threads=threads,
            num_workers=at_once,
            local_files_only=True,
        )
    # The tokenizer's own errors are bare `Exception`s.
    except Exception as error:
        raise ModelBroken(
            f"model {folder} cannot be loaded on {device}: {error}"
        ) from error
    _check(model, folder)
    return model


def _check(model: WhisperModel, folder: Path) -> None:
    if not model.model.is_multilingual:
        raise ModelBroken(f"model {folder} is for English only")
    bands = model.feature_extractor.mel_filters.shape[0]
    if bands != model.model.n_mels:
        raise ModelBroken(
            f"model {folder} lacks preprocessor_config.json with "
            f'"feature_size": {model.model.n_mels}'
        )


def _time_marks(model: WhisperModel) -> Sequence[int]:
    """The tokens that say when something was said: none is wanted."""
    last = model.hf_tokenizer.token_to_id("<|notimestamps|>")
    return range(last + 1, last + 1 + TIMESTAMPS)


def _failed(error: RuntimeError) -> TranscriptionError:
    return TranscriptionError(f"recognition failed: {error}", permanent=False)
