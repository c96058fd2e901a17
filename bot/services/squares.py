"""The square code on a photo of the letter: found, and its token read."""

from urllib.parse import unquote

from bot.domain.passes import token_in
from bot.services.child import open_file

LONGEST_SIDE = 3_000
"""Pixels that are enough for a square on a whole page; more only take time."""


def pass_token(data: bytes) -> str:
    """Return the token of a voting pass whose square is on a photo, "" if none is.

    Other squares are passed over: only what our letters hold counts, whatever link it
    stands in. Raises ValueError for what is no picture or has too many pixels.
    """
    found, _ = open_file("squares", data, LONGEST_SIDE)
    tokens = (token_in(unquote(each)) for each in found["found"])
    return next((token for token in tokens if token), "")
