"""What the instrument is taught is what the bot understands, and never changes."""

import re
from pathlib import Path

import espeakng_loader
import numpy as np
import pytest

from bot.domain.languages import LANGUAGES as TALKED
from bot.domain.languages import Language
from bot.flows.spelling import plain
from bot.flows.words import named_language, understand
from tests.instruments import NAME
from tests.instruments.arabic import MARKED, bare
from tests.instruments.clips import Clip, speak
from tests.instruments.lessons import Amounts, lessons
from tests.instruments.strange import WORDS
from tests.instruments.voices import HEARD, PLAIN, UNSEEN, draw_voice
from tests.instruments.words import LANGUAGES, answers, counted, number
from tests.need import ROOT

ONE_OF_EACH = Amounts(answer=0, number=0, plan=1, counted=1, strange=1)


def test_it_is_taught_the_languages_of_the_talk() -> None:
    assert set(LANGUAGES) == set(TALKED)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_number_is_understood(language: Language) -> None:
    for value in range(100):
        text = number(language, value).written
        assert understand(text, language).numbers == (value,), text


@pytest.mark.parametrize("language", LANGUAGES)
def test_numbers_in_one_breath_are_understood(language: Language) -> None:
    draw = np.random.default_rng(3)
    said = [counted(language, draw) for _ in range(50)]
    assert all(understand(one.written, language).numbers for one in said)
    assert not any(re.search(r"[,،\u064b-\u0652]", one.written) for one in said)


@pytest.mark.parametrize("language", LANGUAGES)
def test_strange_words_are_none_of_the_answers(language: str) -> None:
    known = {plain(one.written) for one in answers(language)}
    assert len(known) > 100
    assert not known & {plain(bare(word)) for word in WORDS[language].split()}


def test_arabic_answers_are_read_with_their_vowels() -> None:
    unmarked = {one.written for one in answers("ar") if bare(one.spoken) == one.spoken}
    assert unmarked <= {"آه"}
    assert all(bare(word) != word or plain(word) == "اه" for word in MARKED.values())


def test_a_language_can_be_named() -> None:
    for language, name in zip(
        LANGUAGES, ("nederlands", "english", "türkçe", "العربية"), strict=True
    ):
        assert name in {one.written for one in answers(language)}
        assert named_language(name) == language


def test_no_voice_of_the_examination_is_taught() -> None:
    assert len(set(UNSEEN)) == len(UNSEEN) >= 10
    assert not set(UNSEEN) & set(HEARD)


def test_no_voice_sounds_otherwise_at_another_time() -> None:
    folder = Path(espeakng_loader.get_data_path()) / "voices" / "!v"
    used = [name for name in (*HEARD, *UNSEEN) if name != PLAIN]
    assert not [name for name in used if "breath" in (folder / name).read_text()]
    assert "breath" in (folder / "f2").read_text()


def test_the_same_list_always_sounds_the_same() -> None:
    draw = np.random.default_rng(5)
    clips = [
        Clip(each, number(each, 21).spoken, draw_voice(draw, heard=True), seed)
        for seed, each in enumerate(LANGUAGES)
    ]
    once, again = speak(clips), speak(clips)
    for one, other in zip(once, again, strict=True):
        assert np.array_equal(one.samples, other.samples)
        assert (one.sounds, one.words) == (other.sounds, other.words)
        assert one.samples.size > 8_000
    assert [
        name for _, name in once[0].sounds if name
    ] == "eː n ə n t ʋ ɪ n t ə x".split()


def test_the_same_seed_gives_the_same_lessons() -> None:
    once, again = (list(lessons(ONE_OF_EACH, seed=2)) for _ in range(2))
    assert [one.written for one in once] == [one.written for one in again]
    assert {one.written is None for one in once} == {True, False}
    for one, other in zip(once, again, strict=True):
        assert np.array_equal(one.bands, other.bands)


def test_nothing_that_is_installed_knows_of_it() -> None:
    sources = [*ROOT.glob("bot/**/*.py"), *ROOT.glob("transcription/**/*.py")]
    assert len(sources) > 100
    telling = re.compile(rf"{NAME}|tests[./]instruments|BUURTSTEM_INSTRUMENT")
    assert [path for path in sources if telling.search(path.read_text("utf-8"))] == []
