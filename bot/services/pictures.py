"""Pictures that people send, opened with care: three formats, and not without end."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL import Image

MOST_PIXELS = 40_000_000
LONGEST_SIDE = 1_600
QUALITY = 82


def opened(data: bytes) -> Image.Image:
    """Return a picture in colour, turned upright.

    Raises ValueError for anything that is no picture, or has more pixels than a camera
    makes.
    """
    from PIL import Image, ImageOps, UnidentifiedImageError

    try:
        with Image.open(io.BytesIO(data), formats=("JPEG", "PNG", "WEBP")) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise ValueError("too many pixels")
            return ImageOps.exif_transpose(picture).convert("RGB")
    except (UnidentifiedImageError, OSError, SyntaxError) as error:
        raise ValueError("not a picture") from error


def without_traces(
    data: bytes, longest: int = LONGEST_SIDE, quality: int = QUALITY
) -> bytes:
    """Return a photo as JPEG without EXIF, position or any other hidden data.

    It is turned upright first and made at most `longest` pixels long. Raises ValueError
    for anything that is no picture, or has more pixels than a camera makes.
    """
    from PIL import Image

    upright = opened(data)
    upright.thumbnail((longest, longest))
    clean = Image.new("RGB", upright.size)
    clean.paste(upright)
    written = io.BytesIO()
    clean.save(written, "JPEG", quality=quality)
    return written.getvalue()
