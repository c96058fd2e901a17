"""Every number that a browser sends is read in one place, and none is too long."""

import re

import pytest

from bot.web.desk.frame import whole_number
from tests.need import ROOT

LONG = ("9" * 16, "10000000000000000000", "0" * 5_000)
_READS = re.compile(r"\bint\((?!max=)|\btype=int\b")


@pytest.mark.parametrize(
    ("text", "number"),
    [("0", 0), ("007", 7), ("9" * 15, 10**15 - 1), ("4711", 4711)],
)
def test_a_number_is_read(text: str, number: int) -> None:
    assert whole_number(text) == number


@pytest.mark.parametrize(
    "text", [None, "", " 7", "-1", "1.5", "1_0", "٣", "²", "x", *LONG]
)
def test_what_no_column_holds_is_none(text: str | None) -> None:
    assert whole_number(text) is None


def test_numbers_are_read_nowhere_else() -> None:
    readers = {
        path.name
        for path in (ROOT / "bot/web/desk").rglob("*.py")
        if _READS.search(path.read_text("utf-8"))
    }
    assert readers == {"frame.py"}
