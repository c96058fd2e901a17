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
from pathlib import Path

ROOT = Path(__file__).parents[2]
READY_SECONDS = 60
SECRET = "an invented city keeps no secrets here"


@contextmanager
def running_city(folder: Path) -> Iterator[str]:
    """Migrate, load the demo and serve with a worker; yield the address."""
    port = _free_port()
    url = f"http://127.0.0.1:{port}"
    env = _settings(folder, url)
    _run(env, "migrate")
    _run(env, "demo")
    log = folder / "city.log"
    with log.open("wb") as out:
        arguments = ["serve", "--host", "127.0.0.1", "--port", str(port)]
        command = _command(*arguments, "--with-worker")
        city = subprocess.Popen(command, cwd=ROOT, env=env, stdout=out, stderr=out)
        try:
            _wait_until_ready(url, city, log)
            yield url
        finally:
            city.terminate()
            city.wait(timeout=20)


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


def _run(env: dict[str, str], *arguments: str) -> None:
    done = subprocess.run(
        _command(*arguments), cwd=ROOT, env=env, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr.decode()


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
