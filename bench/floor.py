"""The least that keeps a message before it answers: what the product is held against.

The product's gunicorn command, Flask, one INSERT and COMMIT that is on disk
(`synchronous=FULL`), one send through the same adapter. None of the product's own
thinking.
"""

import itertools
import sqlite3
import sys
import threading
from pathlib import Path
from typing import Any

from flask import Flask, Response, request

from bot.channels.telegram import Telegram
from bot.domain.messages import Choice, Outbound
from bot.web import server

GUNICORN = (
    f"--worker-class={server.GUNICORN['worker_class']}",
    f"--workers={server.GUNICORN['workers']}",
    f"--threads={server.GUNICORN['threads']}",
    f"--keep-alive={server.GUNICORN['keepalive']}",
    f"--forwarded-allow-ips={server.GUNICORN['forwarded_allow_ips']}",
    f"--forwarder-headers={server.GUNICORN['forwarder_headers']}",
)
"""The product's own shape, so that only what the product does is compared."""

BUTTONS = (Choice("lang:tr", "Türkçe"), Choice("yes", "Evet"), Choice("no", "Hayır"))
TEXT = "21 – Parka yeni bir bank istiyorum."


class Ledger:
    """One table, one writer; every entry is on disk when `enter()` returns."""

    def __init__(self, path: Path) -> None:
        self._lock = threading.Lock()
        self._db = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=FULL")
        self._db.execute("CREATE TABLE inbound (id INTEGER PRIMARY KEY, body BLOB)")

    def enter(self, body: bytes) -> None:
        """Keep one message."""
        with self._lock:
            self._db.execute("BEGIN IMMEDIATE")
            self._db.execute("INSERT INTO inbound (body) VALUES (?)", (body,))
            self._db.execute("COMMIT")


def create_app(api: str, token: str, folder: str) -> Flask:
    """Build the floor."""
    ledger = Ledger(Path(folder) / "floor.db")
    channel = Telegram(token, "", api=api, load=_no_sound)
    numbers = itertools.count(1)
    app = Flask(__name__)

    @app.post("/telegram")
    def telegram() -> Response:
        update: dict[str, Any] = request.get_json()
        ledger.enter(request.get_data())
        tap = update.get("callback_query")
        chat = str((tap or update)["message"]["chat"]["id"])
        channel.send(Outbound(next(numbers), chat, "tr", TEXT, BUTTONS))
        return Response(status=200)

    return app


def _no_sound(key: str) -> bytes:
    raise FileNotFoundError(key)


def command(port: int, api: str, token: str, folder: Path) -> list[str]:
    """Return the gunicorn command that serves the floor."""
    factory = f"{__name__}:create_app({api!r}, {token!r}, {str(folder)!r})"
    bind = f"--bind=127.0.0.1:{port}"
    return [sys.executable, "-m", "gunicorn", bind, *GUNICORN, factory]
