"""The pages and the papers can be read by everybody, as far as a machine can tell."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from bot.services.minutes import load_record
from bot.services.publishing import publish_result
from tests.services.test_minutes import printed
from tests.web.screens import can_be_read, screen, served
from tests.web.test_open_pages import ORDER, voted
from tests.worlds import VOTING, World

PLACES = (
    "/phone",
    "/desk/login",
    "/open?lang={}",
    "/open/privacy?lang={}",
    f"/open/rounds/{VOTING}?lang={{}}",
)


@pytest.fixture
def address(world: World) -> Iterator[str]:
    with served(world.house) as url:
        yield url


@pytest.fixture
def page() -> Iterator[Page]:
    with screen() as shown:
        yield shown


@pytest.mark.parametrize("language", ["nl", "ar"])
def test_no_page_for_everybody_has_a_fault(
    address: str, page: Page, language: str
) -> None:
    for place in PLACES:
        page.goto(address + place.format(language))
        can_be_read(page)
        for width in (320, 390, 1280):
            page.set_viewport_size({"width": width, "height": 844})
            assert page.evaluate("document.body.scrollWidth <= innerWidth"), place


def test_a_fault_would_be_found(address: str, page: Page) -> None:
    page.goto(f"{address}/open/privacy")
    page.evaluate("document.documentElement.removeAttribute('lang')")
    with pytest.raises(AssertionError, match="html-has-lang"):
        can_be_read(page)


def test_the_record_of_a_count_is_tagged_and_names_its_language(world: World) -> None:
    publish_result(voted(world).house, ORDER)
    paper = printed(load_record(world.house, VOTING), "ar")
    root = paper.reader.root_object
    assert "/StructTreeRoot" in root
    assert str(root["/Lang"]).startswith("ar")
