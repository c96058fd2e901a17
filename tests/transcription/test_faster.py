"""faster-whisper, its real loading and decoding, on models of width 64."""

import shutil
import threading
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from tests import sound
from tests.transcription.conftest import SAID
from tests.transcription.tiny_model import (
    FIRST_TIME,
    Shape,
    random_weights,
    reciting_weights,
    token_weights,
    torn_weights,
    write_folder,
)
from transcription import (
    LANGUAGES,
    SAMPLE_RATE,
    Level,
    ModelBroken,
    Reason,
    Recogniser,
    Sound,
    Transcript,
    load,
)
from transcription.engine import Machine, token_cap
from transcription.faster import FasterWhisper
from transcription.recogniser import FOUR_TOGETHER

SENTENCES = {
    "nl": "Één bank onder de linde.",
    "en": "A bench under the tree.",
    "tr": "Ağacın altına bir bank.",
    "ar": "مقعد تحت الشجرة",
}


def heard(samples: np.ndarray) -> Sound:
    return Sound(samples, samples.size / SAMPLE_RATE)


def transcriber(model: Path) -> Recogniser:
    found = load("faster-whisper", str(model), model.parent)
    assert found is not None
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_sentence_in_each_language_goes_from_sound_to_text(
    language: str, tmp_path: Path
) -> None:
    said = SENTENCES[language]
    write_folder(tmp_path / "model", reciting_weights(said, language))
    result = transcriber(tmp_path / "model").transcribe(
        heard(sound.sentence(language)), language
    )
    assert result.text == said
    assert result.language == result.clear_language() == language
    assert (result.level, result.reasons) == (Level.GOOD, ())
    assert result.seconds - 0.5 < result.speech_seconds <= result.seconds


def test_without_a_language_the_likeliest_of_the_four_is_taken(
    tmp_path: Path,
) -> None:
    write_folder(tmp_path / "model", reciting_weights("Bir bank.", "tr"))
    result = transcriber(tmp_path / "model").transcribe(
        heard(sound.sentence("tr")), None
    )
    assert result.language == "tr"
    assert set(result.probabilities) == set(LANGUAGES)
    assert result.probabilities["tr"] == pytest.approx(1, abs=0.01)
    assert result.clear_language() == "tr"


def test_a_note_in_another_language_than_expected_is_written_in_its_own(
    tmp_path: Path,
) -> None:
    write_folder(tmp_path / "model", reciting_weights(SENTENCES["tr"], "tr"))
    found = transcriber(tmp_path / "model")
    result = found.transcribe(heard(sound.sentence("tr")), "nl")
    assert (result.text, result.language) == (SENTENCES["tr"], "tr")
    short = found.transcribe(heard(sound.say("Evet.", "tr")), "nl")
    assert (short.language, short.clear_language()) == ("nl", None)


def test_a_language_that_leads_by_nothing_is_not_clear(tmp_path: Path) -> None:
    weights = torn_weights(SAID, "nl", "tr")
    write_folder(tmp_path / "model", weights)
    result = transcriber(tmp_path / "model").transcribe(heard(sound.sentence()), None)
    assert result.language in {"nl", "tr"}
    assert result.clear_language() is None
    assert Reason.LANGUAGE_UNCLEAR in result.reasons


def test_a_model_that_cannot_place_the_language_writes_nothing(models: Path) -> None:
    """Its hundred languages are equally likely to it."""
    result = transcriber(models / "babbling").transcribe(heard(sound.sentence()), "nl")
    assert sum(result.probabilities.values()) < FOUR_TOGETHER
    assert (result.text, result.reasons) == ("", (Reason.OTHER_LANGUAGE,))


@pytest.mark.parametrize(("kin", "language"), [("af", "nl"), ("az", "tr")])
def test_the_nearest_kin_of_a_language_is_taken_for_it(
    kin: str, language: str, tmp_path: Path
) -> None:
    write_folder(tmp_path / "model", reciting_weights(SAID, kin))
    result = transcriber(tmp_path / "model").transcribe(heard(sound.sentence()), "nl")
    assert result.clear_language() == language


@pytest.mark.parametrize(
    ("sureness", "level"),
    [(1.6, Level.GOOD), (1.3, Level.UNSURE), (1.2, Level.BAD)],
)
def test_the_models_own_doubt_sets_the_level(
    sureness: float, level: Level, tmp_path: Path
) -> None:
    write_folder(tmp_path / "model", reciting_weights(SAID, sureness=sureness))
    result = transcriber(tmp_path / "model").transcribe(heard(sound.sentence()), "nl")
    assert (result.text, result.level) == (SAID, level)


def test_a_model_that_loops_is_stopped_and_not_believed(tmp_path: Path) -> None:
    write_folder(tmp_path / "model", reciting_weights("een bank " * 20))
    result = transcriber(tmp_path / "model").transcribe(heard(sound.sentence()), "nl")
    assert result.level is Level.BAD
    assert {Reason.LOOP, Reason.CUT_OFF} <= set(result.reasons)


@pytest.mark.parametrize("seconds", [1.0, 3.0, 20.0])
def test_a_piece_gets_no_more_tokens_than_its_length_allows(
    seconds: float, models: Path
) -> None:
    samples = np.resize(sound.sentence(), int(seconds * SAMPLE_RATE))
    piece = FasterWhisper(models / "babbling").take_in(samples).words("nl")
    assert piece.tokens == piece.token_cap == token_cap(seconds)


@pytest.mark.timeout(20)
def test_a_time_mark_cannot_send_the_window_back_for_ever(tmp_path: Path) -> None:
    marks = token_weights([FIRST_TIME, FIRST_TIME], "nl")
    write_folder(tmp_path / "model", marks)
    piece = FasterWhisper(tmp_path / "model").take_in(sound.sentence()).words("nl")
    assert piece.tokens < 5


def test_a_minute_is_heard_in_pieces_and_joined(models: Path) -> None:
    minute = np.concatenate([sound.sentence()] * 20)
    result = transcriber(models / "reciting").transcribe(heard(minute), "nl")
    assert result.text == " ".join([SAID] * 3)
    assert result.seconds == pytest.approx(63.6, abs=0.5)


def test_two_notes_at_once_are_both_heard(models: Path) -> None:
    shared = transcriber(models / "reciting")
    results: list[Transcript] = []

    def listen() -> None:
        results.append(shared.transcribe(heard(sound.sentence()), "nl"))

    threads = [threading.Thread(target=listen) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [result.text for result in results] == [SAID, SAID]


@pytest.mark.parametrize(("threads", "at_once"), [(1, 1), (3, 3)])
def test_a_small_model_hears_as_many_pieces_at_once_as_it_has_threads(
    threads: int, at_once: int, models: Path
) -> None:
    engine = FasterWhisper(models / "reciting", Machine("cpu", threads))
    assert (engine.device, engine.at_once) == ("cpu", at_once)


@pytest.mark.parametrize(
    ("threads", "per_piece", "shared"),
    [(1, 1, (1, 1)), (1, 2, (1, 1)), (4, 1, (1, 4)), (4, 2, (2, 2)), (5, 2, (2, 2))],
)
def test_threads_times_pieces_never_exceed_what_is_given(
    threads: int, per_piece: int, shared: tuple[int, int]
) -> None:
    assert Machine(threads=threads).shared(per_piece) == shared


def test_a_device_that_is_not_there_is_named(models: Path) -> None:
    with pytest.raises(ModelBroken, match="on cuda"):
        FasterWhisper(models / "reciting", Machine("cuda"))


def cut_short(folder: Path) -> None:
    whole = (folder / "model.bin").read_bytes()
    (folder / "model.bin").write_bytes(whole[:-1000])


def large_file_pointer(folder: Path) -> None:
    pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n"
    (folder / "model.bin").write_text(pointer)


def broken_tokenizer(folder: Path) -> None:
    (folder / "tokenizer.json").write_text("{")


def broken_config(folder: Path) -> None:
    (folder / "config.json").write_text("[")


@pytest.mark.parametrize(
    "damage", [cut_short, large_file_pointer, broken_tokenizer, broken_config]
)
def test_a_damaged_model_is_named_at_once_and_not_read_again(
    damage: Callable[[Path], None], models: Path, tmp_path: Path
) -> None:
    folder = shutil.copytree(models / "reciting", tmp_path / "model")
    damage(folder)
    found = transcriber(folder)
    with pytest.raises(ModelBroken, match=str(folder)) as caught:
        found.warm()
    assert not caught.value.permanent
    start = time.monotonic()
    with pytest.raises(ModelBroken):
        found.transcribe(heard(sound.sentence()), "nl")
    assert time.monotonic() - start < 1


def test_a_model_for_english_only_is_refused(tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "en", random_weights(), multilingual=False)
    with pytest.raises(ModelBroken, match="English only"):
        transcriber(folder).warm()


def test_a_large_model_needs_its_preprocessor_settings(tmp_path: Path) -> None:
    shape = Shape(n_mels=128)
    folder = write_folder(tmp_path / "turbo", random_weights(shape), shape)
    with pytest.raises(ModelBroken, match="feature_size.*128"):
        transcriber(folder).warm()
    (folder / "preprocessor_config.json").write_text('{"feature_size": 128}')
    transcriber(folder).warm()
