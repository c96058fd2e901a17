"""The square code on a photo of the letter: found, and its token read."""

from urllib.parse import unquote

from bot.domain.passes import token_in
from bot.services.pictures import opened

LONGEST_SIDE = 3_000
"""Pixels that are enough for a square on a whole page; more only take time."""


def pass_token(data: bytes) -> str:
    """Return the token of a voting pass whose square is on a photo, "" if none is.

    Other squares are passed over: only what our letters hold counts, whatever link it
    stands in. Raises ValueError for what is no picture or has too many pixels.
    """
    import zxingcpp

    picture = opened(data).convert("L")
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    kind = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
    squares = zxingcpp.read_barcodes(picture, formats=kind)
    tokens = (token_in(unquote(each.text)) for each in squares)
    return next((token for token in tokens if token), "")
