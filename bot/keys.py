"""One key per purpose, derived from SECRET_KEY by HKDF-SHA256 (RFC 5869).

Sessions, media links, addresses, the pass register, the ballot box, the words by which
people are known in another app, officials' second factors, recovery codes, tries at the
door, the secrets of the city's own systems and what waits in browsers each have their
own key, so that knowing one tells nothing of another. The keys of the register and of
the box can be given themselves, so that they are with different people, and the box's
can be destroyed.

What lies encrypted in a box (`bot.rings.BOXES`) can get another key while everything
runs: then the ring of its purpose seals it, and opens what is sealed with an older key.
"""

import base64
import hashlib
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from bot.rings import DERIVED, MARK, Ring, RingKey, SealError, key_of, open_rings

KEY_BYTES = 32
SEALED_BYTES = 16


@dataclass(frozen=True, slots=True)
class Keys:
    """Derived keys, 32 bytes each, and the rings of boxes. Never stored or logged."""

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
    rings: Mapping[str, Ring] = field(repr=False, compare=False)

    def seal(self, text: str) -> bytes:
        """Encrypt an unfinished ballot."""
        return self._seal("picks", text)

    def open(self, sealed: bytes) -> str:
        """Decrypt what `seal` made. Raises InvalidToken if the key has changed."""
        return self._open("picks", sealed)

    def seal_words(self, text: str) -> bytes:
        """Encrypt what is still to be read aloud."""
        return self._seal("speech", text)

    def open_words(self, sealed: bytes) -> str:
        """Decrypt what `seal_words` made. Raises InvalidToken for another key."""
        return self._open("speech", sealed)

    def seal_asked(self, text: str) -> str:
        """Encrypt what a browser keeps while it is with the city's sign-on."""
        return _box(self.sign_on).encrypt(text.encode()).decode()

    def open_asked(self, sealed: str) -> str:
        """Decrypt what `seal_asked` made. Raises InvalidToken for anything else."""
        return _box(self.sign_on).decrypt(sealed.encode()).decode()

    def seal_factor(self, text: str) -> bytes:
        """Encrypt the secret of an official's second factor."""
        return self._seal("factors", text)

    def open_factor(self, sealed: bytes) -> str:
        """Decrypt what `seal_factor` made. Raises InvalidToken for another key."""
        return self._open("factors", sealed)

    def seal_hook(self, secret: str) -> bytes:
        """Encrypt the secret that signs what a system of the city is told."""
        return self._seal("hooks", secret)

    def open_hook(self, sealed: bytes) -> str:
        """Decrypt what `seal_hook` made. Raises InvalidToken for another key."""
        return self._open("hooks", sealed)

    def seal_anew(self, purpose: str, sealed: bytes) -> bytes:
        """Encrypt what lies in a box with the newest key. Raises InvalidToken."""
        return self._seal(purpose, self._open(purpose, sealed))

    def _seal(self, purpose: str, text: str) -> bytes:
        """Encrypt with the newest key of a box.

        With the derived one as ever (Fernet: AES-128-CBC with HMAC-SHA256), so that a
        process of an earlier version reads it; with any other as everything at rest.
        """
        ring = self.rings[purpose]
        if ring.newest().source == DERIVED:
            return _box(getattr(self, purpose)).encrypt(text.encode())
        return ring.seal(text.encode(), purpose).encode()

    def _open(self, purpose: str, sealed: bytes) -> str:
        """Decrypt with whichever key of a box it was; InvalidToken without that."""
        ring = self.rings[purpose]
        if sealed.startswith(MARK.encode()):
            try:
                opened = ring.open(sealed.decode(), purpose).decode()
            except (SealError, ValueError) as error:
                raise InvalidToken from error
            if not opened:  # no box is empty, and a ring lets nothing prove itself
                raise InvalidToken
            return opened
        every = ring.keys()
        if not any(each.source == DERIVED for each in every):
            raise InvalidToken
        return _box(getattr(self, purpose)).decrypt(sealed).decode()


def beginning(key: RingKey) -> bytes:
    """Return how everything begins that lies in a box under this key."""
    return _FERNET if key.source == DERIVED else f"{MARK}{key.id}:".encode()


def box_key_of(sealed: bytes) -> str | None:
    """Return the id of the key something in a box is sealed with; None: the derived."""
    return key_of(sealed[: len(MARK) + 16].decode("ascii", "replace"))


_FERNET = b"gAAAA"
"""Version 0x80 and the first bytes of a time before the year 2106, in base64."""


def _box(key: bytes) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(key))


def derive_keys(
    secret_key: str,
    registrar: str | None = None,
    box: str | None = None,
    rings: Mapping[str, Ring] | None = None,
) -> Keys:
    """Return the keys that belong to `secret_key`.

    The keys of the pass register and of the ballot box come from secrets of their own
    where these are given. Without `rings` boxes have no key but the derived one.
    """
    own = {"registrar": registrar, "ballots": box}
    made = {name: _derive(own.get(name) or secret_key, name) for name in key_names()}
    return Keys(**made, rings=rings or open_rings(secret_key, None, {}))


def key_names() -> Sequence[str]:
    """Return the purposes that have a derived key."""
    return [each.name for each in fields(Keys) if each.name != "rings"]


def _derive(secret_key: str, purpose: str) -> bytes:
    info = f"buurtstem:{purpose}".encode()
    kdf = HKDF(algorithm=hashes.SHA256(), length=KEY_BYTES, salt=None, info=info)
    return kdf.derive(secret_key.encode())


def keyed_hash(key: bytes, *parts: str) -> str:
    """Return a keyed hash of `parts` (HMAC-SHA256, hex) that nobody can guess back."""
    joined = "\x1f".join(parts).encode()
    return hmac.new(key, joined, hashlib.sha256).hexdigest()
