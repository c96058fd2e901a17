"""Fetching a model: the hub's real client against a stand-in for the hub."""

import hashlib
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from transcription import fetch_model

ROOT = Path(__file__).parents[2]
REPOSITORY = "Systran/faster-whisper-small"
COMMIT = "0123456789abcdef0123456789abcdef01234567"


class Hub(BaseHTTPRequestHandler):
    """As much of a model hub as one download needs."""

    files: dict[str, bytes]

    def do_GET(self) -> None:
        self._answer(with_body=True)

    def do_HEAD(self) -> None:
        self._answer(with_body=False)

    def _answer(self, *, with_body: bool) -> None:
        body = self._body()
        self.send_response(404 if body is None else 200)
        self.send_header("Content-Length", str(len(body or b"")))
        self.send_header("ETag", f'"{hashlib.sha256(body or b"").hexdigest()}"')
        self.send_header("X-Repo-Commit", COMMIT)
        self.end_headers()
        if with_body:
            self.wfile.write(body or b"")

    def _body(self) -> bytes | None:
        about = f"/api/models/{REPOSITORY}"
        if self.path.startswith(f"{about}/tree/"):
            return json.dumps([listed(*file) for file in self.files.items()]).encode()
        if self.path.startswith(about):
            names = [{"rfilename": name} for name in self.files]
            known = {"id": REPOSITORY, "sha": COMMIT, "siblings": names}
            return json.dumps(known).encode()
        folder, _, name = self.path.rpartition("/")
        return self.files.get(name) if folder.startswith(f"/{REPOSITORY}") else None

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def listed(name: str, body: bytes) -> dict[str, str | int]:
    number = hashlib.sha1(body, usedforsecurity=False).hexdigest()
    return {"type": "file", "path": name, "size": len(body), "oid": number}


@pytest.fixture
def hub(models: Path) -> Iterator[str]:
    read = {file.name: file.read_bytes() for file in (models / "reciting").iterdir()}
    handler = type("FilledHub", (Hub,), {"files": read | {"README.md": b"# Whisper"}})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


FETCH_AND_OPEN = """
import sys
from pathlib import Path
from transcription import fetch_model, load

folder = Path(sys.argv[1])
print(fetch_model("small", folder).relative_to(folder))
load("faster-whisper", "small", folder).warm()
"""


def fetch_in_child(hub: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """The client reads its address when it is imported, hence a new process."""
    return subprocess.run(
        [sys.executable, "-c", FETCH_AND_OPEN, str(folder)],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        cwd=ROOT,
        env=os.environ | {"HF_ENDPOINT": hub, "HF_HUB_DISABLE_TELEMETRY": "1"},
    )


def test_a_fetched_model_lies_under_its_name_and_opens(
    hub: str, tmp_path: Path, models: Path
) -> None:
    (tmp_path / "small").mkdir()
    (tmp_path / "small" / "left over").touch()
    done = fetch_in_child(hub, tmp_path)
    assert (done.returncode, done.stdout.strip()) == (0, "small"), done.stderr
    fetched = {file.name for file in (tmp_path / "small").iterdir()}
    assert fetched == {file.name for file in (models / "reciting").iterdir()}
    assert not any(file.is_symlink() for file in (tmp_path / "small").iterdir())
    assert [entry.name for entry in tmp_path.iterdir()] == ["small"]


def test_a_download_that_fails_says_so_and_leaves_no_model(tmp_path: Path) -> None:
    done = fetch_in_child("http://127.0.0.1:9", tmp_path)
    assert done.returncode == 1
    assert "TranscriptionError: could not download model 'small'" in done.stderr
    assert not (tmp_path / "small").exists()


@pytest.mark.parametrize("name", ["smal", "Systran/faster-whisper-small", "../small"])
def test_a_name_that_is_not_published_is_refused_before_any_request(
    name: str, tmp_path: Path
) -> None:
    with pytest.raises(ValueError, match="large-v3-turbo"):
        fetch_model(name, tmp_path)
