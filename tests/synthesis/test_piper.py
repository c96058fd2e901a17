"""Piper, its real loading and speaking, on a voice that hums."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from tests.need import need

need("piper")

from synthesis import (  # noqa: E402 - after the check above
    Fault,
    Speaker,
    SynthesisError,
    VoiceBroken,
    open_voice,
    samples_of,
    voice_note,
    waveform,
)
from synthesis.levels import LOUDNESS, PEAK  # noqa: E402
from tests.synthesis.conftest import SENTENCES, espeak  # noqa: E402
from tests.synthesis.test_child import is_alive  # noqa: E402
from tests.synthesis.test_speaking import HOSTILE, NOTHING_TO_SAY, digest  # noqa: E402
from tests.synthesis.tiny_voice import write_voice  # noqa: E402


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("voices")
    write_voice(made, "nl")
    write_voice(made, "ar")
    return made


@pytest.fixture(scope="module")
def humming(folder: Path) -> Iterator[Speaker]:
    made = opened(folder)
    yield made
    made.close()


def opened(folder: Path) -> Speaker:
    voice = open_voice("piper", folder)
    assert voice is not None
    return voice


def program(voice: Speaker) -> int:
    process = voice._engines["nl"]._child._process  # type: ignore[attr-defined]
    assert process is not None
    return int(process.pid)


@pytest.mark.parametrize("language", ["nl", "ar"])
def test_a_voice_file_speaks_at_the_level_of_all_others(
    humming: Speaker, language: str
) -> None:
    said = humming.speak(SENTENCES[language], language)
    seen = waveform(said)
    assert seen.faults == ()
    assert 1 < seen.seconds < 10
    assert seen.loudness == pytest.approx(LOUDNESS, abs=1)
    assert seen.peak <= PEAK
    assert waveform(samples_of(voice_note([said]))).faults == ()


def test_it_is_the_file_that_speaks(humming: Speaker, voice: Speaker) -> None:
    hummed, said = humming.speak("hallo", "nl"), voice.speak("hallo", "nl")
    assert digest(hummed) != digest(said)


def test_a_language_without_a_file_is_spoken_by_espeak(
    humming: Speaker, voice: Speaker
) -> None:
    for language in ("en", "tr"):
        said = humming.speak(SENTENCES[language], language)
        assert digest(said) == digest(voice.speak(SENTENCES[language], language))


def test_a_voice_is_read_once(humming: Speaker) -> None:
    first = digest(humming.speak("hallo buur", "nl"))
    process = program(humming)
    assert digest(humming.speak("hallo buur", "nl")) == first
    assert program(humming) == process


@pytest.mark.parametrize("bare", ["شكرا لك", "شكراً لكم جميعاً"])
def test_arabic_without_vowel_marks_is_given_them(humming: Speaker, bare: str) -> None:
    from piper.tashkeel import TashkeelDiacritizer

    marked = TashkeelDiacritizer()(bare)
    assert len(marked) > len(bare)
    assert digest(humming.speak(bare, "ar")) == digest(humming.speak(marked, "ar"))


def test_marks_that_people_wrote_are_kept(humming: Speaker) -> None:
    # Left to guess, the model would leave off the last vowel of both.
    voiced, silent = humming.speak("كَتَبَ", "ar"), humming.speak("كَتَبْ", "ar")
    assert digest(voiced) != digest(silent)


@pytest.mark.parametrize("case", NOTHING_TO_SAY)
def test_what_nobody_could_say_is_refused(humming: Speaker, case: str) -> None:
    with pytest.raises(SynthesisError, match="nothing to say"):
        humming.speak(NOTHING_TO_SAY[case], "nl")


@pytest.mark.parametrize("case", HOSTILE)
def test_hostile_words_are_words(humming: Speaker, case: str) -> None:
    said = humming.speak(HOSTILE[case], "nl")
    assert np.isfinite(said).all()
    assert Fault.TOO_LONG not in waveform(said).faults


def test_a_damaged_voice_is_named_and_the_other_languages_speak(
    tmp_path: Path,
) -> None:
    write_voice(tmp_path, "nl").write_bytes(b"version https://git-lfs.example/v1")
    write_voice(tmp_path, "tr")
    broken = opened(tmp_path)
    with pytest.raises(VoiceBroken, match=r"nl\.onnx"):
        broken.speak("hallo", "nl")
    assert broken.speak("merhaba", "tr").size
    assert broken.speak("hello", "en").size
    broken.close()


def test_a_voice_that_fails_while_speaking_breaks_that_sentence(
    tmp_path: Path,
) -> None:
    file = write_voice(tmp_path, "nl")
    description = file.with_name("nl.onnx.json")
    description.write_text(description.read_text().replace('"h": [', '"h": [9999, '))
    failing = opened(tmp_path)
    with pytest.raises(SynthesisError, match="broken") as caught:
        failing.speak("hallo", "nl")
    assert caught.value.permanent
    process = program(failing)
    assert failing.speak("aa", "nl").size
    assert program(failing) == process
    failing.close()
    assert not is_alive(process)


def test_the_identity_changes_with_the_file(folder: Path, tmp_path: Path) -> None:
    first = opened(folder).identity("nl")
    assert first.startswith("piper 1.")
    assert opened(folder).identity("nl") == first
    write_voice(tmp_path, "nl", espeak_voice="nl-be")
    assert opened(tmp_path).identity("nl") != first
    assert opened(folder).identity("tr") != espeak().identity("tr")  # it borrows Arabic
    assert opened(folder).identity("tr").startswith("espeak-ng ")
