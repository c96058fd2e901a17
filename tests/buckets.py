"""S3 on this machine: a real server, two broken ones, and a store that may fail."""

import contextlib
import socket
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import cast
from uuid import uuid4

import pytest

from bot.store.media import MediaStore, MediaUnavailableError, MovableStore
from bot.store.s3 import Patience, S3Media

HASTY = Patience(connect_seconds=0.3, read_seconds=0.3, tries=1)
CANARY_KEY, CANARY_SECRET = "AKIAINVENTEDCITY", "an-invented-secret-of-a-city"


@contextlib.contextmanager
def s3_server() -> Iterator[str]:
    """Run an S3 server and yield its address."""
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()
    assert server._server
    server._server.server_close()


@contextlib.contextmanager
def deaf_server() -> Iterator[str]:
    """Take connections and never answer; yield the address."""
    with socket.create_server(("127.0.0.1", 0), backlog=64) as listening:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"


@contextlib.contextmanager
def half_server() -> Iterator[str]:
    """Answer one request with half of what was promised, and hold the line."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        over = threading.Event()

        def answer() -> None:
            taken, _ = listening.accept()
            with taken:
                taken.recv(65_536)
                taken.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")
                over.wait(10)

        thread = threading.Thread(target=answer)
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        over.set()
        thread.join(10)


def use_s3(patch: pytest.MonkeyPatch, address: str) -> None:
    """Let every S3 client of this test use the server at `address`."""
    for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_ENDPOINT_URL"):
        patch.delenv(name, raising=False)
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        patch.setenv(name, "/dev/null")
    patch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    patch.setenv("AWS_ACCESS_KEY_ID", CANARY_KEY)
    patch.setenv("AWS_SECRET_ACCESS_KEY", CANARY_SECRET)
    patch.setenv("AWS_ENDPOINT_URL_S3", address)


@contextlib.contextmanager
def new_bucket() -> Iterator[str]:
    """Make a bucket of its own on the server in use, and yield its name."""
    name = f"city-{uuid4().hex[:12]}"
    with contextlib.closing(S3Media(name)) as maker:
        maker._client.create_bucket(Bucket=name)
    yield name


@dataclass
class Shaky:
    """A real store that is away while `trouble` names a machine word.

    `fails` are the methods it fails at; `tries` counts them.
    """

    store: MediaStore | MovableStore
    trouble: str | None = None
    fails: frozenset[str] = frozenset({"save", "load", "delete"})
    tries: list[str] = field(default_factory=list)

    def _may(self, method: str) -> None:
        self.tries.append(method)
        if self.trouble and method in self.fails:
            raise MediaUnavailableError(self.trouble)

    def save(self, data: bytes, mime: str) -> str:
        self._may("save")
        return self.store.save(data, mime)

    def put(self, key: str, data: bytes) -> None:
        """What sealing makes of a save."""
        self._may("save")
        self._movable().put(key, data)

    def sizes(self) -> Mapping[str, int]:
        return self._movable().sizes()

    def _movable(self) -> MovableStore:
        return cast("MovableStore", self.store)

    def load(self, key: str) -> bytes:
        self._may("load")
        return self.store.load(key)

    def delete(self, key: str) -> None:
        self._may("delete")
        self.store.delete(key)

    def close(self) -> None:
        self.store.close()
