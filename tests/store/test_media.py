"""Files are kept and found again, in a folder and in a bucket; trouble has one name."""

import contextlib
import logging
import resource
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.store.media import (
    FolderMedia,
    MediaUnavailableError,
    MovableStore,
    open_media,
)
from bot.store.s3 import AT_ONCE, Patience, S3Media
from tests.buckets import HASTY, deaf_server, half_server, use_s3
from tests.need import ROOT

VOICE = b"OggS her voice" * 100


@pytest.fixture(params=["folder", "s3"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[MovableStore]:
    """A store of each kind, empty."""
    url = str(tmp_path / "media")
    if request.param == "s3":
        url = f"s3://{request.getfixturevalue('bucket')}/city/media/"
    with contextlib.closing(open_media(url)) as opened:
        yield opened


def test_what_was_kept_is_found_again(store: MovableStore) -> None:
    key = store.save(VOICE, "audio/ogg; codecs=opus")
    assert store.load(key) == VOICE
    assert key.endswith(".ogg")
    assert store.sizes() == {key: len(VOICE)}


def test_nobody_can_guess_a_key(store: MovableStore) -> None:
    keys = {store.save(b"x", "image/jpeg") for _ in range(20)}
    assert len(keys) == 20
    assert all(len(key) == len("ab/.jpg") + 32 for key in keys)


def test_what_was_deleted_is_gone_and_may_be_deleted_again(
    store: MovableStore,
) -> None:
    key = store.save(VOICE, "audio/ogg")
    for _ in range(2):
        store.delete(key)
        with pytest.raises(FileNotFoundError):
            store.load(key)
    assert store.sizes() == {}


@pytest.mark.parametrize("key", ["../outside.ogg", "ab/../../outside.ogg"])
def test_no_key_leads_out_of_the_store(store: MovableStore, key: str) -> None:
    for ask in (store.load, store.delete, lambda each: store.put(each, b"x")):
        with pytest.raises(FileNotFoundError):
            ask(key)


def test_a_file_keeps_its_key_when_it_is_put(store: MovableStore) -> None:
    for data in (b"half", VOICE):
        store.put("ab/abc.ogg", data)
        assert store.load("ab/abc.ogg") == data


def test_a_store_that_was_never_used_is_empty(store: MovableStore) -> None:
    assert store.sizes() == {}


def test_a_folder_that_cannot_be_one_is_trouble_and_not_a_lost_file(
    tmp_path: Path,
) -> None:
    (tmp_path / "media").write_text("a file")
    folder = FolderMedia(tmp_path / "media")
    for ask in (
        lambda: folder.save(b"x", "audio/ogg"),
        lambda: folder.load("ab/abc.ogg"),
        lambda: folder.delete("ab/abc.ogg"),
    ):
        with pytest.raises(MediaUnavailableError, match=r"^E\w+$"):
            ask()


FULL = """
import resource, sys
from pathlib import Path
from bot.store.media import FolderMedia, MediaUnavailableError
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, resource.RLIM_INFINITY))
folder = FolderMedia(Path(sys.argv[1]))
try:
    folder.save(bytes(5000), "audio/ogg")
except MediaUnavailableError as error:
    print(error, len(folder.sizes()), folder.load(folder.save(b"x", "audio/ogg")))
"""


def test_a_disk_that_takes_no_more_leaves_no_half_of_a_file(tmp_path: Path) -> None:
    """The kernel itself refuses, as it does when the disk is full."""
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[0] != 1000
    done = subprocess.run(
        [sys.executable, "-c", FULL, str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "EFBIG 0 b'x'\n"


def test_half_a_file_of_an_earlier_version_is_no_file(tmp_path: Path) -> None:
    folder = FolderMedia(tmp_path)
    key = folder.save(VOICE, "audio/ogg")
    (tmp_path / key).with_suffix(".part").write_bytes(b"half")
    assert set(folder.sizes()) == {key}


def head(media: Any, bucket: str, key: str) -> Any:
    return media._client.head_object(Bucket=bucket, Key=key)


def test_a_bucket_holds_files_below_its_prefix_with_their_kind(bucket: str) -> None:
    with contextlib.closing(open_media(f"s3://{bucket}/city")) as media:
        for mime in ("audio/ogg", "image/jpeg"):
            key = media.save(VOICE, f"{mime}; x=1")
            assert head(media, bucket, f"city/{key}")["ContentType"] == mime
        other = media.save(VOICE, "text/html")
        kind = head(media, bucket, f"city/{other}")["ContentType"]
        assert kind == "application/octet-stream", "nobody may make a page of it"
    with contextlib.closing(open_media(f"s3://{bucket}")) as whole:
        assert f"city/{other}" in whole.sizes()
        with pytest.raises(FileNotFoundError):
            whole.load(other)


def test_more_files_than_one_page_lists_are_all_found(
    bucket: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MOTO_S3_DEFAULT_MAX_KEYS", "2")
    with contextlib.closing(S3Media(bucket, "city")) as media:
        page = media._client.list_objects_v2(Bucket=bucket)
        assert (page["MaxKeys"], page["KeyCount"]) == (2, 0)
        for number in range(5):
            media.put(f"ab/{number}.ogg", b"x")
        assert len(media.sizes()) == 5


def all_calls(media: MovableStore) -> list[Any]:
    return [
        lambda: media.save(b"her voice", "audio/ogg"),
        lambda: media.load("ab/abc.ogg"),
        lambda: media.delete("ab/abc.ogg"),
        media.sizes,
    ]


def words_of(media: MovableStore) -> set[str]:
    """Return what a store that is away says to every call."""
    words = set()
    for call in all_calls(media):
        with pytest.raises(MediaUnavailableError) as trouble:
            call()
        words.add(str(trouble.value))
    return words


@pytest.mark.parametrize("tries", [1, 2])
def test_a_store_that_never_answers_is_trouble_in_bounded_time(
    monkeypatch: pytest.MonkeyPatch, tries: int
) -> None:
    with deaf_server() as address:
        use_s3(monkeypatch, address)
        patience = Patience(0.2, 0.2, tries)
        with contextlib.closing(S3Media("city", "", patience)) as media:
            began = time.monotonic()
            assert words_of(media) == {"ReadTimeoutError"}
            # Between two tries the client waits for up to a second.
            assert time.monotonic() - began < 4 * (0.2 * tries + 1.5 * (tries - 1) + 1)


def test_a_store_that_hangs_holds_no_more_than_half_of_the_threads(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    waits: list[tuple[str, float]] = []

    def ask(media: S3Media) -> None:
        began = time.monotonic()
        with pytest.raises(MediaUnavailableError) as trouble:
            media.load("ab/abc.ogg")
        waits.append((str(trouble.value), time.monotonic() - began))

    with deaf_server() as address:
        use_s3(monkeypatch, address)
        patience = Patience(2.0, 2.0, tries=1, turn_seconds=0.1)
        with contextlib.closing(S3Media("city", "", patience)) as media:
            threads = [threading.Thread(target=ask, args=(media,)) for _ in range(16)]
            for each in threads:
                each.start()
            for each in threads:
                each.join()
    busy = [seconds for word, seconds in waits if word == "busy"]
    assert len(busy) == 16 - AT_ONCE
    assert max(busy) < 2.0


def test_a_store_that_stops_half_way_is_trouble_and_no_lost_file(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with half_server() as address:
        use_s3(monkeypatch, address)
        with (
            contextlib.closing(S3Media("city", "", HASTY)) as media,
            pytest.raises(MediaUnavailableError),
        ):
            media.load("ab/abc.ogg")


def test_a_store_that_is_not_there_is_trouble(monkeypatch: pytest.MonkeyPatch) -> None:
    with deaf_server() as address:
        use_s3(monkeypatch, address)
    with contextlib.closing(S3Media("city", "", HASTY)) as media:
        assert words_of(media) == {"EndpointConnectionError"}


def test_a_bucket_that_is_not_there_is_trouble_and_no_lost_file(bucket: str) -> None:
    with contextlib.closing(S3Media(f"{bucket}-other", "", HASTY)) as media:
        assert words_of(media) == {"NoSuchBucket"}


def test_a_store_without_credentials_says_so(
    bucket: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    with contextlib.closing(S3Media(bucket, "", HASTY)) as media:
        assert words_of(media) == {"NoCredentialsError"}


@pytest.mark.parametrize(
    ("name", "value"),
    [("AWS_ENDPOINT_URL_S3", "minio:9000"), ("AWS_PROFILE", "nobody")],
)
def test_an_environment_that_makes_no_sense_is_named(
    bucket: str, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ValueError, match=value):
        open_media(f"s3://{bucket}")


def test_trouble_tells_nothing_of_a_file(
    bucket: str, caplog: pytest.LogCaptureFixture
) -> None:
    with contextlib.closing(S3Media(f"{bucket}-other", "", HASTY)) as media:
        caplog.set_level(logging.WARNING)
        with pytest.raises(MediaUnavailableError) as trouble:
            media.load("ab/a-key-of-hers.ogg")
        assert "a-key-of-hers" not in repr(trouble.value) + caplog.text
        assert trouble.value.__cause__ is None


def test_a_house_with_a_folder_never_loads_the_s3_client() -> None:
    code = (
        "import sys, bot.app, bot.__main__\n"
        "bot.app.open_media('var/media')\n"
        "print(sorted({'boto3', 'botocore'} & set(sys.modules)))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=True
    )
    assert done.stdout == b"[]\n"
