"""Takes the pictures of the documentation from the running product.

Run it after a change that can be seen: `.venv/bin/python -m tools.pictures`, or with
names for some of them. It needs Chromium, and fonts for Arabic and emoji; not for
`letter`, the proof of a voting pass. Then look at every picture.
"""

import io
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

from bot.letter_words import MARK, proof
from letters import print_letters
from tests.browser.hands import INCOMING, Resident, take_phone
from tests.letters.pages import Printed
from tests.letters.samples import printing, shared
from tests.need import ROOT, chromium_path
from tests.newcomer import Newcomer, at_home, hook_call
from tests.sound import say, wav

PICTURES = ROOT / "docs" / "pictures"
COLOURS = 128
DESK = {"width": 1100, "height": 980}
LETTER = "letter"
LETTER_DPI, LETTER_WIDTH = 66.5, 1100
"""Two pages of A4 beside each other are as wide as the pictures of the desk."""

SETTLED = 800.0
"""Milliseconds until nothing on a page moves any more."""

SCROLL = """each => {
    const log = document.querySelector("#scroll");
    const top = each.getBoundingClientRect().top - log.getBoundingClientRect().top;
    log.scrollTop += top - 8;
}"""
TURKISH_PLAN = "Ihlamur ağaçlarının altında yaşlılar için bir bank."
DUTCH_PLAN = "Een lamp in de donkere tunnel bij de speeltuin."
SPOKEN = "Ik wil graag een bank onder de lindeboom, bij het plein."


@dataclass(frozen=True, slots=True)
class Photographer:
    """A browser in a running demo."""

    browser: Browser
    demo: Newcomer

    def phone(self, language: str) -> Resident:
        """Return a new resident who has chosen her language."""
        options = {"device_scale_factor": 1, "permissions": ["microphone"]}
        resident = take_phone(self.browser, self.demo.url, **options)
        resident.starts_in(language)
        return resident

    def desk(self, role: str) -> Page:
        """Return the desk, logged in with the link that `make run` printed."""
        page = self.browser.new_context(viewport=DESK, locale="nl-NL").new_page()  # type: ignore[arg-type]
        page.goto(self.demo.logins()[role])
        expect(page.locator("ol.cards > li").first).to_be_visible()
        return page


def plan_tr(camera: Photographer) -> Page:
    """A plan in Turkish: read back, and kept under its number after a yes."""
    resident = camera.phone("tr")
    resident.tells_plan(TURKISH_PLAN)
    return shown_from(resident.page, theirs_with(resident, TURKISH_PLAN))


def result_tr(camera: Photographer) -> Page:
    """What the author hears when officials publish a result, and what she can do."""
    resident = author_who_heard(camera)
    return shown_from(resident.page, resident.page.locator(INCOMING).last)


def author_who_heard(camera: Photographer) -> Resident:
    """Return somebody who was told by the README's call that her plan cannot be."""
    resident = camera.phone("tr")
    number = resident.tells_plan(TURKISH_PLAN)
    resident.taps("skip")
    expect(resident.button("menu:status")).to_be_visible()
    camera.demo.pastes(hook_call().replace("130", str(number), 1))
    expect(resident.button("call")).to_be_visible(timeout=30_000)
    return resident


def ballot_ar(camera: Photographer) -> Page:
    """The plans of one theme, one by one, in Arabic: a yes, and the next one."""
    resident = camera.phone("ar")
    resident.taps("menu:vote")
    resident.taps("vote:help")
    resident.page.locator("#log [data-choice^='theme:']").first.click()
    resident.taps("yes")
    resident.hears("●")
    return resident.page


def vote_en(camera: Photographer) -> Page:
    """A vote by number: sent after a yes, with its receipt."""
    resident = camera.phone("en")
    resident.types("vote for 21, 30 and 70")
    resident.hears("21 – ")
    resident.taps("yes")
    resident.hears("receipt")
    return resident.page


def aloud_ar(camera: Photographer) -> Page:
    """A spoken answer, in Arabic: her own voice note, the text, and ours."""
    resident = camera.phone("ar")
    resident.page.locator("#record").click()
    resident.page.wait_for_timeout(3_000)
    resident.page.locator("#record-send").click()
    sounds = resident.page.locator(f"{INCOMING} .player")
    expect(sounds).to_have_count(2, timeout=30_000)
    return shown_from(resident.page, resident.page.locator("#log .message.mine").last)


def status_nl(camera: Photographer) -> Page:
    """How everything of mine goes, in Dutch."""
    resident = camera.phone("nl")
    number = resident.tells_plan(DUTCH_PLAN)
    resident.taps("skip")
    resident.types("status")
    resident.hears(f"{number} – ")
    return resident.page


def desk_nl(camera: Photographer) -> Page:
    """The desk, with a voice note that waits for ears and a call that was asked for."""
    author = author_who_heard(camera)
    author.taps("call")
    author.types("020 123 45 67")
    author.hears("saat kaçta")
    author.taps("skip")
    author.hears("arayacağız")
    speaker = camera.phone("nl")
    speaker.page.locator("#record").click()
    speaker.page.wait_for_timeout(3_000)
    speaker.page.locator("#record-send").click()
    speaker.hears("medewerker luistert")
    return camera.desk("reviewer")


def theirs_with(resident: Resident, words: str) -> Locator:
    """Return the last message to her that holds `words`."""
    return resident.page.locator(INCOMING).filter(has_text=words).last


def shown_from(page: Page, message: Locator) -> Page:
    """Scroll so that `message` is the first to be seen."""
    page.wait_for_timeout(SETTLED)
    message.evaluate(SCROLL)
    return page


SCENES: Mapping[str, Callable[[Photographer], Page]] = {
    "plan-tr": plan_tr,
    "result-tr": result_tr,
    "ballot-ar": ballot_ar,
    "vote-en": vote_en,
    "aloud-ar": aloud_ar,
    "status-nl": status_nl,
    "desk-nl": desk_nl,
}


def letter() -> Image.Image:
    """Both sides of a letter with a voting pass, marked as a proof."""
    content = print_letters(shared(MARK), [proof(printing())])
    sides = [Printed(content).picture(page, LETTER_DPI) for page in range(2)]
    both = Image.new("RGB", (LETTER_WIDTH, sides[0].height), "white")
    for place, side in enumerate(sides):
        both.paste(side, (place * LETTER_WIDTH // 2, 0))
    return both


def develop(picture: Image.Image) -> bytes:
    """Return a picture with fewer colours, a quarter of its size on disk."""
    small = picture.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    made = io.BytesIO()
    small.save(made, "PNG", optimize=True)
    return made.getvalue()


@contextmanager
def photographer(folder: Path) -> Iterator[Photographer]:
    """Run a demo in `folder`, and a browser whose microphone hears a plan."""
    voice = folder / "spoken.wav"
    voice.write_bytes(wav(say(SPOKEN, "nl")))
    arguments = [
        "--no-sandbox",  # Chromium's sandbox refuses to start as root
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-audio-capture={voice}",
    ]
    with at_home(folder) as demo, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium_path(), args=arguments
        )
        yield Photographer(browser, demo)
        browser.close()


def main(names: list[str]) -> None:
    """Take the pictures of these names, or all of them."""
    PICTURES.mkdir(exist_ok=True)
    for name in names or (*SCENES, LETTER):
        picture = letter() if name == LETTER else screenshot(name)
        developed = develop(picture)
        (PICTURES / f"{name}.png").write_bytes(developed)
        print(f"{name}.png  {picture.size}  {len(developed) // 1024} kB")


def screenshot(name: str) -> Image.Image:
    """Take one picture of a demo of its own."""
    with (
        tempfile.TemporaryDirectory() as folder,
        photographer(Path(folder)) as camera,
    ):
        page = SCENES[name](camera)
        page.evaluate("document.activeElement.blur()")
        page.wait_for_timeout(SETTLED)
        return Image.open(io.BytesIO(page.screenshot()))


if __name__ == "__main__":
    main(sys.argv[1:])
