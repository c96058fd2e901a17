"""Connections in a real browser: added, tried and read, on a phone and a laptop."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from bot.services.outgoing import post_events
from bot.web.desk.words.book import words
from tests.services.city_hooks import posting
from tests.standins.city_system import CitySystem
from tests.standins.server import Answer
from tests.web.conftest import one_time_token
from tests.web.desk.head import unfold
from tests.web.screens import SIZES, can_be_read, screen, served
from tests.worlds import World

W = words("nl")


@pytest.fixture
def town(world: World) -> Iterator[World]:
    with posting(world) as made:
        yield made


@pytest.fixture
def desk_url(town: World) -> Iterator[str]:
    with served(town.house) as url:
        yield f"{url}/desk"


@pytest.fixture(params=SIZES)
def page(desk_url: str, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A page on a phone or a laptop."""
    del desk_url  # the server outlives the browser
    with screen(SIZES[request.param]) as shown:
        yield shown


def test_a_system_is_connected_tried_and_mended(
    town: World, desk_url: str, page: Page
) -> None:
    page.goto(f"{desk_url}/login#{one_time_token(town, 'admin')}")
    page.wait_for_url(desk_url)
    unfold(page)
    page.get_by_role("link", name=W["hooks"]).click()
    expect(page.get_by_text(re.compile(W["hooks_none"][:30]))).to_be_visible()
    can_be_read(page, "hooks-empty")
    with CitySystem() as system:
        page.get_by_label(W["hooks_url"]).fill(system.hook)
        page.get_by_role("button", name=W["hooks_connect"]).press("Enter")
        secret = page.locator("code").inner_text()
        system.secrets = [secret]
        can_be_read(page, "hooks-secret")
        button = f"{W['hooks_test']}: {system.hook}"
        page.get_by_role("button", name=button).click()
        expect(page.get_by_text(W["hooks_did_test"])).to_be_visible()
        post_events(town.house)
        system.will(Answer(503, b"Onderhoud tot 12 uur"), "/events")
        town.plan(None)
        post_events(town.house)
        page.reload()
        expect(page.get_by_text("Onderhoud tot 12 uur")).to_be_visible()
        page.get_by_text(W["hooks_more"]).click()
        can_be_read(page, "hooks-failing")
        again = re.compile(f"^{W['hooks_again']}: {W['event_plan.created']}")
        page.get_by_role("button", name=again).press("Enter")
        expect(page.get_by_text(W["hooks_did_again"])).to_be_visible()
        post_events(town.house)
        page.reload()
        expect(page.get_by_text(W["hooks_on"])).to_be_visible()
        assert len(system.calls) == 3
        system.will(Answer(410), "/events")
        page.get_by_role("button", name=button).click()
        post_events(town.house)
        page.goto(f"{desk_url}?lang=nl")
        told = page.get_by_role("heading", name=W["kind_hook_off"])
        expect(told).to_be_visible()
        unfold(page)
        page.get_by_role("link", name=W["hooks"], exact=True).click()
        can_be_read(page, "hooks-off")
        page.get_by_role("button", name=re.compile(W["hooks_switch_on"])).click()
        expect(page.get_by_text(W["hooks_did_on"])).to_be_visible()
    page.goto(f"{desk_url}/hooks?lang=en")
    can_be_read(page, "hooks-english")
