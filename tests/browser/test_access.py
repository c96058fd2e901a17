"""Everybody can use it: small screens, big letters, keyboards and screen readers."""

from collections.abc import Mapping

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import Phones
from tests.browser.hands import INCOMING, OWN, Resident
from tests.browser.test_talk import PLANS

NARROW: Mapping[str, int] = {"width": 320, "height": 640}
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]}
TARGETS = "button:visible, a:visible, textarea:visible, [role=slider]:visible"


def faults(page: Page) -> list[tuple[str, str]]:
    found = Axe().run(page, options=RULES).response["violations"]
    return [(each["id"], node["html"]) for each in found for node in each["nodes"]]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("code", PLANS)
def test_axe_finds_nothing(phones: Phones, code: str, scheme: str) -> None:
    resident = phones(color_scheme=scheme)
    resident.opens()
    assert faults(resident.page) == []
    resident.chooses_language(code)
    resident.tells_plan(PLANS[code])
    assert faults(resident.page) == []
    resident.is_pictured(f"{scheme}-{code}")
    for button in ("#open-language", "#open-more", "#open-other"):
        resident.page.locator(button).click()
        resident.is_pictured(f"{scheme}-{code}-{button.removeprefix('#open-')}")
        assert faults(resident.page) == []
        resident.page.keyboard.press("Escape")


def test_axe_would_find_something(resident: Resident) -> None:
    resident.opens()
    resident.page.locator("#text").evaluate(
        "it => ['aria-label', 'placeholder'].forEach(a => it.removeAttribute(a))"
    )
    assert faults(resident.page) != []


@pytest.mark.parametrize("code", PLANS)
@pytest.mark.parametrize("width", [320, 195], ids=["narrow", "a phone zoomed to 200 %"])
def test_nothing_hangs_over_the_side(phones: Phones, code: str, width: int) -> None:
    resident = phones(viewport={"width": width, "height": 640})
    resident.starts_in(code)
    resident.tells_plan(PLANS[code] + " " + "w" * 60)
    resident.is_pictured(f"wide-{width}-{code}")
    over = resident.page.evaluate(
        "() => [document.documentElement, document.getElementById('scroll')]"
        ".map(it => it.scrollWidth - it.clientWidth)"
    )
    assert over == [0, 0]


@pytest.mark.parametrize("code", PLANS)
def test_what_is_tapped_is_big_enough(phones: Phones, code: str) -> None:
    resident = phones(viewport=NARROW)
    resident.starts_in(code)
    boxes = [each.bounding_box() for each in resident.page.locator(TARGETS).all()]
    assert len(boxes) > 6
    small = [box for box in boxes if box and min(box["width"], box["height"]) < 48]
    assert small == []


def test_a_plan_is_told_with_the_keyboard_alone(resident: Resident) -> None:
    page = resident.page
    resident.opens()
    _tab_to(page, "[data-tap='lang:en']")
    page.keyboard.press("Enter")
    expect(resident.button("menu:plan")).to_be_visible()
    _tab_to(page, "#text")
    page.keyboard.type("A lamp in the park")
    page.keyboard.press("Enter")
    resident.hears("A lamp in the park")
    before = page.locator(INCOMING).count()
    _tab_to(page, "[data-choice='yes']", back=True)
    page.keyboard.press("Space")
    expect(page.locator(INCOMING).nth(before)).to_be_visible()


def _tab_to(page: Page, target: str, *, back: bool = False) -> None:
    for _ in range(30):
        if page.evaluate("target => document.activeElement.matches(target)", target):
            return
        page.keyboard.press("Shift+Tab" if back else "Tab")
    raise AssertionError(f"the keyboard never reaches {target}")


def test_a_dialog_gives_the_focus_back(resident: Resident) -> None:
    resident.starts_in("nl")
    opener = resident.page.locator("#open-language")
    opener.focus()
    resident.page.keyboard.press("Enter")
    expect(resident.page.locator("#languages")).to_be_visible()
    resident.page.keyboard.press("Escape")
    expect(opener).to_be_focused()


def test_a_screen_reader_hears_who_speaks(resident: Resident) -> None:
    resident.starts_in("tr")
    log = resident.page.get_by_role("log")
    expect(log).to_have_attribute("aria-live", "polite")
    resident.types("Bir bank")
    expect(resident.page.locator(OWN).last).to_contain_text("Siz")
    expect(resident.page.locator(INCOMING).last).to_contain_text("Buurtstem")


def test_directions_follow_the_words(resident: Resident) -> None:
    resident.starts_in("ar")
    resident.types("A bench bij het plein")
    said = resident.page.locator(f"{OWN} .bubble p", has_text="bench")
    assert said.evaluate("it => getComputedStyle(it).direction") == "ltr"
    heard = resident.page.locator(f"{INCOMING} .bubble p").last
    assert heard.evaluate("it => getComputedStyle(it).direction") == "rtl"
    box = resident.page.locator(f"{OWN} .bubble").last.bounding_box()
    assert box is not None
    assert box["x"] < 100  # hers are on the left where reading begins on the right
