"""The table of requirements is whole: each of ASVS 5.0, levels 1 and 2, stands once."""

import re

import pytest

from tests.need import ROOT

PAGE = ROOT / "docs" / "security.md"
ROW = re.compile(
    r"(?m)^\| (\d+\.\d+\.\d+) \| ([12]) \| (.+?) \| (\S+) \| (.*) \| (.*) \|$"
)
FIRST, BOTH = 70, 253
"""How many requirements have level 1, and how many 1 or 2, in version 5.0.0."""

SECTIONS = (
    "1.1:2 1.2:9 1.3:11 1.4:3 1.5:2 2.1:3 2.2:3 2.3:4 2.4:1 3.2:2 3.3:4 3.4:6 3.5:5"
    " 3.7:2 4.1:3 4.2:1 4.3:2 4.4:4 5.1:1 5.2:3 5.3:2 5.4:3 6.1:3 6.2:12 6.3:4 6.4:4"
    " 6.5:5 6.6:3 6.8:4 7.1:3 7.2:4 7.3:2 7.4:5 7.5:2 7.6:2 8.1:2 8.2:3 8.3:1 8.4:1"
    " 9.1:3 9.2:4 10.1:2 10.2:2 10.3:4 10.4:11 10.5:5 10.6:2 10.7:3 11.1:2 11.2:3"
    " 11.3:3 11.4:4 11.5:1 11.6:1 12.1:3 12.2:2 12.3:4 13.1:1 13.2:5 13.3:2 13.4:5"
    " 14.1:2 14.2:4 14.3:3 15.1:3 15.2:3 15.3:7 16.1:1 16.2:5 16.3:4 16.4:3 16.5:3"
    " 17.1:1 17.2:4 17.3:2"
)
"""How many of each section have level 1 or 2; those come first in a section."""


def rows() -> list[tuple[str, ...]]:
    return ROW.findall(PAGE.read_text("utf-8"))


def expected() -> list[str]:
    counts = (each.split(":") for each in SECTIONS.split())
    return [f"{of}.{at}" for of, most in counts for at in range(1, int(most) + 1)]


def test_every_requirement_stands_there_once() -> None:
    named = [number for number, *_ in rows()]
    assert len(named) == BOTH
    assert named == expected()
    assert sum(level == "1" for _, level, *_ in rows()) == FIRST


@pytest.mark.parametrize("number", [number for number, *_ in rows()])
def test_a_line_says_how_or_why_not(number: str) -> None:
    found = next(row for row in rows() if row[0] == number)
    _, _, asked, state, how, tests = found
    assert asked
    assert state in {"met", "n/a", "open"}
    assert how.strip()
    assert ("`tests/" in tests) <= (state == "met")
    if state == "open":
        assert len(how) > 20, "an open line says why"


def test_the_page_counts_itself_rightly() -> None:
    states = [row[3] for row in rows()]
    text = " ".join(PAGE.read_text("utf-8").split())
    met, not_here, left = (states.count(each) for each in ("met", "n/a", "open"))
    assert f"{met} met, {not_here} not applicable, {left} open" in text
    tested = sum("`tests/" in row[5] for row in rows())
    assert f"{tested} of these name tests" in text
    assert f"the other {met - tested} were found by reading" in text
