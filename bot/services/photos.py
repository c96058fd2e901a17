"""Photos at intake: smaller, and without what the camera wrote into them."""

import io

from PIL import Image, ImageOps, UnidentifiedImageError

MOST_PIXELS = 40_000_000
LONGEST_SIDE = 1_600
QUALITY = 82


def without_traces(data: bytes) -> bytes:
    """Return a photo as JPEG without EXIF, position or any other hidden data.

    It is turned upright first and made at most 1,600 pixels long. Raises ValueError for
    anything that is no picture, or has more pixels than a camera makes.
    """
    try:
        with Image.open(io.BytesIO(data), formats=("JPEG", "PNG", "WEBP")) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise ValueError("too many pixels")
            upright = ImageOps.exif_transpose(picture).convert("RGB")
    except (UnidentifiedImageError, OSError, SyntaxError) as error:
        raise ValueError("not a picture") from error
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    clean = Image.new("RGB", upright.size)
    clean.paste(upright)
    written = io.BytesIO()
    clean.save(written, "JPEG", quality=QUALITY)
    return written.getvalue()
