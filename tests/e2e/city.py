"""The real processes on this machine, with both providers' stand-ins around them."""

import base64
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, func, select

from bot.rings import open_rings
from bot.store.base import Base
from bot.store.database import make_engine
from bot.store.sealed import Safe, seal_with
from tests.need import ROOT
from tests.standins.telegram import SECRET, TelegramStandIn
from tests.standins.telegram import TOKEN as BOT_TOKEN
from tests.standins.twilio import SENDER, SID, TwilioStandIn
from tests.standins.twilio import TOKEN as AUTH_TOKEN

HOOK_SECRET = "whsec_" + base64.b64encode(b"the hook of an invented city").decode()
SECRET_KEY = "an invented city keeps no secrets here"
READY_SECONDS = 60.0
PATIENCE = 10.0
TOKENS = (SECRET_KEY, BOT_TOKEN, SECRET, AUTH_TOKEN, HOOK_SECRET)
TRACES = ("Traceback (most recent call last)", 'File "', "[parameters:")


@dataclass
class Watch:
    """What all processes wrote, and what must never stand in it."""

    folder: Path
    secrets: set[str] = field(default_factory=lambda: set(TOKENS))
    count: int = 0

    def new_log(self) -> Path:
        self.count += 1
        return self.folder / f"city-{self.count}.log"

    def lines(self) -> list[str]:
        logs = sorted(self.folder.glob("*.log"))
        return [line for log in logs for line in log.read_text().splitlines()]

    def leaks(self) -> list[str]:
        """Return the lines that hold a secret, a person's words, or a traceback."""
        never = [*self.secrets, *TRACES]
        digits = {re.sub(r"\D", "", each) for each in self.secrets}
        never += [each for each in digits if len(each) >= 9]
        return [line for line in self.lines() if any(each in line for each in never)]


@dataclass
class City:
    """One installation: its address, its database, its processes, its residents."""

    url: str
    database: str
    env: dict[str, str]
    bot_api: TelegramStandIn
    twilio: TwilioStandIn
    watch: Watch
    engine: Engine
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def start(self, *arguments: str) -> subprocess.Popen[bytes]:
        """Start one process in a group of its own, its output watched."""
        with self.watch.new_log().open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "bot", *arguments],
                cwd=ROOT,
                env=self.env,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.processes.append(process)
        return process

    def serve(self, *options: str) -> subprocess.Popen[bytes]:
        """Start the web process and wait until it is ready."""
        port = self.url.rpartition(":")[2]
        process = self.start("serve", "--host", "127.0.0.1", "--port", port, *options)
        wait_for(lambda: self._is_ready(process), READY_SECONDS)
        return process

    def _is_ready(self, process: subprocess.Popen[bytes]) -> bool:
        assert process.poll() is None, "\n".join(self.watch.lines()[-20:])
        try:
            with urllib.request.urlopen(f"{self.url}/readyz", timeout=5):  # noqa: S310
                return True
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            return False

    def run(self, *arguments: str) -> str:
        """Run a command to its end and return what it printed."""
        done = subprocess.run(
            [sys.executable, "-m", "bot", *arguments],
            cwd=ROOT,
            env=self.env,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        assert done.returncode == 0, done.stderr
        self.watch.new_log().write_text(done.stderr)
        return done.stdout

    def kill(self) -> None:
        """Kill every process at once, as a power cut would."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """Ask every process to end, and wait until it has."""
        self._end(signal.SIGTERM)

    def _end(self, how: signal.Signals) -> None:
        for process in self.processes:
            if process.poll() is None:
                target = process.pid
                os.killpg(target, how) if how is signal.SIGKILL else process.terminate()
        for process in self.processes:
            process.wait(30)
        self.processes.clear()

    def rows(self, statement: Any) -> list[Any]:
        with self.engine.connect() as db:
            return list(db.execute(statement))

    def counts(self) -> dict[str, int]:
        """Return how many rows each table has that a message can fill.

        What the worker notes about our own accounts comes in its own time.
        """
        with self.engine.connect() as db:
            return {
                each.name: db.scalar(select(func.count()).select_from(each)) or 0
                for each in Base.metadata.sorted_tables
                if each.name != "accounts"
            }


def wait_for(is_true: Callable[[], object], seconds: float = PATIENCE) -> None:
    """Wait until something is so. Raises TimeoutError."""
    until = time.monotonic() + seconds
    while not is_true():
        if time.monotonic() > until:
            raise TimeoutError
        time.sleep(0.02)


@contextmanager
def open_city(
    database: str, folder: Path, watch: Watch, **settings: str
) -> Iterator[City]:
    """Migrate, load the demo, and give everything back in the end."""
    url = f"http://127.0.0.1:{free_port()}"
    with TelegramStandIn() as bot_api, TwilioStandIn() as twilio:
        engine = make_engine(database)
        seal_with(engine, Safe(open_rings(SECRET_KEY, None, {})))
        engine = engine.execution_options(only_reads=True)
        env = _environment(url, database, folder, bot_api, twilio) | settings
        city = City(url, database, env, bot_api, twilio, watch, engine)
        bot_api.webhook, twilio.webhook = f"{url}/telegram", f"{url}/whatsapp"
        city.run("migrate")
        city.run("demo")
        try:
            yield city
        finally:
            city.kill()
            engine.dispose()


def _environment(
    url: str, database: str, folder: Path, bot_api: TelegramStandIn, twilio: Any
) -> dict[str, str]:
    kept = ("PATH", "HOME", "LANG", "TZ")
    return {name: os.environ[name] for name in kept if name in os.environ} | {
        "DATABASE_URL": database,
        "SECRET_KEY": SECRET_KEY,
        "PUBLIC_URL": url,
        "MEDIA_URL": str(folder / "media"),
        "WHISPER_ENGINE": "none",
        "VOICE_ENGINE": "none",  # what is sent is counted here, message by message
        "QUIET_HOURS": "none",
        "CHAT_PER_MINUTE": "0",  # people here write faster than thumbs can
        "HOOK_SECRET": HOOK_SECRET,
        "TELEGRAM_TOKEN": BOT_TOKEN,
        "TELEGRAM_SECRET": SECRET,
        "TELEGRAM_API": bot_api.url,
        "TWILIO_ACCOUNT_SID": SID,
        "TWILIO_AUTH_TOKEN": AUTH_TOKEN,
        "TWILIO_SENDER": SENDER,
        "TWILIO_API": twilio.url,
    }


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])
