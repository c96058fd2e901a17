"""Connections in a real browser: added, tried and read, on a phone and a laptop."""

import os
import re
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect, sync_playwright
from werkzeug.serving import make_server

from bot.app import create_app
from bot.services.outgoing import post_events
from bot.web.desk.words.book import words
from tests.need import chromium_path
from tests.services.city_hooks import posting
from tests.standins.city_system import CitySystem
from tests.standins.server import Answer
from tests.web.conftest import one_time_token
from tests.web.desk.head import unfold
from tests.web.desk.test_browser import SCHEMES
from tests.worlds import World

WIDTHS = (390, 1280)
W = words("nl")


@pytest.fixture
def town(world: World) -> Iterator[World]:
    with posting(world) as made:
        yield made


@pytest.fixture
def desk_url(town: World) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, create_app(house=town.house), threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/desk"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(params=WIDTHS)
def page(request: pytest.FixtureRequest) -> Iterator[Page]:
    """A browser page; nothing in it may complain."""
    troubles: list[str] = []
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=chromium_path(), args=["--no-sandbox"]
        )
        shown = chromium.new_page(viewport={"width": request.param, "height": 844})
        shown.on("pageerror", lambda error: troubles.append(str(error)))
        shown.on("console", lambda said: troubles.append(said.text))
        yield shown
        chromium.close()
    assert troubles == []


def looked_at(page: Page, name: str) -> None:
    """Check a page in light and dark; keep a picture where a folder is named."""
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
    folder = os.environ.get("BUURTSTEM_PICTURES")
    if folder:
        page.emulate_media(color_scheme="light")
        width = page.viewport_size and page.viewport_size["width"]
        place = Path(folder) / f"{name}-{width}.png"
        page.screenshot(path=str(place), full_page=True)
    assert page.evaluate("document.body.scrollWidth <= innerWidth")


def test_a_system_is_connected_tried_and_mended(
    town: World, desk_url: str, page: Page
) -> None:
    page.goto(f"{desk_url}/login#{one_time_token(town, 'admin')}")
    page.wait_for_url(desk_url)
    unfold(page)
    page.get_by_role("link", name=W["hooks"]).click()
    expect(page.get_by_text(re.compile(W["hooks_none"][:30]))).to_be_visible()
    looked_at(page, "empty")
    with CitySystem() as system:
        page.get_by_label(W["hooks_url"]).fill(system.hook)
        page.get_by_role("button", name=W["hooks_connect"]).press("Enter")
        secret = page.locator("code").inner_text()
        system.secrets = [secret]
        looked_at(page, "secret")
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
        looked_at(page, "failing")
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
        looked_at(page, "off")
        page.get_by_role("button", name=re.compile(W["hooks_switch_on"])).click()
        expect(page.get_by_text(W["hooks_did_on"])).to_be_visible()
    page.goto(f"{desk_url}/hooks?lang=en")
    looked_at(page, "english")
