"""The sheet of waveforms: every sound is on it, and faults are seen."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from synthesis import Samples, Speaker, voice_note
from tests.synthesis.conftest import SENTENCES
from tests.synthesis.test_levels import silence
from tools.waveforms import BAD, GOOD, main, sheet


@pytest.fixture(scope="module")
def said(voice: Speaker) -> Samples:
    return voice.speak(SENTENCES["nl"], "nl")


def pixels(picture: Image.Image, colour: str) -> int:
    wanted = tuple(bytes.fromhex(colour[1:]))
    return int(np.sum(np.all(np.asarray(picture.convert("RGB")) == wanted, axis=2)))


def test_each_sound_is_drawn_and_a_faulty_one_in_red(said: Samples) -> None:
    good = sheet([("good", said)])
    assert pixels(good, GOOD) > 1_000
    assert pixels(good, BAD) == 0
    both = sheet([("good", said), ("clipped", np.clip(said * 6, -1, 1))])
    assert both.width > good.width
    assert pixels(both, BAD) > 1_000


def test_many_sounds_take_more_rows(said: Samples) -> None:
    one, four = sheet([("a", said)]), sheet([("a", said)] * 4)
    assert four.height > one.height
    assert pixels(four, GOOD) > 3 * pixels(one, GOOD)


def test_nothing_and_broken_sound_can_be_drawn() -> None:
    sheet([])
    sheet([("empty", silence(0)), ("short", silence(0.001))])
    sheet([("no numbers", np.full(9_000, np.nan, dtype=np.float32))])


def test_a_folder_is_drawn_and_its_faults_are_told(
    said: Samples, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "sheet.png"
    assert main(str(tmp_path), str(target)) == 2
    (tmp_path / "good.ogg").write_bytes(voice_note([said]))
    assert main(str(tmp_path), str(target)) == 0
    (tmp_path / "soft.ogg").write_bytes(voice_note([said * np.float32(0.05)]))
    assert main(str(tmp_path), str(target)) == 1
    told = capsys.readouterr().out
    assert "soft: " in told
    assert "too quiet" in told
    assert "2 sounds" in told
    with Image.open(target) as drawn:
        assert drawn.width > 500
