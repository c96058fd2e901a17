"""Processes that serve: started, waited for, and ended with their block."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any

import click

ROOT = Path(__file__).parent.parent
LOG = "said.log"
STOP_SECONDS = 10.0
POLL_SECONDS = 0.01


class NotServingError(click.ClickException):
    """A process ended or stayed deaf."""


@contextmanager
def running(
    command: list[str], folder: Path, environment: Mapping[str, str] = os.environ
) -> Iterator["subprocess.Popen[bytes]"]:
    """Run a command in `folder` until the block ends; its words go to a log there.

    If the block raises, or the command ended before it, the end of the log is printed
    to stderr. Raises NotServingError, with the exit code, if it ended before.
    """
    with (folder / LOG).open("wb") as said:
        process = subprocess.Popen(
            command,
            env={**environment, "PYTHONPATH": _python_path()},
            cwd=folder,
            stdout=said,
            stderr=said,
        )
    try:
        yield process
        _must_run(process)
    except BaseException as error:
        click.echo(last_words(folder), err=True)
        if isinstance(error, NotServingError):
            _must_run(process)  # that it ended says more than who missed it first
        raise
    finally:
        _end(process)


def last_words(folder: Path) -> str:
    """Return the end of what the command that runs in `folder` has said so far."""
    return (folder / LOG).read_text(errors="replace")[-2000:]


def _must_run(process: "subprocess.Popen[bytes]") -> None:
    code = process.poll()
    if code is not None:
        raise NotServingError(f"ended with {code}")


def _python_path() -> str:
    return os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))


def _end(process: "subprocess.Popen[bytes]") -> None:
    process.terminate()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def free_port() -> int:
    """Return a port nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until_listening(process: "subprocess.Popen[bytes]", port: int) -> None:
    """Wait until somebody listens on `port`; raise NotServingError if nobody does."""

    def listening() -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", port)) == 0

    _wait(process, listening)


def wait_until_ready(process: "subprocess.Popen[bytes]", port: int) -> None:
    """Wait until `/readyz` on `port` answers 200; raise NotServingError otherwise."""

    def ready() -> bool:
        connection = HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            connection.request("GET", "/readyz")
            return connection.getresponse().status == 200
        except (OSError, HTTPException):
            return False
        finally:
            connection.close()

    _wait(process, ready)


def _wait(
    process: "subprocess.Popen[bytes]",
    done: Callable[[], bool],
    seconds: float = 30.0,
) -> None:
    give_up = time.monotonic() + seconds
    while not done():
        _must_run(process)
        if time.monotonic() > give_up:
            raise NotServingError(f"nobody answers after {seconds:.0f} s")
        time.sleep(POLL_SECONDS)


@contextmanager
def bot_api() -> Iterator["subprocess.Popen[str]"]:
    """Run `bench.botapi` until the block ends; talk to it with `told` and `heard`."""
    process = subprocess.Popen(
        [sys.executable, "-m", "bench.botapi"],
        cwd=ROOT,
        text=True,
        bufsize=1,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    with process:
        try:
            yield process
        finally:
            if process.stdin:
                process.stdin.close()


def told(process: "subprocess.Popen[str]", line: Mapping[str, object]) -> None:
    """Hand a process one line of JSON."""
    if process.stdin:
        process.stdin.write(json.dumps(line) + "\n")


def heard(process: "subprocess.Popen[str]") -> dict[str, Any]:
    """Return the next line of JSON a process says.

    Raises NotServingError if it ended instead; its reason is on stderr.
    """
    line = process.stdout.readline() if process.stdout else ""
    if not line:
        raise NotServingError("ended without figures")
    found: dict[str, Any] = json.loads(line)
    return found
