"""The documentation says what is there: settings, commands, routes, links, tests."""

import re
from collections.abc import Iterator
from dataclasses import fields
from functools import cache
from typing import Any

import click
import pytest
from flask import Flask
from PIL import Image

import bot.__main__  # noqa: F401 - adds the processes to the commands
from bot import cli
from bot.config import QuietHours, Settings, read_settings
from bot.web.routes import register
from tests.need import ROOT

SECRET = {"SECRET_KEY": "an invented city keeps no secrets here"}
SPAN = re.compile(r"`([^`\n]+)`")
ROUTE = re.compile(r"`(GET|POST) (/[^`]*)`")
LINK = re.compile(r"\]\(([^)#\s]*)#([^)\s]+)\)")
HEADING = re.compile(r"(?m)^#{1,6} (.+)$")
FENCE = re.compile(r"(?ms)^```.*?^```$")
SHELL = re.compile(r"(?ms)^```sh\n(.*?)^```$")
TEST = re.compile(r"`(tests/[\w/]+\.py)(?:::(\w+))?`")
PLACE = re.compile(r"`((?:bot|transcription|tests|tools|docs|locales)/[\w./-]*)`")
LARGEST_BYTES = 150_000


def pages() -> dict[str, str]:
    """Return every page for people, by its path."""
    found = [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("locales/*.md")]
    return {str(path.relative_to(ROOT)): path.read_text("utf-8") for path in found}


def rows(page: str, heading: str) -> list[list[str]]:
    """Return the cells of the first table below a heading, without its head."""
    section = re.split(rf"(?m)^#+ {re.escape(heading)}$", pages()[page])[1]
    lines = re.search(r"(?m)(?:^\|.*\n)+", section)
    assert lines, heading
    cells = [line.strip("| \n").split(" | ") for line in lines[0].splitlines()]
    return cells[2:]


def shown(value: object) -> str:
    """Return a default as the README writes it."""
    if value is None:
        return "none"
    if isinstance(value, QuietHours):
        return f"`{value.start:%H:%M}-{value.end:%H:%M}`"
    return f"`{value:g}`" if isinstance(value, float) else f"`{value}`"


def test_every_setting_is_in_the_readme_with_its_default() -> None:
    settings = read_settings(SECRET)
    true = {
        f"`{each.name.upper()}`": shown(getattr(settings, each.name))
        for each in fields(Settings)
    }
    true["`SECRET_KEY`"] = "none, must be set"
    told = {name: default for name, default, _ in rows("README.md", "Settings")}
    assert told == true


def test_the_settings_of_a_city_are_settings() -> None:
    (block,) = re.findall(r"(?ms)^```ini\n(SECRET_KEY=.*?)^```$", pages()["README.md"])
    named = [line.partition("=")[0] for line in block.splitlines()]
    assert len(named) == 8
    assert {name.lower() for name in named} <= {each.name for each in fields(Settings)}


def commands(group: click.Group, before: str = "buurtstem") -> Iterator[Any]:
    """Yield each command that can be run, by its whole name; hidden ones too."""
    for name, command in group.commands.items():
        whole = f"{before} {name}"
        if not isinstance(command, click.Group) or command.invoke_without_command:
            yield whole, command
        if isinstance(command, click.Group):
            yield from commands(command, whole)


def options(command: click.Command) -> set[str]:
    """Return the long options of a command."""
    of = [each for each in command.params if isinstance(each, click.Option)]
    return {name for each in of for name in (*each.opts, *each.secondary_opts)}


def test_every_command_is_in_the_readme_with_its_options() -> None:
    true = {
        f"`{name}`": options(command)
        for name, command in commands(cli.main)
        if not command.hidden
    }
    told = {
        name: set(re.findall(r"`(--[\w-]+)", meaning))
        for name, meaning in rows("README.md", "Commands")
    }
    assert told == true


def application() -> Flask:
    app = Flask("bot.web", static_folder=None)
    register(app)
    return app


def test_every_route_is_in_the_readme() -> None:
    true = {
        (method, re.sub(r"<[^>]+:", "<", rule.rule))
        for rule in application().url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if not rule.endpoint.endswith("static")
    }
    told = ROUTE.findall("\n".join(map(" | ".join, rows("README.md", "Routes"))))
    assert len(told) == len(set(told))
    assert set(told) == true


def shell_lines() -> list[str]:
    """Return every line a reader may paste, and every piece of code in the text."""
    lines = []
    for text in pages().values():
        lines += [line for block in SHELL.findall(text) for line in block.splitlines()]
        lines += SPAN.findall(FENCE.sub("", text))
    return [line for line in lines if re.match(r"[\w./ =-]*\b(make|buurtstem) ", line)]


def targets() -> set[str]:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    return set(re.findall(r"(?m)^([a-z-]+):", makefile))


def fault_of(line: str) -> str | None:
    """Tell what is wrong with a line that calls make or buurtstem, if anything."""
    words = line.split()
    at = next(
        i for i, w in enumerate(words) if re.fullmatch(r"(\S*/)?(make|buurtstem)", w)
    )
    if words[at] == "make":
        wanted = [word for word in words[at + 1 :] if "=" not in word]
        return next((each for each in wanted if each not in targets()), None)
    return _fault_of_command(words[at + 1 :])


def _fault_of_command(words: list[str]) -> str | None:
    command: click.Command = cli.main
    rest = list(words)
    while isinstance(command, click.Group) and rest and not rest[0].startswith("-"):
        found = command.commands.get(rest[0])
        if found is None:
            return rest[0]
        command = found
        rest.pop(0)
    known = options(command) | {"--help", "--version"}
    return next((o for o in rest if o.startswith("--") and o not in known), None)


def test_every_command_that_is_named_exists() -> None:
    lines = shell_lines()
    assert len(lines) > 30
    assert {line: fault_of(line) for line in lines if fault_of(line)} == {}


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("make everything", "everything"),
        ("PORT=8090 make run", None),
        (".venv/bin/buurtstem plans hide 30", "hide"),
        ("buurtstem serve --fast", "--fast"),
        ("buurtstem telegram webhook", None),
    ],
)
def test_a_command_that_is_not_there_is_seen(line: str, fault: str | None) -> None:
    assert fault_of(line) == fault


@cache
def anchors(page: str) -> set[str]:
    """Return where a link into a page may lead, as common viewers name headings."""
    heads = HEADING.findall(FENCE.sub("", pages()[page]))
    plain = [re.sub(r"[^\w\- ]", "", head.lower()) for head in heads]
    return {head.replace(" ", "-") for head in plain}


def test_every_link_to_a_heading_leads_to_one() -> None:
    seen, lost = 0, []
    for page, text in pages().items():
        for target, anchor in LINK.findall(text):
            if target.startswith("http"):
                continue
            seen += 1
            path = (ROOT / page).parent / target if target else ROOT / page
            there = str(path.resolve().relative_to(ROOT))
            if there.endswith(".md") and anchor not in anchors(there):
                lost.append(f"{page}: {target}#{anchor}")
    assert seen > 20
    assert lost == []


def test_every_test_that_is_named_exists() -> None:
    named = [found for text in pages().values() for found in TEST.findall(text)]
    assert len(named) > 15
    lost = [f"{path}::{test}" for path, test in named if not _has(path, test)]
    assert lost == []


def _has(path: str, test: str) -> bool:
    file = ROOT / path
    return file.is_file() and (not test or f"def {test}(" in file.read_text("utf-8"))


def test_every_file_that_is_named_exists() -> None:
    named = {found for text in pages().values() for found in PLACE.findall(text)}
    assert len(named) > 30
    assert [each for each in sorted(named) if not (ROOT / each).exists()] == []


def test_the_house_plan_names_every_room() -> None:
    told = {name.strip("`") for name, *_ in rows("README.md", "The house plan")}
    rooms = {f"bot/{each.parent.name}/" for each in ROOT.glob("bot/*/__init__.py")}
    assert rooms <= told


def test_every_picture_is_small_and_described() -> None:
    pictures = sorted(ROOT.glob("docs/pictures/*.png"))
    shown = re.findall(r"!\[([^]]*)\]\(([^)]+)\)", pages()["README.md"])
    described = {place: words for words, place in shown}
    assert pictures
    for picture in pictures:
        assert picture.stat().st_size < LARGEST_BYTES
        assert len(described[str(picture.relative_to(ROOT))]) > 40
        with Image.open(picture) as opened:
            assert opened.width in {390, 1100}
