"""One key per purpose, derived from SECRET_KEY by HKDF-SHA256 (RFC 5869).

Sessions, media links, addresses, the voters' marks, the ballot box and the words by
which people are known in another app each have their own key, so that knowing one tells
nothing of another.
"""

import base64
import hashlib
import hmac
from dataclasses import dataclass, field

from cryptography.fernet import Fernet
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES = 32
SEALED_BYTES = 16


@dataclass(frozen=True, slots=True)
class Keys:
    """Derived keys, 32 bytes each. Never stored, never logged."""

    sessions: bytes = field(repr=False)
    media: bytes = field(repr=False)
    addresses: bytes = field(repr=False)
    ballots: bytes = field(repr=False)
    picks: bytes = field(repr=False)
    logins: bytes = field(repr=False)
    words: bytes = field(repr=False)

    def seal(self, text: str) -> bytes:
        """Encrypt an unfinished ballot (Fernet: AES-128-CBC with HMAC-SHA256)."""
        return self._box().encrypt(text.encode())

    def open(self, sealed: bytes) -> str:
        """Decrypt what `seal` made. Raises InvalidToken if the key has changed."""
        return self._box().decrypt(sealed).decode()

    def _box(self) -> Fernet:
        return Fernet(base64.urlsafe_b64encode(self.picks))


def derive_keys(secret_key: str) -> Keys:
    """Return the keys that belong to `secret_key`."""
    purposes = ("sessions", "media", "addresses", "ballots", "picks", "logins", "words")
    return Keys(**{purpose: _derive(secret_key, purpose) for purpose in purposes})


def _derive(secret_key: str, purpose: str) -> bytes:
    info = f"buurtstem:{purpose}".encode()
    kdf = HKDF(algorithm=hashes.SHA256(), length=KEY_BYTES, salt=None, info=info)
    return kdf.derive(secret_key.encode())


def keyed_hash(key: bytes, *parts: str) -> str:
    """Return a keyed hash of `parts` (HMAC-SHA256, hex) that nobody can guess back."""
    joined = "\x1f".join(parts).encode()
    return hmac.new(key, joined, hashlib.sha256).hexdigest()
