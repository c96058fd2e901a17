"""One voice for the whole run, and sentences in the four languages."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from synthesis import Speaker, open_voice

SENTENCES = {
    "nl": "Heeft u een plan voor de buurt? Spreek het in, of typ het.",
    "en": "Do you have a plan for the neighbourhood? Say it, or type it.",
    "tr": "Mahalle için bir planınız var mı? Sesli mesajla anlatın ya da yazın.",
    "ar": "هَلْ لَدَيْكُمْ خُطَّةٌ لِلْحَيِّ؟ قُولُوهَا فِي رِسَالَةٍ صَوْتِيَّةٍ.",
}


def espeak() -> Speaker:
    """A new voice of eSpeak NG, to be closed by who asked."""
    voice = open_voice("espeak-ng", Path("nowhere"))
    assert voice is not None
    return voice


@pytest.fixture(scope="session")
def voice() -> Iterator[Speaker]:
    made = espeak()
    yield made
    made.close()
