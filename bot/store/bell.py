"""A bell on the database: whoever owes work rings it, whoever waits for work wakes.

On PostgreSQL it is NOTIFY, heard by every worker on every machine once the transaction
is committed. SQLite has none: there a worker looks again after a short while. The bell
only saves waiting; work that nobody rang for is found all the same.
"""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg.conninfo import make_conninfo
from sqlalchemy import Connection, make_url, text

from bot.store.database import ALIVE

log = logging.getLogger(__name__)
SEND, LISTEN, FETCH, SPEAK, MAKE = "send", "listen", "fetch", "speak", "make"
_ALL = (SEND, LISTEN, FETCH, SPEAK, MAKE)
_NAME = "buurtstem"
_RING = text(f"SELECT pg_notify('{_NAME}', :work)")
_TROUBLE_SECONDS = 2.0
_LOOK_SECONDS = 5.0


def ring(db: Connection, work: str) -> None:
    """Wake those who wait for `work`, as soon as this transaction is committed."""
    if db.dialect.name == "postgresql":
        db.execute(_RING, {"work": work})


class Bell:
    """Hears the bell of one database, in a thread of its own. Close it in the end."""

    def __init__(self, url: str) -> None:
        self._rung = {work: threading.Event() for work in _ALL}
        self._closing = threading.Event()
        address = make_url(url)
        self.hears = address.get_backend_name() == "postgresql"
        if self.hears:
            plain = address.set(drivername="postgresql")
            shown = plain.render_as_string(hide_password=False)
            self._address = make_conninfo(shown, **ALIVE)
            threading.Thread(target=self._forever, name="bell", daemon=True).start()

    def wait(self, work: str, seconds: float) -> None:
        """Wait until the bell is rung for `work`, at most so long."""
        rung = self._rung[work]
        rung.wait(seconds)
        rung.clear()

    def wake(self) -> None:
        """Let everybody look for work now."""
        for rung in self._rung.values():
            rung.set()

    def close(self) -> None:
        """Stop hearing and let everybody go."""
        self._closing.set()
        self.wake()

    def _forever(self) -> None:
        while not self._closing.is_set():
            try:
                with _listening(self._address) as connection:
                    self.wake()  # what was rung for meanwhile
                    self._hear(connection)
            except psycopg.Error as error:
                log.warning("bell not heard kind=%s", type(error).__name__)
                self._closing.wait(_TROUBLE_SECONDS)

    def _hear(self, connection: "psycopg.Connection[Any]") -> None:
        while not self._closing.is_set():
            for note in connection.notifies(timeout=_LOOK_SECONDS, stop_after=1):
                if note.payload in self._rung:
                    self._rung[note.payload].set()


@contextmanager
def _listening(address: str) -> Iterator["psycopg.Connection[Any]"]:
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(f"LISTEN {_NAME}".encode())
        yield connection
