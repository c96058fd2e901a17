"""Her own file: found in the talk, saved, and a page that everybody can read."""

import zipfile
from pathlib import Path

from playwright.sync_api import Browser, expect

from tests.browser.hands import INCOMING, Resident
from tests.browser.test_access import faults
from tests.browser.test_talk import PLANS


def test_her_file_is_saved_and_can_be_read(
    resident: Resident, browser: Browser, tmp_path: Path
) -> None:
    resident.starts_in("nl")
    number = resident.tells_plan(PLANS["nl"])
    resident.types("mijn gegevens")
    link = resident.page.locator(f"{INCOMING} a[download]")
    expect(link).to_be_visible()
    assert faults(resident.page) == []
    resident.is_pictured("my-data-nl")
    with resident.page.expect_download() as saved:
        link.click()
    with zipfile.ZipFile(saved.value.path()) as archive:
        archive.extractall(tmp_path)
    context = browser.new_context(viewport={"width": 320, "height": 640})
    page = context.new_page()
    page.goto((tmp_path / "index.html").as_uri())
    expect(page.locator("h3", has_text=str(number)).first).to_be_visible()
    expect(page.locator("main")).to_contain_text(PLANS["nl"])
    wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.evaluate(wide) == 0
    assert faults(page) == []
    context.close()
