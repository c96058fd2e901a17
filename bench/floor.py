"""The least that keeps a message before it answers: what the product is held against.

The product's gunicorn command, Flask, one INSERT and COMMIT that is on disk
(`synchronous=FULL`, or `synchronous_commit` on PostgreSQL), one send through the same
adapter. None of the product's own thinking.
"""

import itertools
import sqlite3
import sys
import threading
from pathlib import Path
from typing import Any, Protocol

import psycopg
from flask import Flask, Response, request

from bench import postgres
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


class Ledger(Protocol):
    """One table; every entry is on disk when `enter()` returns."""

    def enter(self, body: bytes) -> None:
        """Keep one message."""
        ...


class File:
    """A ledger on SQLite: one writer."""

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


class Server:
    """A ledger on PostgreSQL: a connection for each thread, one statement a message."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._threads = threading.local()
        with postgres.connected(url) as db:
            db.execute("CREATE TABLE inbound (id bigserial PRIMARY KEY, body bytea)")

    def enter(self, body: bytes) -> None:
        db = getattr(self._threads, "db", None)
        if db is None:
            db = psycopg.connect(postgres.conninfo(self._url), autocommit=True)
            self._threads.db = db
        db.execute("INSERT INTO inbound (body) VALUES (%s)", [body])


def create_app(api: str, token: str, place: str) -> Flask:
    """Build the floor; `place` is a folder, or the address of an empty database."""
    ledger: Ledger
    ledger = Server(place) if "://" in place else File(Path(place) / "floor.db")
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


def command(port: int, api: str, token: str, place: str) -> list[str]:
    """Return the gunicorn command that serves the floor; `place` as `create_app`'s."""
    factory = f"{__name__}:create_app({api!r}, {token!r}, {place!r})"
    bind = f"--bind=127.0.0.1:{port}"
    return [sys.executable, "-m", "gunicorn", bind, *GUNICORN, factory]
