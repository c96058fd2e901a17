"""Voice notes that cannot be had, or are none: she is told, nothing is lost."""

from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.houses import Street, open_street
from tests.services.ears import Ears
from tests.standins.server import HTML_503
from tests.standins.telegram import throttled
from tests.standins.telegram_resident import TelegramResident

SAID = "Een bank onder de linden."


@pytest.fixture
def street(tmp_path: Path) -> Iterator[Street]:
    """A city that hears `SAID` whenever it can hear at all."""
    url = f"sqlite:///{tmp_path / 'city.db'}"
    with open_street(url, tmp_path, Ears(deque([SAID] * 3))) as made:
        yield made


def texts(person: TelegramResident) -> list[str]:
    return [heard.text for heard in person.heard]


def test_a_note_that_the_provider_no_longer_has_is_told(
    street: Street, note: bytes
) -> None:
    ayse = street.ayse()
    voice = {"file_id": "gone", "file_unique_id": "u", "duration": 3}
    ayse.sends(voice={**voice, "mime_type": "audio/ogg"})
    street.work()
    assert len(texts(ayse)) == 4
    assert [task.kind for task in street.world.tasks()] == ["failed_note"]
    assert street.files() == []


@pytest.mark.parametrize("size", [20, 21])
def test_twenty_megabytes_of_nothing_are_told_and_not_kept(
    street: Street, size: int
) -> None:
    ayse = street.ayse()
    assert ayse.sends_voice(bytes(size * 1024 * 1024)) == 200
    street.work()
    assert len(texts(ayse)) == 4
    assert street.files() == []
    assert street.media()[0].problem == "too_large"


def test_a_small_file_of_nothing_is_told(street: Street) -> None:
    ayse = street.ayse()
    ayse.sends_voice(bytes(100_000))
    street.work()
    assert len(texts(ayse)) == 4
    assert not ayse.heard[-1].buttons or ayse.heard[-1].buttons[0][0] != "yes"
    assert street.media()[0].problem == "bad_audio"


@pytest.mark.parametrize("trouble", [throttled(3), HTML_503])
def test_a_provider_in_trouble_is_asked_again(
    street: Street, note: bytes, trouble: Any
) -> None:
    ayse = street.ayse()
    street.bot_api.will(trouble, "/getFile")
    ayse.sends_voice(note)
    street.work()
    assert SAID not in texts(ayse)[-1]
    street.clock.pass_time(seconds=6)
    street.work()
    assert SAID in texts(ayse)[-1]
    assert len(street.bot_api.made("/getFile")) == 2


def test_a_provider_that_stays_in_trouble_costs_her_nothing(
    street: Street, note: bytes
) -> None:
    ayse = street.ayse()
    street.bot_api.will(HTML_503, "/getFile", times=50)
    ayse.sends_voice(note)
    for _ in range(6):
        street.work()
        street.clock.pass_time(minutes=6)
    assert len(texts(ayse)) == 4
    (task,) = street.world.tasks()
    assert (task.kind, task.media_id) == ("failed_note", street.media()[0].id)


def test_a_note_that_arrives_twice_is_heard_once(street: Street, note: bytes) -> None:
    ayse = street.ayse()
    voice = street.bot_api.keep(note, "voice/file.oga") | {"duration": 3}
    update = {"update_id": 5, "message": ayse.message(voice=voice)}
    for _ in range(2):
        assert street.bot_api.hand_over(update) == 200
    street.work()
    assert len(street.media()) == 1
    assert len(texts(ayse)) == 4
