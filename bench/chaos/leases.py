"""What the database holds, read from outside without disturbing the product."""

import re
from collections.abc import Collection
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Engine, NullPool, create_engine, func, select
from sqlalchemy.engine import make_url

from bench.contestants import SECRET_KEY
from bot.rings import open_rings
from bot.store.sealed import Safe, seal_with
from bot.store.talks import InboundMessage, OutboundMessage

_PROCESS = re.compile(r"[^:]*:\d+")


def signed_by(lease: str | None, names: Collection[str]) -> bool:
    """Tell whether a lease is of one of these processes, or of a part of one."""
    process = _PROCESS.match(lease or "")
    return process is not None and process[0] in names


class Eyes:
    """Reads rows; never writes, keeps no connection, and tidies nothing up.

    A crashed SQLite is left for the product to recover: a reading connection does not
    write the log back when it closes. What is sealed it opens with the keys that
    follow from `secret_key`.
    """

    def __init__(self, url: str, secret_key: str = SECRET_KEY) -> None:
        address = make_url(url)
        if address.get_backend_name() == "sqlite":
            address = make_url(f"sqlite:///file:{address.database}?mode=ro&uri=true")
        self._engine: Engine = create_engine(address, poolclass=NullPool)
        seal_with(self._engine, Safe(open_rings(secret_key, None, {})))

    def rows(self, statement: Any) -> list[Any]:
        """Return all rows of a statement."""
        with self._engine.connect() as db:
            return list(db.execute(statement))

    def leased(self, names: Collection[str]) -> dict[int, str]:
        """Return the queued rows under lease of these processes, with their texts."""
        row = OutboundMessage
        found = select(row.id, row.text, row.leased_by).where(
            row.delivery == "queued", row.leased_until > datetime.now(UTC)
        )
        rows = self.rows(found)
        return {each.id: each.text for each in rows if signed_by(each.leased_by, names)}

    def open_work(self) -> int:
        """Return how many messages are still to be sent or to be answered."""
        row, note = OutboundMessage, InboundMessage
        owed = select(func.count()).where(row.delivery == "queued")
        waiting = select(func.count()).where(note.stage.in_(("waiting", "listening")))
        return int(self.rows(owed)[0][0] + self.rows(waiting)[0][0])
