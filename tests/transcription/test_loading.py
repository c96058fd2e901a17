"""Which model is taken, and that none is ever fetched."""

import os
import threading
from pathlib import Path

import pytest

from tests import sound
from tests.transcription.test_recogniser import Parrot
from transcription import ENGINES, ModelMissing, Recogniser, Sound, load
from transcription.loading import KINDS, _Kind

FILES = ("model.bin", "config.json", "tokenizer.json", "vocabulary.json")


def test_no_engine_gives_no_transcriber(tmp_path: Path) -> None:
    assert load("none", "small", tmp_path) is None


def test_an_unknown_engine_is_named_with_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="wisper.*faster-whisper.*openai.*none"):
        load("wisper", "small", tmp_path)
    assert ENGINES == ("faster-whisper", "openai-whisper", "none")


@pytest.mark.parametrize("model", ["small", "Systran/faster-whisper-small", "../x"])
def test_a_name_without_a_folder_is_missing_and_not_looked_up(
    model: str, tmp_path: Path
) -> None:
    with pytest.raises(ModelMissing, match="models fetch") as caught:
        load("faster-whisper", model, tmp_path)
    assert not caught.value.permanent


@pytest.mark.parametrize("lacking", FILES)
def test_a_folder_that_lacks_a_file_is_missing_before_it_is_opened(
    lacking: str, tmp_path: Path
) -> None:
    folder = tmp_path / "small"
    folder.mkdir()
    for name in FILES:
        if name != lacking:
            (folder / name).touch()
    with pytest.raises(ModelMissing, match=lacking):
        load("faster-whisper", "small", tmp_path)


def test_the_working_directory_is_not_searched_for_a_name(
    models: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(models)
    with pytest.raises(ModelMissing):
        load("faster-whisper", "reciting", tmp_path)
    assert load("faster-whisper", f".{os.sep}reciting", tmp_path)


def test_the_older_vocabulary_file_will_do(tmp_path: Path) -> None:
    (tmp_path / "small").mkdir()
    for name in ("model.bin", "config.json", "tokenizer.json", "vocabulary.txt"):
        (tmp_path / "small" / name).touch()
    assert isinstance(load("faster-whisper", "small", tmp_path), Recogniser)


def test_an_engine_that_is_not_installed_says_how_to_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    absent = _Kind(
        package="a_package_nobody_has",
        install="buurtstem[openai-whisper]",
        module="transcription.openai",
        name="OpenAIWhisper",
        find=KINDS["openai-whisper"].find,
    )
    monkeypatch.setitem(KINDS, "openai-whisper", absent)
    with pytest.raises(ModelMissing, match=r"pip install 'buurtstem\[openai"):
        load("openai-whisper", "small", tmp_path)


def test_a_model_is_read_at_first_use_and_only_once() -> None:
    opened: list[Parrot] = []
    gate = threading.Barrier(4)

    def open_engine() -> Parrot:
        opened.append(Parrot())
        return opened[-1]

    shared = Recogniser(open_engine)
    assert opened == []

    def listen() -> None:
        gate.wait()
        shared.transcribe(Sound(sound.sentence(), 3.2), "nl")

    threads = [threading.Thread(target=listen) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(opened) == 1
    assert len(opened[0].languages_of_words) == 4
