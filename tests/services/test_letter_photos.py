"""A photo of the letter votes like a scan, and is deleted at once."""

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import segno
from PIL import Image, ImageFilter

from bot.domain.messages import Inbound, MediaRef, Photo, Sender
from bot.services.demo import demo_passes
from bot.services.inbound import take_in
from bot.services.opener import MOST_PIXELS
from bot.services.pass_register import Letter
from bot.services.squares import pass_token
from bot.store.civic import BallotRow, PlanMedia
from bot.store.passes import PassTry
from bot.store.talks import InboundMessage
from tests.houses import Street, open_street
from tests.services.ears import Ears
from tests.services.test_photos import bomb, picture
from tests.worlds import table

TOKEN = "m8y232maevhwaypj8khb"
LINKS = (
    f"https://t.me/buurtstem_bot?start=k_{TOKEN}",
    f"https://wa.me/31201234567?text=stem%20k_{TOKEN}",
    f"https://buurtstem.example/phone#k_{TOKEN}",
    f"k_{TOKEN}",
)
READ = "Uw stempas klopt."
DELETED = "Ik heb uw foto gewist."
NOT_SEEN = "Ik zie uw stempas niet op de foto."


def letter(text: str, *, turned: float = 0.0, side: int = 1600) -> bytes:
    """Return a photo of a page with a square on it: turned, and not quite sharp."""
    drawn = io.BytesIO()
    segno.make(text, error="m", micro=False).save(drawn, kind="png", scale=6, border=4)
    page = Image.new("RGB", (side, side), (235, 232, 225))
    page.paste(Image.open(drawn).convert("RGB"), (side // 3, side // 3))
    page = page.rotate(
        turned, fillcolor=(90, 80, 70), resample=Image.Resampling.BICUBIC
    )
    page = page.filter(ImageFilter.GaussianBlur(1.2))
    written = io.BytesIO()
    page.save(written, "JPEG", quality=70)
    return written.getvalue()


@pytest.mark.parametrize("link", LINKS)
def test_each_of_our_links_is_read(link: str) -> None:
    assert pass_token(letter(link, turned=17)) == TOKEN


@pytest.mark.parametrize("turned", [0, 45, 90, 180, 260])
def test_however_she_holds_the_phone(turned: float) -> None:
    assert pass_token(letter(LINKS[0], turned=turned)) == TOKEN


@pytest.mark.parametrize(
    "text", ["https://example.nl", "k_short", "https://t.me/buurtstem_bot?start=p21"]
)
def test_any_other_square_is_no_pass(text: str) -> None:
    assert pass_token(letter(text)) == ""


def test_a_photo_without_a_square_is_no_pass() -> None:
    assert pass_token(picture()) == ""


@pytest.mark.parametrize(
    "data", [b"", b"\x00" * 999, picture()[:200], pytest.param(bomb(), id="bomb")]
)
def test_a_hostile_picture_is_refused_before_it_is_looked_at(data: bytes) -> None:
    assert MOST_PIXELS < 50_000_000
    with pytest.raises(ValueError, match="picture|pixels"):
        pass_token(data)


@pytest.fixture
def street(tmp_path: Path, ears: Ears) -> Iterator[Street]:
    """A city that votes with passes, with real channels."""
    url = f"sqlite:///{tmp_path / 'city.db'}"
    with open_street(url, tmp_path, ears, eligibility="pass") as made:
        yield made


def pass_of(street: Street, place: int = 0) -> Letter:
    return demo_passes(street.house)[place]


def square(street: Street, place: int = 0) -> bytes:
    link = f"https://t.me/buurtstem_bot?start=k_{pass_of(street, place).token}"
    return letter(link, turned=8)


def photos(street: Street) -> list[Any]:
    return [each for each in street.media() if each.kind == "photo"]


def nothing_left(street: Street) -> bool:
    gone = all(each.key is None for each in photos(street))
    return gone and street.files() == []


def test_at_the_question_the_photo_opens_the_ballot_and_is_gone(street: Street) -> None:
    fatima = street.fatima()
    fatima.taps("menu:vote")
    fatima.sends_photo(square(street))
    street.rest()
    assert "Ik bekijk uw foto nu." in fatima.heard[-1].text
    street.work()
    assert DELETED in fatima.heard[-1].text
    assert READ in fatima.heard[-1].text
    assert nothing_left(street)
    assert street.twilio._media == {}
    fatima.says("21 30")
    fatima.taps("yes")
    (ballot,) = street.world.rows(table(BallotRow))
    assert ballot.picks == [21, 30]


def test_at_rest_too_and_it_is_no_photo_of_a_plan(street: Street) -> None:
    ayse = street.ayse()
    ayse.sends_photo(square(street), "mijn brief")
    street.work()
    assert READ in ayse.heard[-1].text
    assert nothing_left(street)
    assert not street.world.rows(table(PlanMedia))
    (told,) = [
        row for row in street.world.rows(table(InboundMessage)) if row.kind == "photo"
    ]
    assert (told.body, told.stage) == ({}, "done")
    token = pass_of(street).token
    assert not [row for row in street.media() if token in str(row.source)]


def test_a_photo_that_is_no_letter_goes_with_her_plan_as_before(street: Street) -> None:
    ayse = street.ayse()
    ayse.sends_photo(picture(), "Een bank onder de lindebomen")
    street.work()
    assert "Een bank onder de lindebomen" in ayse.heard[-1].text
    ayse.taps("yes")
    street.work()
    (tie,) = street.world.rows(table(PlanMedia))
    (kept,) = photos(street)
    assert (tie.media_id, bool(kept.key)) == (kept.id, True)


@pytest.mark.parametrize("data", [picture(), b"\x00" * 5000, bomb()])
def test_what_cannot_be_read_is_told_kindly_and_not_kept(
    street: Street, data: bytes
) -> None:
    ayse = street.ayse()
    ayse.taps("menu:vote")
    street.rest()
    before = len(ayse.heard)
    ayse.sends_photo(data)
    street.work()
    assert len(ayse.heard) == before + 2
    assert NOT_SEEN in ayse.heard[-1].text
    assert DELETED in ayse.heard[-1].text
    assert [each for each, _ in ayse.heard[-1].buttons] == ["person", "back"]
    assert nothing_left(street)
    assert not street.world.rows(table(PassTry)), "a bad photo is no guess"
    ayse.sends_photo(square(street))
    street.work()
    assert READ in ayse.heard[-1].text


def test_a_pass_that_nobody_has_counts_as_a_scan_does(street: Street) -> None:
    ayse = street.ayse()
    ayse.taps("menu:vote")
    ayse.sends_photo(letter(LINKS[0]))
    street.work()
    assert "Deze stempas ken ik niet." in ayse.heard[-1].text
    assert len(street.world.rows(table(PassTry))) == 1
    assert nothing_left(street)


def test_who_has_typed_the_pass_meanwhile_hears_nothing_of_a_bad_photo(
    street: Street,
) -> None:
    ayse = street.ayse()
    ayse.taps("menu:vote")
    ayse.sends_photo(picture())
    ayse.says(pass_of(street).code)
    street.rest()
    heard = len(ayse.heard)
    street.work()
    assert len(ayse.heard) == heard
    assert nothing_left(street)


def test_on_the_web_the_file_is_deleted_here(street: Street) -> None:
    world = street.world
    person = world.person("nl", channel="web")
    world.taps(person, "menu:vote")
    key = street.house.media.save(square(street), "image/jpeg")
    photo = Photo(MediaRef(key, "image/jpeg"))
    assert take_in(street.house, Inbound("web", "p1", Sender(person.address), photo))
    street.work()
    assert READ in world.texts(person)[-1]
    assert nothing_left(street)


def test_a_newcomer_shows_the_letter_first_and_chooses_her_language(
    street: Street,
) -> None:
    world = street.world
    person = world.person("nl", channel="web")
    sender = Sender("newcomer")
    key = street.house.media.save(square(street), "image/jpeg")
    photo = Photo(MediaRef(key, "image/jpeg"))
    assert take_in(street.house, Inbound("web", "n1", sender, photo))
    street.work()
    newcomer = type(person)(street.talks()[-1].id, 0, "web", "newcomer")
    world.taps(newcomer, "lang:nl")
    assert READ in world.texts(newcomer)[-1]
    assert nothing_left(street)


def test_the_same_photo_has_one_turn(street: Street) -> None:
    ayse = street.ayse()
    ayse.taps("menu:vote")
    ayse.sends_photo(square(street))
    street.work()
    heard = len(ayse.heard)
    street.clock.pass_time(minutes=30)
    street.work()
    assert len(ayse.heard) == heard
