"""Sound to text. This package knows nothing of the bot.

`load` gives a `Transcriber`; `transcription.audio` turns bytes into a `Sound`
for it. Importing this package is cheap: engines are loaded at first use.
"""

from transcription.engine import DEVICES, Machine
from transcription.fetch import fetch_model
from transcription.loading import ENGINES, load
from transcription.nouns import (
    LANGUAGES,
    SAMPLE_RATE,
    BadAudio,
    BadReason,
    Level,
    ModelBroken,
    ModelError,
    ModelMissing,
    Sound,
    Transcriber,
    Transcript,
    TranscriptionError,
    clear_leader,
)
from transcription.recogniser import Recogniser, Trial
from transcription.signals import Reason

__all__ = [
    "DEVICES",
    "ENGINES",
    "LANGUAGES",
    "SAMPLE_RATE",
    "BadAudio",
    "BadReason",
    "Level",
    "Machine",
    "ModelBroken",
    "ModelError",
    "ModelMissing",
    "Reason",
    "Recogniser",
    "Sound",
    "Transcriber",
    "Transcript",
    "TranscriptionError",
    "Trial",
    "clear_leader",
    "fetch_model",
    "load",
]
