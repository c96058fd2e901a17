"""The head of every page of the desk: most links are folded away."""

from collections.abc import Mapping

from playwright.sync_api import Page


def unfold(page: Page) -> None:
    """Bring the links into sight that are not used every day."""
    page.locator("nav summary").click()


def unfold_mine(page: Page) -> None:
    """Bring into sight what stands under one's own name."""
    page.locator(".me summary").click()


def leave(page: Page, words: Mapping[str, str]) -> None:
    """Log out."""
    unfold_mine(page)
    page.get_by_role("button", name=words["logout"]).click()
