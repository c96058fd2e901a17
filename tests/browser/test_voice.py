"""Speaking instead of typing: record, throw away, send, listen."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Phones
from tests.browser.hands import OWN, Resident

TALKING = {"permissions": ["microphone"]}
PLAYER = f"{OWN} .player"


@pytest.fixture
def speaker(phones: Phones) -> Resident:
    speaker = phones(**TALKING)
    speaker.starts_in("nl")
    return speaker


def _record(page: Page, seconds: float) -> None:
    page.locator("#record").click()
    expect(page.locator("#recorder")).to_be_visible()
    page.wait_for_timeout(seconds * 1_000)


def test_a_spoken_plan_arrives_and_can_be_played(speaker: Resident) -> None:
    page = speaker.page
    _record(page, 2.5)
    speaker.is_pictured("recording")
    loud = page.locator("#level i").evaluate_all(
        "bars => Math.max(...bars.map(b => +b.style.getPropertyValue('--loud')))"
    )
    assert loud > 0.05
    expect(page.locator("#record-time")).to_have_text(re.compile("0:0[2-5]"))
    page.locator("#record-send").click()
    expect(page.locator(PLAYER)).to_have_count(1)
    expect(page.locator("#waiting .message")).to_have_count(0)
    length = page.locator(f"{PLAYER} .length")
    expect(length).to_have_text(re.compile("0:0[2-5]"))
    all_of_it = length.inner_text()
    page.locator(f"{PLAYER} button").click()
    expect(page.locator(f"{PLAYER} .length")).to_have_text("0:01")
    speaker.is_pictured("playing")
    speaker.hears("Een medewerker luistert naar uw bericht.")
    page.locator(f"{PLAYER} button").click()
    page.reload()
    length.scroll_into_view_if_needed()  # what is read aloud stands below it
    expect(length).to_have_text(all_of_it)


def test_a_first_message_may_be_spoken(phones: Phones) -> None:
    speaker = phones(**TALKING)
    speaker.opens()
    _record(speaker.page, 1.5)
    speaker.page.locator("#record-send").click()
    expect(speaker.page.locator(PLAYER)).to_have_count(1)
    expect(speaker.page.locator("#log .message.theirs").first).to_be_visible()


def test_a_recording_can_be_thrown_away(speaker: Resident) -> None:
    page = speaker.page
    _record(page, 1)
    page.locator("#record-cancel").click()
    expect(page.locator("#composer")).to_be_visible()
    expect(page.locator("#record")).to_be_focused()
    page.wait_for_timeout(500)
    expect(page.locator(PLAYER)).to_have_count(0)


def test_holding_the_button_records_and_letting_go_sends(speaker: Resident) -> None:
    page = speaker.page
    page.locator("#record").hover()
    page.mouse.down()
    expect(page.locator("#recorder")).to_be_visible()
    page.wait_for_timeout(1_500)
    page.mouse.up()
    expect(page.locator(PLAYER)).to_have_count(1)
    expect(page.locator("#composer")).to_be_visible()


def test_a_recording_made_offline_survives_a_reload(speaker: Resident) -> None:
    page = speaker.page
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.reload()
    expect(speaker.button("menu:plan")).to_be_visible()
    speaker.goes_offline()
    _record(page, 1.5)
    page.locator("#record-send").click()
    expect(page.locator("#waiting .player")).to_have_count(1)
    page.reload()
    kept = page.locator("#waiting .message")
    expect(kept).to_contain_text("Uw bericht is bewaard.")
    speaker.is_back_online()
    expect(page.locator(PLAYER)).to_have_count(1)
    expect(page.locator("#waiting .message")).to_have_count(0)


def test_without_a_microphone_she_is_told_to_type(phones: Phones) -> None:
    silent = phones()
    silent.starts_in("nl")
    silent.page.locator("#record").click()
    expect(silent.page.locator("#note")).to_contain_text("microfoon")
    expect(silent.page.locator("#text")).to_be_visible()


def test_nobody_else_can_play_her_recording(speaker: Resident, phones: Phones) -> None:
    with speaker.page.expect_response("**/phone/sound/*") as answered:
        _record(speaker.page, 1)
        speaker.page.locator("#record-send").click()
    address = answered.value.url
    assert speaker.context.request.get(address).status == 200
    stranger = phones()
    stranger.opens()
    assert stranger.context.request.get(address).status == 404
