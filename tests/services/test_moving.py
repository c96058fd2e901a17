"""Recordings and photos move from a folder into a bucket, and rows stay valid."""

import contextlib
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from bot.cli_media import media
from bot.services.moving import copy_files, find_cargo
from bot.store.media import FolderMedia, MediaUnavailableError
from bot.store.s3 import S3Media
from tests.buckets import CANARY_KEY, CANARY_SECRET
from tests.need import ROOT
from tests.worlds import SECRET_KEY


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FolderMedia:
    """The folder that `MEDIA_URL` names, with five recordings in it."""
    monkeypatch.setenv("SECRET_KEY", SECRET_KEY)
    monkeypatch.setenv("MEDIA_URL", str(tmp_path / "media"))
    made = FolderMedia(tmp_path / "media")
    for number in range(5):
        made.save(b"her voice " * (number + 1), "audio/ogg")
    return made


@pytest.fixture
def target(bucket: str) -> Iterator[S3Media]:
    with contextlib.closing(S3Media(bucket, "city")) as made:
        yield made


def copy(*args: str) -> Result:
    return CliRunner().invoke(media, ["copy", *args])


def test_every_file_is_copied_under_its_key(
    folder: FolderMedia, target: S3Media, bucket: str
) -> None:
    done = copy(f"s3://{bucket}/city")
    assert done.exit_code == 0, done.output
    assert "5 copied, 0 there already." in done.output
    assert target.sizes() == folder.sizes()
    for key in folder.sizes():
        assert target.load(key) == folder.load(key)


def test_a_copy_that_broke_off_goes_on(
    folder: FolderMedia, target: S3Media, bucket: str
) -> None:
    first, second, *_ = folder.sizes()
    target.put(first, folder.load(first))
    target.put(second, b"half")
    target.put("ab/of-another-day.ogg", b"x")
    done = copy(f"s3://{bucket}/city")
    assert "4 copied, 1 there already." in done.output
    assert "1 not here: only there." in done.output
    assert target.load(second) == folder.load(second)
    assert "0 copied, 5 there already." in copy(f"s3://{bucket}/city").output


def test_what_was_deleted_here_since_is_deleted_there_only_if_that_is_asked(
    folder: FolderMedia, target: S3Media, bucket: str
) -> None:
    copy(f"s3://{bucket}/city")
    gone, *_ = folder.sizes()
    folder.delete(gone)
    copy(f"s3://{bucket}/city")
    assert gone in target.sizes()
    done = copy("--prune", f"s3://{bucket}/city")
    assert "1 not here: deleted there." in done.output
    assert target.sizes() == folder.sizes()


def test_the_way_back_is_the_same(
    folder: FolderMedia, bucket: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert copy(f"s3://{bucket}").exit_code == 0
    monkeypatch.setenv("MEDIA_URL", f"s3://{bucket}")
    assert copy(str(tmp_path / "again")).exit_code == 0
    assert FolderMedia(tmp_path / "again").sizes() == folder.sizes()


def test_a_file_that_is_deleted_meanwhile_is_counted_and_not_copied(
    folder: FolderMedia, tmp_path: Path
) -> None:
    other = FolderMedia(tmp_path / "other")
    cargo = find_cargo(folder, other)
    folder.delete(cargo.keys[0])
    assert sorted(copy_files(folder, other, cargo.keys)) == [
        False,
        True,
        True,
        True,
        True,
    ]
    assert other.sizes() == folder.sizes()


class Full(FolderMedia):
    """A store that takes two files and no more, however many come at once."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._room = threading.Semaphore(2)

    def put(self, key: str, data: bytes) -> None:
        if not self._room.acquire(blocking=False):
            raise MediaUnavailableError("ENOSPC")
        super().put(key, data)


def test_a_full_target_ends_the_copy_and_keeps_what_arrived(
    folder: FolderMedia, tmp_path: Path
) -> None:
    full = Full(tmp_path / "other")
    cargo = find_cargo(folder, full)
    with pytest.raises(MediaUnavailableError, match="ENOSPC"):
        list(copy_files(folder, full, cargo.keys))
    assert full.sizes().items() <= folder.sizes().items()
    assert full.sizes()


@pytest.mark.parametrize(
    ("place", "told"),
    [
        ("https://example.org/bucket", "a folder, or s3://bucket"),
        ("s3://", "a folder, or s3://bucket"),
        ("s3://Bucket", "a folder, or s3://bucket"),
        ("", "a folder, or s3://bucket"),
    ],
)
def test_a_place_that_is_none_is_refused(
    folder: FolderMedia, place: str, told: str
) -> None:
    done = copy(place)
    assert done.exit_code == 2
    assert told in done.output


def test_a_copy_onto_itself_is_refused(folder: FolderMedia, tmp_path: Path) -> None:
    done = copy(f"{tmp_path / 'media'}/")
    assert done.exit_code == 2
    assert "is MEDIA_URL already" in done.output


def test_a_bucket_that_is_not_there_is_said_in_one_line(
    folder: FolderMedia, bucket: str
) -> None:
    done = copy(f"s3://{bucket}-other")
    assert done.exit_code == 1
    assert "does not answer (NoSuchBucket)" in done.output


def run(*args: str, **env: str) -> Any:
    return subprocess.run(
        [sys.executable, "-m", "bot", *args],
        cwd=ROOT,
        env=os.environ | env,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_command_tells_nothing_of_keys_in_its_log(
    folder: FolderMedia, bucket: str
) -> None:
    done = run("media", "copy", f"s3://{bucket}")
    assert done.returncode == 0, done.stderr
    told = done.stdout + done.stderr
    assert "5 copied" in told
    for secret in (CANARY_KEY, CANARY_SECRET, "botocore", *folder.sizes()):
        assert secret not in told


def test_an_address_that_makes_no_sense_ends_a_command_with_a_word(
    folder: FolderMedia, bucket: str, tmp_path: Path
) -> None:
    url = f"sqlite:///{tmp_path / 'city.db'}"
    wrong = {"DATABASE_URL": url, "MEDIA_URL": f"s3://{bucket}"}
    done = run("rounds", AWS_ENDPOINT_URL_S3="minio:9000", **wrong)
    assert done.returncode == 2
    assert "MEDIA_URL: Invalid endpoint: minio:9000" in done.stderr
    assert "Traceback" not in done.stderr
