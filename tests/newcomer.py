"""A newcomer's machine: what `make run` does, in a folder of its own, and what it says.

Everything is real: the process, the database, the demo neighbourhood, the worker.
"""

import json
import os
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

READY_SECONDS = 60
_KEPT = ("PATH", "HOME", "LANG", "TZ")
ROOT = Path(__file__).parents[1]
_BLOCK = re.compile(r"(?ms)^```(\w*)\n(.*?)^```$")
_LOGIN = re.compile(r"(?m)^  (\w+) +(http\S+/desk/login#\S+)$")


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Somebody who typed `make run`: her folder, her address, what was printed."""

    folder: Path
    url: str
    printed: str
    env: Mapping[str, str]

    def logins(self) -> dict[str, str]:
        """Return the login link of each role, as printed."""
        return dict(_LOGIN.findall(self.printed))

    def pastes(self, lines: str) -> str:
        """Run lines of the README in her folder and return what they print."""
        done = subprocess.run(
            ["sh", "-eu", "-c", lines],
            cwd=self.folder,
            env=dict(self.env),
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout


def blocks(page: str, language: str) -> list[str]:
    """Return the fenced blocks of a page of documentation in one language."""
    text = (ROOT / page).read_text("utf-8")
    return [lines for kind, lines in _BLOCK.findall(text) if kind == language]


def hook_page() -> list[dict[str, Any]]:
    """Return all JSON of the page about hooks: calls, answers, and last an event."""
    return [json.loads(block) for block in blocks("docs/hooks.md", "json")]


def hook_calls() -> dict[str, dict[str, Any]]:
    """Return the example of each call that officials' systems can make, by its type."""
    bodies = [each for each in hook_page()[:-1] if "type" in each]
    return {each["type"]: each for each in bodies}


def hook_call() -> str:
    """Return the lines of the README that tell an author what became of her plan."""
    (found,) = [each for each in blocks("README.md", "sh") if "webhook-id" in each]
    return found


@contextmanager
def at_home(folder: Path) -> Iterator[Newcomer]:
    """Run the demo in `folder` until the end of the block.

    Quiet hours are off, so that what is sent arrives at any time of day.
    """
    url = f"http://127.0.0.1:{_free_port()}"
    (folder / ".venv").symlink_to(sys.prefix)
    env = _environment(url)
    printed = folder / "printed.txt"
    with printed.open("wb") as out, (folder / "log.txt").open("wb") as log:
        command = [sys.executable, "-m", "bot", "first-run"]
        demo = subprocess.Popen(command, cwd=folder, env=env, stdout=out, stderr=log)
        try:
            _wait_until_ready(url, demo, folder / "log.txt")
            yield Newcomer(folder, url, printed.read_text("utf-8"), env)
        finally:
            demo.terminate()
            demo.wait(timeout=30)


def _environment(url: str) -> dict[str, str]:
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    port = url.rpartition(":")[2]
    ours = {"PORT": port, "PUBLIC_URL": url, "QUIET_HOURS": "none", "PYTHONUTF8": "1"}
    return kept | ours


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def _wait_until_ready(url: str, demo: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + READY_SECONDS
    while time.monotonic() < until:
        assert demo.poll() is None, log.read_text("utf-8")
        try:
            with urllib.request.urlopen(f"{url}/readyz", timeout=5):  # noqa: S310
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
    raise AssertionError(f"the demo is not ready: {log.read_text('utf-8')}")
