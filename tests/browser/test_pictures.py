"""The picture of a plan on the page: above its words, and gone with them."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect
from sqlalchemy import create_engine, delete, select

from bot.store.civic import PlanRow, RoundRow
from bot.store.frozen import FrozenRound
from tests.browser.city import City, running_city
from tests.browser.hands import Resident, take_phone
from tests.browser.test_access import faults
from tests.photographs import jpeg
from tests.worlds import VOTING

pytestmark = pytest.mark.timeout(300)  # each picture is given by a command
PLAN = "#log .bubble img.plan"
LOADED = "image => image.complete && image.naturalWidth === 90"


def give_pictures(city: City, file: Path) -> None:
    """Give the plans of a theme pictures with the command, before the ballot opens."""
    engine = create_engine(city.env["DATABASE_URL"])
    in_round = select(PlanRow.number).join(RoundRow, RoundRow.id == PlanRow.round_id)
    with engine.begin() as db:
        db.execute(delete(FrozenRound))
        green = (RoundRow.slug == VOTING, PlanRow.theme == "green")
        numbers = list(db.scalars(in_round.where(*green)))
    engine.dispose()
    for number in numbers:
        city.runs("plans", "picture", str(number), str(file))


@pytest.fixture(scope="module")
def pictured_city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("pictured")
    (folder / "plan.jpg").write_bytes(jpeg(90, 60))
    with running_city(folder) as running:
        give_pictures(running, folder / "plan.jpg")
        yield running.url


@pytest.fixture
def voter(browser: Browser, pictured_city: str) -> Iterator[Resident]:
    resident = take_phone(browser, pictured_city)
    yield resident
    resident.context.close()
    assert resident.troubles == []


@pytest.mark.parametrize("code", ["nl", "ar"])
def test_a_plan_is_seen_and_afterwards_nothing_of_it(
    voter: Resident, code: str
) -> None:
    voter.starts_in(code)
    voter.taps("menu:vote")
    voter.taps("vote:help")
    voter.taps("theme:green")
    picture = voter.page.locator(PLAN)
    expect(picture).to_have_count(1)
    voter.page.wait_for_function(f"() => document.querySelector('{PLAN}').complete")
    assert picture.evaluate(LOADED)
    bubble = picture.locator("xpath=..")
    title = picture.get_attribute("alt")
    assert title
    assert title in bubble.inner_text()
    voter.is_pictured(f"plan-picture-{code}")
    assert faults(voter.page) == []
    voter.taps("next")
    expect(picture).to_have_count(2)
    voter.page.reload()
    expect(voter.page.locator("#log")).to_have_attribute("aria-busy", "false")
    voter.page.reload()
    expect(voter.page.locator("#log")).to_have_attribute("aria-busy", "false")
    expect(picture).to_have_count(0)
