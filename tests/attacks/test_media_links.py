"""Links to recordings and photos: guessed, changed, old, and of another city."""

import hmac
import secrets
import time
from collections.abc import Iterator
from io import BytesIO

import pytest
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer

from bot.app import create_app
from bot.keys import derive_keys
from bot.services.links import MEDIA_HOURS, back_link, media_link
from tests.photographs import jpeg
from tests.sound import noise
from tests.web.conftest import Desk, form_secret
from tests.worlds import World
from transcription.audio import to_voice_note

GUESSES = 2_000
SOUND, PHOTO = b"OggS what she said", jpeg(40, 30)


@pytest.fixture
def browser(world: World) -> FlaskClient:
    return create_app(house=world.house).test_client()


@pytest.fixture
def key(world: World) -> str:
    """Where a recording lies."""
    return world.house.media.save(SOUND, "audio/ogg")


def place_of(world: World, key: str) -> str:
    """Return the path of a link of ours."""
    return media_link(world.house.keys, "", key)


def answer(browser: FlaskClient, place: str) -> tuple[int, bytes, list[str]]:
    """Return all of an answer that tells one refusal from another."""
    got = browser.get(place)
    return got.status_code, got.data, sorted(f"{k}: {v}" for k, v in got.headers)


def guesses(whole: str) -> Iterator[str]:
    """Yield what somebody might try who has seen one link."""
    token = whole.removeprefix("/media/").removesuffix(".ogg")
    value, moment, signature = token.split(".")
    for _ in range(GUESSES):
        yield f"/media/{value}.{moment}.{secrets.token_urlsafe(20)[:27]}.ogg"
    for at in range(len(token) - 1):
        other = "A" if token[at] != "A" else "B"
        yield f"/media/{token[:at]}{other}{token[at + 1 :]}.ogg"
    yield f"/media/{value}.{moment}..ogg"
    yield f"/media/{value}.{signature}.ogg"
    yield f"/media/{token}%00.ogg"
    yield f"/media/{token}{token}.ogg"


def test_no_guess_finds_anything_and_all_are_refused_alike(
    world: World, browser: FlaskClient, key: str
) -> None:
    whole = place_of(world, key)
    assert browser.get(whole).data == SOUND
    nothing = answer(browser, "/media/nothing.ogg")
    assert nothing[0] == 404
    told = {str(answer(browser, each)) for each in guesses(whole)}
    assert told == {str(nothing)}


def test_links_of_another_city_or_purpose_are_refused_in_the_same_way(
    world: World, browser: FlaskClient, key: str
) -> None:
    nothing = answer(browser, "/media/nothing.ogg")
    person = world.person(channel="web")
    others = derive_keys("another invented city, another secret")
    back = back_link(world.house, world.talk(person)).partition("#back=")[2]
    salted = URLSafeTimedSerializer(world.house.keys.media, salt="back").dumps(key)
    gone = world.house.media.save(SOUND, "audio/ogg")
    world.house.media.delete(gone)
    for place in (
        media_link(others, "", key),
        f"/media/{back}.ogg",
        f"/media/{salted}.ogg",
        f"/media/{key.replace('/', '%2F')}",
        place_of(world, gone),
        place_of(world, world.house.media.save(PHOTO, "image/jpeg"))[:-3] + "ogg",
    ):
        assert answer(browser, place) == nothing, place


def test_a_link_is_over_after_a_day(
    world: World, browser: FlaskClient, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, real = place_of(world, key), time.time
    nothing = answer(browser, "/media/nothing.ogg")
    monkeypatch.setattr(time, "time", lambda: real() + MEDIA_HOURS * 3600 + 60)
    assert answer(browser, whole) == nothing


def test_nothing_is_listed(world: World, browser: FlaskClient, key: str) -> None:
    folder = key.rpartition("/")[0] or key[:2]
    for place in (
        "/media",
        "/media/",
        "/media/.ogg",
        f"/media/{folder}",
        "/media/%2e%2e/",
    ):
        got = browser.get(place)
        assert got.status_code == 404, place
        assert key.encode() not in got.data
    assert browser.get(f"/media/{key}").status_code == 404
    assert browser.get(f"/media/../media/{key}").status_code == 404


def test_signatures_are_compared_in_constant_time(
    world: World, browser: FlaskClient, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, compared = hmac.compare_digest, list[int]()

    def compare(one: bytes, other: bytes) -> bool:
        compared.append(len(one))
        return real(one, other)

    monkeypatch.setattr(hmac, "compare_digest", compare)
    whole = place_of(world, key)
    assert browser.get(whole).status_code == 200
    assert browser.get(whole[:-6] + "AA.ogg").status_code == 404
    assert len(compared) >= 2


def test_a_recording_of_one_talk_is_not_played_in_another(
    world: World, at_desk: Desk
) -> None:
    one, other = (f"/desk/talks/{world.person('nl', 'web').talk}" for _ in range(2))
    reviewer = at_desk("reviewer")
    secret = form_secret(reviewer.get("/desk/account").text)
    note = (BytesIO(to_voice_note(noise(1.0))), "voice.ogg")
    form = {"secret": secret, "sound": note}
    kept = reviewer.post(f"{one}/record", data=form).headers["Location"]
    media = kept.partition("sound=")[2].partition("&")[0]
    assert reviewer.get(f"{one}/sound/{media}").status_code == 200
    for number in range(1, 40):
        assert reviewer.get(f"{other}/sound/{number}").status_code == 404
    assert at_desk("stranger").get(f"{one}/sound/{media}").status_code == 303
