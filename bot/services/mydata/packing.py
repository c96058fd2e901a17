"""All that is hers as one archive: a page to read, data for a machine, her files.

What does not fit is left out and counted: files first, the newest stay.
"""

import base64
import io
import json
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from typing import Any

from bot.domain.rounds import Round
from bot.services.house import House
from bot.services.mydata.hers import Hers
from bot.store.given import NOT_GIVEN
from bot.store.inventory import PERSONAL
from bot.store.media import mime_of

PAGE, DATA, FILES = "index.html", "data.json", "files"
_ROOM = 64 * 1024
"""For names and lengths in the archive, beside what is in it."""


class TooLargeError(Exception):
    """Not even the words of it fit."""


@dataclass(frozen=True, slots=True)
class Book:
    """What a page is written of. `files` are names in the archive, by media id."""

    hers: Hers
    files: Mapping[int, str]
    rounds: Sequence[Round]
    language: str
    made_at: datetime
    zone: str
    missing: int = 0


WritePage = Callable[[Book], str]
"""Returns the page of a book as HTML."""


@dataclass(frozen=True, slots=True)
class Packed:
    """An archive, and how many files did not fit in."""

    data: bytes
    files: int
    missing: int


def pack(house: House, book: Book, write: WritePage, most_bytes: int) -> Packed:
    """Return an archive of at most so many bytes.

    `book` comes without files: those that are still there and fit are put in here.
    Raises TooLargeError, or MediaUnavailableError while files cannot be read.
    """
    words = len(_zipped({DATA: _json(book), PAGE: write(book).encode()}))
    room = most_bytes - 2 * words - _ROOM
    if room < 0:
        raise TooLargeError
    names: dict[int, str] = {}
    loaded: dict[str, bytes] = {}
    missing = 0
    for media, key in book.hers.files:
        data = _load(house, key)
        if data is None:
            continue
        if len(data) > room:
            missing += 1
            continue
        room -= len(data) + len(FILES) * 20
        names[media] = f"{FILES}/{media}{_ending(key)}"
        loaded[names[media]] = data
    whole = Book(
        book.hers,
        names,
        book.rounds,
        book.language,
        book.made_at,
        book.zone,
        missing,
    )
    texts = {PAGE: write(whole).encode(), DATA: _json(whole)}
    return Packed(_zipped(texts | loaded), len(loaded), missing)


def _load(house: House, key: str) -> bytes | None:
    """Read a file; None for one that has gone meanwhile."""
    try:
        return house.media.load(key)
    except FileNotFoundError:
        return None


def _ending(key: str) -> str:
    _, dot, ending = key.rpartition(".")
    return dot + ending if mime_of(key) != "application/octet-stream" else ".bin"


def _zipped(files: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            stored = name.startswith(f"{FILES}/")  # sound and pictures shrink no more
            how = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
            archive.writestr(name, data, how)
    return out.getvalue()


def _json(book: Book) -> bytes:
    """Return all of it for a machine, and what each column is for."""
    rows = book.hers.rows
    given = {
        f"{table}.{name}"
        for table, each in rows.items()
        for row in each
        for name in row
    }
    about = {
        "product": f"buurtstem {version('buurtstem')}",
        "made_at": book.made_at.isoformat(),
        "language": book.language,
        "tables": {
            table: [_plain(row) for row in each] for table, each in rows.items()
        },
        "files": {str(media): name for media, name in sorted(book.files.items())},
        "files_that_did_not_fit": book.missing,
        "columns": {
            name: {
                "purpose": what.purpose,
                "basis": what.basis.value,
                "kept": what.kept,
                "seen": what.seen.value,
            }
            for name, what in sorted(PERSONAL.items())
            if name in given
        },
        "left_out": {name: why.value for name, why in sorted(NOT_GIVEN.items())},
    }
    return json.dumps(about, ensure_ascii=False, indent=1).encode()


def _plain(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _value(value) for name, value in row.items()}


def _value(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    return value
