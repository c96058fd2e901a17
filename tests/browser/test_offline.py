"""Without internet nothing is lost, and nothing arrives twice."""

from playwright.sync_api import Route, expect

from tests.browser.hands import OWN, Resident

WAITING = "#waiting .message"


def _hears_own(resident: Resident, words: str) -> None:
    expect(resident.page.locator(OWN).filter(has_text=words)).to_have_count(1)


def test_what_is_typed_offline_is_sent_once_when_online(resident: Resident) -> None:
    resident.starts_in("nl")
    resident.goes_offline()
    resident.types("Een bank bij de kerk")
    page = resident.page
    expect(page.locator(WAITING)).to_have_count(1)
    expect(page.locator("#note")).not_to_be_empty()
    resident.is_pictured("offline")
    resident.is_back_online()
    _hears_own(resident, "Een bank bij de kerk")
    expect(page.locator(WAITING)).to_have_count(0)
    expect(page.locator("#note")).to_be_empty()
    page.wait_for_timeout(1_500)
    _hears_own(resident, "Een bank bij de kerk")


def test_the_page_opens_offline_and_still_has_what_waits(resident: Resident) -> None:
    resident.starts_in("tr")
    page = resident.page
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.reload()  # the second visit is the first one that is kept
    expect(resident.button("menu:plan")).to_be_visible()
    resident.goes_offline()
    resident.types("Parka ışık istiyorum")
    expect(page.locator(WAITING)).to_have_count(1)
    page.reload()
    expect(page.locator(WAITING)).to_contain_text("Parka ışık istiyorum")
    resident.is_back_online()
    _hears_own(resident, "Parka ışık istiyorum")
    expect(page.locator(WAITING)).to_have_count(0)


def test_an_answer_lost_on_the_way_does_not_double_the_message(
    resident: Resident,
) -> None:
    resident.starts_in("nl")
    lost: list[str] = []

    def lose_first(route: Route) -> None:
        if lost:
            route.fallback()
            return
        lost.append(route.request.post_data or "")
        route.fetch()  # the server takes it, the page never hears so
        route.abort()

    resident.forgives("ERR_FAILED")
    resident.page.route("**/phone/say*", lose_first)
    resident.types("Een lamp in het park")
    _hears_own(resident, "Een lamp in het park")
    assert lost
    expect(resident.page.locator(WAITING)).to_have_count(0)


def test_order_is_kept_when_several_messages_wait(resident: Resident) -> None:
    resident.starts_in("nl")
    resident.goes_offline()
    words = ["eerst", "daarna", "ten slotte"]
    for each in words:
        resident.types(each)
    expect(resident.page.locator(WAITING)).to_have_count(3)
    resident.is_back_online()
    expect(resident.page.locator(OWN)).to_have_count(4)
    own = resident.page.locator(f"{OWN} .bubble p").all_inner_texts()
    assert own[1:] == words
