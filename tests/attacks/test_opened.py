"""Files that were made to do harm are opened in a child that dies alone."""

import io
import struct
import zipfile
import zlib

import pytest
from PIL import Image

from bot.services.child import NotOpenedError, open_file
from bot.services.desk.plan_lists import ListRefusedError, _sheet
from bot.services.pictures import without_traces

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<!doctype html><script>alert(1)</script>"


def photo(width: int = 60, height: int = 40) -> bytes:
    kept = io.BytesIO()
    Image.new("RGB", (width, height), "green").save(kept, "JPEG")
    return kept.getvalue()


def pixel_bomb(side: int = 60_000) -> bytes:
    """Return a PNG of a few hundred bytes that says it has billions of pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        check = zlib.crc32(kind + data)
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", check)

    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    body = zlib.compress(b"\0" * 1000)
    parts = (("IHDR", head), ("IDAT", body), ("IEND", b""))
    made = (chunk(kind.encode(), data) for kind, data in parts)
    return b"\x89PNG\r\n\x1a\n" + b"".join(made)


def workbook(parts: dict[str, bytes]) -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in parts.items():
            packed.writestr(name, data)
    return kept.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(SVG, id="a drawing with a script"),
        pytest.param(HTML, id="a page named a photo"),
        pytest.param(b"\xff\xd8\xff\xe0" + HTML, id="a page that begins as a photo"),
        pytest.param(photo()[:200], id="half a photo"),
        pytest.param(pixel_bomb(), id="billions of pixels"),
        pytest.param(b"GIF89a" + HTML, id="another format"),
    ],
)
def test_what_is_no_photo_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"not a picture|too many pixels"):
        without_traces(data)


def test_what_is_hidden_behind_a_photo_does_not_come_through() -> None:
    clean = without_traces(photo() + HTML)
    assert b"script" not in clean
    assert clean.startswith(b"\xff\xd8")


@pytest.mark.parametrize(
    ("parts", "word"),
    [
        ({"xl/worksheets/sheet1.xml": b"0" * 41_000_000}, "list_large"),
        ({f"part{at}": b"" for at in range(201)}, "list_large"),
        ({"[Content_Types].xml": b"<nothing/>"}, "list_unread"),
        (
            {
                "[Content_Types].xml": b'<!DOCTYPE x [<!ENTITY a "b">'
                b'<!ENTITY c "&a;&a;&a;&a;">]><Types>&c;</Types>'
            },
            "list_unread",
        ),
    ],
)
def test_a_workbook_that_swells_or_lies_is_refused(
    parts: dict[str, bytes], word: str
) -> None:
    with pytest.raises(ListRefusedError, match=word):
        _sheet(workbook(parts))


def test_a_child_that_hangs_is_killed() -> None:
    with pytest.raises(NotOpenedError, match="too slow"):
        open_file("photo", photo(), 100, 80, wall_seconds=0.001)


def test_the_child_is_bound_and_knows_no_secret(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from bot.services import child

    monkeypatch.setattr(child, "MEMORY_BYTES", 40 * 1024 * 1024)
    with pytest.raises((NotOpenedError, RuntimeError)):
        without_traces(photo(4000, 3000))
    assert not {"SECRET_KEY", "DATABASE_URL"} & child._environment().keys()
