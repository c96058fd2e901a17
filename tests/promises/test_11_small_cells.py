"""No published number is of fewer than ten people, nor follows from those that are."""

import json
from collections.abc import Mapping
from typing import Any

import pytest
from flask.testing import FlaskClient

from bot.domain.hiding import LEAST
from bot.services.desk.glance import glance
from bot.services.minutes import load_record
from bot.services.publishing import publish_result
from tests.services.desk.test_glance import tell
from tests.services.test_minutes import all_of, printed
from tests.web.test_open_pages import ORDER, PLACE, voted, words
from tests.worlds import COLLECTING, VOTING, World

Cells = Mapping[str, int | None]


def least_hidden(cells: Cells, total: int) -> int:
    """Return how many people the hidden cells hold together, by subtraction."""
    return total - sum(n for n in cells.values() if n is not None)


def assert_nobody_is_found(cells: Cells, total: int) -> None:
    shown = [n for n in cells.values() if n is not None]
    assert not [n for n in shown if 0 < n < LEAST]
    hidden = [name for name, n in cells.items() if n is None]
    assert hidden, "there was a small group"
    assert len(hidden) > 1, "one alone follows from the sum"
    assert least_hidden(cells, total) >= LEAST


def test_open_data_hides_small_groups_and_what_gives_them_away(
    each_world: World,
) -> None:
    made, _ = publish_result(voted(each_world).house, ORDER)
    turnout = json.loads(made.body)["turnout"]
    assert_nobody_is_found(turnout["by_route"], turnout["ballots"])
    assert_nobody_is_found(turnout["by_language"], turnout["ballots"])
    for route, cells in turnout["by_both"].items():
        assert not [n for n in cells.values() if n and n < LEAST], route


def test_no_row_and_no_column_of_the_table_gives_a_cell_away(world: World) -> None:
    made, _ = publish_result(voted(world).house, ORDER)
    turnout = json.loads(made.body)["turnout"]
    both = turnout["by_both"]
    for route, cells in both.items():
        hidden = [each for each, n in cells.items() if n is None]
        assert len(hidden) != 1 or turnout["by_route"][route] is None
    for language, total in turnout["by_language"].items():
        hidden = [route for route in both if both[route][language] is None]
        assert len(hidden) != 1 or total is None


def test_the_page_shows_a_dash(world: World, client: FlaskClient) -> None:
    publish_result(voted(world).house, ORDER)
    page = words(client.get(f"{PLACE}?lang=en").text)
    assert "A dash stands for a small group." in page
    assert "Web page –" in page


def test_the_record_of_the_count_on_paper_hides_them_too(world: World) -> None:
    publish_result(voted(world).house, ORDER)
    told = all_of(printed(load_record(world.house, VOTING), "en"))
    assert "WhatsApp – – – – 46" in told
    assert "Web page – – – – –" in told


@pytest.mark.parametrize("few", [1, LEAST - 1])
def test_the_round_at_a_glance_hides_small_groups(world: World, few: int) -> None:
    tell(world, 40, language="nl")
    tell(world, 25, language="tr", spoken=True)
    tell(world, few, language="ar", spoken=True)
    found = glance(world.house, COLLECTING)
    assert found is not None
    parts: Any = found.plans
    assert_nobody_is_found(parts.by_language, parts.plans)
    assert not [n for n in parts.by_channel.values() if n and n < LEAST]


def test_votes_at_a_glance_are_hidden_alike(world: World) -> None:
    found = glance(voted(world).house, VOTING)
    assert found is not None
    assert found.votes is not None
    assert_nobody_is_found(found.votes.by_route, found.votes.ballots)


def test_what_is_large_enough_is_shown() -> None:
    with pytest.raises(AssertionError, match="there was a small group"):
        assert_nobody_is_found({"web": 40, "desk": 20}, 60)
    with pytest.raises(AssertionError, match="follows from the sum"):
        assert_nobody_is_found({"web": 40, "desk": None}, 49)
