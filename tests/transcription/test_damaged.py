"""A sample of `bench.decoding`: what is wrong with a file harms only that file."""

from pathlib import Path

import pytest

from bench.decoding import DAMAGE, FORMATS, OLD_PHONES, damaged, decode_all, whole_files
from transcription import audio
from transcription.audio import decode

SAMPLE = 210


def test_damaged_files_of_every_format_break_no_rule() -> None:
    seen = decode_all(damaged(SAMPLE, seed=2))
    assert seen.faults == []
    assert seen.ends.total() == SAMPLE
    assert seen.ends["sound"] + seen.ends["a part"] > SAMPLE // 3, "not all is refused"
    assert any(end.startswith("refused") for end in seen.ends)


def test_the_damage_is_done_to_files_that_were_whole() -> None:
    whole = whole_files()
    assert set(whole) == {*FORMATS, *OLD_PHONES}
    assert all(decode(each).complete for each in whole.values())
    again = [dict(damaged(len(whole) * len(DAMAGE))) for _ in range(2)]
    assert again[0] == again[1], "a file can be made again from its name"
    unharmed = [each for each in again[0].values() if each in whole.values()]
    assert len(unharmed) < len(again[0]) / 20, "zeros over zeros are no damage"


def test_a_decoder_at_fault_is_seen(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(audio, "DECODER", tmp_path / "missing.py")
    seen = decode_all(damaged(2))
    assert len(seen.faults) == 2
    assert seen.ends["our fault"] == 2
