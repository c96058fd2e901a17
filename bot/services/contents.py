"""Remembers provider resources over restarts: made once, used by every process."""

from sqlalchemy import insert, select, update

from bot.store.civic import ContentSid
from bot.store.database import Database


class StoredContents:
    """The database's side of `bot.channels.content.ContentStore`."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._known: dict[str, str] = {}

    def get(self, key: str) -> str | None:
        """Return the resource's id, if one was made."""
        if key not in self._known:
            known = select(ContentSid.sid).where(ContentSid.key == key)
            found = self._db.read(lambda db: db.scalar(known))
            if found is None:
                return None
            self._known[key] = found
        return self._known[key]

    def put(self, key: str, sid: str) -> None:
        """Remember a resource's id; a later one replaces it."""
        newer = update(ContentSid).where(ContentSid.key == key).values(sid=sid)
        first = insert(ContentSid).values(key=key, sid=sid)
        self._db.run(
            lambda db: db.execute(newer).rowcount or db.execute(first).rowcount
        )
        self._known[key] = sid
