"""A round whose records were destroyed: a page says where they are, no more."""

from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import insert

from bot.domain.languages import LANGUAGES
from bot.public_words import word
from bot.store.destroyed import DestroyedRound
from tests.web.test_open_pages import words
from tests.worlds import World

SLUG = "oud-west-2015"


@pytest.fixture
def over(world: World) -> World:
    now = world.clock()
    row: dict[str, Any] = {
        "slug": SLUG,
        "title": {"nl": "Oud-West"},
        "municipality": "Amsterdam",
    }
    row |= {"began_at": now - timedelta(days=4_000), "ended_at": now}
    row |= {"archive_hash": "a" * 64, "archived_at": now, "counts": {}, "files": []}
    row |= {"last_number": 10, "by": "anna@city.example", "second": "bram@city.example"}
    with world.house.db.engine.begin() as db:
        db.execute(insert(DestroyedRound).values(row | {"at": now}))
    return world


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("page", ["", "/receipt"])
def test_it_says_so_in_each_language(
    over: World, client: FlaskClient, language: str, page: str
) -> None:
    answer = client.get(f"/open/rounds/{SLUG}{page}?lang={language}")
    assert answer.status_code == 410
    shown = words(answer.text)
    for each in ("over", "over_archive"):
        assert words(word(each, language)) in shown
    assert "Oud-West" in shown
    assert "city.example" not in answer.text, "officials are nobody else's business"
    assert answer.headers["Content-Language"] == language


@pytest.mark.parametrize("file", ["plans", "chain", "settings", "results", "ledger"])
def test_its_open_data_are_gone_and_say_so(
    over: World, client: FlaskClient, file: str
) -> None:
    answer = client.get(f"/open/rounds/{SLUG}/{file}.json")
    assert answer.status_code == 410
    assert "archive" in answer.get_json()["error"]
    assert client.get(f"/open/rounds/nowhere/{file}.json").status_code == 404


def test_nothing_leads_there(over: World, client: FlaskClient) -> None:
    assert SLUG not in client.get("/open").text
    assert SLUG not in client.get("/open/rounds.json").text
