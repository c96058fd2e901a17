"""A plan stops after results night and the next one is chosen, in a real browser.

Two officials at the desk, on a phone and on a laptop; then the author's own phone page,
in Arabic, from right to left.
"""

from playwright.sync_api import Browser, Page, expect

from bot.store.talks import Talk
from bot.web.desk.words.book import words
from tests.browser.hands import INCOMING, PICTURES, Resident, take_phone
from tests.services.desk.changed_town import decided
from tests.services.desk.night_town import CHOSEN
from tests.web.desk.test_care_browser import enter, look, page
from tests.worlds import VOTING, Person, World, table

__all__ = ["page"]
HERE = words("nl")


def her_phone(world: World, browser: Browser, url: str) -> tuple[Resident, Person]:
    """Give somebody a phone, and let her choose Arabic on it."""
    phone = take_phone(browser, url)
    phone.opens()
    phone.chooses_language("ar")
    expect(phone.page.locator(INCOMING).first).to_be_visible()
    row = world.rows(table(Talk).order_by(Talk.id.desc()).limit(1))[0]
    return phone, Person(row.id, row.resident_id, row.channel, row.address)


def press(page: Page, word: str, said: str) -> None:
    page.get_by_role("button", name=HERE[word]).press("Enter")
    page.get_by_text(HERE[said]).wait_for()


def test_a_plan_stops_and_the_next_author_reads_it_on_her_phone(
    world: World, desk_url: str, page: Page
) -> None:
    people = decided(world)
    stopped, after = min(people), sorted(people)[CHOSEN]
    browser, city = page.context.browser, desk_url.removesuffix("/desk")
    assert browser is not None
    phone, author = her_phone(world, browser, city)
    world.change_plan(after, resident_id=author.resident, talk_id=author.talk)
    enter(world, desk_url, page, "communicator")
    page.goto(f"{desk_url}/plans/{stopped}")
    page.get_by_role("link", name=HERE["change_plan"], exact=True).click()
    page.get_by_label(HERE["change_kind_stops"]).check()
    page.get_by_label(HERE["change_why"]).select_option("nobody")
    look(page, "change")
    press(page, "change_propose", "change_proposed")
    expect(page.get_by_role("button", name=HERE["change_confirm"])).to_be_hidden()
    enter(world, desk_url, page, "reviewer")
    page.goto(f"{desk_url}/plans/{stopped}/change")
    look(page, "confirm")
    press(page, "change_confirm", "change_done")
    look(page, "undo")
    world.clock.pass_time(minutes=11)
    page.get_by_role("link", name=HERE["freed_see"]).click()
    page.get_by_text(HERE["freed_steps"]).first.click()
    page.get_by_label(HERE["story_contact"], exact=True).fill("Yasmina el Idrissi")
    page.get_by_label(HERE["first_talk"]).fill("2027-12-01")
    page.get_by_label(HERE["change_why"]).select_option("freed")
    look(page, "freed")
    press(page, "change_propose", "freed_proposed")
    enter(world, desk_url, page, "communicator")
    page.goto(f"{desk_url}/after/{VOTING}/freed")
    look(page, "agree")
    press(page, "freed_confirm", "freed_awarded")
    world.send_due()
    phone.page.reload()
    news = phone.page.locator(INCOMING).filter(has_text="جاء دور خطتكم")
    expect(news).to_be_visible()
    assert news.evaluate("each => getComputedStyle(each).direction") == "rtl"
    assert "Yasmina el Idrissi" in news.inner_text()
    news.scroll_into_view_if_needed()
    phone.is_pictured("change-her-phone")
    assert phone.troubles == []
    phone.context.close()
    page.goto(f"{city}/open/rounds/{VOTING}?lang=ar")
    page.screenshot(path=PICTURES / "change-open.png")
