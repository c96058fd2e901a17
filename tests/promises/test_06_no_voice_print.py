"""No speaker is known by her voice: not in the tables, not in what is installed."""

import re

from bot.store.base import Base
from tests.need import ROOT

VOICEPRINTS = re.compile(r"embedding|voice_?print|speaker|biometric")
RECOGNISERS = re.compile(r"(?m)^(?:resemblyzer|pyannote|speechbrain|nemo|titanet)")
CODE = re.compile(r"voice_?print|biometric|ecapa|x_?vector|speaker_?(?:id|embedding)")
FEWEST_FILES = 300


def test_no_column_can_hold_a_voice_print() -> None:
    columns = [f"{t.name}.{c.name}" for t in Base.metadata.sorted_tables for c in t.c]
    assert VOICEPRINTS.search("media.speaker_embedding")
    assert len(columns) > 150
    assert not [name for name in columns if VOICEPRINTS.search(name)]


def test_nothing_that_knows_speakers_is_installed() -> None:
    lock = (ROOT / "requirements.lock").read_text("utf-8")
    assert RECOGNISERS.search("pyannote.audio==3.1")
    assert "faster-whisper==" in lock
    assert not RECOGNISERS.search(lock)


def test_no_line_of_the_code_makes_one() -> None:
    rooms = ("bot", "transcription", "synthesis")
    files = [path for room in rooms for path in (ROOT / room).rglob("*.py")]
    assert len(files) > FEWEST_FILES
    assert CODE.search("speaker_embedding = model.encode(sound)")
    assert not [path.name for path in files if CODE.search(path.read_text("utf-8"))]
