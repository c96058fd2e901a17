"""The main job on the page: tell a plan, vote, come back."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Phones
from tests.browser.hands import INCOMING, OWN, Resident

RECEIPT = re.compile(r"\d{4}\s\d{4}")
PLANS = {
    "nl": "Een bank onder de lindebomen, voor oude mensen.",
    "en": "A bench under the lime trees, for old people.",
    "tr": "Ihlamur ağaçlarının altında yaşlılar için bir bank.",
    "ar": "مقعد تحت الأشجار لكبار السن.",
}


@pytest.mark.parametrize("code", PLANS)
def test_a_plan_is_told_and_gets_a_number(resident: Resident, code: str) -> None:
    resident.opens(f"?lang={code}")
    resident.is_pictured(f"welcome-{code}")
    resident.chooses_language(code)
    expect(resident.button("menu:plan")).to_be_visible()
    resident.is_pictured(f"menu-{code}")
    number = resident.tells_plan(PLANS[code])
    resident.is_pictured(f"plan-{code}")
    assert number >= 10
    page = resident.page
    expect(page.locator("html")).to_have_attribute(
        "dir", "rtl" if code == "ar" else "ltr"
    )
    expect(page.locator(OWN).filter(has_text=PLANS[code])).to_have_count(1)


@pytest.mark.parametrize("code", PLANS)
def test_a_vote_is_read_back_counted_and_forgotten_here(
    resident: Resident, code: str
) -> None:
    resident.starts_in(code)
    resident.taps("menu:vote")
    resident.taps("vote:help")
    resident.page.locator("#log [data-choice^='theme:']").first.click()
    resident.taps("vote:list")
    expect(resident.page.locator("#log [data-choice^='plan:']").first).to_be_visible()
    resident.is_pictured(f"ballot-{code}")
    resident.types("21 30")
    resident.taps("done")
    expect(resident.button("yes")).to_be_visible()
    resident.hears("21 – ")
    resident.is_pictured(f"read-back-{code}")
    resident.taps("yes")
    expect(resident.page.locator(INCOMING).last).to_contain_text(RECEIPT)
    resident.is_pictured(f"voted-{code}")
    resident.page.wait_for_timeout(1_500)  # until the page has said what it has
    resident.page.reload()
    expect(resident.page.locator(INCOMING).last).to_contain_text(RECEIPT)
    assert "21 30" not in "\n".join(resident.sees())
    assert resident.page.locator("use[href='#icon-lock']").count() >= 2


def test_a_reload_keeps_every_message_once(resident: Resident) -> None:
    resident.starts_in("tr")
    resident.tells_plan(PLANS["tr"])
    before = resident.sees()
    resident.page.reload()
    expect(resident.page.locator("#log .message")).to_have_count(len(before))
    assert resident.sees() == before
    expect(resident.page.locator("html")).to_have_attribute("lang", "tr")


def test_a_draft_survives_a_reload(resident: Resident) -> None:
    resident.starts_in("nl")
    resident.page.locator("#text").fill("Een half verteld plan")
    resident.page.wait_for_function("() => sessionStorage.getItem('phone.draft')")
    resident.page.reload()
    expect(resident.page.locator("#text")).to_have_value("Een half verteld plan")
    expect(resident.page.locator("#send")).to_be_visible()


NEVER_SEALED = """() => {
  SubtleCrypto.prototype.encrypt = () => new Promise(() => {});
}"""


def test_words_of_a_page_closed_before_it_kept_them_are_a_draft_again(
    resident: Resident,
) -> None:
    resident.starts_in("nl")
    page = resident.page
    page.locator("#text").fill("Een heel verteld plan")
    page.wait_for_function("() => sessionStorage.getItem('phone.draft')")
    page.evaluate(NEVER_SEALED)
    page.locator("#text").press("Enter")
    expect(page.locator("#text")).to_have_value("")
    page.reload()
    expect(page.locator("#text")).to_have_value("Een heel verteld plan")
    page.locator("#text").press("Enter")
    expect(page.locator(OWN).filter(has_text="Een heel verteld plan")).to_have_count(1)
    page.wait_for_function("() => !sessionStorage.getItem('phone.draft')")


def test_an_old_button_still_answers(resident: Resident) -> None:
    resident.starts_in("en")
    resident.types("status")
    expect(resident.page.locator(OWN)).to_have_count(2)
    resident.page.locator("#log [data-choice='menu:plan']").first.click()
    expect(resident.page.locator(OWN)).to_have_count(3)
    expect(resident.page.locator("#waiting .message")).to_have_count(0)


def test_a_hasty_double_tap_is_one_tap(resident: Resident) -> None:
    resident.starts_in("nl")
    resident.button("menu:plan").dblclick()
    expect(resident.page.locator(OWN)).to_have_count(2)
    resident.page.wait_for_timeout(1_500)
    expect(resident.page.locator(OWN)).to_have_count(2)


def test_the_language_button_turns_the_whole_page(resident: Resident) -> None:
    resident.starts_in("nl")
    page = resident.page
    page.locator("#open-language").click()
    page.locator("#languages [data-tap='lang:ar']").click()
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    expect(page.locator("#text")).to_have_attribute("placeholder", re.compile("[ا-ي]"))
    expect(page.locator(INCOMING).last).to_contain_text(re.compile("[ا-ي]"))


def test_a_support_link_is_followed_once(phones: Phones) -> None:
    author, neighbour = phones(), phones()
    author.starts_in("nl")
    number = author.tells_plan(PLANS["nl"])
    neighbour.opens(f"?start=p{number}")
    expect(neighbour.page.locator(INCOMING).first).to_be_visible()
    assert neighbour.page.url.endswith("/phone")
    neighbour.button("lang:nl").click()
    expect(neighbour.page.locator(INCOMING).nth(1)).to_be_visible()
    neighbour.hears(str(number))
    before = neighbour.sees()
    neighbour.page.reload()
    expect(neighbour.page.locator("#log .message")).to_have_count(len(before))
    assert neighbour.sees() == before


def test_two_pages_of_one_phone_show_the_same(resident: Resident) -> None:
    resident.starts_in("nl")
    other = resident.new_page()
    other.goto(f"{resident.url}/phone")
    expect(other.locator(OWN)).to_have_count(1)
    resident.tells_plan(PLANS["nl"])
    other.bring_to_front()
    count = resident.page.locator("#log .message").count()
    expect(other.locator("#log .message")).to_have_count(count)


def test_markup_in_a_message_stays_text(resident: Resident) -> None:
    resident.starts_in("en")
    nasty = "<img src=x onerror=alert(1)> https://example.org/?a=<b>"
    resident.types(nasty)
    resident.hears(nasty)
    expect(resident.page.locator("#log img")).to_have_count(0)
