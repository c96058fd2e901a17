"""A program: a picture or a sheet on stdin, what is in it on stdout.

It is run as a child of its own for every file, because whoever sends one may have made
it to do harm: here it can crash, swell or hang without taking anybody along. It imports
nothing of this package, so that it starts quickly.

Arguments: the task, the memory in bytes, the processor seconds, and the numbers that
the task takes. The answer is one line of JSON and then the bytes of the file that was
made. The line holds `bad` (why nothing could be made) or what the task found.
"""

from __future__ import annotations

import contextlib
import io
import json
import resource
import sys
import zipfile
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from PIL import Image

MOST_PIXELS = 40_000_000
MOST_PARTS = 200
"""Files in a workbook; those of offices have a few dozen."""


class Refused(Exception):  # noqa: N818 - it says what is wrong
    """This is not what was asked for, or there is too much of it."""


def opened(data: bytes) -> Image.Image:
    """Return a picture in colour, turned upright. Raises Refused."""
    from PIL import Image, ImageOps, UnidentifiedImageError

    try:
        with Image.open(io.BytesIO(data), formats=("JPEG", "PNG", "WEBP")) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise Refused("too many pixels")
            return ImageOps.exif_transpose(picture).convert("RGB")
    except Image.DecompressionBombError as error:
        raise Refused("too many pixels") from error
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        raise Refused("not a picture") from error


def photo(data: bytes, longest: int, quality: int) -> tuple[dict[str, Any], bytes]:
    """Return a picture as JPEG, at most `longest` pixels long, without hidden data."""
    from PIL import Image

    upright = opened(data)
    upright.thumbnail((longest, longest))
    clean = Image.new("RGB", upright.size)
    clean.paste(upright)
    written = io.BytesIO()
    clean.save(written, "JPEG", quality=quality)
    return {}, written.getvalue()


def squares(data: bytes, longest: int) -> tuple[dict[str, Any], bytes]:
    """Return what the QR codes on a picture say."""
    import zxingcpp

    picture = opened(data).convert("L")
    picture.thumbnail((longest, longest))
    kind = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
    found = zxingcpp.read_barcodes(picture, formats=kind)
    return {"found": [each.text for each in found]}, b""


def sheet(
    data: bytes, most_unpacked: int, most_rows: int, most_columns: int, most_cell: int
) -> tuple[dict[str, Any], bytes]:
    """Return the rows of a workbook's first sheet, and one more where there are more.

    A formula stands there as it is written; nothing is worked out.
    """
    from openpyxl import load_workbook

    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        parts = packed.infolist()
    if len(parts) > MOST_PARTS or sum(p.file_size for p in parts) > most_unpacked:
        raise Refused("large")
    book = load_workbook(io.BytesIO(data), read_only=True, data_only=False)
    first = book.worksheets[0]
    if (first.max_row or 0) > most_rows + 1:
        return {"rows": [[]] * (most_rows + 1)}, b""
    rows = first.iter_rows(
        max_row=most_rows + 1, max_col=most_columns, values_only=True
    )
    return {"rows": [[_text(each, most_cell) for each in row] for row in rows]}, b""


def _text(value: object, most: int) -> str:
    return "" if value is None else str(value)[:most]


TASKS: Mapping[str, Callable[..., tuple[dict[str, Any], bytes]]] = {
    "photo": photo,
    "squares": squares,
    "sheet": sheet,
}


def limit(memory_bytes: int, processor_seconds: int) -> None:
    """Bind this process to its limits; it may write no files."""
    # Some systems know no limit on address space.
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CPU, (processor_seconds, processor_seconds))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main(task: str, memory_bytes: str, processor_seconds: str, *numbers: str) -> None:
    """Answer for the file on stdin."""
    limit(int(memory_bytes), int(processor_seconds))
    try:
        found, made = TASKS[task](sys.stdin.buffer.read(), *map(int, numbers))
    except Refused as refused:
        found, made = {"bad": str(refused)}, b""
    except MemoryError:
        found, made = {"bad": "too heavy"}, b""
    except Exception:  # noqa: BLE001 - libraries raise what they like on a broken file
        found, made = {"bad": "broken"}, b""
    sys.stdout.buffer.write(json.dumps(found).encode() + b"\n" + made)


if __name__ == "__main__":
    main(*sys.argv[1:])
