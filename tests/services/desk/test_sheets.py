"""Tables to take away: whoever opens one runs nothing, and loses nothing."""

import csv
from datetime import UTC, date, datetime
from io import BytesIO, StringIO
from typing import Any

import pytest
from openpyxl import load_workbook

from bot.domain.money import Money
from bot.services.desk.sheets import CSV, MIMES, XLSX, Value, as_csv, as_file, as_xlsx

ZONE = "Europe/Amsterdam"
NOON = datetime(2026, 5, 4, 10, 0, 30, 5, tzinfo=UTC)
FORMULAS = [
    "=1+1",
    '=HYPERLINK("http://evil.example";"x")',
    "+31612345678",
    "-2+3",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "  =1+1",
    "\u200f=1+1",
    "＝1+1",
    "=cmd|' /C calc'!A0",
]


def read_csv(data: bytes) -> list[list[str]]:
    text = data.decode("utf-8-sig")
    return list(csv.reader(StringIO(text, newline=""), delimiter=";"))


def read_xlsx(data: bytes) -> list[list[Any]]:
    sheet = load_workbook(BytesIO(data)).active
    return [list(row) for row in sheet.iter_rows()]


@pytest.mark.parametrize("text", FORMULAS)
def test_no_text_begins_like_a_formula_in_csv(text: str) -> None:
    _, (cell, other) = read_csv(as_csv(["Plan", "x"], [[text, 1]], ZONE))
    assert cell == f"'{text}"
    assert other == "1"


@pytest.mark.parametrize("text", FORMULAS)
def test_every_text_is_typed_as_a_text_in_a_workbook(text: str) -> None:
    _, (cell,) = read_xlsx(as_xlsx(["Plan"], [[text]], ZONE, "Plans"))
    assert cell.data_type == "s"
    assert cell.value.strip() == text.strip()
    assert cell.quotePrefix


def test_ordinary_words_stay_as_they_are() -> None:
    words = ["Een bank; onder 'de' \"linde\"", "مقعد في الساحة", "a\nb", "O=1", "’s"]
    _, row = read_csv(as_csv(["a"] * 5, [words], ZONE))
    assert row == words
    _, cells = read_xlsx(as_xlsx(["a"] * 5, [words], ZONE, "x"))
    assert [cell.value for cell in cells] == words


def test_a_comma_starts_no_cell_of_its_own() -> None:
    assert b'"a,=1+1"' in as_csv(["x"], [["a,=1+1"]], ZONE)


def test_moments_are_local_and_numbers_are_numbers() -> None:
    row: list[Value] = [NOON, date(2026, 5, 4), Money(125050), -3, 1.5, True, None]
    head = ["a", "b", "c", "d", "e", "f", "g"]
    _, told = read_csv(as_csv(head, [row], ZONE))
    expected = ["2026-05-04 12:00:30", "2026-05-04", "1250.5", "-3", "1.5", "1", ""]
    assert told == expected
    _, cells = read_xlsx(as_xlsx(head, [row], ZONE, "x"))
    assert cells[0].value == datetime(2026, 5, 4, 12, 0, 30)  # noqa: DTZ001
    assert [cell.value for cell in cells[2:]] == [1250.5, -3, 1.5, 1, None]


def test_what_no_workbook_holds_is_left_out() -> None:
    text = "a\x00\x0bb" + "x" * 40_000
    _, (cell,) = read_xlsx(as_xlsx(["x"], [[text]], ZONE, "a/b:c[d]*?\\" + "e" * 40))
    assert cell.value.startswith("abx")
    assert len(cell.value) == 32_767


@pytest.mark.parametrize(("form", "begin"), [(CSV, b"\xef\xbb\xbf"), (XLSX, b"PK")])
def test_a_file_of_either_form_has_its_type(form: str, begin: bytes) -> None:
    assert as_file(form, ["x"], [["y"]], ZONE, "x").startswith(begin)
    assert form in MIMES
