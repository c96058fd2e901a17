"""Passwords of officials: what is good enough, and whether one is right (argon2id)."""

import threading
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST, LONGEST = 12, 200
FEWEST_DIFFERENT = 5
_MEMORY_KIB = 32 * 1024
_AT_ONCE = threading.BoundedSemaphore(4)
"""Each look at a password takes memory and a core: never many in one process."""

_hasher = PasswordHasher(time_cost=3, memory_cost=_MEMORY_KIB, parallelism=1)


class WeakPasswordError(ValueError):
    """A password is too easy; the message is a machine word for why.

    "short", "long", "simple" (few different characters) or "own" (her own address).
    """


def check_strength(password: str, email: str) -> None:
    """Raise WeakPasswordError unless a password is long and hard to guess."""
    if len(password) < SHORTEST:
        raise WeakPasswordError("short")
    if len(password) > LONGEST:
        raise WeakPasswordError("long")
    folded = password.casefold()
    if len(set(folded)) < FEWEST_DIFFERENT:
        raise WeakPasswordError("simple")
    left = folded.replace(email.casefold(), "")
    left = left.replace(email.casefold().partition("@")[0], "")
    if len(left) < SHORTEST // 2:
        raise WeakPasswordError("own")


def hash_password(password: str) -> str:
    """Return what is kept of a password."""
    with _AT_ONCE:
        return _hasher.hash(password)


def is_right(password: str, kept: str | None) -> bool:
    """Tell whether a password fits what is kept; without any it takes as long."""
    if len(password) > LONGEST:
        password, kept = "", None
    with _AT_ONCE:
        try:
            _hasher.verify(kept or _nobodys(), password)
        except (VerificationError, InvalidHashError):
            return False
    return kept is not None


def is_outdated(kept: str) -> bool:
    """Tell whether a hash was made with weaker measures than today's."""
    return _hasher.check_needs_rehash(kept)


@cache
def _nobodys() -> str:
    return _hasher.hash("the password of nobody")
