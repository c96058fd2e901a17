"""Small checks at the edge: what comes from outside is nothing until proven."""

import math
from urllib.parse import urlsplit

BODY_BYTES = 1024 * 1024
"""A webhook body above this is not read: no provider sends one."""

MOST_BITS = 63
ADDRESS_LENGTH = 160
"""The longest address that is stored; WhatsApp's own are at most 140 long."""

_LOOPBACK = {"127.0.0.1", "::1", "localhost"}


def as_dict(value: object) -> dict[str, object]:
    """Return a JSON object as it is, and anything else as an empty one."""
    return value if isinstance(value, dict) else {}


def as_int(value: object) -> int | None:
    """Return a JSON integer of at most 63 bits (true and false are none).

    JSON knows no limit, but every number after it does.
    """
    if not isinstance(value, int) or isinstance(value, bool):
        return None
    return value if value.bit_length() <= MOST_BITS else None


def as_text(value: object) -> str | None:
    """Return a string that every database and encoder takes, or None for non-strings.

    NUL and lone halves of surrogate pairs are legal in JSON and nowhere after it.
    """
    if not isinstance(value, str):
        return None
    if value.isascii():
        return value.replace("\0", "")
    whole = value.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return whole.replace("\0", "")


def as_degrees(value: object, most: float) -> float | None:
    """Return a coordinate between -`most` and `most`, from a number or its text."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        degrees = float(value)
    except (ValueError, OverflowError):
        return None
    return degrees if math.isfinite(degrees) and abs(degrees) <= most else None


def is_loopback(url: str) -> bool:
    """Tell whether `url` leads to this machine, where no proxy may stand between."""
    return urlsplit(url).hostname in _LOOPBACK
