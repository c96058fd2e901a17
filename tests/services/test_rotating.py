"""Keys are changed while a crowd writes; broken off, it goes on; nothing is lost."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import String, delete, func, select, type_coerce

from bot.config import SettingsError, read_settings
from bot.domain.messages import Inbound, Sender, Text
from bot.rings import RingFileError, key_of, open_rings, read_lines, write_lines
from bot.services.inbound import take_in
from bot.services.resealing import begin_sealing, end_sealing, is_needed, reseal
from bot.services.rotating import (
    KeyRefusedError,
    add_key,
    destroy,
    finish,
    list_keys,
    rotate,
)
from bot.store.audit import AuditLine
from bot.store.sealed import Sealing
from bot.store.talks import InboundMessage, Talk
from tests.need import postgres_url
from tests.worlds import SECRET_KEY, World, empty_postgres, open_world, table

SOON = timedelta(seconds=5)
BY = "anna"


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'city.db'}"
        return
    with empty_postgres(postgres_url()) as made:
        yield made


@contextmanager
def process(url: str, folder: Path) -> Iterator[World]:
    """Open the city as a process does: with rings of its own, from the same files."""
    keys = folder / "keys"
    rings = open_rings(SECRET_KEY, keys, {})
    with open_world(
        url, folder / "media", demo=False, rings=rings, keys_dir=str(keys)
    ) as world:
        yield world


def says(world: World, who: str, words: str) -> None:
    name = f"{who}-{words}"
    assert take_in(world.house, Inbound("web", name, Sender(who), Text(words)))


def stands(world: World) -> set[str | None]:
    """Return the ids of the keys that addresses are sealed with."""
    raw = select(type_coerce(Talk.address, String))
    return {
        key_of(each) for each in world.house.db.read(lambda db: db.scalars(raw).all())
    }


def acts(world: World) -> list[tuple[str, str]]:
    lines = select(AuditLine.act, AuditLine.subject).order_by(AuditLine.id)
    return [tuple(row) for row in world.rows(lines)]


def test_a_key_is_changed_while_a_crowd_writes(url: str, tmp_path: Path) -> None:
    with process(url, tmp_path) as first, process(url, tmp_path) as second:
        for number in range(20):
            says(first, f"old-{number}", "0")
        sound = first.house.media.save(b"her voice", "audio/ogg")
        before, over, wrong = stands(first), threading.Event(), []

        def write(world: World, name: str) -> None:
            turn = 0
            while not over.is_set():
                turn += 1
                try:
                    says(world, f"old-{turn % 20}", f"{name} {turn}")
                    says(world, f"both-{turn}", name)
                except Exception as error:  # noqa: BLE001 - told to the test
                    wrong.append(error)
                over.wait(0.05)

        crowd = [
            threading.Thread(target=write, args=(world, name))
            for world, name in ((first, "a"), (second, "b"))
        ]
        for each in crowd:
            each.start()
        try:
            for purpose in ("people", "messages", "files"):
                assert sum(rotate(first.house, purpose, BY, SOON)) > 0
        finally:
            over.set()
            for each in crowd:
                each.join()
        assert wrong == []
        assert len(before) == 1
        assert not before & stands(first)
        twice = (
            select(func.count())
            .select_from(Talk)
            .having(func.count() > func.count(Talk.address.distinct()))
        )
        assert first.rows(twice) == [], "one talk for each address"
        people = [row.address for row in first.rows(table(Talk))]
        assert len(people) == len(set(people))
        told = first.rows(table(InboundMessage))
        assert all(row.body["text"] for row in told)
        assert second.house.media.load(sound) == b"her voice"


def test_killed_in_the_middle_it_goes_on(url: str, tmp_path: Path) -> None:
    with process(url, tmp_path) as world:
        for number in range(250):
            says(world, f"p-{number}", "0")
        code = (
            "import sys; from pathlib import Path; from datetime import timedelta;"
            "from tests.services.test_rotating import process, rotate;"
            f"ours = process({url!r}, Path({str(tmp_path)!r}));"
            "world = ours.__enter__();"
            "[print(n, flush=True) or sys.stdin.readline() for n in"
            " rotate(world.house, 'people', 'anna', timedelta(0))]"
        )
        child = subprocess.Popen(
            [sys.executable, "-c", code],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": str(Path.cwd())},
        )
        assert child.stdout is not None
        assert child.stdout.readline().strip() == b"100"
        child.send_signal(signal.SIGKILL)
        child.communicate()
        assert len(stands(world)) == 2, "some with the new key, some with the old"
        with pytest.raises(KeyRefusedError):
            finish(world.house, "people", BY)
        says(world, "p-249", "still known")
        assert sum(rotate(world.house, "people", BY, timedelta(0))) >= 100
        assert len(stands(world)) == 1
        assert not is_needed(world.house, "people")
        assert len(read_lines(tmp_path / "keys" / "people")) == 2
        people = [row.address for row in world.rows(table(Talk))]
        assert sorted(people) == sorted({f"p-{number}" for number in range(250)})


def test_the_old_key_goes_only_when_nothing_needs_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.services.rotating.WAIT", timedelta(0))
    with process(f"sqlite:///{tmp_path / 'city.db'}", tmp_path) as world:
        says(world, "p", "0")
        (old,) = stands(world)
        add_key(world.house, "people", BY, timedelta(0))
        with pytest.raises(KeyRefusedError, match="buurtstem keys rotate people"):
            finish(world.house, "people", BY)
        assert sum(rotate(world.house, "people", BY, timedelta(0))) == 1
        assert finish(world.house, "people", BY) == [old]
        assert finish(world.house, "people", BY) == []
        assert acts(world) == [("key.add", "key:people"), ("key.drop", "key:people")]
    with process(f"sqlite:///{tmp_path / 'city.db'}", tmp_path) as world:
        assert [row.address for row in world.rows(table(Talk))] == ["p"]


def test_a_database_in_clear_is_sealed_beside_its_people(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.services.resealing.LOOK_SECONDS", 0.0)
    with process(url, tmp_path) as world:
        world.house.db.run(lambda db: db.execute(delete(Sealing)).rowcount)
    with process(url, tmp_path) as world:
        says(world, "clear", "in clear")
        sound = world.house.media.save(b"her voice", "audio/ogg")
        assert stands(world) == {None}
        assert begin_sealing(world.house)
        says(world, "clear", "again")
        says(world, "new", "0")
        assert len(world.rows(table(Talk))) == 2
        for purpose in ("people", "messages", "files"):
            assert sum(reseal(world.house, purpose)) > 0
        end_sealing(world.house)
        assert None not in stands(world)
        files = (tmp_path / "media").rglob("*.ogg")
        assert not [each for each in files if b"her voice" in each.read_bytes()]
        assert world.house.media.load(sound) == b"her voice"
        says(world, "clear", "and again")
        assert len(world.rows(table(Talk))) == 2


@pytest.mark.parametrize("purpose", ["ballots", "registrar", "addresses"])
def test_what_cannot_be_changed_is_refused_with_the_reason(
    tmp_path: Path, purpose: str
) -> None:
    with process(f"sqlite:///{tmp_path / 'city.db'}", tmp_path) as world:
        with pytest.raises(KeyRefusedError, match="cannot be changed: it|: the"):
            add_key(world.house, purpose, BY)
        with pytest.raises(KeyRefusedError, match="follows from SECRET_KEY"):
            destroy(world.house, "ballots", BY)


def test_a_destroyed_key_is_gone_and_on_the_trail(tmp_path: Path) -> None:
    file = tmp_path / "box"
    secret = "the key of the box, held by somebody else"
    file.write_text(secret)
    with process(f"sqlite:///{tmp_path / 'city.db'}", tmp_path) as world:
        given = {"ballot_box_key": secret, "ballot_box_key_file": str(file)}
        house = world.with_settings(**given).house
        key_id = destroy(house, "ballots", BY)
        assert not file.exists()
        (line,) = world.rows(select(AuditLine.by, AuditLine.act, AuditLine.data))
        assert tuple(line) == (BY, "key.destroy", {"id": key_id})


def test_no_key_is_ever_shown(tmp_path: Path, caplog: Any) -> None:
    with process(f"sqlite:///{tmp_path / 'city.db'}", tmp_path) as world:
        add_key(world.house, "people", BY, timedelta(0))
        shown = repr(list(list_keys(world.house))) + repr(world.house) + caplog.text
        secrets = [SECRET_KEY, read_lines(tmp_path / "keys" / "people")[1][1]]
    assert not [each for each in secrets if each in shown]


def test_a_file_that_others_can_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "people"
    write_lines(path, [("2026-11-26T14:00:00+00:00", "x" * 40)])
    assert path.stat().st_mode & 0o777 == 0o600
    path.chmod(0o644)
    with pytest.raises(RingFileError, match="chmod 600"):
        open_rings(SECRET_KEY, tmp_path, {})
    path.chmod(0o600)
    path.write_text("not a time and a key\n")
    with pytest.raises(RingFileError, match="no file of keys"):
        open_rings(SECRET_KEY, tmp_path, {})


def test_a_key_may_come_from_a_file_or_the_environment(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text(f"{SECRET_KEY}\n")
    env = {"SECRET_KEY_FILE": str(file), "PEOPLE_KEY": "p" * 40}
    settings = read_settings(env)
    assert settings.secret_key == SECRET_KEY
    ring = open_rings(settings.secret_key, None, settings.ring_keys)["people"]
    assert ring.newest().source == "PEOPLE_KEY"
    with pytest.raises(SettingsError, match="FILES_KEY has a key of less"):
        read_settings(env | {"FILES_KEY": "short"})
