"""Photos at intake: smaller, upright, and without what the camera wrote into them."""

import io
from pathlib import Path

import pytest
from PIL import Image

from bot.domain.messages import Inbound, MediaRef, Photo, Sender
from bot.services.inbound import take_in
from bot.services.opener import MOST_PIXELS
from bot.services.pictures import LONGEST_SIDE, without_traces
from bot.store.civic import PlanMedia
from tests.houses import Street
from tests.standins.server import HTML_503
from tests.standins.telegram import throttled
from tests.worlds import table

ORIENTATION, MAKER, GPS = 0x0112, 0x010F, 0x8825
CANARY = "Plein 4 hoog, telefoon van Ayse"


def picture(width: int = 40, height: int = 20, form: str = "JPEG") -> bytes:
    """Return a photo with a name, a place and a turn in its hidden data."""
    made = Image.new("RGB", (width, height), "green")
    made.paste("red", (0, 0, width // 2, height // 2))
    hidden = made.getexif()
    hidden[MAKER] = CANARY
    hidden[ORIENTATION] = 6
    hidden[GPS] = {1: "N", 2: (52.0, 22.0, 3.0), 3: "E", 4: (4.0, 48.0, 1.0)}
    written = io.BytesIO()
    made.save(written, form, exif=hidden, comment=CANARY.encode())
    return written.getvalue()


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_nothing_hidden_is_left(form: str) -> None:
    photo = picture(form=form)
    assert CANARY.encode() in photo
    clean = without_traces(photo)
    assert CANARY.encode() not in clean
    with Image.open(io.BytesIO(clean)) as kept:
        assert (kept.format, dict(kept.getexif())) == ("JPEG", {})
        assert not {"exif", "comment", "xmp", "icc_profile"} & kept.info.keys()


def test_a_photo_is_turned_upright_before_its_turn_is_forgotten() -> None:
    with Image.open(io.BytesIO(without_traces(picture(40, 20)))) as kept:
        assert kept.size == (20, 40)
        red, green, blue = kept.getpixel((15, 5))  # type: ignore[misc]
        assert red > 200
        assert max(green, blue) < 100


def test_a_large_photo_becomes_smaller_and_a_small_one_stays() -> None:
    with Image.open(io.BytesIO(without_traces(picture(4000, 1000)))) as kept:
        assert max(kept.size) == LONGEST_SIDE
    with Image.open(io.BytesIO(without_traces(picture(30, 30)))) as kept:
        assert kept.size == (30, 30)


def test_a_photo_with_see_through_parts_is_taken(tmp_path: Path) -> None:
    written = io.BytesIO()
    Image.new("RGBA", (20, 20), (0, 0, 0, 0)).save(written, "PNG")
    assert without_traces(written.getvalue()).startswith(b"\xff\xd8")


def bomb() -> bytes:
    """Return a small file that claims to be a huge picture."""
    side = int(MOST_PIXELS**0.5) + 1
    written = io.BytesIO()
    Image.new("1", (side, side)).save(written, "PNG")
    return written.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x00" * 1000,
        b"GIF89a" + b"\x00" * 100,
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        picture()[:200],
        pytest.param(bomb(), id="bomb"),
    ],
)
def test_what_is_no_photo_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match="picture|pixels"):
        without_traces(data)


def test_a_photo_goes_with_her_plan_and_is_deleted_at_twilio(street: Street) -> None:
    fatima = street.fatima()
    fatima.says("Een bank onder de lindebomen")
    fatima.sends_photo(picture())
    street.work()
    assert "1" in fatima.heard[-1].text
    fatima.taps("yes")
    street.work()
    (photo,) = street.media()
    assert photo.kind == "photo"
    (tie,) = street.world.rows(table(PlanMedia))
    assert tie.media_id == photo.id
    assert CANARY.encode() not in street.house.media.load(str(photo.key))
    assert photo.delete_after is None
    assert [call.method for call in street.twilio.calls if "/Media/" in call.path] == [
        "GET",
        "GET",
        "DELETE",
    ]
    assert street.twilio._media == {}


@pytest.mark.parametrize("trouble", [throttled(3), HTML_503])
def test_a_provider_in_trouble_does_not_cost_her_the_photo(
    street: Street, trouble: object
) -> None:
    ayse = street.ayse()
    street.bot_api.will(trouble, "/getFile")  # type: ignore[arg-type]
    ayse.sends_photo(picture(), "Een bank onder de lindebomen")
    street.work()
    assert street.media()[0].key is None
    for _ in range(8):
        street.clock.pass_time(minutes=2)
        street.work()
    assert street.media()[0].key


def test_a_photo_that_is_none_leaves_no_file(street: Street) -> None:
    ayse = street.ayse()
    ayse.sends_photo(b"\x00" * 5000, "Een bank onder de lindebomen")
    street.work()
    (photo,) = street.media()
    assert (photo.key, photo.problem) == (None, "bad_photo")
    assert street.files() == []


def test_a_photo_of_somebody_forgotten_is_not_fetched_and_not_kept(
    street: Street,
) -> None:
    ayse = street.ayse()
    ayse.sends_photo(picture(), "Een bank onder de lindebomen")
    ayse.says("vergeet mij")
    ayse.taps("forget:drop")
    ayse.taps("yes")
    for _ in range(4):
        street.clock.pass_time(minutes=10)
        street.work()
        street.sweep()
    assert street.files() == []
    assert not street.bot_api.made("/getFile")


def test_a_photo_that_is_here_already_goes_with_somebody_forgotten(
    street: Street,
) -> None:
    """A photo from the web page lies in our store before anybody has cleaned it."""
    world = street.world
    person = world.person(channel="web")
    key = street.house.media.save(picture(), "image/jpeg")
    photo = Photo(MediaRef(key, "image/jpeg"), "Een bank onder de bomen")
    sender = Sender(person.address)
    assert take_in(street.house, Inbound("web", "p1", sender, photo))
    world.says(person, "vergeet mij")
    world.taps(person, "forget:drop")
    world.taps(person, "yes")
    assert world.talk(person).forgotten_at
    for _ in range(4):
        street.clock.pass_time(minutes=10)
        street.work()
        street.sweep()
    assert street.files() == []
