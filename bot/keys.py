"""One key per purpose, derived from SECRET_KEY by HKDF-SHA256 (RFC 5869).

Sessions, media links, addresses, the pass register, the ballot box, the words by which
people are known in another app, officials' second factors, recovery codes, tries at the
door, the secrets of the city's own systems and what waits in browsers each have their
own key, so that knowing one tells nothing of another. The keys of the register and of
the box can be given themselves, so that they are with different people, and the box's
can be destroyed.
"""

import base64
import hashlib
import hmac
from dataclasses import dataclass, field, fields

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
    registrar: bytes = field(repr=False)
    ballots: bytes = field(repr=False)
    picks: bytes = field(repr=False)
    logins: bytes = field(repr=False)
    words: bytes = field(repr=False)
    speech: bytes = field(repr=False)
    desks: bytes = field(repr=False)
    factors: bytes = field(repr=False)
    recovery: bytes = field(repr=False)
    doors: bytes = field(repr=False)
    sign_on: bytes = field(repr=False)
    hooks: bytes = field(repr=False)
    waiting: bytes = field(repr=False)

    def seal(self, text: str) -> bytes:
        """Encrypt an unfinished ballot (Fernet: AES-128-CBC with HMAC-SHA256)."""
        return _box(self.picks).encrypt(text.encode())

    def open(self, sealed: bytes) -> str:
        """Decrypt what `seal` made. Raises InvalidToken if the key has changed."""
        return _box(self.picks).decrypt(sealed).decode()

    def seal_words(self, text: str) -> bytes:
        """Encrypt what is still to be read aloud."""
        return _box(self.speech).encrypt(text.encode())

    def open_words(self, sealed: bytes) -> str:
        """Decrypt what `seal_words` made. Raises InvalidToken for another key."""
        return _box(self.speech).decrypt(sealed).decode()

    def seal_asked(self, text: str) -> str:
        """Encrypt what a browser keeps while it is with the city's sign-on."""
        return _box(self.sign_on).encrypt(text.encode()).decode()

    def open_asked(self, sealed: str) -> str:
        """Decrypt what `seal_asked` made. Raises InvalidToken for anything else."""
        return _box(self.sign_on).decrypt(sealed.encode()).decode()

    def seal_factor(self, text: str) -> bytes:
        """Encrypt the secret of an official's second factor."""
        return _box(self.factors).encrypt(text.encode())

    def open_factor(self, sealed: bytes) -> str:
        """Decrypt what `seal_factor` made. Raises InvalidToken for another key."""
        return _box(self.factors).decrypt(sealed).decode()

    def seal_hook(self, secret: str) -> bytes:
        """Encrypt the secret that signs what a system of the city is told."""
        return _box(self.hooks).encrypt(secret.encode())

    def open_hook(self, sealed: bytes) -> str:
        """Decrypt what `seal_hook` made. Raises InvalidToken for another key."""
        return _box(self.hooks).decrypt(sealed).decode()


def _box(key: bytes) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(key))


def derive_keys(
    secret_key: str, registrar: str | None = None, box: str | None = None
) -> Keys:
    """Return the keys that belong to `secret_key`.

    The keys of the pass register and of the ballot box come from secrets of their own
    where these are given.
    """
    own = {"registrar": registrar, "ballots": box}
    names = [each.name for each in fields(Keys)]
    return Keys(**{name: _derive(own.get(name) or secret_key, name) for name in names})


def _derive(secret_key: str, purpose: str) -> bytes:
    info = f"buurtstem:{purpose}".encode()
    kdf = HKDF(algorithm=hashes.SHA256(), length=KEY_BYTES, salt=None, info=info)
    return kdf.derive(secret_key.encode())


def keyed_hash(key: bytes, *parts: str) -> str:
    """Return a keyed hash of `parts` (HMAC-SHA256, hex) that nobody can guess back."""
    joined = "\x1f".join(parts).encode()
    return hmac.new(key, joined, hashlib.sha256).hexdigest()
