"""Voting passes: how a code is made, read, checked and shown, and what guessing yields.

A code is 12 or 16 digits: random ones and two check digits (ISO 7064 mod 97-10). The
check finds slips, so that a slip is not a guess; it keeps nobody from guessing, for the
rule is known. The square code of a letter carries a long token of its own.
"""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from math import ceil

LENGTHS = (12, 16)
CHECK_DIGITS = 2
GROUP = 4
SERIAL_DIGITS = 6
TOKEN_SIGNS = "23456789abcdefghjkmnpqrstuvwxyz"  # noqa: S105 - an alphabet
TOKEN_LENGTH = 20
TOKEN_MARK = "k_"  # noqa: S105 - what stands before one
TEST_CODE, TEST_TOKEN = "0000", "test"
"""How codes and tokens of test passes begin; real ones never do."""

MOST_HITS = 0.05
"""Lucky guesses that may be expected over all voting weeks."""

WRONG_AN_HOUR = 80
"""Wrong codes typed in new chats in an hour, everywhere, before all of them wait."""

ALARM_AN_HOUR = 100
"""Unknown codes in an hour, everywhere, at which staff are alarmed."""

UNKNOWN_A_DAY, SLIPS_A_DAY = 5, 20
"""Unknown codes and slips in one chat in a day, before it waits."""

MOST_PER_CHAT = 6
"""Passes that may be used in one chat."""

LEAST_WHOLE = 9
"""Digits typed at once from which a whole pass is meant, and no group of it."""

_MODULUS = 97
_NO_BREAK = "\u00a0"
_BETWEEN = re.compile(r"[\s\-\u2010-\u2015\u2212.,·/|]+")
_RUN = re.compile(r"\d(?:[\s\-\u2010-\u2015\u2212.,·/|]*\d)*")
_TOKEN = re.compile(
    rf"(?<![a-z0-9]){TOKEN_MARK}([{TOKEN_SIGNS}]{{{TOKEN_LENGTH}}})(?![a-z0-9])"
)


class PassClass(StrEnum):
    """Who a pass is for. Ballots of test passes are never counted."""

    RESIDENT = "resident"
    BUSINESS = "business"
    COMMITTEE = "committee"
    TEST = "test"


class PassState(StrEnum):
    """Where a pass is: printed, open for voting, used, or void for good."""

    PRINTED = "printed"
    OPEN = "open"
    USED = "used"
    VOID = "void"


@dataclass(frozen=True, slots=True)
class Guesses:
    """What guessing yields: expected hits, of so many tries, at this chance each."""

    hits: float
    tries: int
    chance: float

    @property
    def too_many(self) -> bool:
        """Whether passes like these must not be made."""
        return self.hits > MOST_HITS


def expected_guesses(
    count: int, digits: int, days: int, wrong_an_hour: int = WRONG_AN_HOUR
) -> Guesses:
    """Return the lucky guesses to expect of `count` passes in `days` of voting.

    Somebody guesses all day and night, as fast as typed codes are taken from new chats.
    """
    chance = count / 10 ** (digits - CHECK_DIGITS)
    tries = wrong_an_hour * 24 * days
    return Guesses(tries * chance, tries, chance)


def days_of(seconds: float) -> int:
    """Return a stretch of time in whole days, begun ones too."""
    return max(ceil(seconds / 86_400), 1)


def with_check(body: str) -> str:
    """Return random digits with their two check digits behind them."""
    rest = int(body) * 100 % _MODULUS
    return f"{body}{_MODULUS + 1 - rest:02}"


def is_code(digits: str) -> bool:
    """Tell whether these digits 0-9 can be a code: its length, and its check."""
    return len(digits) in LENGTHS and int(digits) % _MODULUS == 1


def is_test(secret: str) -> bool:
    """Tell whether a code or a token is that of a test pass."""
    return secret.startswith((TEST_CODE, TEST_TOKEN))


def is_whole(secret: str) -> bool:
    """Tell whether this is meant to be a whole pass, code or token, not a part."""
    return len(secret) >= LEAST_WHOLE


def is_token(secret: str) -> bool:
    """Tell a token from a code."""
    return len(secret) == TOKEN_LENGTH and not secret.isdigit()


def code_of(token: str, digits: int) -> str:
    """Return the code that belongs to a token: both open the same pass.

    It is made from the token by SHA-256, so that a ballot has one key whichever of the
    two was used, and nobody can come from the code to the token.
    """
    drawn = int.from_bytes(sha256(f"{TOKEN_MARK}{token}".encode()).digest())
    lead = TEST_CODE if token.startswith(TEST_TOKEN) else ""
    width = digits - CHECK_DIGITS - len(lead)
    return with_check(f"{lead}{drawn % 10**width:0{width}}")


def groups(digits: str) -> tuple[str, ...]:
    """Return digits in fours, as they are printed and read out."""
    return tuple(digits[at : at + GROUP] for at in range(0, len(digits), GROUP))


def shown(digits: str) -> str:
    """Return a code as it is printed: fours, kept together and in order everywhere.

    A plain space would let a right-to-left line turn the groups around.
    """
    return _NO_BREAK.join(groups(digits))


def typed_digits(text: str) -> str | None:
    """Return the longest run of digits in `text`, as 0-9, in whatever script.

    Spaces, hyphens and the like between them do not count. None without digits.
    """
    runs = (_BETWEEN.sub("", found[0]) for found in _RUN.finditer(_in_ascii(text)))
    return max(runs, key=len, default=None)


def only_code(text: str) -> str | None:
    """Return the code that is all of `text`; None if it is no code, or not all."""
    bare = _BETWEEN.sub("", _in_ascii(text))
    return bare if bare.isascii() and bare.isdigit() and is_code(bare) else None


def token_in(text: str) -> str | None:
    """Return the token of a square code in `text` ("stem k_…"), if there is one."""
    found = _TOKEN.search(text.casefold())
    return found[1] if found else None


def _in_ascii(text: str) -> str:
    return "".join(_digit(character) for character in text)


def _digit(character: str) -> str:
    value = unicodedata.decimal(character, None)
    return character if value is None else str(value)
