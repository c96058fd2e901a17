"""Text to sound. This package knows nothing of the bot, nor of transcription.

`open_voice` gives a `Voice`, which says one sentence at a time; `voice_note` joins what
it said to a note. Importing this package is cheap: what needs numpy and PyAV is loaded
at first use.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from synthesis.nouns import (
    LANGUAGES,
    MOST_SECONDS,
    RATE,
    Samples,
    SynthesisError,
    Voice,
    VoiceBroken,
    VoiceError,
    VoiceMissing,
)
from synthesis.opening import ENGINES, open_voice

if TYPE_CHECKING:
    from synthesis.levels import levelled
    from synthesis.notes import fits, samples_of, seconds_of, voice_note
    from synthesis.speaker import Speaker
    from synthesis.waveforms import Fault, Waveform, waveform

__all__ = [
    "ENGINES",
    "LANGUAGES",
    "MOST_SECONDS",
    "RATE",
    "Fault",
    "Samples",
    "Speaker",
    "SynthesisError",
    "Voice",
    "VoiceBroken",
    "VoiceError",
    "VoiceMissing",
    "Waveform",
    "fits",
    "levelled",
    "open_voice",
    "samples_of",
    "seconds_of",
    "voice_note",
    "waveform",
]

_LATER = {
    "Fault": "waveforms",
    "Speaker": "speaker",
    "Waveform": "waveforms",
    "fits": "notes",
    "levelled": "levels",
    "samples_of": "notes",
    "seconds_of": "notes",
    "voice_note": "notes",
    "waveform": "waveforms",
}


def __getattr__(name: str) -> object:
    """Load what is asked for; Python calls this for names not found above."""
    if name not in _LATER:
        raise AttributeError(f"module 'synthesis' has no attribute {name!r}")
    return getattr(import_module(f"synthesis.{_LATER[name]}"), name)
