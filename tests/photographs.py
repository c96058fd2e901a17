"""Pictures for tests: real files, small or full of detail."""

import io
import random

from PIL import Image


def jpeg(width: int, height: int, colour: str = "green") -> bytes:
    """Return a JPEG of one colour."""
    written = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(written, "JPEG")
    return written.getvalue()


def noise(width: int, height: int) -> bytes:
    """Return a PNG that no compression makes small: every point is another one."""
    points = random.Random(7).randbytes(width * height * 3)
    written = io.BytesIO()
    Image.frombytes("RGB", (width, height), points).save(written, "PNG")
    return written.getvalue()
