"""Files of strangers are looked at before anybody opens them; none passes unseen."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.app import create_app
from bot.config import SettingsError, read_settings
from bot.doctor.machine import EICAR, check_scanner
from bot.domain.findings import Mark
from bot.services.clamd import Scanner, ScannerError
from bot.services.photos import fetch_photo_once
from bot.services.scanning import HARMFUL, HarmfulError, check, load_checked
from bot.store.civic import Task
from bot.store.media import MediaUnavailableError
from tests import sound
from tests.houses import Street
from tests.services.test_photos import picture
from tests.standins.clamd import Clamd, clamd
from tests.worlds import SECRET_KEY, World, table

TOLD = "In uw bestand zit misschien een virus."
AWAY = "tcp://127.0.0.1:9"


@pytest.fixture
def scanner() -> Iterator[Clamd]:
    with clamd() as made:
        yield made


@pytest.fixture
def scanned(street: Street, scanner: Clamd) -> Street:
    """A street whose city has a scanner."""
    return with_scanner(street, scanner.address)


def with_scanner(street: Street, address: str) -> Street:
    before = street.world
    house = replace(before.house, scanner=Scanner(address))
    world = World(house, before.clock, before.postman, before.serial)
    street.world, street.app = world, create_app(house=house)
    return street


def tasks(street: Street) -> list[tuple[str, str]]:
    rows = street.world.rows(table(Task).order_by(Task.id))
    return [(row.kind, row.note) for row in rows]


@pytest.mark.parametrize("kind", ["unix", "tcp"])
def test_it_speaks_as_clamd_does(kind: str, tmp_path: Path) -> None:
    large = bytes(range(256)) * 1_000
    with clamd(tmp_path if kind == "unix" else None) as made:
        asked = Scanner(made.address)
        assert asked.version() == "ClamAV 1.4.2/27500"
        assert asked.find(large) is None
        assert made.seen == [large], "whole, in pieces"
        assert asked.find(b"x" * 70_000 + EICAR) == "Eicar-Test-Signature"
        for mood in ("limit", "silent", "odd"):
            made.mood = mood
            with pytest.raises(ScannerError):
                asked.find(b"x")
    with pytest.raises(ScannerError, match="away"):
        asked.find(b"x")


def test_the_test_file_is_the_one_that_all_scanners_know() -> None:
    assert len(EICAR) == 68
    assert EICAR.startswith(b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$")


def test_a_voice_note_that_is_clean_goes_on_and_is_marked(
    scanned: Street, scanner: Clamd
) -> None:
    ayse, note = scanned.ayse(), sound.ogg_opus(sound.sentence("nl"))
    ayse.sends_voice(note)
    scanned.work()
    assert scanner.seen == [note]
    (media,) = scanned.media()
    assert media.scanned_at is not None


def test_a_voice_note_with_a_virus_is_deleted_and_all_are_told(scanned: Street) -> None:
    ayse = scanned.ayse()
    ayse.sends_voice(sound.ogg_opus(sound.sentence("nl")) + EICAR)
    scanned.work()
    assert TOLD in ayse.heard[-1].text
    (media,) = scanned.media()
    assert (media.key, media.problem, media.transcript) == (None, HARMFUL, None)
    assert scanned.files() == []
    assert tasks(scanned) == [("harmful", "Eicar-Test-Signature")]


def test_a_photo_with_a_virus_is_deleted_and_all_are_told(scanned: Street) -> None:
    fatima = scanned.fatima()
    fatima.says("Een bank onder de lindebomen")
    fatima.sends_photo(picture() + EICAR)
    scanned.work()
    assert any(TOLD in heard.text for heard in fatima.heard)
    (media,) = scanned.media()
    assert (media.key, media.problem) == (None, HARMFUL)
    assert scanned.files() == []
    assert tasks(scanned) == [("harmful", "Eicar-Test-Signature")]


def test_while_it_is_away_a_note_waits_and_nothing_is_lost(
    street: Street, scanner: Clamd
) -> None:
    away = with_scanner(street, AWAY)
    ayse, note = away.ayse(), sound.ogg_opus(sound.sentence("nl"))
    ayse.sends_voice(note)
    away.work()
    said = [heard.text for heard in ayse.heard]
    (media,) = away.media()
    assert media.scanned_at is None
    with pytest.raises(MediaUnavailableError, match="scanner_away"):
        load_checked(away.house, media.id, media.key)
    assert [heard.text for heard in ayse.heard] == said, "nothing false is told"
    assert media.problem is None
    back = with_scanner(street, scanner.address)
    back.clock.pass_time(minutes=6)
    back.work()
    (media,) = back.media()
    assert scanner.seen == [note]
    assert media.scanned_at is not None
    assert media.key is not None


def test_while_it_is_away_a_photo_waits(street: Street, scanner: Clamd) -> None:
    away = with_scanner(street, AWAY)
    fatima = away.fatima()
    fatima.says("Een bank onder de lindebomen")
    fatima.sends_photo(picture())
    assert fetch_photo_once(away.house)
    (media,) = away.media()
    assert (media.key, media.fetched_at, media.problem) == (None, None, None)
    back = with_scanner(street, scanner.address)
    back.clock.pass_time(minutes=6)
    back.work()
    (media,) = back.media()
    assert media.key is not None
    assert media.scanned_at is not None


def test_what_was_there_before_is_looked_at_when_it_is_opened(
    street: Street, scanner: Clamd
) -> None:
    ayse = street.ayse()
    ayse.sends_voice(sound.ogg_opus(sound.sentence("nl")) + EICAR)
    street.work()
    (media,) = street.media()
    assert media.key is not None, "without a scanner it is kept"
    scanned = with_scanner(street, scanner.address)
    for _ in range(2):
        with pytest.raises(FileNotFoundError):
            load_checked(scanned.house, media.id, media.key)
    scanned.work()
    assert scanned.files() == []
    assert sum(TOLD in heard.text for heard in ayse.heard) == 1
    assert ("harmful", "Eicar-Test-Signature") in tasks(scanned)


def test_it_is_looked_at_once(street: Street, scanner: Clamd) -> None:
    ayse = street.ayse()
    ayse.sends_voice(sound.ogg_opus(sound.sentence("nl")))
    street.work()
    (media,) = street.media()
    scanned = with_scanner(street, scanner.address)
    for _ in range(3):
        assert load_checked(scanned.house, media.id, media.key)
    assert len(scanner.seen) == 1


def test_without_one_nothing_is_asked(world: World) -> None:
    check(world.house, EICAR)
    found = check_scanner(world.house)
    assert found.mark is Mark.WARN
    assert "no file of a resident is looked at" in found.seen


def test_the_doctor_asks_it_for_the_test_file(world: World, scanner: Clamd) -> None:
    def finding(address: str) -> Any:
        return check_scanner(replace(world.house, scanner=Scanner(address)))

    assert finding(scanner.address).mark is Mark.OK
    scanner.mood = "limit"
    assert finding(scanner.address).mark is Mark.BAD
    assert finding(AWAY).mark is Mark.BAD
    scanner.mood = "well"
    house = replace(world.house, scanner=Scanner(scanner.address))
    with pytest.raises(HarmfulError):
        check(house, EICAR)


@pytest.mark.parametrize("address", ["clamd", "http://x:1", "tcp://host", "unix:rel"])
def test_a_wrong_address_stops_the_start(address: str) -> None:
    with pytest.raises(SettingsError, match="SCANNER_URL must look like"):
        read_settings({"SECRET_KEY": SECRET_KEY, "SCANNER_URL": address})
