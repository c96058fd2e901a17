"""The product's processes: started, killed without warning, and started again."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

from sqlalchemy import create_engine, make_url, text

from bench.chaos import telegram, twilio
from bench.contestants import product_settings
from bench.processes import tree
from bench.servers import ROOT, free_port, wait_until_ready

WEB, WORKER, CHILD = "web", "worker", "web's child"
UP_SECONDS = 1.5
"""How long a worker, which listens nowhere, is left to come up."""


@dataclass
class Member:
    """One process of the product, and what it is started with."""

    role: str
    command: list[str]
    port: int = 0
    process: "subprocess.Popen[bytes] | None" = None

    @property
    def names(self) -> set[str]:
        """Return what it and its children sign leases with."""
        assert self.process is not None
        return {signature(pid) for pid in tree(self.process.pid)}

    @property
    def children(self) -> list[int]:
        """Return the processes it has started."""
        assert self.process is not None
        return tree(self.process.pid)[1:]


def signature(pid: int) -> str:
    """Return what a process of this machine signs leases with."""
    return f"{socket.gethostname()[:20]}:{pid}"


@dataclass
class Fleet:
    """All processes of one installation; what they say goes to logs in `folder`."""

    folder: Path
    settings: Mapping[str, str]
    members: Sequence[Member] = ()
    _starts: int = field(default=0)

    @property
    def ports(self) -> list[int]:
        """Return where web processes listen."""
        return [each.port for each in self.members if each.role == WEB]

    def run(self, *words: str) -> None:
        """Run a command to its end. Raises CalledProcessError."""
        self._popen([sys.executable, "-m", "bot", *words], wait=True)

    def start(self, members: Sequence[Member]) -> None:
        """Start processes and wait until they work. Raises NotServingError."""
        for each in members:
            each.process = self._popen([sys.executable, "-m", "bot", *each.command])
        began = time.monotonic()
        self.wait(members)
        if any(each.role == WORKER for each in members):
            time.sleep(max(0.0, began + UP_SECONDS - time.monotonic()))

    def wait(self, members: Sequence[Member]) -> None:
        """Wait until web servers answer (again). Raises NotServingError."""
        for each in members:
            if each.role == WEB and each.process is not None:
                wait_until_ready(each.process, each.port)

    def _popen(
        self, command: list[str], *, wait: bool = False
    ) -> "subprocess.Popen[bytes]":
        self._starts += 1
        with (self.folder / f"said-{self._starts}.log").open("wb") as said:
            process = subprocess.Popen(
                command,
                env={**self.settings, "PYTHONPATH": str(ROOT)},
                cwd=self.folder,
                stdout=said,
                stderr=said,
                start_new_session=True,
            )
        if wait and process.wait():
            raise subprocess.CalledProcessError(process.returncode, command)
        return process

    def kill(self, members: Sequence[Member]) -> None:
        """Kill processes with all their children at once, and see them dead."""
        found = [each.process for each in members if each.process is not None]
        for process in found:
            if process.poll() is None:  # the number of an ended one may be another's
                os.killpg(process.pid, signal.SIGKILL)
        for process in found:
            process.wait()

    def stop(self) -> None:
        """End whatever still runs."""
        self.kill([each for each in self.members if each.process is not None])


def sqlite_members() -> list[Member]:
    """Return the one process of a small installation, its worker inside."""
    port = free_port()
    command = ["serve", "--host=127.0.0.1", f"--port={port}", "--with-worker"]
    return [Member(WEB, command, port)]


def postgres_members() -> list[Member]:
    """Return two web and two worker processes."""
    ports = [free_port(), free_port()]
    web = ["serve", "--host=127.0.0.1", "--without-worker"]
    servers = [Member(WEB, [*web, f"--port={port}"], port) for port in ports]
    return [*servers, Member(WORKER, ["worker"]), Member(WORKER, ["worker"])]


def settings(folder: Path, database: str, api: str, public_url: str) -> dict[str, str]:
    """Return an environment with both messengers, spoken to at `api`."""
    return product_settings(folder, api) | {
        "VOICE_ENGINE": "none",  # what is sent is counted
        "DATABASE_URL": database,
        "PUBLIC_URL": public_url,
        "TELEGRAM_TOKEN": telegram.TOKEN,
        "TELEGRAM_SECRET": telegram.SECRET,
        "TWILIO_ACCOUNT_SID": twilio.SID,
        "TWILIO_AUTH_TOKEN": twilio.TOKEN,
        "TWILIO_SENDER": twilio.SENDER,
        "TWILIO_API": api,
    }


@contextmanager
def own_postgres(server: str) -> Iterator[str]:
    """Create a database of its own on a server, and drop it afterwards."""
    name = f"kill_{uuid4().hex[:12]}"
    admin = create_engine(server, isolation_level="AUTOCOMMIT")
    with admin.connect() as db:
        db.execute(text(f"CREATE DATABASE {name}"))
    try:
        address = make_url(server).set(database=name)
        yield address.render_as_string(hide_password=False)
    finally:
        with admin.connect() as db:
            db.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
        admin.dispose()
