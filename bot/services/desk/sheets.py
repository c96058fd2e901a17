"""Tables to take away, as CSV and XLSX: what residents wrote never becomes a formula.

A spreadsheet runs a text that begins like a formula. In CSV, where cells have no type,
such a text gets an apostrophe before it; in XLSX every text is typed as one.
"""

import csv
import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from io import BytesIO, StringIO
from zoneinfo import ZoneInfo

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from bot.domain.money import Money

Value = str | int | float | bool | date | datetime | Money | None
Row = Sequence[Value]

CSV, XLSX = "csv", "xlsx"
MIMES = {
    CSV: "text/csv; charset=utf-8",
    XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_MOST_IN_A_CELL = 32_767
_WIDEST, _SPARE = 60, 2
_TITLE_LENGTH = 31
_NOT_IN_TITLES = str.maketrans(dict.fromkeys("[]:*?/\\", " "))


def safe_cell(text: str) -> str:
    """Return `text` so that no spreadsheet runs it when it is opened as CSV."""
    starts_it = text.lstrip(" \ufeff\u200e\u200f").startswith(_FORMULA)
    return f"'{text}" if starts_it or text.startswith(_FORMULA) else text


def as_csv(head: Sequence[str], rows: Iterable[Row], zone: str) -> bytes:
    """Return a table as CSV: UTF-8 with its mark, semicolons, every cell quoted.

    That opens in a Dutch spreadsheet as it is. Moments are written in local time of
    `zone`, money in euros, truth as 1 and 0.
    """
    kept, local = StringIO(newline=""), ZoneInfo(zone)
    writer = csv.writer(kept, delimiter=";", quoting=csv.QUOTE_ALL)
    writer.writerow([safe_cell(each) for each in head])
    for row in rows:
        writer.writerow([_in_csv(each, local) for each in row])
    return kept.getvalue().encode("utf-8-sig")


def as_xlsx(head: Sequence[str], rows: Iterable[Row], zone: str, title: str) -> bytes:
    """Return a table as a workbook of one sheet; its head stays in sight.

    Texts are typed as texts, whatever they look like. Moments are written in local time
    of `zone`, for a workbook knows none.
    """
    local = ZoneInfo(zone)
    made = [[_plain(each, local) for each in row] for row in rows]
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title.translate(_NOT_IN_TITLES)[:_TITLE_LENGTH])
    sheet.freeze_panes = "A2"
    for place, widest in enumerate(_widths(head, made), start=1):
        sheet.column_dimensions[get_column_letter(place)].width = widest
    sheet.append([_head_cell(sheet, each) for each in head])
    for row in made:
        sheet.append([_cell(sheet, each) for each in row])
    kept = BytesIO()
    book.save(kept)
    return kept.getvalue()


def as_file(
    form: str, head: Sequence[str], rows: Iterable[Row], zone: str, title: str
) -> bytes:
    """Return a table in `form`, CSV or XLSX; its type is `MIMES[form]`."""
    if form == XLSX:
        return as_xlsx(head, rows, zone, title)
    return as_csv(head, rows, zone)


def _in_csv(value: Value, zone: ZoneInfo) -> str | int | float:
    plain = _plain(value, zone)
    if isinstance(plain, str):
        return safe_cell(plain)
    if isinstance(plain, datetime):
        return f"{plain:%Y-%m-%d %H:%M:%S}"
    if isinstance(plain, date):
        return plain.isoformat()
    return "" if plain is None else plain


def _plain(value: Value, zone: ZoneInfo) -> str | int | float | date | None:
    """Return a value of a type that sheets have."""
    if isinstance(value, str):
        return _NOT_IN_XML.sub("", value)[:_MOST_IN_A_CELL]
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, Money):
        return value.cents / 100
    if isinstance(value, datetime):
        return value.astimezone(zone).replace(tzinfo=None, microsecond=0)
    return value


def _cell(sheet: object, value: str | float | date | None) -> object:
    cell = WriteOnlyCell(sheet, value)
    if isinstance(value, str):
        cell.data_type = "s"  # "=1+1" is what somebody wrote, no sum
        cell.quotePrefix = True  # and stays so when somebody edits the cell
    return cell


def _head_cell(sheet: object, word: str) -> object:
    cell = WriteOnlyCell(sheet, word)
    cell.data_type, cell.font = "s", Font(bold=True)
    return cell


def _widths(head: Sequence[str], rows: Sequence[Sequence[object]]) -> list[int]:
    widest = [len(each) for each in head]
    for row in rows:
        for place, value in enumerate(row):
            widest[place] = max(widest[place], min(len(str(value)), _WIDEST))
    return [each + _SPARE for each in widest]
