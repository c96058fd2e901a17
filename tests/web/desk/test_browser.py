"""The desk in a real browser: the secret behind "#", and what a reader needs."""

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import update

from bot.services.accounts import UNTIL_RESUMED, pause
from bot.services.broadcasts import Broadcast
from bot.services.hooks import accept
from bot.services.segments import parse_segment
from bot.store.talks import OutboundMessage
from bot.web.desk.words.book import words
from tests.services.ears import Muffled
from tests.services.listener import corrected, hearing, speaks
from tests.sound import noise
from tests.web.conftest import one_time_token
from tests.web.desk.head import unfold
from tests.web.screens import can_be_read
from tests.worlds import Person, World
from transcription.audio import to_voice_note


@pytest.mark.parametrize("was_open", [False, True])
def test_a_login_link_goes_straight_in_and_its_secret_is_gone(
    world: World, desk_url: str, page: Page, *, was_open: bool
) -> None:
    token = one_time_token(world, "reviewer")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    if was_open:
        page.goto(f"{desk_url}/login")
    page.goto(f"{desk_url}/login#{token}")
    page.wait_for_url(desk_url)
    expect(page.get_by_text("Bram de Wit")).to_be_visible()
    assert [url for url in asked if token in url.partition("#")[0]] == []
    page.go_back()
    assert token not in page.url


def test_everything_on_the_desk_can_be_read_and_reached(
    world: World, desk_url: str, page: Page
) -> None:
    person = world.person("ar", "whatsapp", phone="+31612345678")
    world.says(person, "موظف")
    world.says(person, "أريد أن أسأل عن المقعد في الساحة.")
    page.goto(f"{desk_url}/login?lang=en")
    can_be_read(page)
    page.goto(f"{desk_url}/login#{one_time_token(world, 'communicator')}")
    page.wait_for_url(desk_url)
    can_be_read(page)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    quote = page.locator("blockquote").first
    assert quote.evaluate("each => getComputedStyle(each).direction") == "rtl"


@pytest.fixture
def notes(world: World) -> Person:
    """Two notes for ears, one in Dutch that was half heard, one in Arabic."""
    sound = to_voice_note(noise(2.0))
    for language, said in (("nl", "Ik wil een tank onder de linde."), ("ar", "أريد")):
        person = world.person(language, "web")
        speaks(hearing(world, Muffled(said, language=language)), person, sound)
    return person


def test_a_note_is_corrected_and_sent_back_by_keyboard_without_scripts(
    world: World, desk_url: str, page: Page, notes: Person
) -> None:
    page.goto(f"{desk_url}/login#{one_time_token(world, 'reviewer')}")
    page.wait_for_url(desk_url)
    page.get_by_role("link", name=words("nl")["listen_now"]).click()
    page.wait_for_url(f"{desk_url}/listening*")
    can_be_read(page)
    assert page.locator("script").count() == 0
    page.get_by_role("link", name=words("nl")["speaks_ar"]).click()
    box = page.get_by_label(words("nl")["said_in_note"])
    assert box.input_value() == "أريد"
    assert box.evaluate("each => getComputedStyle(each).direction") == "rtl"
    box.focus()
    page.keyboard.press("Control+A")
    page.keyboard.type("أريد مقعداً في الساحة.")
    page.keyboard.press("Tab")
    page.keyboard.type("Dar")
    assert page.get_by_label(words("nl")["spoken_language"]).input_value() == "ary"
    for _ in range(2):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**said=read_back**")
    expect(page.get_by_text(words("nl")["read_back"])).to_be_visible()
    assert "أريد مقعداً في الساحة." in world.texts(notes)[-1]
    (row,) = corrected(world)
    assert (row.spoken_language, row.written_language) == ("ary", "ar")


def test_a_note_can_be_handed_over_and_asked_for_again_on_a_phone(
    world: World, desk_url: str, page: Page, notes: Person
) -> None:
    del notes
    page.goto(f"{desk_url}/login#{one_time_token(world, 'reviewer')}")
    page.wait_for_url(desk_url)
    page.goto(f"{desk_url}/listening?lang=en")
    mine = page.locator("article").first
    mine.get_by_label(words("en")["spoken_language"]).select_option("rif")
    mine.get_by_text(words("en")["cannot"]).click()
    mine.get_by_role("button", name=words("en")["pass_on"]).click()
    expect(page.get_by_text(words("en")["handed_over"])).to_be_visible()
    page.get_by_role("link", name=words("en")["speaks_rif"]).click()
    expect(page.get_by_text(words("en")["needs_speaker"])).to_be_visible()
    page.get_by_text(words("en")["cannot"]).click()
    can_be_read(page)
    page.get_by_role("button", name=words("en")["unclear"]).click()
    expect(page.get_by_text(words("en")["asked_again"])).to_be_visible()
    expect(page.get_by_text(words("en")["none_of_these"])).to_be_visible()


def test_the_page_of_deliveries_can_be_read_on_a_phone(
    world: World, desk_url: str, page: Page
) -> None:
    person = world.person("nl", "whatsapp", phone="+31612345678")
    call = Broadcast(parse_segment("all"), {"nl": "Kom vrijdag."})
    accept(world.house, "msg_1", call)
    world.spread()
    (push,) = world.pushes(person)
    ended = update(OutboundMessage).where(OutboundMessage.id == push.id)
    with world.house.db.engine.begin() as db:
        db.execute(ended.values(delivery="failed", reason="not_on_whatsapp"))
    until = world.clock() + UNTIL_RESUMED
    world.house.db.run(lambda db: pause(db, "whatsapp", until, "sender_blocked"))
    page.goto(f"{desk_url}/login#{one_time_token(world, 'communicator')}")
    page.wait_for_url(desk_url)
    unfold(page)
    page.get_by_role("link", name=words("nl")["delivery"]).click()
    can_be_read(page)
    page.get_by_role("button", name=words("nl")["go_on"]).click()
    expect(page.get_by_text(words("nl")["did_go_on"])).to_be_visible()


def test_the_page_of_ballots_can_be_used_by_scanner_and_keyboard(
    world: World, desk_url: str, page: Page
) -> None:
    page.goto(f"{desk_url}/login#{one_time_token(world, 'counter')}")
    page.wait_for_url(desk_url)
    unfold(page)
    page.get_by_role("link", name=words("nl")["ballots"]).click()
    can_be_read(page)
    assert page.evaluate("document.activeElement.id") == "pass"
    page.get_by_label(words("nl")["ballots_second"]).fill("Bram")
    page.get_by_label(words("nl")["ballots_pass"]).focus()
    page.keyboard.type("4711 0815 4216")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "plans", "a scanner's Enter"
