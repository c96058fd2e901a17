"""Pages and providers while the media store is away: told plainly, nothing lost."""

from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
from flask.testing import FlaskClient

from bot.app import create_app
from bot.services.links import media_link
from bot.services.notes import listen_once
from bot.store.s3 import S3Media
from bot.store.talks import InboundMessage, Media
from bot.web.desk.words.book import words
from tests.buckets import HASTY, Shaky, deaf_server, use_s3
from tests.sound import noise
from tests.web.conftest import log_in, one_time_token
from tests.worlds import World, table
from transcription.audio import to_voice_note

AWAY = "ConnectTimeoutError"
MARK = {"X-Requested-With": "phone"}


@pytest.fixture
def shaky(world: World) -> Shaky:
    shaky = Shaky(world.house.media)
    world.house = replace(world.house, media=shaky)
    return shaky


@pytest.fixture
def page(world: World, shaky: Shaky) -> FlaskClient:
    """The phone page of somebody."""
    browser = create_app(house=world.house).test_client()
    browser.get("/phone?lang=en")
    return browser


def post(page: FlaskClient, place: str, mime: str, name: str) -> Any:
    data = b"OggS her voice"
    path = f"/phone/{place}?id={name}"
    return page.post(path, data=data, headers=MARK, content_type=mime)


UPLOADS = [("sound", "audio/ogg"), ("photo", "image/jpeg")]


@pytest.mark.parametrize(("place", "mime"), UPLOADS)
@pytest.mark.parametrize("trouble", ["ENOSPC", AWAY])
def test_what_cannot_be_kept_stays_with_the_page_which_says_it_again(
    world: World, page: FlaskClient, shaky: Shaky, place: str, mime: str, trouble: str
) -> None:
    name = str(uuid4())
    shaky.trouble = trouble
    answer = post(page, place, mime, name)
    assert (answer.status_code, answer.json) == (503, {"error": "not now, try again"})
    assert world.inbound() == []
    shaky.trouble = None
    assert post(page, place, mime, name).status_code == 200
    (row,) = world.rows(table(Media))
    assert world.house.media.load(row.key) == b"OggS her voice"


def test_what_came_twice_is_taken_though_the_second_copy_cannot_be_deleted(
    world: World, page: FlaskClient, shaky: Shaky
) -> None:
    name = str(uuid4())
    shaky.trouble, shaky.fails = AWAY, frozenset({"delete"})
    assert [post(page, *UPLOADS[0], name).status_code for _ in range(2)] == [200, 200]
    assert len(world.rows(table(InboundMessage))) == 1
    first, second = world.rows(table(Media).order_by(Media.id))
    assert (first.delete_after, second.delete_after) == (None, world.clock())


def test_a_page_is_answered_in_bounded_time_by_a_store_that_never_answers(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    with deaf_server() as address:
        use_s3(monkeypatch, address)
        store = S3Media("city", "", HASTY)
        app = create_app(house=replace(world.house, media=store))
        browser = app.test_client()
        browser.get("/phone?lang=en")
        assert post(browser, *UPLOADS[0], str(uuid4())).status_code == 503
        store.close()


def test_her_own_recording_is_there_later(page: FlaskClient, shaky: Shaky) -> None:
    told = post(page, *UPLOADS[0], str(uuid4())).json
    place = next(each["sound"] for each in told["messages"] if each["mine"])
    shaky.trouble = AWAY
    answer = page.get(place)
    assert (answer.status_code, answer.json) == (503, {"error": "not now, try again"})
    shaky.trouble = None
    assert page.get(place).data == b"OggS her voice"


@pytest.fixture
def official(world: World, shaky: Shaky) -> FlaskClient:
    """Somebody at the desk, where a note waits for ears."""
    world.sends_note(world.person("nl", "web"), to_voice_note(noise(2.0)))
    while listen_once(world.house):
        pass
    browser = create_app(house=world.house).test_client()
    assert log_in(browser, one_time_token(world, "reviewer")) == 303
    return browser


def test_the_desk_says_that_a_recording_is_kept(
    world: World, official: FlaskClient, shaky: Shaky
) -> None:
    media = next(task.media_id for task in world.tasks() if task.kind == "listen")
    shaky.trouble = AWAY
    answer = official.get(f"/desk/sound/{media}?lang=en")
    assert answer.status_code == 503
    assert answer.text == words("en")["sound_later"] + "\n"
    assert official.get("/desk").status_code == 200
    shaky.trouble = None
    assert official.get(f"/desk/sound/{media}").data[:4] == b"OggS"


def test_a_provider_is_told_to_come_again(
    world: World, page: FlaskClient, shaky: Shaky
) -> None:
    key = shaky.save(b"OggS a prompt", "audio/ogg")
    link = media_link(world.house.keys, "", key)
    shaky.trouble = AWAY
    answer = page.get(link)
    assert (answer.status_code, answer.text) == (503, "not now, try again\n")
    shaky.trouble = None
    assert page.get(link).data == b"OggS a prompt"
    shaky.delete(key)
    assert page.get(link).status_code == 404
