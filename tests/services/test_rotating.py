"""Keys are changed while a crowd writes; broken off, it goes on; nothing is lost."""

import hashlib
import json
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
from click.testing import CliRunner
from sqlalchemy import String, delete, func, insert, select, type_coerce, update

import bot.__main__  # noqa: F401 - adds the commands
from bot import cli
from bot.app import build
from bot.config import SettingsError, read_settings
from bot.domain.messages import Inbound, Sender, Text
from bot.rings import (
    AT_REST,
    RingFileError,
    key_of,
    open_rings,
    read_lines,
    write_lines,
)
from bot.services.inbound import take_in
from bot.services.resealing import (
    begin_sealing,
    end_sealing,
    is_needed,
    leave_no_traces,
    reseal,
    rings_of,
)
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
from bot.store.sealed_media import SealedMedia
from bot.store.talks import InboundMessage, Media, Talk
from tests.need import postgres_url
from tests.worlds import (
    NOON,
    SECRET_KEY,
    World,
    empty_postgres,
    open_world,
    table,
)

SOON = timedelta(seconds=5)
BY = "anna"
CANARY = "somebody-whose-address-was-in-clear"


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'city.db'}"
        return
    with empty_postgres(postgres_url()) as made:
        yield made


@contextmanager
def process(url: str, folder: Path, *, demo: bool = False) -> Iterator[World]:
    """Open the city as a process does: with rings of its own, from the same files."""
    keys = folder / "keys"
    rings = open_rings(SECRET_KEY, keys, {})
    with open_world(
        url, folder / "media", demo=demo, rings=rings, keys_dir=str(keys)
    ) as world:
        yield world


def says(world: World, who: str, words: str) -> None:
    name = hashlib.sha256(f"{who} {words}".encode()).hexdigest()[:20]
    assert take_in(world.house, Inbound("web", name, Sender(who), Text(words)))


def stands(world: World) -> set[str | None]:
    """Return the ids of the keys that addresses are sealed with."""
    raw = select(type_coerce(Talk.address, String))
    return {
        key_of(each) for each in world.house.db.read(lambda db: db.scalars(raw).all())
    }


def raw(file: Path) -> bytes:
    """Return all bytes of a database: its free pages and its log too."""
    return file.read_bytes() + Path(f"{file}-wal").read_bytes()


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
            for purpose in AT_REST:  # all begin at once, so that one wait is enough
                add_key(first.house, purpose, BY, SOON)
            for purpose in AT_REST:
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
        says(world, "clear", "0")
        says(world, CANARY, "0")
        sound = world.house.media.save(b"her voice", "audio/ogg")
        assert stands(world) == {None}
        assert begin_sealing(world.house)
        says(world, "clear", "again")
        says(world, "new", "0")
        assert len(world.rows(table(Talk))) == 3
        if world.house.db.is_sqlite:
            assert CANARY.encode() in raw(tmp_path / "city.db")
        for purpose in ("people", "messages", "files"):
            assert sum(reseal(world.house, purpose)) > 0
        end_sealing(world.house)
        leave_no_traces(world.house, whole=True)
        assert None not in stands(world)
        if world.house.db.is_sqlite:
            assert CANARY.encode() not in raw(tmp_path / "city.db")
        files = (tmp_path / "media").rglob("*.ogg")
        assert not [each for each in files if b"her voice" in each.read_bytes()]
        assert world.house.media.load(sound) == b"her voice"
        says(world, "clear", "and again")
        assert len(world.rows(table(Talk))) == 3


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


def test_a_file_of_keys_that_breaks_stops_nobody(tmp_path: Path) -> None:
    """Somebody copies it with the wrong rights: whoever runs goes on with its keys."""
    path = tmp_path / "people"
    write_lines(path, [("2026-11-26T14:00:00+00:00", "x" * 40)])
    ring = open_rings(SECRET_KEY, tmp_path, {})["people"]
    sealed = ring.seal(b"+31612345678", "talks.address")
    for harm in ("shown", "gone"):
        if harm == "shown":
            path.chmod(0o644)
        else:
            path.unlink()
        ring.refresh()
        assert ring.open(sealed, "talks.address") == b"+31612345678"


def test_a_recording_deleted_meanwhile_stays_deleted(tmp_path: Path) -> None:
    """She is forgotten while her voice is being sealed anew: it does not come back."""
    with process(f"sqlite:///{tmp_path / 'city.db'}", tmp_path) as world:
        key = world.house.media.save(b"her voice", "audio/ogg")
        row: dict[str, Any] = {
            "channel": "web",
            "kind": "voice",
            "source": {},
            "mime": "audio/ogg",
        }
        row |= {"key": key, "created_at": NOON}
        world.house.db.run(lambda db: db.execute(insert(Media).values(row)).rowcount)
        add_key(world.house, "files", BY, timedelta(0))
        rings_of(world.house).rings["files"].refresh()
        media = world.house.media
        assert isinstance(media, SealedMedia)
        load = media.load

        def forgotten_now(key: str) -> bytes:
            data = load(key)
            media.delete(key)
            gone = update(Media).values(key=None)
            world.house.db.run(lambda db: db.execute(gone).rowcount)
            return data

        media.load = forgotten_now  # type: ignore[method-assign]
        assert sum(reseal(world.house, "files")) == 1
        assert [
            each for each in (tmp_path / "media").rglob("*") if each.is_file()
        ] == []


@pytest.fixture
def city(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The environment of a small city, for commands."""
    for name, value in {
        "SECRET_KEY": SECRET_KEY,
        "DATABASE_URL": f"sqlite:///{tmp_path / 'city.db'}",
        "MEDIA_URL": str(tmp_path / "media"),
        "KEYS_DIR": str(tmp_path / "keys"),
        "WHISPER_ENGINE": "none",
        "VOICE_ENGINE": "none",
    }.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def ran(*words: str) -> Any:
    return CliRunner().invoke(cli.main, words, obj=build)


def ran_status() -> Any:
    return ran("keys", "status", "--json")


def test_the_commands_change_a_key_and_never_show_one(city: Path) -> None:
    assert ran("migrate").exit_code == 0
    assert ran("keys", "rotate", "people", "--wait", "0", "--by", BY).exit_code == 0
    secret = read_lines(city / "keys" / "people")[1][1]
    listed = ran("keys", "list", "--json")
    lines = [each for each in json.loads(listed.stdout) if each["purpose"] == "people"]
    assert [each["source"] for each in lines] == [
        "SECRET_KEY",
        str(city / "keys" / "people"),
    ]
    plain, doctor = ran("keys", "list"), ran("doctor")
    for each in (listed, plain, doctor):
        assert secret not in each.output
        assert SECRET_KEY not in each.output
    assert lines[1]["id"] in plain.output
    assert f"people {lines[1]['id']}" in doctor.output
    status = {each["purpose"]: each for each in json.loads(ran_status().stdout)}
    assert status["people"]["newest"] == lines[1]["id"]
    assert status["people"]["older"] == [lines[0]["id"]]
    assert status["picks"]["older"] == []
    assert "people --finish" in ran("keys", "status").output
    early = ran("keys", "rotate", "people", "--finish")
    assert early.exit_code == 1
    assert "not used by everybody yet" in early.output
    refused = ran("keys", "destroy", "ballots", "--by", "anna", "--by", "bram")
    assert refused.exit_code == 1
    assert "follows from SECRET_KEY" in refused.output
    assert ran("keys", "destroy", "ballots", "--by", "anna").exit_code == 2


def test_the_doctor_sees_keys_that_others_can_read(city: Path) -> None:
    assert ran("migrate").exit_code == 0
    keys = city / "keys"
    keys.mkdir(mode=0o755)
    keys.chmod(0o755)
    seen = ran("doctor").output
    assert f"others on this machine can read {keys}" in seen
    write_lines(keys / "people", [("2026-11-26T14:00:00+00:00", "x" * 40)])
    (keys / "people").chmod(0o640)
    assert "chmod 600" in ran("doctor").output


def test_the_doctor_sees_keys_that_are_no_random_text(
    city: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET_KEY", "secret" * 8)
    assert ran("migrate").exit_code == 0
    seen = ran("doctor").output
    assert "SECRET_KEY is not random" in seen
    assert "secretsecret" not in seen


def test_the_doctor_sees_that_a_key_is_lost(
    city: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with process(f"sqlite:///{city / 'city.db'}", city) as world:
        says(world, "p", "0")
        (lost,) = stands(world)
    assert "which is not here" not in ran("doctor").output
    monkeypatch.setenv("SECRET_KEY", "another secret of forty letters or so")
    assert f"sealed with {lost}, which is not here" in ran("doctor").output
