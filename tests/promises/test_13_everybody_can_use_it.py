"""The pages and the papers can be read by everybody, as far as a machine can tell."""

import threading
from collections.abc import Iterator
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, sync_playwright
from werkzeug.serving import make_server

from bot.app import create_app
from bot.services.minutes import load_record
from bot.services.publishing import publish_result
from tests.need import chromium_path
from tests.services.test_minutes import printed
from tests.web.test_open_pages import ORDER, voted
from tests.worlds import VOTING, World

SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
PLACES = (
    "/phone",
    "/desk/login",
    "/open?lang={}",
    "/open/privacy?lang={}",
    f"/open/rounds/{VOTING}?lang={{}}",
)


@pytest.fixture
def address(world: World) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, create_app(house=world.house), threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def page() -> Iterator[Page]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=chromium_path(), args=["--no-sandbox"]
        )
        yield chromium.new_page(viewport={"width": 390, "height": 844})
        chromium.close()


@pytest.mark.parametrize("language", ["nl", "ar"])
def test_no_page_for_everybody_has_a_fault(
    address: str, page: Page, language: str
) -> None:
    for place in PLACES:
        page.goto(address + place.format(language))
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)
            assert Axe().run(page).violations_count == 0, (place, scheme)
        for width in (320, 390, 1280):
            page.set_viewport_size({"width": width, "height": 844})
            assert page.evaluate("document.body.scrollWidth <= innerWidth"), place


def test_a_fault_would_be_found(address: str, page: Page) -> None:
    page.goto(f"{address}/open/privacy")
    page.evaluate("document.documentElement.removeAttribute('lang')")
    assert Axe().run(page).violations_count > 0


def test_the_record_of_a_count_is_tagged_and_names_its_language(world: World) -> None:
    publish_result(voted(world).house, ORDER)
    paper = printed(load_record(world.house, VOTING), "ar")
    root = paper.reader.root_object
    assert "/StructTreeRoot" in root
    assert str(root["/Lang"]).startswith("ar")
