"""Every route of the desk stands on the table of who may what, and no other does."""

import pytest

from bot.app import create_app
from bot.services.officials import ROLES
from bot.web.desk.access import MAY, NAV, OPEN, ROUTES
from bot.web.desk.words.book import WORDS
from tests.web.conftest import Desk
from tests.worlds import World


def test_every_route_of_the_desk_asks_for_an_act(world: World) -> None:
    rules = create_app(house=world.house).url_map.iter_rules()
    named = [each.endpoint for each in rules]
    here = {each.partition(".")[2] for each in named if each.startswith("desk.")}
    assert len(here) > 12
    assert here == ROUTES.keys() | OPEN


def test_what_stands_in_the_head_of_pages_is_there_and_has_a_word() -> None:
    assert NAV.keys() <= ROUTES.keys()
    assert NAV.keys() <= WORDS.keys()
    assert all(NAV[place] is ROUTES[place] for place in NAV)


def test_only_known_roles_may_do_anything() -> None:
    assert {role for roles in MAY.values() for role in roles} <= set(ROLES)
    assert all("admin" in roles for roles in MAY.values())


@pytest.mark.parametrize("place", ["/desk", "/desk/delivery", "/desk/sound/1"])
def test_a_stranger_is_led_to_the_door(at_desk: Desk, place: str) -> None:
    answer = at_desk("stranger").get(place)
    assert (answer.status_code, answer.location) == (303, "/desk/login")


def test_what_was_written_is_shown_again_when_the_form_was_too_old(
    at_desk: Desk,
) -> None:
    written = {"text": "Een bank <b>onder</b> de linde.", "secret": "x"}
    page = at_desk("reviewer").post("/desk/notes/1", data=written)
    assert page.status_code == 403
    assert "Een bank &lt;b&gt;onder&lt;/b&gt; de linde." in page.text
    outside = at_desk("stranger").post("/desk/notes/1", data=written)
    assert outside.status_code == 403
    assert "Een bank &lt;b&gt;onder&lt;/b&gt; de linde." in outside.text
