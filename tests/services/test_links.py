"""Links that carry a secret: only ours open, for one purpose, and not for ever."""

import time
from typing import Any

import pytest

from bot.keys import Keys, derive_keys, keyed_hash
from bot.services.links import (
    BACK_DAYS,
    MEDIA_HOURS,
    back_link,
    media_link,
    open_back,
    open_media,
)
from tests.worlds import World

URL = "https://buurtstem.example"
KEYS = derive_keys("one invented city and its secret key")
OTHERS = derive_keys("another invented city, another secret")


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Let the wall clock that the signing library reads stand elsewhere."""
    real = time.time

    def move(**after: float) -> None:
        seconds = sum(
            count * {"hours": 3600, "days": 86400}[unit]
            for unit, count in after.items()
        )
        monkeypatch.setattr(time, "time", lambda: real() + seconds)

    return move


def token(link: str) -> str:
    return link.rpartition("/")[2].removesuffix(".ogg")


def test_a_link_to_a_recording_opens_it_for_a_day(later: Any) -> None:
    link = media_link(KEYS, URL, "ab/abc.ogg")
    assert link.startswith(f"{URL}/media/")
    assert open_media(KEYS, token(link)) == "ab/abc.ogg"
    later(hours=MEDIA_HOURS - 1)
    assert open_media(KEYS, token(link)) == "ab/abc.ogg"
    later(hours=MEDIA_HOURS + 1)
    assert open_media(KEYS, token(link)) is None


@pytest.mark.parametrize("forged", ["", "x", "a.b.c", "ab/abc.ogg", "\x00", "é" * 300])
def test_what_is_not_ours_opens_nothing(forged: str) -> None:
    assert open_media(KEYS, forged) is None


def test_every_changed_letter_closes_a_link() -> None:
    whole = token(media_link(KEYS, URL, "ab/abc.ogg"))
    for place, letter in enumerate(whole[:-1]):
        changed = whole[:place] + ("A" if letter != "A" else "B") + whole[place + 1 :]
        assert open_media(KEYS, changed) is None, place


def test_a_link_of_another_city_or_purpose_opens_nothing(world: World) -> None:
    link = token(media_link(KEYS, URL, "ab/abc.ogg"))
    assert open_media(OTHERS, link) is None
    ours = token(media_link(world.house.keys, URL, "ab/abc.ogg"))
    assert open_back(world.house, ours) is None


def test_a_return_link_hides_its_secret_behind_the_hash(
    world: World, later: Any
) -> None:
    person = world.person(channel="web")
    link = back_link(world.house, world.talk(person))
    page, _, secret = link.partition("#back=")
    assert page == f"{world.house.settings.public_url}/phone"
    assert open_back(world.house, secret) == person.address
    later(days=BACK_DAYS - 1)
    assert open_back(world.house, secret) == person.address
    later(days=BACK_DAYS + 1)
    assert open_back(world.house, secret) is None


def test_every_purpose_has_a_key_of_its_own() -> None:
    names = ("sessions", "media", "addresses", "ballots", "picks", "logins")
    keys = [getattr(KEYS, name) for name in names]
    assert len(set(keys)) == len(names)
    assert {len(key) for key in keys} == {32}
    assert not set(keys) & {getattr(OTHERS, name) for name in names}


def test_keys_are_never_shown() -> None:
    assert repr(KEYS) == "Keys()"
    assert isinstance(KEYS, Keys)


def test_a_keyed_hash_tells_where_its_parts_begin() -> None:
    assert keyed_hash(KEYS.ballots, "ab", "c") != keyed_hash(KEYS.ballots, "a", "bc")
    assert keyed_hash(KEYS.ballots, "ab") != keyed_hash(KEYS.addresses, "ab")
