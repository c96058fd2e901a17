"""A whole city on this machine: the real commands, the demo neighbourhood, one port."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
READY_SECONDS = 60
SECRET = "an invented city keeps no secrets here"


@dataclass(frozen=True, slots=True)
class City:
    """A city that runs: its address, and the environment of its processes."""

    url: str
    env: dict[str, str]

    def runs(self, *arguments: str) -> str:
        """Run a command of the product there; return what it prints."""
        done = subprocess.run(
            _command(*arguments),
            cwd=ROOT,
            env=self.env,
            capture_output=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr.decode()
        return done.stdout.decode()


@contextmanager
def running_city(folder: Path, **settings: str) -> Iterator[City]:
    """Migrate, load the demo and serve with a worker."""
    port = _free_port()
    url = f"http://127.0.0.1:{port}"
    city = City(url, _settings(folder, url) | settings)
    city.runs("migrate")
    city.runs("demo")
    log = folder / "city.log"
    with log.open("wb") as out:
        arguments = ["serve", "--host", "127.0.0.1", "--port", str(port)]
        command = _command(*arguments, "--with-worker")
        served = subprocess.Popen(
            command, cwd=ROOT, env=city.env, stdout=out, stderr=out
        )
        try:
            _wait_until_ready(url, served, log)
            yield city
        finally:
            served.terminate()
            served.wait(timeout=20)


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def _settings(folder: Path, url: str) -> dict[str, str]:
    kept = ("PATH", "HOME", "LANG", "TZ")
    return {name: os.environ[name] for name in kept if name in os.environ} | {
        "DATABASE_URL": f"sqlite:///{folder / 'city.db'}",
        "SECRET_KEY": SECRET,
        "PUBLIC_URL": url,
        "MEDIA_URL": str(folder / "media"),
        "WHISPER_ENGINE": "none",
        "QUIET_HOURS": "none",
    }


def _command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "bot", *arguments]


def _wait_until_ready(url: str, city: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + READY_SECONDS
    while time.monotonic() < until:
        assert city.poll() is None, log.read_text()
        try:
            with urllib.request.urlopen(f"{url}/readyz", timeout=5):  # noqa: S310
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
    raise AssertionError(f"the city is not ready: {log.read_text()}")
