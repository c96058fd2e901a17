"""Who is measured, and how each is started in a process of its own."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench import floor
from bench.servers import ROOT, running, wait_until_listening, wait_until_ready

TOKEN = "123456:bench"
SECRET = "bench-secret"
SECRET_KEY = "bench " * 8
PEERS = {
    "ptb": "bench.peers.ptb_talk",
    "aiogram": "bench.peers.aiogram_talk",
}
NAMES = ("product", "floor", *PEERS)


def product_settings(folder: Path, api: str = "") -> dict[str, str]:
    """Return an environment in which the product keeps everything in `folder`.

    With `api`, Telegram is on and that is its Bot API server.
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
            "DATABASE_URL": f"sqlite:///{folder}/buurtstem.db",
            "MEDIA_URL": str(folder / "media"),
            "SECRET_KEY": SECRET_KEY,
            "WHISPER_ENGINE": "none",
            "QUIET_HOURS": "none",
        }
    )


def prepare_product(folder: Path) -> None:
    """Make a database with the demo neighbourhood. Raises CalledProcessError."""
    for words in (["migrate"], ["demo", "--eligibility", "address"]):
        subprocess.run(
            [sys.executable, "-m", "bot", *words],
            cwd=folder,
            env=product_settings(folder) | {"PYTHONPATH": str(ROOT)},
            check=True,
            stdout=subprocess.DEVNULL,
        )


@contextmanager
def product(
    port: int, api: str, prepared: Path, folder: Path, module: str = "bot"
) -> Iterator["subprocess.Popen[bytes]"]:
    """Run the product on a copy of the `prepared` folder until the block ends.

    Yields at once, before it is ready.
    """
    shutil.copytree(prepared, folder, dirs_exist_ok=True)
    command = [sys.executable, "-m", module, "serve", "--host=127.0.0.1"]
    command += [f"--port={port}"]
    with running(command, folder, product_settings(folder, api)) as process:
        yield process


@contextmanager
def started(
    name: str, port: int, api: str, prepared: Path, folder: Path, module: str = "bot"
) -> Iterator[int]:
    """Run contestant `name` until the block ends; yield its process id once it serves.

    `module` is what the product is run by.
    Raises NotServingError.
    """
    if name == "product":
        with product(port, api, prepared, folder, module) as process:
            wait_until_ready(process, port)
            yield process.pid
        return
    other = floor.command(port, api, TOKEN, folder)
    if name in PEERS:
        other = [sys.executable, "-m", PEERS[name], f"--port={port}", f"--api={api}"]
        other += [f"--token={TOKEN}", f"--secret={SECRET}", f"--folder={folder}"]
    with running(other, folder) as process:
        wait_until_listening(process, port)
        yield process.pid
