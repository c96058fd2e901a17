"""A whole story at the desk: she asks by voice, an official answers, she answers."""

from collections.abc import Iterator, Mapping

import pytest
from playwright.sync_api import Page, expect

from bot.services.notes import listen_once
from bot.web.desk.words.book import words
from tests.services.ears import Muffled
from tests.services.listener import hearing
from tests.sound import noise
from tests.web.conftest import one_time_token
from tests.web.screens import SIZES, can_be_read, chromium, no_complaints
from tests.worlds import World
from transcription.audio import to_voice_note

MICROPHONE = ("--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream")


@pytest.fixture(params=SIZES)
def page(desk_url: str, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A page on a phone or a laptop with a microphone."""
    del desk_url  # the server outlives the browser
    with chromium(*MICROPHONE) as browser:
        size = SIZES[request.param]
        context = browser.new_context(viewport=size, permissions=["microphone"])
        shown = context.new_page()
        with no_complaints(shown):
            yield shown


def test_she_asks_by_voice_and_is_answered_with_a_phrase_and_a_voice(
    world: World, desk_url: str, page: Page
) -> None:
    w = words("nl")
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
    can_be_read(page, "talk-today")

    card = page.locator("ol.cards > li", has_text=w["kind_person"])
    card.get_by_role("link", name=w["do_answer"]).click()
    page.wait_for_url("**/talks/**")
    can_be_read(page, "talk-talk")
    hers = page.locator(".talk .hers .words").last
    assert hers.evaluate("each => getComputedStyle(each).direction") == "rtl"
    expect(page.get_by_label(w["field_date"])).to_be_hidden()
    page.get_by_label(w["phrase"]).select_option("may_call")
    page.get_by_role("button", name=w["look_first"]).first.click()
    can_be_read(page, "talk-preview")
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
    can_be_read(page, "talk-done")


def record_and_send(page: Page, w: Mapping[str, str]) -> None:
    """Speak into the microphone, hear it back, and send it as no question."""
    page.get_by_text(w["write_voice"], exact=True).click()
    page.get_by_role("button", name=w["record_start"]).click()
    page.wait_for_timeout(1_500)
    page.get_by_role("button", name=w["record_stop"]).click()
    page.wait_for_url("**sound=**")
    can_be_read(page, "talk-voice")
    page.locator(".preview").get_by_label(w["own_asks"]).uncheck()
    page.locator(".preview").get_by_role("button", name=w["send_now"]).click()
    expect(page.get_by_text(w["answer_sent"])).to_be_visible()


def close_and_undo(page: Page, w: Mapping[str, str]) -> None:
    """Find her answer on Today, close it with a note, and take that back."""
    page.get_by_role("link", name=w["today"], exact=True).click()
    card = page.locator("ol.cards > li", has_text=w["kind_answered"])
    can_be_read(page, "talk-answered")
    assert "نعم" in card.inner_text()
    card.get_by_text(w["close_task"], exact=True).click()
    card.get_by_label(w["close_note"]).fill("Belt morgen om tien uur.")
    can_be_read(page, "talk-closing")
    card.get_by_role("button", name=w["do_answered"]).click()
    expect(page.get_by_text(w["did_answered"])).to_be_visible()
    assert page.locator("ol.cards > li", has_text=w["kind_answered"]).count() == 0
    page.get_by_role("button", name=w["undo"]).click()
    expect(page.get_by_text(w["did_reopen"])).to_be_visible()
    assert page.locator("ol.cards > li", has_text=w["kind_answered"]).count() == 1
