"""Hostile words at every exit: the desk, public pages, tables, papers, apps, logs."""

import csv
import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO, StringIO
from typing import Any
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient
from openpyxl import load_workbook
from playwright.sync_api import Page
from prometheus_client.parser import text_string_to_metric_families

from bot.app import create_app
from bot.logs import Lines
from bot.services.desk.exports import TABLES
from tests.attacks.hostile import ALL, FORMULA, MARK, WORDS, squeezed
from tests.attacks.hostile_town import (
    add_plans,
    add_rows,
    hostile_world,
    poison,
)
from tests.need import ROOT
from tests.web.conftest import log_in, one_time_token, read
from tests.web.screens import LAPTOP, chromium, served
from tests.web.test_every_page import PAGES, Where, fill
from tests.worlds import VOTING, World

LOOK = (ROOT / "tests" / "attacks" / "look.js").read_text("utf-8")


@dataclass
class Town:
    """A town of hostile words, and its browser."""

    world: World
    where: Where
    plans: dict[str, int]
    url: str
    log: StringIO


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    log = StringIO()
    handler = logging.StreamHandler(log)
    handler.setFormatter(Lines(lambda error: f"error={type(error).__name__}"))
    ours = logging.getLogger("bot")
    ours.addHandler(handler)
    ours.setLevel(logging.INFO)
    with hostile_world(tmp_path_factory.mktemp("town")) as world:
        where = fill(world)
        add_rows(world, where["chosen"])
        poison(world)
        plans = add_plans(world)
        with served(world.house) as url:
            yield Town(world, where, plans, url, log)
    ours.removeHandler(handler)
    ours.setLevel(logging.NOTSET)


@pytest.fixture(scope="module")
def page(town: Town) -> Iterator[Page]:
    """An administrator's browser, which reads in Dutch."""
    with chromium() as browser:
        shown = browser.new_page(viewport=LAPTOP)
        shown.on("dialog", lambda _: pytest.fail("a script ran"))
        shown.goto(f"{town.url}/desk/login#{one_time_token(town.world, 'admin')}")
        shown.wait_for_url(f"{town.url}/desk")
        yield shown


SILENT = {"open_pages.accessibility"}
"""Pages that show nobody's words; the head of the desk names who is there."""


@pytest.mark.parametrize("name", PAGES)
def test_no_page_takes_them_for_more_than_words(
    town: Town, page: Page, name: str
) -> None:
    asked: list[str] = []
    listener = lambda request: asked.append(request.url)  # noqa: E731
    page.on("request", listener)
    answer = page.goto(town.url + PAGES[name](town.where))
    page.remove_listener("request", listener)
    assert answer is not None
    assert answer.status == 200
    wrong, seen = page.evaluate(LOOK, MARK)
    assert wrong == []
    assert [url for url in asked if not url.startswith(town.url)] == []
    assert bool(seen) is (name not in SILENT)


def rows_of(file: bytes) -> list[list[str]]:
    text = file.decode("utf-8-sig")
    return list(csv.reader(StringIO(text, newline=""), delimiter=";"))


def cells_of(file: bytes) -> list[Any]:
    return [c for sheet in load_workbook(BytesIO(file)) for row in sheet for c in row]


TABLES_AT = {
    **{f"table {name}": f"/desk/exports/{VOTING}/{name}." for name in TABLES},
    "calls of a message": "/desk/broadcasts/1/calls.",
    "calls of a night": f"/desk/results/{VOTING}/calls.",
}


@pytest.fixture(scope="module")
def desk(town: Town) -> FlaskClient:
    client = create_app(house=town.world.house).test_client()
    assert log_in(client, one_time_token(town.world, "admin")) == 303
    return client


@pytest.mark.parametrize("name", TABLES_AT)
def test_no_cell_is_a_formula(desk: FlaskClient, name: str) -> None:
    answer = desk.get(TABLES_AT[name] + "csv")
    assert answer.status_code == 200
    texts = [cell for row in rows_of(answer.data) for cell in row]
    risky = [each for each in texts if each.lstrip().startswith(FORMULA)]
    assert [each for each in risky if not _is_number(each)] == []
    assert len({len(row) for row in rows_of(answer.data)}) == 1
    cells = cells_of(desk.get(TABLES_AT[name] + "xlsx").data)
    assert cells
    assert [c.value for c in cells if c.data_type == "f" or c.hyperlink] == []


def _is_number(text: str) -> bool:
    return bool(re.fullmatch(r"-?\d+([.,]\d+)?", text))


def test_the_whole_words_are_in_a_workbook(town: Town, desk: FlaskClient) -> None:
    cells = cells_of(desk.get(f"/desk/exports/{VOTING}/plans.xlsx").data)
    told = {squeezed(str(cell.value)) for cell in cells}
    assert {squeezed(word) for word in WORDS.values()} <= told
    rows = rows_of(desk.get(f"/desk/exports/{VOTING}/plans.csv").data)
    there = {squeezed(cell).removeprefix("'") for row in rows for cell in row}
    assert {squeezed(word).removeprefix("'") for word in WORDS.values()} <= there


def test_open_data_are_json_with_the_words_as_they_are(town: Town) -> None:
    client = create_app(house=town.world.house).test_client()
    found = client.get(f"/open/rounds/{VOTING}/plans.json")
    assert found.mimetype == "application/json"
    titles = {each["number"]: each["title"]["nl"] for each in read(found)}
    for name, number in town.plans.items():
        assert titles[number] == WORDS[name]


def test_no_figure_and_no_name_of_one_holds_them(town: Town, page: Page) -> None:
    client = create_app(house=town.world.house).test_client()
    agent = {"HTTP_USER_AGENT": ALL, "HTTP_REFERER": ALL}
    assert client.get("/open", environ_overrides=agent).status_code == 200
    text = client.get("/metrics").text
    families = list(text_string_to_metric_families(text))
    assert len(families) > 5
    assert MARK not in text


LINE = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} [A-Z]+ bot[.\w]* .+")


def test_every_line_of_the_log_is_ours(town: Town) -> None:
    client = create_app(house=town.world.house).test_client()
    agent = {"HTTP_USER_AGENT": ALL, "HTTP_REFERER": ALL}
    begin = len(town.log.getvalue())
    for place in ("/hooks", "/desk/login", "/desk/plans/new", f"/desk/{quote(ALL)}"):
        form = {"email": ALL, "password": ALL, "text": ALL}
        client.post(place, data=form, environ_overrides=agent)
    told = town.log.getvalue()[begin:]
    assert told.count("\n") >= 2
    assert MARK not in town.log.getvalue()
    logging.getLogger("bot.attacked").warning("tried words=%s", ALL)
    lines = town.log.getvalue().removesuffix("\n").split("\n")
    assert MARK in lines[-1]
    assert [each for each in lines if not LINE.fullmatch(each)] == []
    assert all(each.isprintable() for each in lines)
