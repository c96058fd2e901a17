"""The packed instrument: small, the same each time, unpacked once."""

from pathlib import Path

from tests.houses import at_once
from tests.instruments.packing import pack, unpack


def test_what_is_packed_comes_out_again(tmp_path: Path) -> None:
    folder = tmp_path / "made" / "model"
    folder.mkdir(parents=True)
    (folder / "model.bin").write_bytes(bytes(5_000_000))
    (tmp_path / "made" / "model.pt").write_bytes(b"weights")
    archives = [tmp_path / "one.zip", tmp_path / "other.zip"]
    for archive in archives:
        pack(tmp_path / "made", archive)
    assert archives[0].read_bytes() == archives[1].read_bytes()
    assert archives[0].stat().st_size < 5_000
    found = unpack(tmp_path / "kept", archives[0])
    assert (found / "model" / "model.bin").read_bytes() == bytes(5_000_000)
    assert (found / "model.pt").read_bytes() == b"weights"


def test_two_programs_that_unpack_at_once_find_the_same(tmp_path: Path) -> None:
    (tmp_path / "made").mkdir()
    (tmp_path / "made" / "model.pt").write_bytes(b"weights")
    archive = tmp_path / "one.zip"
    pack(tmp_path / "made", archive)
    found: list[Path] = []
    both = [lambda: found.append(unpack(tmp_path / "kept", archive))] * 2
    assert at_once(*both) == [None, None]
    assert found[0] == found[1]
    assert [each.name for each in (tmp_path / "kept").iterdir()] == [found[0].name]
