"""Passwords of officials: what is good enough, and whether one is right (argon2id)."""

import re
import threading
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST, LONGEST = 12, 200
HARD_TO_GUESS = 3
"""From 0 to 4, by zxcvbn: 3 is more than a hundred million tries."""

CONTEXT = ("buurtstem", "buurtbudget", "gemeente", "amsterdam", "wachtwoord", "welkom")
"""Words that come to mind at this desk; whoever guesses begins with them."""

_LOOKED_AT = 72
"""How much of a password is looked at; the rest only makes it better."""

_MEMORY_KIB = 32 * 1024
_AT_ONCE = threading.BoundedSemaphore(4)
"""Each look at a password takes memory and a core: never many in one process."""

_hasher = PasswordHasher(time_cost=3, memory_cost=_MEMORY_KIB, parallelism=1)


class WeakPasswordError(ValueError):
    """A password is too easy; the message is a machine word for why.

    "short", "long", "simple" (known from breaches, or guessed soon) or "own" (her own
    address).
    """


def check_strength(password: str, email: str) -> None:
    """Raise WeakPasswordError unless a password is long and hard to guess.

    No kind of character is asked for. The 30,000 most used passwords of known breaches,
    names, dates, rows of keys and words of ours count for little in what it holds.
    """
    if len(password) < SHORTEST:
        raise WeakPasswordError("short")
    if len(password) > LONGEST:
        raise WeakPasswordError("long")
    folded = password.casefold()
    left = folded.replace(email.casefold(), "")
    left = left.replace(email.casefold().partition("@")[0], "")
    if len(left) < SHORTEST // 2:
        raise WeakPasswordError("own")
    hers = [each for each in re.split(r"[^\w]+", email.casefold()) if each]
    if _score(password[:_LOOKED_AT], [*hers, *CONTEXT]) < HARD_TO_GUESS:
        raise WeakPasswordError("simple")


def _score(password: str, known: list[str]) -> int:
    from zxcvbn import zxcvbn

    return int(zxcvbn(password, user_inputs=known)["score"])


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
