"""The pages at a glance: roles, lists behind the steps, charts that can be read."""

import pytest
from playwright.sync_api import Page

from bot.domain.plans import Status
from bot.services.officials import ROLES, add_official
from bot.web.desk.access import MAY, Act
from bot.web.desk.charts import ROOM, chart_of
from bot.web.desk.words.book import words
from tests.services.desk.test_glance import decide, tell
from tests.services.test_tallying import close
from tests.web.conftest import Desk, one_time_token
from tests.web.desk.head import unfold
from tests.web.desk.test_desk import TRICKS
from tests.web.desk.test_money_story import looks_right
from tests.worlds import COLLECTING, VOTING, World

HERE = words("nl")
PLACES = (
    "/desk/glance",
    f"/desk/glance/{COLLECTING}",
    f"/desk/glance/{VOTING}",
    f"/desk/glance/{COLLECTING}/plans?step=told",
)


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("place", PLACES)
def test_who_may_look_sees_it_and_nobody_else(
    world: World, at_desk: Desk, role: str, place: str
) -> None:
    now = world.clock()
    world.house.db.run(lambda db: add_official(db, "eva@example.org", role, "", now))
    answer = at_desk(role).get(place)
    assert (answer.status_code == 200) is (role in MAY[Act.SEE])
    assert at_desk("stranger").get(place).status_code == 303


@pytest.mark.parametrize(
    "place", ["/desk/glance/nowhere", f"/desk/glance/{VOTING}/plans?step=all"]
)
def test_what_is_not_there_is_said(at_desk: Desk, place: str) -> None:
    answer = at_desk("viewer").get(place)
    assert answer.status_code == 404
    assert HERE["glance_gone"] in answer.text


def test_each_step_leads_to_its_plans(world: World, at_desk: Desk) -> None:
    (chosen,) = tell(world, status=Status.CHOSEN.value, title={"nl": "Een bank"})
    (told,) = tell(world, text=TRICKS[0])
    desk = at_desk("viewer")
    place = f"/desk/glance/{COLLECTING}/plans?step="
    assert "step=chosen" in desk.get(f"/desk/glance/{COLLECTING}").text
    listed = desk.get(f"{place}chosen").text
    assert f">{chosen}</th>" in listed
    assert f">{told}</th>" not in listed
    everything = desk.get(f"{place}told").text
    assert f">{told}</th>" in everything
    assert TRICKS[0] not in everything


def test_no_number_of_votes_is_shown_before_closing(
    world: World, at_desk: Desk
) -> None:
    page = at_desk("admin").get(f"/desk/glance/{VOTING}").text
    assert HERE["glance_votes_later"] in page
    assert HERE["votes_by_route"] not in page
    close(world, [(21, 30)] * 30)
    assert HERE["votes_by_route"] in at_desk("admin").get(f"/desk/glance/{VOTING}").text


def test_a_hidden_bar_has_no_length_of_its_own() -> None:
    one, two, three = chart_of({"a": None, "b": 40, "c": 20}).bars
    assert (one.hidden, one.figure) == (True, "–")
    assert (two.length, three.length) == (ROOM, ROOM / 2)
    assert chart_of({"a": None, "b": 4000}).bars[0].length == one.length
    assert chart_of({}).bars == []


def test_the_overview_can_be_read_by_everybody(
    world: World, desk_url: str, page: Page
) -> None:
    tell(world, 46, language="nl")
    tell(world, 30, language="tr", spoken=True)
    tell(world, 24, language="ar", spoken=True, text="أريد مقعداً في الساحة")
    for number in tell(world, 12, status=Status.CHOSEN.value, supports=40):
        decide(world, number, Status.CHOSEN)
    page.goto(f"{desk_url}/login#{one_time_token(world, 'viewer')}")
    page.wait_for_url(desk_url)
    unfold(page)
    page.get_by_role("link", name=HERE["at_a_glance"]).click()
    looks_right(page, "glance")
    page.goto(f"{desk_url}/glance/{COLLECTING}")
    looks_right(page, "glance-round")
    assert page.locator("script").count() == 0
    page.goto(f"{desk_url}/glance/{COLLECTING}/plans?step=told&lang=en")
    looks_right(page, "glance-plans")
