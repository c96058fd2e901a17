"""From two settings, the engine's name and the model's, to a transcriber."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING

from transcription.engine import ANY
from transcription.models import find_checkpoint, find_folder
from transcription.nouns import ModelMissing
from transcription.recogniser import Recogniser

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from transcription.engine import Engine, Machine

NO_ENGINE = "none"


@dataclass(frozen=True, slots=True)
class _Kind:
    """An engine that can be chosen: its package, our module and class for it."""

    package: str
    install: str
    module: str
    name: str
    find: Callable[[str, Path], Path]

    def open(self, place: Path, machine: Machine) -> Engine:
        """Load the model at `place`. Raises `ModelError`."""
        kind = getattr(import_module(self.module), self.name)
        engine: Engine = kind(place, machine)
        return engine


# Named, not imported: an engine costs up to 280 MB before it has done anything.
KINDS = {
    "faster-whisper": _Kind(
        package="faster_whisper",
        install="faster-whisper",
        module="transcription.faster",
        name="FasterWhisper",
        find=find_folder,
    ),
    "openai-whisper": _Kind(
        package="whisper",
        install="buurtstem[openai-whisper]",
        module="transcription.openai",
        name="OpenAIWhisper",
        find=find_checkpoint,
    ),
}

ENGINES = (*KINDS, NO_ENGINE)
"""The engine names that may be asked for."""


def load(
    engine: str, model: str, models_folder: Path, machine: Machine = ANY
) -> Recogniser | None:
    """A transcriber for these settings; None for the engine `none`.

    `model` is the path of a model, or its name under `models_folder`; `machine` is
    what of this machine it may use. The model
    must be there now (else `ModelMissing`, also when the engine's package is
    not installed) but is read at first use: a damaged one raises `ModelBroken`
    then, or from `Recogniser.warm`. Nothing is ever fetched. Raises `ValueError`
    for an engine that does not exist.
    """
    if engine == NO_ENGINE:
        return None
    if engine not in KINDS:
        raise ValueError(
            f"unknown engine {engine!r}: choose one of {', '.join(ENGINES)}"
        )
    kind = KINDS[engine]
    if find_spec(kind.package) is None:
        raise ModelMissing(
            f"engine {engine!r} is not installed: pip install {kind.install!r}"
        )
    place = kind.find(model, models_folder)
    return Recogniser(lambda: kind.open(place, machine))
