"""Setting up a password and a phone by a link, and logging in with both, by hand."""

import re

import pyotp
import pytest
from playwright.sync_api import Page, expect

from bot.web.desk.words.book import words
from tests.web.conftest import one_time_token
from tests.web.desk.head import leave, unfold, unfold_mine
from tests.web.desk.logins import PASSWORD, email_of
from tests.web.screens import can_be_read
from tests.worlds import World

W = words("nl")


@pytest.fixture
def world(world: World) -> World:
    """A city that asks everybody for a second factor."""
    return world.with_settings(desk_second_factor="required")


def key_of(page: Page) -> str:
    return re.sub(r"\s", "", page.locator(".key").inner_text())


def sets_up(world: World, page: Page, url: str) -> tuple[pyotp.TOTP, list[str]]:
    page.goto(f"{url}/login#{one_time_token(world, 'admin')}")
    page.wait_for_url("**/account/password")
    can_be_read(page)
    page.get_by_label(W["password_new"]).fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/account/factor?*")
    expect(page.get_by_text(W["factor_required"])).to_be_visible()
    can_be_read(page)
    page.get_by_role("button", name=W["factor_begin"]).click()
    drawn = page.get_by_alt_text(W["factor_qr"])
    assert drawn.evaluate("each => each.decode().then(() => each.naturalWidth > 100)")
    can_be_read(page)
    phone = pyotp.TOTP(key_of(page))
    page.get_by_label(W["code"], exact=True).fill(phone.at(world.clock()))
    page.keyboard.press("Enter")
    page.get_by_role("heading", name=W["codes_title"]).wait_for()
    can_be_read(page)
    codes = page.locator(".codes li").all_inner_texts()
    page.get_by_role("link", name=W["codes_kept"]).click()
    page.wait_for_url("**/desk?*")
    return phone, codes


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_a_link_leads_to_password_and_phone_and_both_let_her_in_again(
    world: World, desk_url: str, page: Page, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 844})
    phone, codes = sets_up(world, page, desk_url)
    assert len(codes) == 10
    leave(page, W)
    page.wait_for_url("**/login")
    can_be_read(page)
    page.get_by_label(W["email"]).fill(email_of(world, "admin"))
    page.get_by_label(W["password"]).fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/login/code")
    can_be_read(page)
    assert page.evaluate("document.activeElement.id") == "code"
    world.clock.pass_time(minutes=1)
    page.keyboard.type(phone.at(world.clock()))
    page.keyboard.press("Enter")
    page.wait_for_url(desk_url)
    unfold_mine(page)
    can_be_read(page)
    page.get_by_role("link", name=W["account"]).click()
    page.wait_for_url("**/account?*")
    expect(page.get_by_text(W["session_here"])).to_be_visible()
    can_be_read(page)


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_an_admin_invites_somebody_and_finds_it_in_the_trail(
    world: World, desk_url: str, page: Page, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 844})
    sets_up(world, page, desk_url)
    unfold(page)
    can_be_read(page)
    page.get_by_role("link", name=W["officials"]).click()
    page.wait_for_url("**/officials?*")
    can_be_read(page)
    page.get_by_label(W["email"]).fill("fatma@city.example")
    page.get_by_label(W["official_name"]).fill("فاطمة")
    page.get_by_label(W["role"]).select_option("counter")
    page.get_by_role("button", name=W["invite_go"]).click()
    link = page.get_by_label(W["login_link"]).input_value()
    assert "/desk/login#" in link
    can_be_read(page)
    page.get_by_role("link", name=W["link_back"]).click()
    page.get_by_role("link", name="فاطمة").click()
    can_be_read(page)
    page.get_by_role("button", name=W["official_suspend_go"]).click()
    expect(page.get_by_text(W["official_suspend"])).to_be_visible()
    page.get_by_role("link", name=W["audit"]).last.click()
    page.wait_for_url("**/audit?*")
    expect(page.locator("td", has_text=W["act_official.suspend"])).to_be_visible()
    can_be_read(page)
