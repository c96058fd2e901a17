"""Plans at the desk in a real browser, by somebody who has never seen it before.

She clicks only what the pages name, from an empty desk to a review that is undone.
"""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from bot.web.desk.words.book import words
from tests.web.conftest import one_time_token
from tests.web.screens import SIZES, can_be_read, screen
from tests.worlds import COLLECTING, World

NL = words("nl")


@pytest.fixture
def desk_url(world: World, desk_url: str) -> str:
    with world.house.db.engine.begin() as db:
        for each in ("plan_stages", "supports", "plans"):
            db.exec_driver_sql(f"DELETE FROM {each}")  # noqa: S608 - our own tables
    return desk_url


@pytest.fixture(params=SIZES)
def page(desk_url: str, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A page on a phone or a laptop."""
    del desk_url  # the server outlives the browser
    with screen(SIZES[request.param]) as shown:
        yield shown


def come_in(world: World, page: Page, desk_url: str, role: str) -> None:
    page.context.clear_cookies()
    page.goto(f"{desk_url}/login#{one_time_token(world, role)}")
    page.wait_for_url(lambda url: "login" not in url)


def look(page: Page) -> None:
    """Everything can be read and reached, and no page needs a script."""
    can_be_read(page)
    assert page.locator("script").count() == 0


def test_from_an_empty_desk_to_a_review_that_is_undone(
    world: World, desk_url: str, page: Page
) -> None:
    come_in(world, page, desk_url, "reviewer")
    page.get_by_role("link", name=NL["plans"], exact=True).click()
    expect(page.get_by_text(NL["plans_none"])).to_be_visible()
    look(page)
    page.get_by_role("main").get_by_role("link", name=NL["new_plan"]).click()
    look(page)
    page.get_by_label(NL["bring_text"]).fill("أريد مقعدًا في الساحة.")
    page.get_by_label(NL["bring_language"]).select_option("ar")
    page.get_by_label(NL["bring_place"]).fill("Plein '40-'45")
    page.get_by_label(NL["bring_entry"]).fill("markt")
    page.get_by_role("button", name=NL["bring_send"]).click()
    expect(page.get_by_text(NL["brought"])).to_be_visible()
    look(page)
    page.get_by_role("link", name=NL["to_plan"]).click()
    look(page)
    page.get_by_label(NL["verdict_infeasible"]).check()
    page.get_by_label(NL["review_words"]).fill("De grond is van de corporatie.")
    reason = "Deze plek is niet van de gemeente."
    page.get_by_label(NL["review_for_her"]).select_option(label=reason)
    page.get_by_role("button", name=NL["review_send"]).click()
    expect(page.get_by_text(NL["reviewed"])).to_be_visible()
    look(page)
    page.get_by_role("button", name=NL["review_undo"]).click()
    expect(page.get_by_text(NL["review_undone"])).to_be_visible()
    page.get_by_role("link", name=NL["plans"], exact=True).first.click()
    page.get_by_label(NL["plans_search"]).fill("المقعد")
    expect(page.get_by_text(NL["clock_green"]).first).to_be_visible()
    page.get_by_role("button", name=NL["plans_show"], exact=True).first.click()
    expect(page.get_by_text(NL["plans_not_found"])).to_be_visible()
    page.get_by_label(NL["plans_search"]).fill("مقعدا")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="10 –").get_by_role("link").click()
    quote = page.locator("blockquote[lang=ar]").first
    assert quote.evaluate("each => getComputedStyle(each).direction") == "rtl"


def test_two_officials_decide_about_money_and_make_a_plan_public(
    world: World, desk_url: str, page: Page
) -> None:
    number = world.plan(
        world.person("tr"), "Parka bir salıncak.", COLLECTING, language="tr"
    )
    come_in(world, page, desk_url, "reviewer")
    page.goto(f"{desk_url}/plans/{number}")
    page.get_by_label(NL["verdict_feasible"], exact=True).check()
    page.get_by_label(NL["review_words"]).fill("Past bij het groenplan.")
    page.get_by_label(NL["review_department"]).fill("Openbare ruimte")
    page.get_by_label(NL["review_person"]).fill("Ans de Boer")
    page.get_by_label(NL["review_cost"]).fill("12.500")
    page.get_by_role("button", name=NL["review_send"]).click()
    expect(page.get_by_text(NL["review_waiting_own"])).to_be_visible()
    titles = {"nl": "Schommel", "en": "Swing", "tr": "Salıncak", "ar": "أرجوحة"}
    for code, title in titles.items():
        page.locator(f"#title-{code}").fill(title)
    for code in ("en", "tr", "ar"):
        page.locator(f"[name=tick-{code}]").check()
    page.get_by_role("button", name=NL["plan_publish"]).click()
    expect(page.get_by_text(NL["published"])).to_be_visible()
    come_in(world, page, desk_url, "admin")
    page.goto(f"{desk_url}/plans")
    expect(page.get_by_text(NL["second_waits"]).first).to_be_visible()
    look(page)
    page.get_by_role("link", name=f"{number} – Schommel").first.click()
    page.get_by_role("button", name=NL["review_agree"]).click()
    expect(page.get_by_text(NL["reviewed"])).to_be_visible()
    look(page)
