"""The media store is away, or full: nobody loses a note, a photo, or a promise."""

import time
from collections import deque
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.domain.messages import Inbound, MediaRef, Photo, Sender
from bot.services.files import SOONEST, try_again_at
from bot.services.inbound import take_in
from bot.services.notes import listen_once
from bot.services.photos import fetch_photo_once
from bot.services.sweep import MOST_FAILURES, sweep
from bot.store.media import FolderMedia
from bot.store.s3 import S3Media
from bot.store.talks import InboundMessage, Media
from tests import sound
from tests.buckets import HASTY, Shaky, deaf_server, use_s3
from tests.houses import Street, open_street
from tests.services.ears import Ears
from tests.services.test_photos import picture
from tests.services.test_sweep import is_there, keep, media
from tests.worlds import NOON, World, table

SAID = "Een bank onder de linden."
FULL, AWAY = "ENOSPC", "ConnectTimeoutError"
MANY_TRIES = 8  # twice as many as a provider gets


@pytest.fixture
def shaky(tmp_path: Path) -> Shaky:
    return Shaky(FolderMedia(tmp_path / "media"))


@pytest.fixture
def street(tmp_path: Path, shaky: Shaky) -> Iterator[Street]:
    """A city whose media store is shaky."""
    url, ears = f"sqlite:///{tmp_path / 'city.db'}", Ears(deque([SAID] * 3))
    with open_street(url, tmp_path, ears, media=shaky) as made:
        yield made


def shake(world: World) -> Shaky:
    """Make the media store of a world shaky."""
    shaky = Shaky(world.house.media)
    world.house = replace(world.house, media=shaky)
    return shaky


def days_pass(street: Street) -> None:
    """Let the worker try far oftener than it would ever try a provider."""
    for _ in range(MANY_TRIES):
        street.clock.pass_time(minutes=6)
        street.work()


@pytest.mark.parametrize("trouble", [FULL, AWAY])
def test_a_note_waits_at_the_provider_until_it_can_be_kept(
    street: Street, shaky: Shaky, note: bytes, trouble: str
) -> None:
    fatima = street.fatima()
    shaky.trouble = trouble
    fatima.sends_voice(note)
    days_pass(street)
    assert street.twilio._media, "the only copy is not deleted"
    assert street.world.tasks() == [], "nobody has given up"
    shaky.trouble = None
    days_pass(street)
    assert SAID in fatima.heard[-1].text
    assert street.twilio._media == {}
    assert len(street.files()) == 1
    assert street.media()[0].problem is None


def test_waiting_for_the_store_is_none_of_a_notes_tries(
    street: Street, shaky: Shaky, note: bytes
) -> None:
    ayse = street.ayse()
    shaky.trouble = AWAY
    ayse.sends_voice(note)
    days_pass(street)
    voice = table(InboundMessage).where(InboundMessage.kind == "voice")
    assert street.world.one(voice).attempts == 0
    assert street.world.one(voice).stage == "listening"


def test_a_note_that_is_kept_waits_until_it_can_be_read(
    street: Street, shaky: Shaky, note: bytes
) -> None:
    ayse = street.ayse()
    shaky.trouble, shaky.fails = AWAY, frozenset({"load"})
    ayse.sends_voice(note)
    days_pass(street)
    assert street.world.tasks() == []
    assert len(street.bot_api.made("/getFile")) == 1, "it is not fetched again"
    shaky.trouble = None
    days_pass(street)
    assert SAID in ayse.heard[-1].text


def test_a_browsers_recording_survives_every_kind_of_trouble(
    street: Street, shaky: Shaky
) -> None:
    world = street.world
    person = world.person(channel="web")
    world.sends_note(person, sound.webm_opus(sound.sentence("nl")), "audio/webm")
    for method in ("load", "save", "delete"):
        shaky.trouble, shaky.fails = AWAY, frozenset({method})
        days_pass(street)
    assert SAID in world.texts(person)[-1]
    assert len(street.files()) == 2, "the original could not be deleted"
    shaky.trouble = None
    street.sweep()
    (left,) = street.files()
    key = str(street.media()[0].key)
    assert left.as_posix().endswith(key)
    assert world.house.media.load(key).startswith(b"OggS")


@pytest.mark.parametrize("trouble", [FULL, AWAY])
def test_a_photo_waits_at_the_provider_until_it_can_be_kept(
    street: Street, shaky: Shaky, trouble: str
) -> None:
    fatima = street.fatima()
    shaky.trouble = trouble
    fatima.sends_photo(picture())
    days_pass(street)
    assert street.twilio._media, "the only copy is not deleted"
    (photo,) = street.media()
    assert (photo.problem, photo.fetched_at, photo.attempts) == (None, None, 0)
    shaky.trouble = None
    days_pass(street)
    assert street.twilio._media == {}
    kept = street.world.house.media.load(str(street.media()[0].key))
    assert kept.startswith(b"\xff\xd8")


def test_a_photo_of_the_page_survives_and_its_original_goes(
    each_world: World, tmp_path: Path
) -> None:
    world = each_world
    shaky = shake(world)
    key = shaky.save(picture(), "image/jpeg")
    person = world.person(channel="web")
    photo = Photo(MediaRef(key, "image/jpeg"), "Een bank onder de bomen")
    assert take_in(world.house, Inbound("web", "p1", Sender(person.address), photo))
    for method in ("load", "save"):
        shaky.trouble, shaky.fails = FULL, frozenset({method})
        assert fetch_photo_once(world.house)
        assert world.one(table(Media)).key == key
        world.clock.pass_time(minutes=6)
    shaky.fails = frozenset({"delete"})
    assert fetch_photo_once(world.house)
    kept, left = world.rows(table(Media).order_by(Media.id))
    assert (left.key, left.talk_id) == (key, None)
    assert kept.key != key
    shaky.trouble = None
    sweep(world.house)
    assert [is_there(world, each) for each in (kept.key, key)] == [True, False]


def test_what_could_not_be_deleted_is_deleted_later_and_its_words_go_at_once(
    each_world: World,
) -> None:
    world = each_world
    shaky = shake(world)
    due = keep(world, world.person(), delete_after=world.clock())
    key = media(world, due).key
    shaky.trouble = AWAY
    assert sweep(world.house) == 0
    assert (media(world, due).key, media(world, due).transcript) == (key, None)
    shaky.trouble = None
    assert sweep(world.house) == 1
    assert media(world, due).key is None
    assert not is_there(world, key)


def test_a_store_that_is_away_is_not_asked_for_every_file(world: World) -> None:
    shaky = shake(world)
    person = world.person()
    for _ in range(20):
        keep(world, person, delete_after=world.clock())
    shaky.trouble = AWAY
    shaky.tries.clear()
    assert sweep(world.house) == 0
    assert shaky.tries == ["delete"] * MOST_FAILURES
    shaky.trouble = None
    assert sweep(world.house) == 20


class Poisoned(Shaky):
    """A store that can never delete some of its files."""

    poison: frozenset[str] = frozenset()

    def delete(self, key: str) -> None:
        self.trouble = AWAY if key in self.poison else None
        super().delete(key)


def test_files_that_can_never_be_deleted_hold_up_no_others(world: World) -> None:
    store = Poisoned(world.house.media)
    world.house = replace(world.house, media=store)
    person = world.person()
    ids = [keep(world, person, delete_after=world.clock()) for _ in range(8)]
    store.poison = frozenset(media(world, each).key for each in ids[:4])
    for _ in range(200):
        sweep(world.house)
    left = {row.key for row in world.rows(table(Media)) if row.key}
    assert left == store.poison


def test_who_asked_to_be_forgotten_is_forgotten_once_the_store_is_back(
    street: Street, shaky: Shaky, note: bytes
) -> None:
    ayse = street.ayse()
    ayse.sends_voice(note)
    street.work()
    shaky.trouble = AWAY
    ayse.says("vergeet mij")
    ayse.taps("forget:drop")
    ayse.taps("yes")
    street.work()
    street.sweep()
    assert len(street.files()) == 1
    shaky.trouble = None
    street.sweep()
    assert street.files() == []


def test_a_store_that_never_answers_costs_the_worker_a_moment_and_no_note(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = world.person(channel="web")
    world.sends_note(person, b"OggS")
    with deaf_server() as address:
        use_s3(monkeypatch, address)
        store = S3Media("city", "", HASTY)
        house = replace(world.house, media=store)
        began = time.monotonic()
        assert listen_once(house)
        assert time.monotonic() - began < 5
        assert not listen_once(house), "it waits for its time"
        store.close()
    row: Any = world.one(table(InboundMessage))
    assert (row.stage, row.attempts) == ("listening", 0)
    assert row.leased_until == world.clock() + SOONEST


def test_the_store_is_asked_less_often_the_longer_it_is_away() -> None:
    asked, now = [], NOON
    for _ in range(10):
        later = try_again_at(NOON, now)
        asked.append((later - now).total_seconds())
        now = later
    assert asked == [15, 15, 30, 60, 120, 240, 300, 300, 300, 300]
