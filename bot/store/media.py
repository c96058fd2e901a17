"""Recordings and photos as files, outside the database."""

import contextlib
import errno
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from bot.store.durable import flush_folder, write_down

S3 = "s3://"
ZIP = "application/zip"
_ENDINGS = {
    "audio/ogg": ".ogg",
    "audio/webm": ".webm",
    "audio/mp4": ".m4a",
    "audio/mpeg": ".mp3",
    "audio/amr": ".amr",
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/webp": ".webp",
    ZIP: ".zip",
}
_MIMES = {ending: mime for mime, ending in _ENDINGS.items()}


class MediaUnavailableError(OSError):
    """The store does not answer, or takes nothing more. Its text is a machine word.

    Whatever was asked for can be asked for again; it never quotes a key or a file.
    """


class MediaStore(Protocol):
    """Files with unguessable names. Every method may be called by any thread."""

    def save(self, data: bytes, mime: str) -> str:
        """Write `data` durably and return its key: once it is back, a row may name it.

        Raises MediaUnavailableError.
        """
        ...

    def load(self, key: str) -> bytes:
        """Return the bytes of `key`.

        Raises FileNotFoundError if they are gone, MediaUnavailableError if nobody can
        tell now.
        """
        ...

    def delete(self, key: str) -> None:
        """Delete the file of `key`; nothing happens if it is gone already.

        Raises MediaUnavailableError.
        """
        ...

    def close(self) -> None:
        """Let go of connections."""
        ...


class MovableStore(MediaStore, Protocol):
    """A store whose files can be carried to another one, under the same keys."""

    def put(self, key: str, data: bytes) -> None:
        """Write `data` durably as `key`. Raises MediaUnavailableError."""
        ...

    def sizes(self) -> Mapping[str, int]:
        """Return the size in bytes of every file. Raises MediaUnavailableError."""
        ...


def open_media(url: str) -> MovableStore:
    """Return the store at `url`: a folder, or `s3://bucket` with or without a prefix.

    Raises ValueError if the environment of an S3 store makes no sense.
    """
    if not url.startswith(S3):
        return FolderMedia(Path(url))
    from bot.store.s3 import S3Media

    bucket, _, prefix = url.removeprefix(S3).partition("/")
    return S3Media(bucket, prefix)


def new_key(mime: str) -> str:
    """Return a name that nobody can guess, for a file of this kind."""
    name = secrets.token_urlsafe(24)
    ending = _ENDINGS.get(mime.partition(";")[0].strip().lower(), ".bin")
    return f"{name[:2]}/{name}{ending}"


def mime_of(key: str) -> str:
    """Return the kind of file a key names, as far as its ending tells."""
    _, dot, ending = key.rpartition(".")
    return _MIMES.get(dot + ending, "application/octet-stream")


class FolderMedia:
    """A folder of files."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def save(self, data: bytes, mime: str) -> str:
        """See `MediaStore.save`: flushed to the disk, as is the folder that names it.

        What could only be written in part is taken away again.
        """
        key = new_key(mime)
        self.put(key, data)
        return key

    def load(self, key: str) -> bytes:
        """See `MediaStore.load`."""
        try:
            return self._path(key).read_bytes()
        except FileNotFoundError:
            raise
        except OSError as error:
            raise _unavailable(error) from None

    def delete(self, key: str) -> None:
        """See `MediaStore.delete`: flushed too, so that no crash brings it back."""
        path = self._path(key)
        try:
            path.unlink()
            flush_folder(path.parent)
        except FileNotFoundError:
            return
        except OSError as error:
            raise _unavailable(error) from None

    def close(self) -> None:
        """Do nothing: there is nothing to let go of."""

    def put(self, key: str, data: bytes) -> None:
        """See `MovableStore.put`."""
        path = self._path(key)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            write_down(path, data)
            flush_folder(path.parent)
            flush_folder(self._folder)
        except OSError as error:
            raise _unavailable(error) from None

    def sizes(self) -> Mapping[str, int]:
        """See `MovableStore.sizes`; what an earlier version left half-written is none.

        A file that goes while we look is not counted.
        """
        found: dict[str, int] = {}
        for path in self._folder.rglob("*"):
            with contextlib.suppress(FileNotFoundError):
                if path.is_file() and path.suffix != ".part":
                    key = path.relative_to(self._folder).as_posix()
                    found[key] = path.stat().st_size
        return found

    def _path(self, key: str) -> Path:
        path = (self._folder / key).resolve()
        if not path.is_relative_to(self._folder.resolve()):
            raise FileNotFoundError(key)
        return path


def _unavailable(error: OSError) -> MediaUnavailableError:
    return MediaUnavailableError(errno.errorcode.get(error.errno or 0, "disk"))
