"""A city, a browser with a voice for its microphone, and phones for residents."""

import io
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from tests.browser.city import running_city
from tests.browser.hands import Resident, take_phone
from tests.need import chromium_path
from tests.sound import say, wav

Phones = Callable[..., Resident]
SPOKEN = "Ik wil een bank onder de bomen, voor oude mensen."


@pytest.fixture(scope="session")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with running_city(tmp_path_factory.mktemp("city")) as running:
        yield running.url


@pytest.fixture(scope="session")
def spoken_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the browser's microphone hears, over and over."""
    path = tmp_path_factory.mktemp("voice") / "spoken.wav"
    path.write_bytes(wav(say(SPOKEN, "nl")))
    return path


@pytest.fixture(scope="package")  # one driver at a time: the desk's tests start another
def browser(spoken_file: Path) -> Iterator[Browser]:
    arguments = [
        "--no-sandbox",  # CI runs as root, where Chromium's sandbox refuses to start
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-audio-capture={spoken_file}",
    ]
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=chromium_path(), args=arguments
        )
        yield chromium
        chromium.close()


@pytest.fixture
def phones(browser: Browser, city: str) -> Iterator[Phones]:
    """Hand out phones; afterwards none may have had an error or a foreign request."""
    given: list[Resident] = []

    def give(**options: object) -> Resident:
        given.append(take_phone(browser, city, **options))
        return given[-1]

    yield give
    for resident in given:
        resident.context.close()
    assert [resident.troubles for resident in given] == [[] for _ in given]


@pytest.fixture
def resident(phones: Phones) -> Resident:
    return phones()


@pytest.fixture
def photo() -> bytes:
    """A photo from a phone: larger than needed, and it tells where it was taken."""
    picture = Image.linear_gradient("L").resize((2400, 1800)).convert("RGB")
    exif = Image.Exif()
    exif[0x010F] = "Buurtfoon"
    exif.get_ifd(0x8825)[1] = "N"
    file = io.BytesIO()
    picture.save(file, "JPEG", exif=exif)
    return file.getvalue()
