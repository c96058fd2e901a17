"""Every page of the desk and of `/open`, empty and full: axe, small screens, names.

The pages come from the application's own list of routes: a new one that is not in the
table below fails until somebody says how it is reached, or why it is no page.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, Page
from sqlalchemy import select

from bot.app import create_app
from bot.services.broadcasts import Broadcast
from bot.services.hooks import accept
from bot.services.segments import parse_segment
from bot.store.care import ContactRow
from bot.store.civic import Official
from bot.store.drafts import BroadcastDraft
from bot.web.routes import register
from tests.services.desk.night_town import prepare, settle
from tests.services.desk.paying import chosen_plan, paid
from tests.web.conftest import log_in, one_time_token
from tests.web.desk.test_contacts import chosen
from tests.web.desk.test_drafts import write
from tests.web.screens import chromium, served
from tests.worlds import VOTING, World, open_world

Where = Mapping[str, Any]
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
}
PAGES: Mapping[str, Callable[[Where], str]] = {
    "desk.today": lambda _: "/desk",
    "desk.account": lambda _: "/desk/account",
    "desk.factor": lambda _: "/desk/account/factor",
    "desk.password": lambda _: "/desk/account/password",
    "desk.after": lambda _: "/desk/after",
    "desk.after_round": lambda _: f"/desk/after/{VOTING}",
    "desk.audit": lambda _: "/desk/audit",
    "desk.ballots": lambda _: "/desk/ballots",
    "desk.broadcasts": lambda _: "/desk/broadcasts",
    "desk.broadcast": lambda at: f"/desk/broadcasts/{at['broadcast']}",
    "desk.draft": lambda at: f"/desk/broadcasts/drafts/{at['draft']}",
    "desk.draft_new": lambda _: "/desk/broadcasts/new",
    "desk.checkins": lambda _: "/desk/checkins",
    "desk.checkin": lambda at: f"/desk/checkins/{at['chosen']}",
    "desk.contacts": lambda _: "/desk/contacts",
    "desk.contact": lambda at: f"/desk/contacts/{at['contact']}",
    "desk.delivery": lambda _: "/desk/delivery",
    "desk.exports": lambda _: "/desk/exports",
    "desk.at_a_glance": lambda _: "/desk/glance",
    "desk.round_at_a_glance": lambda _: f"/desk/glance/{VOTING}",
    "desk.plans_behind": lambda at: f"/desk/glance/{at['round']}/plans?step=told",
    "desk.hooks": lambda _: "/desk/hooks",
    "desk.inbox": lambda _: "/desk/inbox",
    "desk.listening": lambda _: "/desk/listening",
    "desk.money": lambda _: "/desk/money",
    "desk.money_of": lambda at: f"/desk/money/{at['paid']}",
    "desk.officials": lambda _: "/desk/officials",
    "desk.official": lambda at: f"/desk/officials/{at['official']}",
    "desk.plans": lambda _: "/desk/plans",
    "desk.plan": lambda at: f"/desk/plans/{at['chosen']}",
    "desk.plan_receipt": lambda at: f"/desk/plans/{at['chosen']}/receipt",
    "desk.plan_list": lambda _: "/desk/plans/import",
    "desk.new_plan": lambda _: "/desk/plans/new",
    "desk.results": lambda _: "/desk/results",
    "desk.night": lambda _: f"/desk/results/{VOTING}",
    "desk.night_calls": lambda at: f"/desk/results/{at['round']}/calls",
    "desk.night_plans": lambda at: f"/desk/results/{at['round']}/plans",
    "desk.rehearsal": lambda at: f"/desk/results/{at['round']}/rehearsal",
    "desk.talk": lambda at: f"/desk/talks/{at['talk']}",
    "desk.freed": lambda at: f"/desk/after/{at['round']}/freed",
    "desk.plan_change": lambda at: f"/desk/plans/{at['chosen']}/change",
    "open_pages.rounds": lambda _: "/open",
    "open_pages.accessibility": lambda _: "/open/accessibility",
    "open_pages.privacy": lambda _: "/open/privacy",
    "open_pages.one_round": lambda _: f"/open/rounds/{VOTING}",
    "open_pages.receipt": lambda _: f"/open/rounds/{VOTING}/receipt",
}
ELSEWHERE: Mapping[str, str] = {
    "phone.page": "tests/browser/test_access.py",
    "desk.login": "tests/web/desk/test_browser_access.py",
    "desk.code": "tests/web/desk/test_browser_access.py",
}
"""Pages that are looked at where their own stories are told."""

NO_PAGES = {
    "desk.broadcast_call_list", "desk.broadcast_part", "desk.city", "desk.city_back",
    "desk.draft_sound", "desk.factor_picture", "desk.line_photo", "desk.static",
    "desk.night_call_list", "desk.night_progress_part", "desk.photo", "desk.plan_media",
    "desk.prove",
    "desk.rehearsal_sound", "desk.sound", "desk.take_away", "desk.talk_sound",
    "health.alive", "health.metrics", "health.ready", "machine.openapi",
    "open_data.chain", "open_data.export", "open_data.ledger", "open_data.picture",
    "open_data.plans", "open_data.results", "open_data.rounds", "open_data.settings",
    "open_pages.static", "phone.her_data", "phone.messages", "phone.plan_picture",
    "phone.recording", "phone.static", "security.security", "sounds.data",
    "sounds.picture", "sounds.sound",
}  # fmt: skip
"""Files, sounds, parts of pages, and ways that only lead on."""

LANGUAGES_OF_OPEN = ("nl", "en", "tr", "ar")
SMALL = (320, 640)
"""CSS pixels: WCAG's reflow, and a laptop of 1280 at 200 %."""


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("pages")
    with open_world(f"sqlite:///{folder / 'city.db'}", folder / "media") as made:
        yield made


@pytest.fixture(scope="module")
def url(world: World) -> Iterator[str]:
    with served(world.house) as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture(scope="module")
def page(browser: Browser, world: World, url: str) -> Page:
    """An administrator's browser, on a phone."""
    shown = browser.new_page(viewport={"width": 390, "height": 844})
    enter(shown, world, url)
    return shown


def enter(page: Page, world: World, url: str) -> None:
    page.goto(f"{url}/desk/login#{one_time_token(world, 'admin')}")
    page.wait_for_url(f"{url}/desk")


@pytest.fixture(scope="module")
def full(world: World, page: Page, url: str) -> Where:
    """Something on every page; it takes weeks, so she logs in again."""
    found = fill(world)
    enter(page, world, url)
    return found


def fill(world: World) -> Where:
    """Put something on every page: a caller, a night, payments, drafts, a message."""
    people = settle(world, 44)
    prepare(world)
    caller = next(iter(people.values()))
    world.says(caller, "medewerker")
    world.says(caller, "Bel mij over de bank.")
    with_care = chosen(world, world.person("tr"), public_at=world.clock())
    world.change_plan(with_care, entry="desk")
    with_money = chosen_plan(world, world.person("ar"))
    paid(world, with_money)
    accept(world.house, "msg_1", Broadcast(parse_segment("all"), {"nl": "Kom langs."}))
    world.spread()
    client = create_app(house=world.house).test_client()
    assert log_in(client, one_time_token(world, "admin")) == 303
    assert write(client).status_code == 303
    with world.house.db.engine.connect() as db:
        contact = db.scalar(select(ContactRow.id))
        draft = db.scalar(select(BroadcastDraft.id))
        official = db.scalar(select(Official.id))
    return {
        "talk": caller.talk,
        "broadcast": 1,
        "round": VOTING,
        "chosen": with_care,
        "paid": with_money,
        "contact": contact,
        "draft": draft,
        "official": official,
    }


def routes() -> set[str]:
    app = Flask("bot.web", static_folder=None)
    register(app)
    rules = app.url_map.iter_rules()
    return {rule.endpoint for rule in rules if "GET" in (rule.methods or set())}


def faults(page: Page) -> list[tuple[str, str]]:
    found = Axe().run(page, options=RULES).response["violations"]
    return [(each["id"], node["html"]) for each in found for node in each["nodes"]]


def is_whole(page: Page) -> None:
    """One title, one first heading; nothing goes over the side of a small screen."""
    assert page.title()
    assert page.locator("h1").count() == 1
    for width in SMALL:
        page.set_viewport_size({"width": width, "height": 844})
        over = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert over <= 0, (page.url, width, over)
    page.set_viewport_size({"width": 390, "height": 844})
    sideways = page.evaluate(
        "[...document.querySelectorAll('main .wide')]"
        ".filter(it => it.scrollWidth > it.clientWidth + 1).length"
    )
    assert sideways == 0, page.url


def test_every_route_is_a_page_that_is_looked_at_or_none() -> None:
    listed = [*PAGES, *ELSEWHERE, *NO_PAGES]
    assert len(listed) == len(set(listed))
    assert routes() == set(listed)


def test_a_page_that_was_forgotten_is_seen() -> None:
    app = Flask("bot.web", static_folder=None)
    app.add_url_rule("/desk/new-page", "desk.forgotten", lambda: "")
    found = {rule.endpoint for rule in app.url_map.iter_rules()}
    assert found - {*PAGES, *ELSEWHERE, *NO_PAGES} == {"desk.forgotten"}


DESK = [name for name in PAGES if name.startswith("desk.")]
EMPTY = [name for name in DESK if PAGES[name].__code__.co_varnames == ("_",)]
"""Pages that are there before anything has happened."""


@pytest.mark.parametrize("name", EMPTY)
def test_a_page_with_nothing_on_it(page: Page, url: str, name: str) -> None:
    answer = page.goto(url + PAGES[name]({}))
    assert answer is not None
    assert (answer.status, page.url) == (200, url + PAGES[name]({}))
    assert faults(page) == []


@pytest.mark.parametrize("name", DESK)
def test_a_page_with_something_on_it(
    page: Page, url: str, full: Where, name: str
) -> None:
    answer = page.goto(url + PAGES[name](full))
    assert answer is not None
    assert (answer.status, page.url) == (200, url + PAGES[name](full))
    assert faults(page) == []
    is_whole(page)


@pytest.mark.parametrize("language", LANGUAGES_OF_OPEN)
@pytest.mark.parametrize("name", [each for each in PAGES if each.startswith("open")])
def test_a_public_page_in_each_language(
    page: Page, url: str, full: Where, name: str, language: str
) -> None:
    page.goto(f"{url}{PAGES[name](full)}?lang={language}")
    assert page.locator("html").get_attribute("lang") == language
    assert faults(page) == []
    is_whole(page)


@pytest.mark.parametrize("name", ["desk.today", "desk.night", "open_pages.one_round"])
def test_with_colours_of_ones_own_and_without_motion_all_is_there(
    page: Page, url: str, full: Where, name: str
) -> None:
    page.emulate_media(forced_colors="active", reduced_motion="reduce")
    page.goto(url + PAGES[name](full))
    moving = page.evaluate(
        "document.getAnimations().filter(it => it.playState == 'running').length"
    )
    unseen = page.evaluate(
        "[...document.querySelectorAll('a, button, input, select, textarea')].filter("
        "it => it.checkVisibility() && getComputedStyle(it).forcedColorAdjust == 'none'"
        ").length"
    )
    page.emulate_media(forced_colors="none", reduced_motion="no-preference")
    assert (moving, unseen) == (0, 0)


def tree(page: Page) -> list[tuple[str, str]]:
    """Return role and name of all that a screen reader is told of, in its order."""
    line = page.context.new_cdp_session(page)
    nodes = line.send("Accessibility.getFullAXTree")["nodes"]
    line.detach()
    return [
        (node["role"]["value"], node.get("name", {}).get("value", ""))
        for node in nodes
        if not node["ignored"]
    ]


NAMED = {"button", "link", "textbox", "combobox", "checkbox", "radio", "searchbox"}


@pytest.mark.parametrize(
    "name", ["desk.today", "desk.talk", "desk.draft", "desk.night"]
)
def test_a_screen_reader_hears_a_name_for_all_that_can_be_used(
    page: Page, url: str, full: Where, name: str
) -> None:
    page.goto(url + PAGES[name](full))
    heard = tree(page)
    usable = [each for each in heard if each[0] in NAMED]
    assert len(usable) > 5
    assert [each for each in usable if not each[1].strip()] == []
    roles = [role for role, _ in heard]
    assert {"banner", "navigation", "main"} <= set(roles)
    assert roles.index("main") < roles.index("heading")


def test_a_refused_login_is_told_and_can_be_tried_again(
    browser: Browser, url: str
) -> None:
    shown = browser.new_page(viewport={"width": 390, "height": 844})
    shown.goto(f"{url}/desk/login?lang=en")
    shown.locator("[name=email]").fill("nobody@city.example")
    shown.locator("[name=password]").fill("wrong")
    with shown.expect_navigation():
        shown.keyboard.press("Enter")
    assert "alert" in [role for role, _ in tree(shown)]
    assert faults(shown) == []
    shown.close()


def test_axe_would_find_something(page: Page, url: str) -> None:
    page.goto(f"{url}/open?lang=en")
    page.evaluate("document.documentElement.removeAttribute('lang')")
    assert ("html-has-lang", "<html") in [(a, b[:5]) for a, b in faults(page)]
