"""Recordings and photos that are encrypted before any store sees them."""

from collections.abc import Mapping

from bot.rings import file_key
from bot.store.media import MovableStore, new_key
from bot.store.sealed import Safe

FILES = "files"


class SealedMedia:
    """Seals what goes into another store, whole files, each bound to its own name.

    A file that lies there in clear, from an earlier version, is read as it is. `inner`
    has the files as they lie: a backup takes them from there, and opens none.
    """

    def __init__(self, inner: MovableStore, safe: Safe) -> None:
        self.inner, self._safe = inner, safe

    def save(self, data: bytes, mime: str) -> str:
        """See `MediaStore.save`."""
        key = new_key(mime)
        self.put(key, data)
        return key

    def load(self, key: str) -> bytes:
        """See `MediaStore.load`. Raises SealError if none of our keys opens it."""
        return self._safe.rings[FILES].open_file(self.inner.load(key), key)

    def delete(self, key: str) -> None:
        """See `MediaStore.delete`."""
        self.inner.delete(key)

    def close(self) -> None:
        """See `MediaStore.close`."""
        self.inner.close()

    def put(self, key: str, data: bytes) -> None:
        """See `MovableStore.put`."""
        sealed = self._safe.writes or file_key(data) is not None
        ring = self._safe.rings[FILES]
        self.inner.put(key, ring.seal_file(data, key) if sealed else data)

    def sizes(self) -> Mapping[str, int]:
        """See `MovableStore.sizes`: as they lie there, a few bytes longer."""
        return self.inner.sizes()

    def key_of(self, key: str) -> str | None:
        """Return the id of the key a file is sealed with. Raises like `load`."""
        return file_key(self.inner.load(key))
