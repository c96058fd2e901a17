"""Recordings and photos as files, outside the database."""

import secrets
from pathlib import Path

_ENDINGS = {
    "audio/ogg": ".ogg",
    "audio/webm": ".webm",
    "audio/mp4": ".m4a",
    "audio/mpeg": ".mp3",
    "audio/amr": ".amr",
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/webp": ".webp",
}


class MediaStore:
    """A folder of files with unguessable names."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def save(self, data: bytes, mime: str) -> str:
        """Write `data` durably enough to be named in a row, and return its key."""
        name = secrets.token_urlsafe(24)
        ending = _ENDINGS.get(mime.partition(";")[0].strip().lower(), ".bin")
        key = f"{name[:2]}/{name}{ending}"
        path = self._folder / key
        path.parent.mkdir(parents=True, exist_ok=True)
        half = path.with_suffix(".part")
        half.write_bytes(data)
        half.replace(path)
        return key

    def load(self, key: str) -> bytes:
        """Return the bytes of `key`. Raises FileNotFoundError if they are gone."""
        return self._path(key).read_bytes()

    def delete(self, key: str) -> None:
        """Delete the file of `key`; nothing happens if it is gone already."""
        self._path(key).unlink(missing_ok=True)

    def _path(self, key: str) -> Path:
        path = (self._folder / key).resolve()
        if not path.is_relative_to(self._folder.resolve()):
            raise FileNotFoundError(key)
        return path
