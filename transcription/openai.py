"""openai-whisper: the reference engine, an extra that brings torch."""

from __future__ import annotations

import copy
import pickle
import queue
from contextlib import contextmanager
from typing import TYPE_CHECKING

import torch
import whisper
from whisper.tokenizer import get_tokenizer

from transcription.engine import ANY, Machine, Piece, of_four, token_cap
from transcription.nouns import SAMPLE_RATE, ModelBroken, TranscriptionError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    import numpy as np
    import numpy.typing as npt


BEAMS = 5
UNREADABLE = (
    RuntimeError,
    KeyError,
    TypeError,
    OSError,
    EOFError,
    pickle.UnpicklingError,
)


class OpenAIWhisper:
    """A loaded openai-whisper model, once in memory however many pieces it hears."""

    def __init__(
        self, checkpoint: Path, machine: Machine = ANY, beams: int = BEAMS
    ) -> None:
        """Load a `.pt` file. Raises `ModelBroken` if that is not possible."""
        # With more threads for one piece it is several times slower as soon as anybody
        # else uses the machine.
        _, self.at_once = machine.shared(1)
        torch.set_num_threads(1)
        self.device = _device(machine.device)
        model = _open(checkpoint, self.device)
        self._suppress = _suppressed(model)
        self._beams = beams
        # Decoding hangs its cache on the model itself: each piece needs its own shell.
        self._free: queue.SimpleQueue[whisper.Whisper] = queue.SimpleQueue()
        for shell in (model, *(_shell(model) for _ in range(self.at_once - 1))):
            self._free.put(shell)

    def take_in(self, samples: npt.NDArray[np.float32]) -> _Window:
        """Take in a piece: the half of the work that no question repeats."""
        with self.model() as model:
            window = whisper.pad_or_trim(samples)
            mel = whisper.log_mel_spectrogram(window, n_mels=model.dims.n_mels)
            with torch.no_grad():
                encoded = model.embed_audio(mel.unsqueeze(0).to(self.device))[0]
        cap = token_cap(samples.size / SAMPLE_RATE)
        return _Window(self, encoded, cap, self._suppress, self._beams)

    @contextmanager
    def model(self) -> Iterator[whisper.Whisper]:
        """Lend the model to one thread, or let it wait until one is free."""
        model = self._free.get()
        try:
            yield model
        except RuntimeError as error:
            raise TranscriptionError(
                f"recognition failed: {error}", permanent=False
            ) from error
        finally:
            self._free.put(model)


class _Window:
    """A piece taken in by the encoder."""

    def __init__(
        self,
        engine: OpenAIWhisper,
        encoded: torch.Tensor,
        cap: int,
        suppress: list[int],
        beams: int,
    ) -> None:
        self._engine, self._encoded = engine, encoded
        self._cap, self._suppress, self._beams = cap, suppress, beams

    def languages(self) -> Mapping[str, float]:
        """The probability of each of `LANGUAGES`; their sum may be below 1."""
        with self._engine.model() as model:
            _, found = model.detect_language(self._encoded)
        return of_four(found)

    def words(self, language: str) -> Piece:
        """The text, with the engine's own signs of doubt."""
        options = whisper.DecodingOptions(
            task="transcribe",
            language=language,
            temperature=0.0,
            beam_size=self._beams if self._beams > 1 else None,
            sample_len=self._cap,
            without_timestamps=True,
            suppress_tokens=self._suppress,
            fp16=False,
        )
        with self._engine.model() as model:
            return _piece(model.decode(self._encoded, options), self._cap)


def _device(wished: str) -> str:
    if wished != "auto":
        return wished
    return "cuda" if torch.cuda.is_available() else "cpu"


def _open(checkpoint: Path, device: str) -> whisper.Whisper:
    try:
        # A path with a folder in it is never taken for a name to be fetched.
        model = whisper.load_model(str(checkpoint.absolute()), device=device)
    except UNREADABLE as error:
        raise ModelBroken(
            f"model {checkpoint} cannot be loaded on {device}: {error}"
        ) from error
    if not model.is_multilingual:
        raise ModelBroken(f"model {checkpoint} is for English only")
    return model


def _shell(model: whisper.Whisper) -> whisper.Whisper:
    """The same weights, not a copy of them, in modules of their own."""
    tensors = (*model.parameters(), *model.buffers())
    return copy.deepcopy(model, {id(each): each for each in tensors})


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
