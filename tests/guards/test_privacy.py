"""`docs/privacy.md` says what is there: a file of tests for each promise, settings."""

import re
from dataclasses import fields
from itertools import pairwise

import pytest

from bot.config import Settings
from tests.need import ROOT

PAGE = ROOT / "docs" / "privacy.md"
PROMISES = 15
HEADING = re.compile(r"(?m)^### (\d+)\. .+$")
FILE = re.compile(r"tests/promises/(test_(\d\d)_\w+\.py)")
TEST = re.compile(r"(?m)^def (test_\w+)")
SETTING = re.compile(r"`([A-Z][A-Z_]+)(?:=\w+)?`")


def sections() -> dict[int, str]:
    """Return the text below each numbered heading."""
    text = PAGE.read_text("utf-8")
    heads = [*HEADING.finditer(text)]
    ends = [*(after.start() for _, after in pairwise(heads)), len(text)]
    return {
        int(head[1]): text[head.end() : end]
        for head, end in zip(heads, ends, strict=True)
    }


def test_every_promise_has_a_section() -> None:
    assert list(sections()) == list(range(1, PROMISES + 1))


@pytest.mark.parametrize("number", range(1, PROMISES + 1))
def test_every_promise_has_a_file_of_tests_that_the_page_names(number: int) -> None:
    files = [*(ROOT / "tests" / "promises").glob(f"test_{number:02}_*.py")]
    assert len(files) == 1
    assert TEST.findall(files[0].read_text("utf-8"))
    named = {name for name, of in FILE.findall(sections()[number]) if int(of) == number}
    assert named == {files[0].name}


def test_every_promise_says_what_the_default_is() -> None:
    silent = [n for n, told in sections().items() if "\nDefault: " not in told]
    assert silent == []


def test_every_setting_that_is_named_exists() -> None:
    named = set(SETTING.findall(PAGE.read_text("utf-8")))
    known = {each.name.upper() for each in fields(Settings)}
    assert {"SECRET_KEY", "QUIET_HOURS"} <= named
    assert named <= known, named - known
