"""Pages in a real browser: a server, a screen, and a look as every reader would."""

from collections.abc import Iterator
from contextlib import contextmanager

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from bot.app import create_app
from bot.services.house import House
from tests.browser.hands import PICTURES
from tests.need import chromium_path
from tests.serving import serving

PHONE: ViewportSize = {"width": 390, "height": 844}
LAPTOP: ViewportSize = {"width": 1280, "height": 800}
SIZES = {"phone": PHONE, "laptop": LAPTOP}
COLOURS = {"runOnly": ["color-contrast", "link-in-text-block"]}
"""All that axe can find in the dark and not in the light: only colours differ."""


@contextmanager
def served(house: House) -> Iterator[str]:
    """Serve a house on this machine; give the address."""
    with serving(create_app(house=house)) as url:
        yield url


@contextmanager
def chromium(*arguments: str) -> Iterator[Browser]:
    """Start a browser; CI runs as root, where its sandbox refuses to start."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium_path(), args=["--no-sandbox", *arguments]
        )
        yield browser
        browser.close()


@contextmanager
def screen(size: ViewportSize = PHONE) -> Iterator[Page]:
    """Give a page of a browser of its own; nothing in it may complain."""
    with chromium() as browser:
        page = browser.new_page(viewport=size)
        with no_complaints(page):
            yield page


@contextmanager
def no_complaints(page: Page) -> Iterator[None]:
    """See that a page has no error, and writes nothing to its console."""
    troubles: list[str] = []
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("console", lambda said: troubles.append(said.text))
    yield
    assert troubles == []


def can_be_read(page: Page, name: str = "") -> None:
    """Axe finds nothing, light or dark, and nothing goes over the side of the screen.

    A page with a name is pictured, for people to look at.
    """
    page.emulate_media(color_scheme="dark")
    _has_no_fault(page, COLOURS)
    page.emulate_media(color_scheme="light")
    _has_no_fault(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), page.url
    if name and (size := page.viewport_size):
        place = PICTURES / f"{name}-{size['width']}.png"
        page.screenshot(path=place, full_page=True)


def _has_no_fault(page: Page, options: dict[str, list[str]] | None = None) -> None:
    found = Axe().run(page, options=options)
    assert found.violations_count == 0, (page.url, found.generate_report())
