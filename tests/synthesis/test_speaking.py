"""Real speech of eSpeak NG in four languages: whole, equally loud, always the same."""

import hashlib
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from synthesis import (
    LANGUAGES,
    MOST_SECONDS,
    RATE,
    Fault,
    Samples,
    Speaker,
    SynthesisError,
    fits,
    waveform,
)
from synthesis.levels import LOUDNESS, PEAK
from synthesis.speaker import PIECE_SECONDS
from tests.need import ROOT
from tests.synthesis.conftest import SENTENCES, espeak


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_sentence_is_heard_whole_and_at_the_level_of_all_others(
    voice: Speaker, language: str
) -> None:
    said = voice.speak(SENTENCES[language], language)
    seen = waveform(said)
    assert said.dtype == np.float32
    assert seen.faults == ()
    assert 2.5 < seen.seconds < 8
    assert seen.peak == pytest.approx(PEAK, rel=0.2)
    assert seen.peak <= PEAK
    assert seen.loudness == pytest.approx(LOUDNESS, abs=0.5)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_silence_is_left_at_the_ends(voice: Speaker, language: str) -> None:
    said = voice.speak(SENTENCES[language], language)
    loud = np.flatnonzero(np.abs(said) > 0.02)
    assert loud[0] / RATE < 0.1
    assert (said.size - loud[-1]) / RATE < 0.15


def test_the_languages_do_not_sound_alike(voice: Speaker) -> None:
    assert len({digest(voice.speak("Anna 3", each)) for each in LANGUAGES}) == 4


def test_more_words_take_longer(voice: Speaker) -> None:
    one = voice.speak(SENTENCES["tr"], "tr").size
    two = voice.speak(f"{SENTENCES['tr']} {SENTENCES['tr']}", "tr").size
    assert two > 1.8 * one


def test_the_same_sentence_is_the_same_sound_whatever_came_before(
    voice: Speaker,
) -> None:
    first = digest(voice.speak(SENTENCES["nl"], "nl"))
    for between in ("ar", "nl", "en"):
        voice.speak(SENTENCES[between], between)
        assert digest(voice.speak(SENTENCES["nl"], "nl")) == first


def test_another_process_says_it_byte_for_byte_the_same(voice: Speaker) -> None:
    script = (
        "from tests.synthesis.conftest import SENTENCES, espeak;"
        "from tests.synthesis.test_speaking import digest;"
        "voice = espeak();"
        "print(*(digest(voice.speak(t, name)) for name, t in SENTENCES.items()));"
        "voice.close()"
    )
    other = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        capture_output=True,
        check=True,
        text=True,
    )
    ours = [digest(voice.speak(text, name)) for name, text in SENTENCES.items()]
    assert other.stdout.split() == ours


def test_threads_that_speak_at_once_get_each_their_own_sentence(
    voice: Speaker,
) -> None:
    asked = [*SENTENCES.items()] * 6
    alone = {name: digest(voice.speak(text, name)) for name, text in SENTENCES.items()}
    with ThreadPoolExecutor(6) as pool:
        said = list(pool.map(lambda one: digest(voice.speak(one[1], one[0])), asked))
    assert said == [alone[name] for name, _ in asked]


NOTHING_TO_SAY = {
    "empty": "",
    "spaces": " \n\t ",
    "only punctuation": "?!… – ()",
    "only emoji": "😀🌳👍🏽",
    "only marks of direction": "\u202e\u2067\u2069",
    "only control characters": "\0\x01\x1b",
    "half a letter": "\ud800",
    "empty brackets": "[[ ]]",
}


@pytest.mark.parametrize("case", NOTHING_TO_SAY)
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_nobody_could_say_is_refused_for_good(
    voice: Speaker, case: str, language: str
) -> None:
    with pytest.raises(SynthesisError, match="nothing to say") as caught:
        voice.speak(NOTHING_TO_SAY[case], language)
    assert caught.value.permanent


HOSTILE = {
    "markup of a speech engine": "<speak><break time='9s'/>hallo</speak>",
    "phonemes": "[[h@l'oU]] [[_:9999]] hallo",
    "commands of the engine": "\x01500S\x010A hallo \x1b[2J",
    "a null in the middle": "hal\0lo",
    "5000 letters": "hallo buur " * 454,
    "5000 letters without a space": "ab" * 2500,
    "5000 digits": "9" * 5000,
    "2500 numbers": "9 " * 2500,
    "words of both scripts by turns": "straat شجرة " * 400,
    "a thousand full stops": "hallo" + "." * 1000 + "buur",
    "all of ASCII": "".join(map(chr, range(128))),
    "an address": "https://buurtstem.example/?a=b&c=%20#d",
    "line ends": "hallo\n\n\r\nbuur\u2028straat",
    "marks of direction": "\u2067hallo\u2069 \u202ebuur\u202c",
    "a thousand marks on one letter": "a" + "\u0301" * 1000,
    "Chinese": "你好，邻居",
    "mathematics": "𝓱𝓪𝓵𝓵𝓸 ½ ² ∑ ≠",
}


@pytest.mark.parametrize("case", HOSTILE)
@pytest.mark.parametrize("language", LANGUAGES)
def test_hostile_words_are_words(voice: Speaker, case: str, language: str) -> None:
    said = voice.speak(HOSTILE[case], language)
    seen = waveform(said)
    assert np.isfinite(said).all()
    assert 0.2 < seen.seconds < MOST_SECONDS
    assert seen.faults == ()
    assert seen.peak <= PEAK
    assert fits([said]) == 1


def test_markup_is_read_out_and_not_obeyed(voice: Speaker) -> None:
    plain = voice.speak("hallo", "nl").size
    marked = voice.speak("<speak><break time='9s'/>hallo</speak>", "nl").size
    assert marked > plain + RATE
    silences = waveform(voice.speak("<break time='9s'/>hallo", "nl"))
    assert Fault.LONG_SILENCE not in silences.faults


def test_a_very_long_text_ends_between_two_words(voice: Speaker) -> None:
    said = voice.speak("hallo buur " * 454, "nl")
    assert 30 * RATE < said.size < PIECE_SECONDS * RATE
    assert waveform(said).faults == ()


@pytest.mark.parametrize("language", LANGUAGES)
def test_speech_that_would_be_longer_than_a_note_ends_in_a_quiet_moment(
    voice: Speaker, language: str
) -> None:
    said = voice.speak("9 " * 400, language)
    assert PIECE_SECONDS - 3 < said.size / RATE < PIECE_SECONDS
    assert waveform(said).faults == ()


def test_digits_of_both_scripts_are_said_alike(voice: Speaker) -> None:
    for language in LANGUAGES:
        eastern = digest(voice.speak("٢٥", language))
        assert digest(voice.speak("25", language)) == eastern


def test_a_doubled_letter_keeps_its_vowel_in_either_order_of_marks(
    voice: Speaker,
) -> None:
    shadda_first = voice.speak("مُوَظ\u0651\u064eف", "ar")
    vowel_first = voice.speak("مُوَظ\u064e\u0651ف", "ar")
    assert digest(vowel_first) == digest(shadda_first)


def test_arabic_words_in_a_dutch_row_are_said_and_not_spelled(voice: Speaker) -> None:
    alone = voice.speak("شَجَرَة", "ar")
    within = voice.speak("Plan 7: شَجَرَة", "nl")
    before = voice.speak("Plan 7:", "nl")
    assert within.size == before.size + alone.size
    assert digest(within[before.size :]) == digest(alone)


def test_a_dutch_street_in_an_arabic_row_is_said_in_dutch(voice: Speaker) -> None:
    street = voice.speak("Kinkerstraat", "nl")
    within = voice.speak("فِي Kinkerstraat", "ar")
    assert digest(within[-street.size :]) == digest(street)


def test_a_language_without_a_voice_is_refused_for_good(voice: Speaker) -> None:
    for ask in (voice.identity, lambda name: voice.speak("bonjour", name)):
        with pytest.raises(SynthesisError, match="'fr'") as caught:
            ask("fr")
        assert caught.value.permanent


def test_the_identity_names_engine_version_voice_and_speed(voice: Speaker) -> None:
    names = {each: voice.identity(each) for each in LANGUAGES}
    assert len(set(names.values())) == 4
    assert names["nl"].startswith("espeak-ng 0.")
    assert "nl 148 + espeak-ng" in names["nl"]
    other = espeak()
    assert {each: other.identity(each) for each in LANGUAGES} == names


def test_a_closed_voice_speaks_when_asked_again() -> None:
    voice = espeak()
    first = digest(voice.speak("hallo", "nl"))
    voice.close()
    voice.close()
    assert digest(voice.speak("hallo", "nl")) == first
    voice.close()


def digest(samples: Samples) -> str:
    return hashlib.sha256(samples.tobytes()).hexdigest()
