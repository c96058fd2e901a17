"""Several neighbours on one phone; pictures and places."""

import io
from types import SimpleNamespace
from typing import cast

from PIL import Image
from playwright.sync_api import FilePayload, Page, Route, expect

from bot.keys import derive_keys
from bot.services.house import House
from bot.services.links import back_link
from bot.services.talks import TalkRow
from tests.browser.city import SECRET
from tests.browser.conftest import Phones
from tests.browser.hands import OWN, Resident

SLOTERMEER = {"latitude": 52.3812, "longitude": 4.8195}


def test_the_next_person_finds_nothing_of_the_former(resident: Resident) -> None:
    resident.starts_in("tr")
    resident.tells_plan("Kimse bilmesin")
    page = resident.page
    page.locator("#text").fill("yarım kalan söz")
    former = resident.context.cookies()[0]["value"]
    page.locator("#open-other").click()
    page.locator("#leave").click()
    expect(page.locator("#welcome")).to_be_visible()
    assert resident.sees() == []
    assert "Kimse" not in page.content()
    expect(page.locator("#text")).to_have_value("")
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0
    assert resident.context.cookies()[0]["value"] != former
    page.go_back()
    assert "Kimse" not in page.content()


def test_an_open_second_page_lets_go_too(resident: Resident) -> None:
    resident.starts_in("nl")
    other = resident.new_page()
    other.goto(f"{resident.url}/phone")
    expect(other.locator(OWN)).to_have_count(1)
    resident.page.locator("#open-other").click()
    resident.page.locator("#leave").click()
    expect(other.locator("#welcome")).to_be_visible()
    expect(other.locator(OWN)).to_have_count(0)


def test_news_that_come_after_she_left_are_not_shown(resident: Resident) -> None:
    # A service worker would fetch the page where no test can hold it back.
    resident.context.add_init_script("delete Navigator.prototype.serviceWorker")
    resident.starts_in("tr")
    other = resident.new_page()
    other.goto(f"{resident.url}/phone")
    expect(other.locator(OWN)).to_have_count(1)
    asked = _held(other, "**/phone/messages?*")
    _until(other, asked)
    goes = _held(other, "**/phone")
    resident.page.locator("#open-other").click()
    resident.page.locator("#leave").click()
    _until(other, goes)
    news = {"messages": [], "cursor": "", "listening": False, "language": "ar"}
    asked[0].fulfill(json=news | {"balance": None})
    other.wait_for_timeout(300)
    other.unroute("**/phone/messages?*")
    goes[0].continue_()
    expect(other.locator("#welcome")).to_be_visible()


def _held(page: Page, where: str) -> list[Route]:
    """Return the list into which all that is asked for there goes, unanswered."""
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route(where, hold)
    return held


def _until(page: Page, came: list[Route]) -> None:
    for _ in range(200):
        if came:
            return
        page.wait_for_timeout(50)
    raise AssertionError


def _back_link(author: Resident) -> str:
    """Return the link the city gives an author, made by the city's own code."""
    house = SimpleNamespace(
        keys=derive_keys(SECRET), settings=SimpleNamespace(public_url=author.url)
    )
    cookie = author.context.cookies()[0]["value"]
    talk = SimpleNamespace(address=cookie.partition(".")[0])
    return back_link(cast("House", house), cast("TalkRow", talk))


def test_a_return_link_brings_an_author_back_on_another_phone(phones: Phones) -> None:
    author, other = phones(), phones()
    author.starts_in("en")
    author.tells_plan("A bench for two")
    other.starts_in("nl")
    other.page.goto(_back_link(author))
    other.hears("A bench for two")
    expect(other.page.locator("html")).to_have_attribute("lang", "en")
    assert other.sees() == author.sees()
    assert other.page.url.endswith("/phone")


def test_a_return_link_that_is_not_ours_is_explained(resident: Resident) -> None:
    resident.forgives("404")
    resident.opens("#back=made-up")
    expect(resident.page.locator("#note")).to_contain_text("link")
    assert resident.page.url.endswith("/phone")


def test_a_place_is_shared(phones: Phones) -> None:
    walker = phones(permissions=["geolocation"], geolocation=SLOTERMEER)
    walker.starts_in("nl")
    walker.page.locator("#open-more").click()
    walker.page.locator("#place").click()
    expect(walker.page.locator(OWN)).to_have_count(2)


def test_a_place_that_cannot_be_found_is_typed(resident: Resident) -> None:
    resident.starts_in("nl")
    resident.page.locator("#open-more").click()
    resident.page.locator("#place").click()
    expect(resident.page.locator("#note")).to_contain_text("straat")


WAITS = "#waiting .message"
SENT = """async (id) => {
  const waiting = await import("/phone/static/phone/waiting.js");
  const blob = await waiting.blobOf(id);
  return Array.from(new Uint8Array(await blob.arrayBuffer()));
}"""
KEPT = """
() => new Promise((resolve) => {
  indexedDB.open("phone").onsuccess = ({ target: { result: db } }) => {
    const all = db.transaction("blobs").objectStore("blobs").getAll();
    all.onsuccess = () => {
      resolve(all.result.map(({ sealed }) => Array.from(sealed)));
      db.close();
    };
  };
})
"""


def test_a_photo_is_sent_small_and_without_its_place(
    resident: Resident, photo: bytes
) -> None:
    resident.starts_in("nl")
    page = resident.page
    resident.goes_offline()
    file = FilePayload(name="plein.jpg", mimeType="image/jpeg", buffer=photo)
    page.locator("#open-more").click()
    page.locator("#photo-file").set_input_files(file)
    expect(page.locator("#waiting img")).to_be_visible()
    (closed,) = map(bytes, page.evaluate(KEPT))
    assert not closed.startswith(b"\xff\xd8"), "what the browser keeps is sealed"
    kept = bytes(page.evaluate(SENT, page.locator(WAITS).get_attribute("data-id")))
    assert kept.startswith(b"\xff\xd8\xff")
    assert b"Exif" in photo
    assert b"Exif" not in kept
    assert max(Image.open(io.BytesIO(kept)).size) == 1_600
    resident.is_back_online()
    expect(page.locator(OWN)).to_have_count(2)
    assert page.evaluate(KEPT) == []
