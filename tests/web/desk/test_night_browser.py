"""Results night in a real browser, on a phone and a laptop: prepared, told, called."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from bot.web.desk.words.book import words
from tests.services.desk.night_town import carry, lacking, night_of, settle
from tests.web.conftest import one_time_token
from tests.web.desk.head import unfold
from tests.web.screens import SIZES, can_be_read, chromium
from tests.worlds import VOTING, World

W = words("nl")


@pytest.fixture
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


def enter(browser: Browser, world: World, url: str, role: str, size: str) -> Page:
    page = browser.new_context(viewport=SIZES[size]).new_page()
    page.on("pageerror", lambda error: pytest.fail(str(error)))
    page.on("console", lambda said: pytest.fail(said.text))
    page.goto(f"{url}/login#{one_time_token(world, role)}")
    page.wait_for_url(url)
    return page


def press(page: Page, word: str) -> None:
    page.get_by_role("button", name=W[word], exact=True).first.click()
    page.wait_for_load_state()


@pytest.mark.parametrize("size", SIZES)
def test_the_night_from_the_first_press_to_the_last_call(
    world: World, desk_url: str, browser: Browser, size: str
) -> None:
    people = settle(world, 44)
    number, silent = next(iter(people.items()))
    world.change_talk(silent, stopped_at=world.clock(), phone="+31612345678")
    anna = enter(browser, world, desk_url, "communicator", size)
    unfold(anna)
    anna.get_by_role("link", name=W["results"], exact=True).click()
    can_be_read(anna, "night-1-rounds")
    anna.goto(f"{desk_url}/results/{VOTING}")
    can_be_read(anna, "night-2-empty")
    press(anna, "night_begin")
    press(anna, "fill")
    can_be_read(anna, "night-3-filled")
    _fill_in(anna, world)
    anna.get_by_role("link", name=W["see_plans"]).click()
    anna.locator("details").first.locator("summary").click()
    can_be_read(anna, "night-4-plans")
    anna.go_back()
    _set_moments(anna, world)
    anna.get_by_role("link", name=W["rehearse"]).click()
    can_be_read(anna, "night-5-rehearsal")
    arabic = anna.locator(".phone-bubble[lang=ar]").first
    assert arabic.evaluate("each => getComputedStyle(each).direction") == "rtl"
    anna.go_back()
    press(anna, "propose")
    expect(anna.get_by_text(W["same_person"])).to_be_visible()
    bram = enter(browser, world, desk_url, "admin", size)
    bram.goto(f"{desk_url}/results/{VOTING}")
    can_be_read(bram, "night-6-second")
    press(bram, "release")
    assert night_of(world).state == "released"
    assert world.pushes(silent) == []
    world.clock.pass_time(hours=4)
    assert carry(world) == 1
    bram = enter(browser, world, desk_url, "admin", size)
    bram.goto(f"{desk_url}/results/{VOTING}")
    can_be_read(bram, "night-7-progress")
    assert bram.locator("#progress .big").inner_text().startswith("0 ")
    bram.get_by_role("link", name=W["call_list"]).first.click()
    can_be_read(bram, "night-8-calls")
    bram.get_by_role("button", name=f"{W['called_it']}: {W['plan']} {number}").click()
    expect(bram.get_by_text(W["called_noted"])).to_be_visible()
    expect(bram.get_by_text(W["to_call_none"])).to_be_visible()
    anna = enter(browser, world, desk_url, "communicator", size)
    anna.goto(f"{desk_url}/results/{VOTING}")
    assert anna.locator("#progress .big").inner_text().startswith("1 ")
    _goes_on_by_itself(anna, world)


def _goes_on_by_itself(page: Page, world: World) -> None:
    """The progress is asked for again without anybody pressing anything."""
    before = page.locator("#progress").element_handle()
    assert before is not None
    with page.expect_response("**/progress*", timeout=15_000):
        world.clock.pass_time(days=1)
    page.wait_for_function("was => !was.isConnected", arg=before)


def _fill_in(page: Page, world: World) -> None:
    for outcome in ("chosen", "infeasible", "not_preselected"):
        label = f"{W['fill_all']}: {W[f'outcome_{outcome}']}"
        box = page.locator("details", has_text=label).first
        if not box.count():
            continue
        box.locator("summary").click()
        if outcome == "chosen":
            box.get_by_label(W["story_contact"], exact=True).fill("Yasmina el Idrissi")
            box.get_by_label(W["story_phone"]).fill("020 123 45 67")
            day = world.clock() + timedelta(days=14)
            box.get_by_label(W["first_talk"]).fill(f"{day:%Y-%m-%d}")
        else:
            box.get_by_label("Nederlands").fill("Er liggen kabels in de grond.")
        box.get_by_role("button", name=W["fill_it"]).click()
        page.wait_for_load_state()
    assert lacking(world) == 0


def _set_moments(page: Page, world: World) -> None:
    first = world.clock() + timedelta(hours=3)
    for at, step in enumerate(("authors", "voters", "public")):
        moment = first + timedelta(days=at)
        page.get_by_label(W[f"at_{step}"]).fill(f"{moment:%Y-%m-%dT%H:%M}")
    press(page, "save")
    expect(page.get_by_text(W["saved"], exact=True)).to_be_visible()


@pytest.mark.parametrize("size", SIZES)
def test_a_message_to_many_from_the_first_word_to_the_end(
    world: World, desk_url: str, browser: Browser, size: str
) -> None:
    world.person("nl")
    anna = enter(browser, world, desk_url, "communicator", size)
    anna.goto(f"{desk_url}/broadcasts")
    can_be_read(anna, "night-casts-1-empty")
    anna.get_by_role("link", name=W["draft_begin"]).click()
    can_be_read(anna, "night-casts-2-new")
    anna.get_by_label("Nederlands").fill("Kom vrijdag naar het plein. U bent winnaar.")
    anna.get_by_label("العربية").fill("تعالوا يوم الجمعة إلى الساحة.")
    press(anna, "save")
    expect(anna.get_by_text(W["doubt_word"])).to_be_visible()
    can_be_read(anna, "night-casts-3-draft")
    press(anna, "draft_propose")
    bram = enter(browser, world, desk_url, "admin", size)
    bram.goto(f"{desk_url}/broadcasts/drafts/1")
    press(bram, "draft_release")
    world.spread()
    bram.reload()
    can_be_read(bram, "night-casts-4-sent")
    press(bram, "pause")
