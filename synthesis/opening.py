"""From two settings, the engine's name and the voices' folder, to a voice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from synthesis.nouns import LANGUAGES

if TYPE_CHECKING:
    from pathlib import Path

    from synthesis.engines import Engine
    from synthesis.speaker import Speaker

ENGINES = ("espeak-ng", "piper", "none")
"""The engine names that may be asked for."""


def open_voice(engine: str, folder: Path) -> Speaker | None:
    """A voice for these settings; None for the engine `none`.

    For `piper`, `folder` holds `<language>.onnx` and `<language>.onnx.json`; a language
    without them is spoken by eSpeak NG. The files must be there now (else
    `VoiceMissing`, also when Piper is not installed) and are read at the first
    sentence: a damaged one raises `VoiceBroken`, now or then. Nothing is ever fetched,
    and no program starts before the first sentence. Raises `ValueError` for an engine
    that does not exist.
    """
    if engine not in ENGINES:
        raise ValueError(
            f"unknown engine {engine!r}: choose one of {', '.join(ENGINES)}"
        )
    if engine == "none":
        return None
    # Imported here: who does not speak does not pay for numpy.
    from synthesis.engines import Espeak, Piper
    from synthesis.speaker import Speaker

    espeak = Espeak()
    engines: dict[str, Engine] = dict.fromkeys(LANGUAGES, espeak)
    if engine == "piper":
        piper = Piper(folder)
        engines |= dict.fromkeys(piper.languages, piper)
    return Speaker(engines)
