"""The public pages in a real browser: read, reached and written in both directions."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from bot.services.publishing import publish_result
from tests.web.screens import can_be_read, screen, served
from tests.web.test_open_pages import ORDER, voted
from tests.worlds import VOTING, World

WIDTHS = (320, 390, 1100)


@pytest.fixture
def open_url(world: World) -> Iterator[str]:
    with served(world.house) as url:
        yield f"{url}/open"


@pytest.fixture
def page() -> Iterator[Page]:
    with screen() as shown:
        yield shown


@pytest.mark.parametrize("language", ["nl", "ar"])
def test_everything_can_be_read_and_reached(
    world: World, open_url: str, page: Page, language: str
) -> None:
    places = ["", f"/rounds/{VOTING}", f"/rounds/{VOTING}/receipt"]
    for stage in ("voting", "published"):
        if stage == "published":
            publish_result(voted(world).house, ORDER)
        for place in places:
            page.goto(f"{open_url}{place}?lang={language}")
            can_be_read(page)
            for width in WIDTHS:
                page.set_viewport_size({"width": width, "height": 844})
                assert page.evaluate("document.body.scrollWidth <= innerWidth"), place
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"


def test_a_receipt_is_looked_up_by_keyboard(
    world: World, open_url: str, page: Page
) -> None:
    voted(world)
    page.goto(f"{open_url}/rounds/{VOTING}/receipt?lang=ar")
    page.get_by_label("رقم الإيصال").fill("٠٠٠١ ٧٧٣٠")
    page.keyboard.press("Enter")
    page.get_by_role("status").wait_for()
    assert "✓" in page.get_by_role("status").inner_text()
    box = page.get_by_label("رقم الإيصال")
    assert box.evaluate("each => getComputedStyle(each).direction") == "ltr"
    assert "lang=ar" in page.url


def test_the_language_is_changed_on_the_same_page(open_url: str, page: Page) -> None:
    page.goto(f"{open_url}/rounds/{VOTING}?lang=nl")
    page.get_by_role("link", name="العربية").click()
    page.wait_for_url(f"{open_url}/rounds/{VOTING}?lang=ar")
    assert page.evaluate("getComputedStyle(document.body).direction") == "rtl"
    table = page.locator("table").first
    first, second = (table.locator("th").nth(n).bounding_box() for n in (0, 1))
    assert first
    assert second
    assert first["x"] > second["x"]
