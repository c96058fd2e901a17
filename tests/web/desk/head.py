"""The head of every page of the desk: most links are folded away."""

from playwright.sync_api import Page


def unfold(page: Page) -> None:
    """Bring the links into sight that are not used every day."""
    page.locator("header summary").click()
