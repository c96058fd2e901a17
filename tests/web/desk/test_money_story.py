"""From a receipt in her hand to a line the whole street can read, in real browsers."""

from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import update

from bot.domain.money import Money
from bot.domain.plans import Status
from bot.services.photos import fetch_photo_once
from bot.store.civic import PlanRow
from bot.store.spending import Spending
from bot.web.desk.words.book import words
from tests.browser.hands import Resident
from tests.photographs import jpeg
from tests.services.desk.paying import PAINT, chosen_plan, paid
from tests.web.conftest import one_time_token
from tests.web.desk.head import unfold
from tests.web.screens import LAPTOP, PHONE, can_be_read
from tests.worlds import VOTING, World, table

HERE = words("nl")


def looks_right(page: Page, name: str) -> None:
    """A page can be read on a phone and on a laptop."""
    for size in (LAPTOP, PHONE):
        page.set_viewport_size(size)
        can_be_read(page, name)


@pytest.fixture
def phone(page: Page, desk_url: str) -> Resident:
    """A resident's phone, in the same browser as the desk but a window of its own."""
    browser = page.context.browser
    assert browser is not None
    context = browser.new_context(viewport=PHONE)
    return Resident(context, desk_url.removesuffix("/desk"))


def becomes_chosen(world: World, number: int) -> None:
    """The plan is ticked as public, and chosen, with 500 euros."""
    chosen = {
        "status": Status.CHOSEN.value,
        "title": {"nl": "Verf voor de muur", "tr": "Duvara boya", "ar": "طلاء للجدار"},
        "public_at": world.clock(),
        "cost_cents": 50_000,
    }
    with world.house.db.engine.begin() as db:
        db.execute(update(PlanRow).where(PlanRow.number == number).values(chosen))


def test_a_receipt_becomes_a_line_that_the_street_can_read(
    world: World, desk_url: str, page: Page, phone: Resident, tmp_path: Path
) -> None:
    phone.starts_in("nl")
    number = phone.tells_plan("Ik wil verf voor de muur bij het plein.")
    phone.taps("skip")
    becomes_chosen(world, number)
    bill = tmp_path / "bon.jpg"
    bill.write_bytes(jpeg(400, 600))
    phone.page.locator("#photo-file").set_input_files(bill)
    phone.hears(f"Is dit een bon voor plan {number}?")
    phone.taps("yes")
    phone.hears("Hoeveel euro")
    phone.types("12,50")
    phone.hears("12,50 euro")
    phone.taps("yes")
    phone.hears("Wij hebben uw bon.")
    phone.is_pictured("bill-chat")
    assert fetch_photo_once(world.house)
    (line,) = world.rows(table(Spending))
    page.goto(f"{desk_url}/login#{one_time_token(world, 'reviewer')}")
    page.wait_for_url(desk_url)
    unfold(page)
    page.get_by_role("link", name=HERE["money"], exact=True).click()
    looks_right(page, "money-waiting")
    page.get_by_role("link", name=f"Plan {number}").first.click()
    page.get_by_alt_text(HERE["money_photo"]).scroll_into_view_if_needed()
    looks_right(page, "money-approve")
    card = page.locator(f"#line-{line.id}")
    card.get_by_label(HERE["money_what"]).fill("twee potten verf")
    card.get_by_label(HERE["money_activity_new"]).fill("De muur")
    card.get_by_role("button", name=HERE["money_approve"]).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text(HERE["money_approved"])).to_be_visible()
    assert page.locator("script").count() == 0
    looks_right(page, "money-approved")
    phone.page.reload()
    neighbour = Resident(phone.context.browser.new_context(viewport=PHONE), phone.url)  # type: ignore[union-attr]
    neighbour.starts_in("ar")
    neighbour.types("أين ذهب المال؟")
    neighbour.taps(f"money:{number}")
    neighbour.hears("487,50")
    neighbour.hears("twee potten verf")
    neighbour.is_pictured("money-chat-ar")
    assert neighbour.troubles == phone.troubles == []


def test_everybody_can_read_the_ledger_from_right_to_left_too(
    world: World, desk_url: str, page: Page
) -> None:
    plan = chosen_plan(world, None)
    paid(world, plan, PAINT)
    for language in ("nl", "ar"):
        place = desk_url.replace("/desk", f"/open/rounds/{VOTING}?lang={language}")
        page.goto(place)
        page.locator("#ledger summary").click()
        page.locator("#ledger").scroll_into_view_if_needed()
        looks_right(page, f"ledger-{language}")
    row = page.locator("#ledger details bdi", has_text="طلاء للجدار")
    expect(row.first).to_be_visible()


def test_an_alarm_is_seen_and_mended_on_a_phone(
    world: World, desk_url: str, page: Page
) -> None:
    plan = chosen_plan(world, None)
    line = paid(world, plan, replace(PAINT, amount=Money(60_000), new_activity=""))
    page.goto(f"{desk_url}/login#{one_time_token(world, 'communicator')}")
    page.wait_for_url(desk_url)
    page.goto(f"{desk_url}/money")
    looks_right(page, "money-alarm")
    page.get_by_role("link", name=f"Plan {plan}").nth(1).click()
    card = page.locator(f"#line-{line}")
    card.get_by_label(HERE["money_activity_new"]).fill("De muur")
    card.get_by_role("button", name=HERE["money_file"]).click()
    expect(page.get_by_text(HERE["money_filed"])).to_be_visible()
    card.get_by_text(HERE["money_take_back"]).first.click()
    card.get_by_role("button", name=HERE["money_take_back"]).click()
    expect(page.get_by_text(HERE["money_yours"])).to_be_visible()
    looks_right(page, "money-undo")
