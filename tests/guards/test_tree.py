"""What may not be in any file of this repository: addresses of one machine or network.

A city clones this tree and installs it with its own index of packages, in its own
folder. Each rule keeps a bad example that it must find, and looks at every file.
"""

import functools
import re
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tests.need import ROOT

FEWEST_FILES = 50

# Brackets keep these patterns from finding themselves.
RULES: Mapping[str, re.Pattern[str]] = {
    "the host of a package registry": re.compile(
        r"pypi[.]org|pythonhoste[d]|registry[.]npmjs|npmjs[.]org|proxy[.]golang"
        r"|deb[.]debian|crates[.]io|download[.]pytorch|(?m:^--(extra-)?index-url)"
        r"|(?m:^--find-links)",
    ),
    "a path of one machine": re.compile(
        r"(?<![\w.~/:-])/(?:work|root|home|Users|tmp|opt|mnt)/[\w.]",
    ),
    "an unfinished place": re.compile(r"\b(?:TO[D]O|FIX[M]E|XX[X])\b"),
    "a conflict of two edits": re.compile(r"(?m)^(?:<{7}|>{7}) "),
}
BAD_EXAMPLES = {
    "the host of a package registry": "--index-url https://pypi" + ".org/simple",
    "a path of one machine": 'open("' + "/home" + '/ayse/plans.db")',
    "an unfinished place": "# TO" + "DO: finish",
    "a conflict of two edits": "<" * 7 + " HEAD",
}
LEFTOVER = re.compile(r"(?:[.](?:orig|rej|bak|swp|tmp|pyc|mo|db|log)|~)$")
LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)")


@functools.cache
def texts() -> dict[str, str]:
    """Return every text file that is, or is about to be, in the repository."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.split("\0")
    paths = [name for name in listed if name and (ROOT / name).is_file()]
    return {name: text for name in paths if (text := read(ROOT / name)) is not None}


def read(path: Path) -> str | None:
    """Return the text of a file, or None if it is a picture or a sound."""
    content = path.read_bytes()
    return None if b"\0" in content else content.decode("utf-8")


def found(rule: str) -> Iterator[str]:
    """Name every place that breaks a rule, as file, line and what stands there."""
    for name, text in texts().items():
        for match in RULES[rule].finditer(text):
            line = text.count("\n", 0, match.start()) + 1
            yield f"{name}:{line}: {match.group()}"


def broken_links(name: str, text: str) -> Iterator[str]:
    """Name every relative link of a page that leads nowhere."""
    for match in LINK.finditer(text):
        if not (ROOT / name).parent.joinpath(match.group(1)).exists():
            yield f"{name}: {match.group(1)}"


def test_the_guard_sees_the_tree() -> None:
    assert len(texts()) >= FEWEST_FILES
    assert {"Makefile", "pyproject.toml", "requirements.lock"} <= texts().keys()


@pytest.mark.parametrize("rule", RULES)
def test_no_file_holds(rule: str) -> None:
    assert list(found(rule)) == []


@pytest.mark.parametrize("rule", RULES)
def test_each_rule_bites(rule: str) -> None:
    assert RULES[rule].search(BAD_EXAMPLES[rule])


def test_no_tool_left_a_file_behind() -> None:
    assert [name for name in texts() if LEFTOVER.search(name)] == []
    assert LEFTOVER.search("bot/services/outbox.py" + ".orig")


@pytest.mark.parametrize(
    "harmless",
    [
        "/usr/bin/chromium",
        "https://city.example/home/plans",
        "../shared/work/x",
        "a/tmp/b",
    ],
)
def test_a_path_of_any_machine_passes(harmless: str) -> None:
    assert not RULES["a path of one machine"].search(harmless)


def test_every_link_between_pages_leads_somewhere() -> None:
    pages = {name: text for name, text in texts().items() if name.endswith(".md")}
    assert pages
    assert [fault for page in pages.items() for fault in broken_links(*page)] == []


def test_a_broken_link_is_seen() -> None:
    assert list(broken_links("docs/x.md", "see [here](gone.md#part)")) == [
        "docs/x.md: gone.md"
    ]


@pytest.mark.parametrize(
    "secret", [".env", "var/buurtstem.db", "var/media/1.ogg", ".venv/bin/python"]
)
def test_git_never_takes(secret: str) -> None:
    asked = subprocess.run(["git", "check-ignore", "-q", secret], cwd=ROOT, check=False)
    assert asked.returncode == 0
