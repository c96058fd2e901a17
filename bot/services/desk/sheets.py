"""Tables for a spreadsheet, in which nothing is taken for a formula."""

import csv
import re
import zipfile
from collections.abc import Iterator, Sequence
from io import BytesIO, StringIO
from xml.sax.saxutils import escape

Cell = str | int | None
Row = Sequence[Cell]
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_SPACE = "http://schemas.openxmlformats.org"
_TYPES = f"""<?xml version="1.0" encoding="UTF-8"?>
<Types xmlns="{_SPACE}/package/2006/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>
<Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>
</Types>"""  # noqa: E501 - the format's own names
_LINK = (
    '<?xml version="1.0" encoding="UTF-8"?><Relationships '
    f'xmlns="{_SPACE}/package/2006/relationships"><Relationship Id="r1" '
    f'Type="{_SPACE}/officeDocument/2006/relationships/%s" Target="%s"/>'
    "</Relationships>"
)
_BOOK = (
    '<?xml version="1.0" encoding="UTF-8"?><workbook '
    f'xmlns="{_SPACE}/spreadsheetml/2006/main" '
    f'xmlns:r="{_SPACE}/officeDocument/2006/relationships"><sheets>'
    '<sheet name="1" sheetId="1" r:id="r1"/></sheets></workbook>'
)


def write_csv(rows: Sequence[Row]) -> bytes:
    """Return rows as a file that spreadsheets open: UTF-8 with its mark.

    What would be taken for a formula begins with an apostrophe.
    """
    made = StringIO(newline="")
    csv.writer(made).writerows([[_harmless(cell) for cell in row] for row in rows])
    return made.getvalue().encode("utf-8-sig")


def write_xlsx(rows: Sequence[Row]) -> bytes:
    """Return rows as a workbook of one sheet: words as words, numbers as numbers."""
    made = BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("[Content_Types].xml", _TYPES)
        book.writestr("_rels/.rels", _LINK % ("officeDocument", "xl/workbook.xml"))
        book.writestr("xl/workbook.xml", _BOOK)
        sheet = _LINK % ("worksheet", "worksheets/sheet1.xml")
        book.writestr("xl/_rels/workbook.xml.rels", sheet)
        book.writestr("xl/worksheets/sheet1.xml", "".join(_sheet(rows)))
    return made.getvalue()


def _harmless(cell: Cell) -> Cell:
    is_formula = isinstance(cell, str) and cell.startswith(_FORMULA)
    return f"'{cell}" if is_formula else cell


def _sheet(rows: Sequence[Row]) -> Iterator[str]:
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield f'<worksheet xmlns="{_SPACE}/spreadsheetml/2006/main"><sheetData>'
    for row in rows:
        yield f"<row>{''.join(map(_cell, row))}</row>"
    yield "</sheetData></worksheet>"


def _cell(cell: Cell) -> str:
    if cell is None:
        return "<c/>"
    if isinstance(cell, int):
        return f"<c><v>{cell}</v></c>"
    words = escape(_UNSEEN.sub("", cell))
    return f'<c t="inlineStr"><is><t xml:space="preserve">{words}</t></is></c>'
