"""A whole story at the desk: she asks by voice, an official answers, she answers."""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect, sync_playwright

from bot.services.notes import listen_once
from bot.web.desk.words.book import words
from tests.need import chromium_path
from tests.services.ears import Muffled
from tests.services.listener import hearing
from tests.sound import noise
from tests.web.conftest import one_time_token
from tests.web.desk.test_browser import SCHEMES, desk_url
from tests.worlds import World
from transcription.audio import to_voice_note

__all__ = ["desk_url"]
WIDTHS = {"phone": 390, "laptop": 1280}


@pytest.fixture(params=WIDTHS)
def screen(request: pytest.FixtureRequest) -> Iterator[Page]:
    """A browser with a microphone, as wide as a phone or a laptop."""
    troubles: list[str] = []
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=chromium_path(),
            args=[
                "--no-sandbox",
                "--use-fake-ui-for-media-stream",
                "--use-fake-device-for-media-stream",
            ],
        )
        context = chromium.new_context(
            viewport={"width": WIDTHS[request.param], "height": 900},
            permissions=["microphone"],
        )
        shown = context.new_page()
        shown.on("pageerror", lambda error: troubles.append(str(error)))
        yield shown
        chromium.close()
    assert troubles == []


def look(page: Page, name: str) -> None:
    """Nothing is cut off or out of reach; keep a picture where one is wanted."""
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        assert Axe().run(page).violations_count == 0, Axe().run(page).generate_report()
    page.emulate_media(color_scheme="light")
    if folder := os.environ.get("BUURTSTEM_PICTURES"):
        width = page.viewport_size["width"] if page.viewport_size else 0
        page.screenshot(path=Path(folder) / f"{name}-{width}.png", full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_she_asks_by_voice_and_is_answered_with_a_phrase_and_a_voice(
    world: World, desk_url: str, screen: Page
) -> None:
    page, w = screen, words("nl")
    her = world.person("ar", "web", aloud=True)
    world.plan(her, "أريد مقعداً في الساحة.", language="ar")
    world.says(her, "موظف")
    ears = Muffled("أين أجد المفتاح؟", (), language="ar")
    there = hearing(world, ears)
    there.sends_note(her, to_voice_note(noise(2.0)))
    while listen_once(there.house):
        pass
    page.goto(f"{desk_url}/login#{one_time_token(world, 'reviewer')}")
    page.wait_for_url(desk_url)
    look(page, "today")

    card = page.locator("ol.cards > li", has_text=w["kind_person"])
    card.get_by_role("link", name=w["do_answer"]).click()
    page.wait_for_url("**/talks/**")
    look(page, "talk")
    hers = page.locator(".talk .hers .words").last
    assert hers.evaluate("each => getComputedStyle(each).direction") == "rtl"
    expect(page.get_by_label(w["field_date"])).to_be_hidden()
    page.get_by_label(w["phrase"]).select_option("may_call")
    page.get_by_role("button", name=w["look_first"]).first.click()
    look(page, "preview")
    preview = page.locator(".preview")
    assert "هل يمكننا أن نتصل بكم؟" in preview.inner_text()
    preview.get_by_role("button", name=w["send_now"]).click()
    expect(page.get_by_text(w["answer_sent"])).to_be_visible()
    assert "هل يمكننا أن نتصل بكم؟" in world.texts(her)[-1]

    record_and_send(page, w)
    assert world.told(her)[-1].sound is not None
    world.clock.pass_time(minutes=20)
    world.says(her, "نعم")
    close_and_undo(page, w)
    page.goto(f"{desk_url}/inbox?show=done")
    look(page, "done")


def record_and_send(page: Page, w: Mapping[str, str]) -> None:
    """Speak into the microphone, hear it back, and send it as no question."""
    page.get_by_text(w["write_voice"], exact=True).click()
    page.get_by_role("button", name=w["record_start"]).click()
    page.wait_for_timeout(1_500)
    page.get_by_role("button", name=w["record_stop"]).click()
    page.wait_for_url("**sound=**")
    look(page, "voice")
    page.locator(".preview").get_by_label(w["own_asks"]).uncheck()
    page.locator(".preview").get_by_role("button", name=w["send_now"]).click()
    expect(page.get_by_text(w["answer_sent"])).to_be_visible()


def close_and_undo(page: Page, w: Mapping[str, str]) -> None:
    """Find her answer on Today, close it with a note, and take that back."""
    page.get_by_role("link", name=w["today"], exact=True).click()
    card = page.locator("ol.cards > li", has_text=w["kind_answered"])
    look(page, "answered")
    assert "نعم" in card.inner_text()
    card.get_by_text(w["close_task"], exact=True).click()
    card.get_by_label(w["close_note"]).fill("Belt morgen om tien uur.")
    look(page, "closing")
    card.get_by_role("button", name=w["do_answered"]).click()
    expect(page.get_by_text(w["did_answered"])).to_be_visible()
    assert page.locator("ol.cards > li", has_text=w["kind_answered"]).count() == 0
    page.get_by_role("button", name=w["undo"]).click()
    expect(page.get_by_text(w["did_reopen"])).to_be_visible()
    assert page.locator("ol.cards > li", has_text=w["kind_answered"]).count() == 1
