"""Key rings: what encrypts people, their words and their files at rest.

A ring has one purpose and one or more keys. The newest that has begun encrypts; all of
them decrypt, so that a key can be changed while everything runs. AES-SIV (RFC 5297) of
the library `cryptography`: what it makes cannot be read, changed or moved to another
column without the key. Values that are looked up are encrypted without a random part:
their first 16 bytes are then a keyed hash of the value, and equal values look equal.
"""

import base64
import hashlib
import hmac
import logging
import os
import secrets
import stat
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

log = logging.getLogger(__name__)
AT_REST = ("people", "messages", "files")
"""Addresses, numbers and names; words; sounds and photos."""

BOXES = ("picks", "factors", "hooks", "speech")
"""What lies in a box of its own in any case: unfinished ballots, officials' codes, the
secrets of the city's systems, what is about to be read aloud (`bot.keys`)."""

PURPOSES = (*AT_REST, *BOXES)

MARK = "enc1:"
LOOK_SECONDS = 2.0
"""How soon a running process knows that a file of keys has changed."""

_ID_LENGTH, _NONCE_BYTES, _SIV_BYTES = 8, 16, 64
_FIRST = datetime(1970, 1, 1, tzinfo=UTC)


class SealError(Exception):
    """Something sealed cannot be opened. Its text names a purpose and a key's id."""


class RingFileError(Exception):
    """A file of keys cannot be used. Its text says which and why, never a key."""


@dataclass(frozen=True, slots=True)
class RingKey:
    """One key of a ring. `id` follows from the key and tells nothing of it."""

    id: str
    begins: datetime
    source: str
    secret: str = field(repr=False)
    cipher: AESSIV = field(repr=False, compare=False)


class Ring:
    """The keys of one purpose. `load` gives them; it is asked again when they change.

    `changed` returns something that differs once `load` would.
    """

    def __init__(
        self,
        purpose: str,
        load: Callable[[], Sequence[RingKey]],
        changed: Callable[[], object] = lambda: None,
    ) -> None:
        self.purpose = purpose
        self._load, self._changed = load, changed
        self._lock = threading.Lock()
        self._stamp = changed()
        self._keys = _by_age(load())
        self._looked = time.monotonic()

    def keys(self) -> Sequence[RingKey]:
        """Return all keys, oldest first."""
        if time.monotonic() - self._looked > LOOK_SECONDS:
            self._look()
        return self._keys

    def refresh(self) -> None:
        """Read the keys again now, if they have changed."""
        self._look()

    def newest(self) -> RingKey:
        """Return the key that encrypts now."""
        keys = self.keys()
        if len(keys) == 1:
            return keys[0]
        now = datetime.now(UTC)  # noqa: TID251 - a key begins by the machine's clock
        begun = [each for each in keys if each.begins <= now]
        return begun[-1] if begun else keys[0]

    def seal(self, data: bytes, place: str, *, alike: bool = False) -> str:
        """Encrypt `data` for one place ("talks.address").

        `alike`: equal values become equal, so that they can be looked up.
        """
        return _sealed(self.newest(), data, place, alike=alike)

    def seal_all(self, data: bytes, place: str) -> list[str]:
        """Return what `data` may stand as where it is looked up: under every key."""
        return [_sealed(each, data, place, alike=True) for each in self.keys()]

    def open(self, sealed: str, place: str, *, alike: bool = False) -> bytes:
        """Decrypt what `seal` made for this place. Raises SealError."""
        start = len(MARK)
        key = self._find(sealed[start : start + _ID_LENGTH])
        raw = base64.urlsafe_b64decode(sealed[start + _ID_LENGTH + 1 :])
        return self._decrypt(key, raw, place, alike=alike)

    def seal_file(self, data: bytes, place: str) -> bytes:
        """Encrypt a whole file that is kept under the name `place`."""
        key, nonce = self.newest(), secrets.token_bytes(_NONCE_BYTES)
        made = key.cipher.encrypt(data, [place.encode(), nonce]) if data else b""
        return f"{MARK}{key.id}:".encode() + nonce + made

    def open_file(self, sealed: bytes, place: str) -> bytes:
        """Decrypt what `seal_file` made; a file that is not sealed is itself."""
        found = file_key(sealed)
        if found is None:
            return sealed
        return self._decrypt(self._find(found), sealed[_HEAD:], place, alike=False)

    def _decrypt(self, key: RingKey, raw: bytes, place: str, *, alike: bool) -> bytes:
        cut = 0 if alike else _NONCE_BYTES
        bound = [place.encode()] if alike else [place.encode(), raw[:cut]]
        if len(raw) == cut:
            return b""
        try:
            return key.cipher.decrypt(raw[cut:], bound)
        except InvalidTag as error:
            raise SealError(f"{self.purpose} {key.id} {place}") from error

    def _find(self, key_id: str) -> RingKey:
        for _ in range(2):
            for each in reversed(self._keys):
                if each.id == key_id:
                    return each
            self._look()
        raise SealError(f"no key {key_id} for {self.purpose}")

    def _look(self) -> None:
        """Read the keys again if they have changed.

        A file that is away or no good changes none: what runs goes on with what it has.
        """
        with self._lock:
            self._looked = time.monotonic()
            stamp = self._changed()
            if stamp is None or stamp == self._stamp:
                return
            self._stamp = stamp
            try:
                self._keys = _by_age(self._load())
            except RingFileError:
                log.warning("file of keys not taken purpose=%s", self.purpose)


_HEAD = len(MARK) + _ID_LENGTH + 1


def file_key(data: bytes) -> str | None:
    """Return the id of the key a file is sealed with, None if it is in clear."""
    if not data.startswith(MARK.encode()) or data[_HEAD - 1 : _HEAD] != b":":
        return None
    return data[len(MARK) : _HEAD - 1].decode("ascii", "replace")


def key_of(sealed: str) -> str | None:
    """Return the id of the key a value is sealed with, None if it is in clear."""
    return sealed[len(MARK) :].partition(":")[0] if sealed.startswith(MARK) else None


def new_secret() -> str:
    """Return the text of a new key."""
    return secrets.token_urlsafe(48)


def as_key(purpose: str, secret: str, source: str, begins: datetime) -> RingKey:
    """Return the key that belongs to a secret text, for one purpose."""
    info = f"buurtstem:ring:{purpose}".encode()
    kdf = HKDF(algorithm=hashes.SHA256(), length=_SIV_BYTES, salt=None, info=info)
    made = kdf.derive(secret.encode())
    named = hmac.new(made, b"buurtstem:key id", hashlib.sha256).hexdigest()
    return RingKey(named[:_ID_LENGTH], begins, source, secret, AESSIV(made))


def open_rings(
    secret_key: str, folder: Path | None, given: Mapping[str, str]
) -> Mapping[str, Ring]:
    """Return the ring of every purpose.

    Its keys stand in the file of that name in `folder`, or in `given` (several with
    spaces between, the newest last); without either it is derived from `secret_key`.
    Raises RingFileError.
    """
    return {each: _open(each, secret_key, folder, given) for each in PURPOSES}


def _open(
    purpose: str, secret_key: str, folder: Path | None, given: Mapping[str, str]
) -> Ring:
    derived = as_key(purpose, secret_key, "SECRET_KEY", _FIRST)
    if folder is not None:
        path = folder / purpose
        return Ring(purpose, lambda: _from_file(purpose, path, derived), _stamp(path))
    named = [
        as_key(purpose, each, f"{purpose.upper()}_KEY", _FIRST)
        for each in given.get(purpose, "").split()
    ]
    return Ring(purpose, lambda: [derived, *named] if named else [derived])


def _stamp(path: Path) -> Callable[[], object]:
    def look() -> object:
        try:
            found = path.stat()
        except FileNotFoundError:
            return None
        return found.st_mtime_ns, found.st_ino, found.st_size

    return look


def _from_file(purpose: str, path: Path, derived: RingKey) -> list[RingKey]:
    """Return the keys of a file; one line each, "2026-11-26T14:00:00+00:00 secret".

    Without a file, and where it has the line "SECRET_KEY", the derived key is among
    them.
    """
    if not path.exists():
        return [derived]
    return [
        derived
        if secret == DERIVED
        else as_key(purpose, secret, str(path), datetime.fromisoformat(begins))
        for begins, secret in read_lines(path)
    ]


DERIVED = "SECRET_KEY"
"""Stands in a file of keys for the one that is derived from the setting."""


def read_lines(path: Path) -> list[tuple[str, str]]:
    """Return the lines of a file of keys: from when, and the key. Raises RingFileError.

    A file that others than its owner can read is refused.
    """
    try:
        mode, text = path.stat().st_mode, path.read_text()
    except OSError as error:
        raise RingFileError(f"{path} cannot be read.") from error
    if stat.S_IMODE(mode) & 0o077:
        raise RingFileError(f"{path} can be read by others. Run: chmod 600 {path}")
    rows = [line.split() for line in text.splitlines() if line.strip()]
    if not rows or any(not _is_row(row) for row in rows):
        raise RingFileError(f"{path} is no file of keys: a line is a time and a key.")
    return [(row[0], row[1]) for row in rows]


def _is_row(row: Sequence[str]) -> bool:
    try:
        begins, secret = row
        aware = datetime.fromisoformat(begins).tzinfo is not None
    except ValueError:
        return False
    return aware and (secret == DERIVED or len(secret) >= _SHORTEST)


_SHORTEST = 32


def write_lines(path: Path, rows: Sequence[tuple[str, str]]) -> None:
    """Replace a file of keys as a whole, readable by its owner only, down to the disk.

    Killed in the middle, the old file stands.
    """
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    beside = path.with_name(f".{path.name}.new")
    beside.unlink(missing_ok=True)
    number = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(number, "w") as file:
        file.writelines(f"{begins} {secret}\n" for begins, secret in rows)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _by_age(keys: Sequence[RingKey]) -> Sequence[RingKey]:
    return sorted(keys, key=lambda each: each.begins)


def _sealed(key: RingKey, data: bytes, place: str, *, alike: bool) -> str:
    nonce = b"" if alike else secrets.token_bytes(_NONCE_BYTES)
    bound = [place.encode()] if alike else [place.encode(), nonce]
    made = nonce + (key.cipher.encrypt(data, bound) if data else b"")
    return f"{MARK}{key.id}:{base64.urlsafe_b64encode(made).decode()}"
