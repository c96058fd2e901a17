"""A resident's hands and eyes on the page: what she can do, and what she can see."""

import re
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Locator,
    Page,
    Request,
    expect,
)

PICTURES = Path(__file__).parents[2] / "var" / "screenshots"
PHONE = {"width": 390, "height": 844}
INCOMING = "#log .message.theirs"
OWN = "#log .message.mine"
PLAN_NUMBER = re.compile(r"\d{2,3}")


@dataclass
class Resident:
    """One person with one phone. `troubles` is what her browser complained of."""

    context: BrowserContext
    url: str
    page: Page = field(init=False)
    troubles: list[str] = field(default_factory=list)
    forgiven: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.context.set_default_timeout(10_000)
        self.page = self.new_page()

    def new_page(self) -> Page:
        page = self.context.new_page()
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self._note(str(error)))
        page.on("request", self._check_host)
        return page

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self._note(message.text)

    def _note(self, trouble: str) -> None:
        if not any(each in trouble for each in self.forgiven):
            self.troubles.append(trouble)

    def forgives(self, trouble: str) -> None:
        """Do not count a complaint that this test provokes."""
        self.forgiven.append(trouble)

    def goes_offline(self) -> None:
        self.forgives("ERR_INTERNET_DISCONNECTED")
        self.context.set_offline(offline=True)

    def is_back_online(self) -> None:
        self.context.set_offline(offline=False)

    def _check_host(self, request: Request) -> None:
        parts = urlsplit(request.url)
        ours = parts.netloc == urlsplit(self.url).netloc
        if not ours and parts.scheme not in {"blob", "data"}:
            self._note(f"a request to another host: {parts.netloc}")

    def opens(self, query: str = "") -> None:
        self.page.goto(f"{self.url}/phone{query}")
        expect(self.page.locator("#log")).to_have_attribute("aria-busy", "false")

    def chooses_language(self, code: str) -> None:
        self.page.locator(f"#welcome [data-tap='lang:{code}']").click()
        expect(self.page.locator("html")).to_have_attribute("lang", code)

    def starts_in(self, code: str) -> None:
        self.opens()
        self.chooses_language(code)
        expect(self.button("menu:plan")).to_be_visible()

    def types(self, words: str) -> None:
        self.page.locator("#text").fill(words)
        self.page.locator("#text").press("Enter")

    def button(self, choice: str) -> Locator:
        return self.page.locator(f"#log [data-choice='{choice}']").last

    def taps(self, choice: str) -> None:
        self.button(choice).click()

    def hears(self, words: str) -> None:
        """Wait until a message to her holds `words`."""
        expect(self.page.locator(INCOMING).filter(has_text=words).last).to_be_visible()

    def tells_plan(self, words: str) -> int:
        """Tell a plan, say yes, and return the number of the receipt."""
        self.types(words)
        self.hears(words)
        before = self.page.locator(INCOMING).count()
        self.taps("yes")
        receipt = self.page.locator(INCOMING).nth(before)
        rows = receipt.locator(".bubble p")
        expect(rows.first).to_be_visible()
        found = PLAN_NUMBER.search("\n".join(rows.all_inner_texts()))
        assert found, receipt.inner_text()
        return int(found.group())

    def is_pictured(self, name: str) -> None:
        """Keep a picture of what she sees, for people to look at."""
        self.page.wait_for_timeout(150)
        self.page.screenshot(path=PICTURES / f"{name}.png")

    def sees(self) -> list[str]:
        """Return every bubble as text, the hour left out."""
        bubbles = self.page.locator("#log .bubble").all()
        return ["\n".join(b.locator("p").all_inner_texts()) for b in bubbles]


def take_phone(browser: Browser, url: str, **options: object) -> Resident:
    """Give a new resident a phone of her own."""
    settings = {"viewport": PHONE, "device_scale_factor": 2, "locale": "nl-NL"}
    return Resident(browser.new_context(**(settings | options)), url)  # type: ignore[arg-type]
