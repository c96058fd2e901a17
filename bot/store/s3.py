"""Recordings and photos in a store that speaks S3.

Credentials and the address of the store come from where every AWS client looks for
them: the environment, a profile, or the machine's role.
"""

import contextlib
import re
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from urllib3.exceptions import HTTPError

from bot.store.media import MediaUnavailableError, mime_of, new_key

_GONE = "NoSuchKey"  # and no other 404, which a proxy or a wrong bucket may give
AT_ONCE = 8
"""Half the threads of a web process: a store that hangs must not take the others."""

_NO_WORD = re.compile(r"[^A-Za-z0-9]")


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to wait for a turn, a connection and bytes, and how often to try."""

    connect_seconds: float = 3.0
    read_seconds: float = 10.0
    tries: int = 2
    turn_seconds: float = 1.0


class S3Media:
    """Files below a prefix of a bucket, private as the bucket is.

    At most `AT_ONCE` threads ask the store at a time; others wait a moment.
    Raises ValueError if profile, region or address in the environment make no sense.
    """

    def __init__(
        self, bucket: str, prefix: str = "", patience: Patience | None = None
    ) -> None:
        self._bucket = bucket
        self._prefix = f"{prefix.strip('/')}/" if prefix.strip("/") else ""
        patience = patience or Patience()
        self._client = _client(patience)
        self._turns = threading.BoundedSemaphore(AT_ONCE)
        self._turn_seconds = patience.turn_seconds

    def save(self, data: bytes, mime: str) -> str:
        """See `MediaStore.save`; if the answer is lost, a nameless file may stay."""
        key = new_key(mime)
        self.put(key, data)
        return key

    def load(self, key: str) -> bytes:
        """See `MediaStore.load`."""
        place = self._place(key)
        with self._exchange():
            found = self._client.get_object(**place)
            with contextlib.closing(found["Body"]) as body:
                data: bytes = body.read()
        return data

    def delete(self, key: str) -> None:
        """See `MediaStore.delete`."""
        place = self._place(key)
        with contextlib.suppress(FileNotFoundError), self._exchange():
            self._client.delete_object(**place)

    def close(self) -> None:
        """See `MediaStore.close`."""
        self._client.close()

    def put(self, key: str, data: bytes) -> None:
        """See `MovableStore.put`."""
        place = self._place(key)
        with self._exchange():
            self._client.put_object(**place, Body=data, ContentType=mime_of(key))

    def sizes(self) -> Mapping[str, int]:
        """See `MovableStore.sizes`."""
        pages = self._client.get_paginator("list_objects_v2")
        found: dict[str, int] = {}
        with self._exchange():
            for page in pages.paginate(Bucket=self._bucket, Prefix=self._prefix):
                for each in page.get("Contents", ()):
                    found[each["Key"].removeprefix(self._prefix)] = each["Size"]
        return found

    @contextlib.contextmanager
    def _exchange(self) -> Iterator[None]:
        """Wait for a turn and ask the store. Raises MediaUnavailableError "busy"."""
        if not self._turns.acquire(timeout=self._turn_seconds):
            raise MediaUnavailableError("busy")
        try:
            with _answering():
                yield
        finally:
            self._turns.release()

    def _place(self, key: str) -> dict[str, str]:
        """Return where `key` lies. Raises FileNotFoundError for what is no key."""
        if not {"", ".", ".."}.isdisjoint(key.split("/")):
            raise FileNotFoundError(key)
        return {"Bucket": self._bucket, "Key": self._prefix + key}


def _client(patience: Patience) -> Any:  # noqa: ANN401 - boto3 has no types
    config = Config(
        connect_timeout=patience.connect_seconds,
        read_timeout=patience.read_seconds,
        retries={"total_max_attempts": patience.tries, "mode": "standard"},
        max_pool_connections=AT_ONCE,
        s3={"addressing_style": "path"},
        # Checksums in the newer form are not understood by every store but Amazon's.
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
    )
    try:
        return boto3.session.Session().client("s3", config=config)
    except BotoCoreError as error:
        raise ValueError(str(error)) from None


@contextlib.contextmanager
def _answering() -> Iterator[None]:
    """Turn what the client raises into what `MediaStore` promises."""
    try:
        yield
    except ClientError as error:
        code = _NO_WORD.sub("", str(error.response["Error"].get("Code")))[:40]
        if code == _GONE:
            raise FileNotFoundError(code) from None
        raise MediaUnavailableError(code) from None
    except (BotoCoreError, HTTPError, OSError) as error:
        raise MediaUnavailableError(type(error).__name__) from None
