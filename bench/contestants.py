"""Who is measured, and how each is started in a process of its own."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench import floor, postgres
from bench.servers import ROOT, running, wait_until_listening, wait_until_ready

TOKEN = "123456:bench"
SECRET = "bench-secret"
SECRET_KEY = "bench " * 8
PEERS = {
    "ptb": (sys.executable, "bench.peers.ptb_talk"),
    "aiogram": (str(ROOT / ".venv-peers/bin/python"), "bench.peers.aiogram_talk"),
}
"""What runs a peer, and its module. `make setup-bench` makes both environments."""

PRODUCTS = {"product": 1, "product-pg": 1, "product-pg2": 2}
"""The product's web processes, by name; "pg" stands for PostgreSQL."""

NAMES = ("product", "floor", *PEERS, "product-pg", "product-pg2", "floor-pg")


def on_postgres(name: str) -> bool:
    """Tell whether a contestant keeps its rows on PostgreSQL."""
    return "-pg" in name


def product_settings(
    folder: Path, api: str = "", database: str | None = None
) -> dict[str, str]:
    """Return an environment in which the product keeps everything in `folder`.

    With `api`, Telegram is on and that is its Bot API server. With `database`, rows
    are kept at that address instead.
    """
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    telegram = {
        "TELEGRAM_API": api,
        "TELEGRAM_TOKEN": TOKEN,
        "TELEGRAM_SECRET": SECRET,
    }
    return (
        (telegram if api else {})
        | kept
        | {
            "DATABASE_URL": database or f"sqlite:///{folder}/buurtstem.db",
            "MEDIA_URL": str(folder / "media"),
            "SECRET_KEY": SECRET_KEY,
            "CHAT_PER_MINUTE": "0",
            "WHISPER_ENGINE": "none",
            "VOICE_ENGINE": "none",  # the contestants do not speak either
            "QUIET_HOURS": "none",
        }
    )


def prepare_product(folder: Path, database: str | None = None) -> None:
    """Make a database with the demo neighbourhood. Raises CalledProcessError."""
    for words in (["migrate"], ["demo", "--eligibility", "address"]):
        subprocess.run(
            [sys.executable, "-m", "bot", *words],
            cwd=folder,
            env=product_settings(folder, "", database) | {"PYTHONPATH": str(ROOT)},
            check=True,
            stdout=subprocess.DEVNULL,
        )


@dataclass(frozen=True, slots=True)
class Product:
    """How the product is run: where its rows are, by how many processes, by what.

    Without `database` they are in the folder it runs in. `module` is what runs it.
    """

    database: str | None = None
    processes: int = 1
    module: str = "bot"


@contextmanager
def product(
    port: int, api: str, folder: Path, how: Product = Product()
) -> Iterator["subprocess.Popen[bytes]"]:
    """Run the product in `folder` until the block ends.

    Yields at once, before it is ready.
    """
    command = [sys.executable, "-m", how.module, "serve", "--host=127.0.0.1"]
    command += [f"--port={port}", f"--processes={how.processes}", "--with-worker"]
    settings = product_settings(folder, api, how.database)
    with running(command, folder, settings) as process:
        yield process


@dataclass(frozen=True, slots=True)
class Prepared:
    """What each measurement begins with: a folder, and a database to make copies of."""

    folder: Path
    database: str | None = None


@contextmanager
def prepared(names: Iterable[str]) -> Iterator[Prepared]:
    """Make what the contestants begin with, until the block ends."""
    products = [name for name in names if name in PRODUCTS]
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        database = None
        if any(map(on_postgres, products)):
            database = stack.enter_context(postgres.fresh())
            prepare_product(folder, database)
        if "product" in products:
            prepare_product(folder)
        yield Prepared(folder, database)


@contextmanager
def started(
    name: str, port: int, api: str, beginning: Prepared, module: str = "bot"
) -> Iterator[tuple[int, Path]]:
    """Run contestant `name` until the block ends, on a copy of the `beginning`.

    Yields its process id once it serves, and the folder it runs in. `module` is what
    the product is run by. Raises NotServingError.
    """
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        database = None
        if on_postgres(name):
            template = beginning.database if name in PRODUCTS else None
            database = stack.enter_context(postgres.fresh(template))
        if name in PRODUCTS:
            if not database:
                shutil.copytree(beginning.folder, folder, dirs_exist_ok=True)
            how = Product(database, PRODUCTS[name], module)
            process = stack.enter_context(product(port, api, folder, how))
            wait_until_ready(process, port)
        else:
            other = floor.command(port, api, TOKEN, database or str(folder))
            if name in PEERS:
                other = _peer(name, port, api, folder)
            process = stack.enter_context(running(other, folder))
            wait_until_listening(process, port)
        yield process.pid, folder


def _peer(name: str, port: int, api: str, folder: Path) -> list[str]:
    python, module = PEERS[name]
    words = [python, "-m", module, f"--port={port}", f"--api={api}"]
    return [*words, f"--token={TOKEN}", f"--secret={SECRET}", f"--folder={folder}"]
