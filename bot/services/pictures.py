"""Pictures that people send, opened with care: three formats, and not without end."""

from bot.services.child import open_file

LONGEST_SIDE = 1_600
QUALITY = 82


def without_traces(
    data: bytes, longest: int = LONGEST_SIDE, quality: int = QUALITY
) -> bytes:
    """Return a photo as JPEG without EXIF, position or any other hidden data.

    It is turned upright first and made at most `longest` pixels long. Raises ValueError
    for anything that is no picture, or has more pixels than a camera makes.
    """
    _, made = open_file("photo", data, longest, quality)
    return made
