"""What a screen reader is told: Chromium's own tree of the phone page."""

from collections.abc import Sequence
from typing import Any

from playwright.sync_api import Page

from tests.browser.hands import Resident

USABLE = {"button", "link", "textbox", "slider", "checkbox", "radio"}


def nodes(page: Page) -> list[dict[str, Any]]:
    """Return what a screen reader is told of, in its order."""
    line = page.context.new_cdp_session(page)
    found = line.send("Accessibility.getFullAXTree")["nodes"]
    line.detach()
    return [node for node in found if not node["ignored"]]


def heard(page: Page) -> list[tuple[str, str]]:
    """Return role and name of each."""
    return [
        (node["role"]["value"], str(node.get("name", {}).get("value", "")))
        for node in nodes(page)
    ]


def unnamed(told: Sequence[tuple[str, str]]) -> list[str]:
    return [role for role, name in told if role in USABLE and not name.strip()]


def test_all_that_can_be_used_has_a_name_in_every_state(resident: Resident) -> None:
    resident.opens()
    first = heard(resident.page)
    resident.chooses_language("en")
    resident.tells_plan("A lamp in the park")
    talk = heard(resident.page)
    for opener in ("#open-language", "#open-more"):
        resident.page.locator(opener).click()
        told = heard(resident.page)
        assert "dialog" in [role for role, _ in told]
        assert unnamed(told) == []
        resident.page.keyboard.press("Escape")
    for told in (first, talk):
        assert sum(role == "button" for role, _ in told) > 2
        assert unnamed(told) == []
        assert {"main", "heading", "log"} <= {role for role, _ in told}


def test_a_new_message_is_told_by_itself_and_in_its_order(resident: Resident) -> None:
    resident.starts_in("en")
    resident.tells_plan("A lamp in the park")
    (log,) = (each for each in nodes(resident.page) if each["role"]["value"] == "log")
    told = {each["name"]: each["value"].get("value") for each in log["properties"]}
    assert told["live"] == "polite"
    assert told.get("atomic") is not True, "only what is new is read"
    texts = [name for role, name in heard(resident.page) if role == "StaticText"]
    own = next(i for i, name in enumerate(texts) if "A lamp in the park" in name)
    assert any("A lamp in the park" in name for name in texts[own + 1 :]), "read back"


def test_a_nameless_button_would_be_seen(resident: Resident) -> None:
    resident.starts_in("en")
    resident.page.evaluate("document.body.append(document.createElement('button'))")
    assert unnamed(heard(resident.page)) == ["button"]
