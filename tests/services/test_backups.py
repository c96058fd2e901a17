"""Backup and restore, rehearsed: real files, real pg_dump, real kills."""

import io
import json
import os
import signal
import subprocess
import sys
import tarfile
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pyrage
import pytest
from click.testing import CliRunner, Result
from sqlalchemy import func, insert, select, text

from bot import cli_keeping
from bot.config import Settings
from bot.keys import derive_keys
from bot.rings import open_rings
from bot.services import backups
from bot.services.archives import ArchiveError
from bot.services.backups import Restored, Wishes, back_up
from bot.services.erasures import address_hash, replay
from bot.services.house import House
from bot.store.audit import AuditLine
from bot.store.base import Base
from bot.store.civic import BallotRow, Erasure, PlanRow
from bot.store.database import Database
from bot.store.erasures import Erased, add_lines, read_lines
from bot.store.media import MovableStore
from bot.store.migrating import newest_revision
from bot.store.outreach import Account
from bot.store.restoring import InUseError
from bot.store.sealed import Safe
from bot.store.talks import Media, OutboundMessage, Talk
from tests.need import ROOT
from tests.services.test_sweep import keep
from tests.worlds import COLLECTING, NOON, Person, World, table

HER_WORDS = "Mijn zoon Emre woont bij mijn zus"
"""An invented line that must not come back."""


def saved(world: World, **options: Any) -> Path:
    """Make a backup into the folder beside the world's files."""
    folder = Path(world.house.settings.erasures_file).with_name("backups")
    chosen: dict[str, Any] = {"for_whom": None, "with_files": True}
    return back_up(world.house, folder, **(chosen | options))


def database_of(settings: Settings) -> Database:
    """Open the database of some settings with the keys that follow from them."""
    safe = Safe(open_rings(settings.secret_key, None, settings.ring_keys))
    return Database(settings.database_url, safe)


def opening(world: World) -> backups.Build:
    """Return what opens a house on another database, with the world's clock."""

    def build(settings: Settings) -> House:
        return replace(
            world.house,
            settings=settings,
            keys=derive_keys(settings.secret_key),
            db=database_of(settings),
        )

    return build


def restored(world: World, file: Path, **wishes: Any) -> Restored:
    """Put a backup in the place of the world's database, and look at it afterwards."""
    world.house.db.close()
    done = backups.restore(opening(world), world.house.settings, file, Wishes(**wishes))
    world.house = replace(world.house, db=database_of(world.house.settings))
    return done


def destroy(world: World) -> None:
    """Lose the database as a broken disk does."""
    url = world.house.settings.database_url
    world.house.db.close()
    if url.startswith("sqlite"):
        Path(url.removeprefix("sqlite:///")).unlink()
        return
    db = Database(url)
    with db.engine.begin() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    db.close()


def rows_of(world: World) -> dict[str, int]:
    return {
        each.name: world.rows(select(func.count()).select_from(each))[0][0]
        for each in Base.metadata.sorted_tables
    }


def files(world: World) -> list[str]:
    return list(cast("MovableStore", world.house.media).sizes())


def everything(world: World) -> str:
    return repr([world.rows(each.select()) for each in Base.metadata.sorted_tables])


def ayse(world: World) -> Person:
    """Let somebody leave words, a plan, a voice and a vote with us."""
    person = world.person()
    world.says(person, HER_WORDS)
    world.plan(person, "Een zwaluwtil", a_round=COLLECTING)
    world.says(person, "stem 21 30")
    world.taps(person, "yes")
    keep(world, person)
    return person


def forgets(world: World, person: Person) -> None:
    world.clock.pass_time(hours=1)
    world.says(person, "vergeet mij")
    world.taps(person, "forget:drop")


def test_who_was_forgotten_after_the_backup_is_gone_before_anybody_looks(
    each_world: World,
) -> None:
    world = each_world
    person = ayse(world)
    neighbour = world.person()
    file = saved(world)
    forgets(world, person)
    destroy(world)
    done = restored(world, file)
    assert done.forgotten == 1
    assert HER_WORDS not in everything(world)
    assert person.address not in everything(world)
    assert neighbour.address in everything(world)
    assert len(world.rows(table(BallotRow))) == 1, "her vote stays counted"
    assert files(world) == [], "her voice is not there either"
    (line,) = world.rows(table(AuditLine).where(AuditLine.act == "backup.restore"))
    assert line.data["held"] == 0


def test_what_was_there_comes_back_row_for_row_and_file_for_file(
    each_world: World,
) -> None:
    world = each_world
    ayse(world)
    before = rows_of(world)
    (key,) = [row.key for row in world.rows(table(Media)) if row.key]
    file = saved(world)
    destroy(world)
    world.house.media.delete(key)
    done = restored(world, file, only_old_ledger=True)
    assert (done.files, done.files_gone) == (1, 0)
    assert world.house.media.load(key) == b"her voice"
    after = rows_of(world)
    grown = {name for name in before if after[name] != before[name]}
    assert grown <= {"audit_lines", "audit_chain", "accounts"}
    assert world.rows(text("SELECT version_num FROM alembic_version")) == [
        (newest_revision(),)
    ]


def test_who_came_back_after_she_was_forgotten_is_left_alone(
    each_world: World,
) -> None:
    world = each_world
    person = ayse(world)
    forgets(world, person)
    world.clock.pass_time(hours=1)
    world.says(person, "hallo")
    file = saved(world)
    destroy(world)
    assert restored(world, file).forgotten == 0
    assert person.address in everything(world)


def test_the_ledger_is_on_the_disk_before_she_is_told(each_world: World) -> None:
    world = each_world
    person = world.person()
    world.says(person, "vergeet mij")
    path = Path(world.house.settings.erasures_file)
    path.mkdir()
    world.taps(person, "yes")
    assert world.rows(table(Erasure)) == [], "nothing is done that cannot be kept"
    assert person.address in everything(world)
    path.rmdir()
    world.says(person, "vergeet mij")
    world.taps(person, "yes")
    (line,) = read_lines(path)
    keys = world.house.keys
    assert line.address_hash == address_hash(keys, "telegram", person.address)
    assert person.address not in path.read_text()


def test_half_a_line_of_a_crash_spoils_no_other(tmp_path: Path) -> None:
    path = tmp_path / "erasures.jsonl"
    one = Erased("a" * 64, kept_plans=True, at=NOON)
    add_lines(path, [one])
    with path.open("a") as file:
        file.write('{"address": "b')
    other = replace(one, address_hash="c" * 64)
    add_lines(path, [other])
    assert read_lines(path) == [one, other]


def test_replayed_by_hand_a_ledger_of_another_machine_counts(
    each_world: World,
) -> None:
    world = each_world
    person = ayse(world)
    world.clock.pass_time(hours=1)
    asked = address_hash(world.house.keys, "telegram", person.address)
    elsewhere = [Erased(asked, kept_plans=True, at=world.clock())]
    assert replay(world.house, elsewhere) == 1
    assert replay(world.house, elsewhere) == 0
    assert HER_WORDS not in everything(world)
    assert [
        row.resident_id
        for row in world.rows(table(PlanRow).where(PlanRow.text == "Een zwaluwtil"))
    ] == [None]
    assert read_lines(Path(world.house.settings.erasures_file)) == elsewhere


def test_nothing_goes_out_twice_blindly(each_world: World) -> None:
    world = each_world
    person = world.person()
    now = world.clock()
    with world.house.db.engine.begin() as db:
        for key, priority in (("reply", 0), ("push", 1)):
            row = {"talk_id": person.talk, "channel": "telegram", "dedupe_key": key}
            row |= {"priority": priority, "text": "Hallo", "choices": []}
            row |= {"delivery": "queued", "attempts": 0, "secret": False}
            row |= {"due_at": now, "created_at": now}
            db.execute(insert(OutboundMessage).values(row))
    file = saved(world)
    done = restored(world, file, replace=True, only_old_ledger=True)
    assert (done.unsure, done.held) == (1, 1)
    reply, push = world.rows(table(OutboundMessage).order_by(OutboundMessage.priority))
    assert (reply.delivery, reply.reason) == ("unsure", "restored")
    assert push.delivery == "queued"
    world.clock.pass_time(days=30)
    assert world.claim() == []
    paused = {row.channel: row.paused_for for row in world.rows(table(Account))}
    assert paused["telegram"] == "restored"


@pytest.mark.parametrize(
    ("wishes", "said"),
    [
        ({"only_old_ledger": True}, "not empty"),
        ({"replace": True}, "no ledger of the forgotten"),
    ],
)
def test_it_refuses_what_nobody_asked_for(
    world: World, wishes: dict[str, Any], said: str
) -> None:
    ayse(world)
    file = saved(world)
    before = everything(world)
    with pytest.raises(ArchiveError, match=said):
        restored(world, file, **wishes)
    world.house = replace(world.house, db=database_of(world.house.settings))
    assert everything(world) == before


def changed(file: Path, to: Path, change: Any) -> Path:
    """Write a backup anew with one part of it changed."""
    with tarfile.open(file) as old, tarfile.open(to, "w") as new:
        for info in old:
            data = old.extractfile(info)
            assert data is not None
            made = change(info.name, data.read())
            info.size = len(made)
            new.addfile(info, io.BytesIO(made))
    return to


def test_a_changed_byte_a_newer_schema_and_another_key_are_refused(
    world: World, tmp_path: Path
) -> None:
    ayse(world)
    file = saved(world)

    def spoilt(name: str, data: bytes) -> bytes:
        other = bytes([data[-1] ^ 1]) if data else b"?"
        return data[:-1] + other if name.startswith("media/") else data

    def newer(name: str, data: bytes) -> bytes:
        if name != "manifest.json":
            return data
        return json.dumps(json.loads(data) | {"revision": "9999"}).encode()

    def other_key(name: str, data: bytes) -> bytes:
        if name != "manifest.json":
            return data
        return json.dumps(json.loads(data) | {"key_check": "0"}).encode()

    for change, said in (
        (spoilt, "damaged"),
        (newer, "newer than"),
        (other_key, "SECRET_KEY is not"),
    ):
        bad = changed(file, tmp_path / "bad.tar", change)
        with pytest.raises(ArchiveError, match=said):
            restored(world, bad, replace=True, only_old_ledger=True)
    cut = tmp_path / "cut.tar"
    cut.write_bytes(file.read_bytes()[:5000])
    with pytest.raises(ArchiveError, match="no whole backup"):
        restored(world, cut, replace=True, only_old_ledger=True)


def test_a_backup_holds_no_key_and_tells_its_revision(world: World) -> None:
    ayse(world)
    file = saved(world)
    with tarfile.open(file) as tar:
        read = tar.extractfile("manifest.json")
        assert read is not None
        manifest = json.loads(read.read())
    assert manifest["revision"] == newest_revision()
    assert manifest["rows"]["talks"] == 1
    assert world.house.settings.secret_key.encode() not in file.read_bytes()
    assert file.stat().st_mode & 0o077 == 0


def test_encrypted_it_is_opened_by_its_identity_alone(
    world: World, tmp_path: Path
) -> None:
    person = ayse(world)
    mine, other = (pyrage.x25519.Identity.generate() for _ in range(2))
    file = saved(world, for_whom=str(mine.to_public()))
    assert file.suffix == ".age"
    assert HER_WORDS.encode() not in file.read_bytes()
    for name, key in (("mine", mine), ("other", other)):
        (tmp_path / name).write_text(f"# made for a test\n{key}\n")
    for identity in (None, tmp_path / "other"):
        with pytest.raises(ArchiveError, match="crypted"):
            restored(world, file, replace=True, only_old_ledger=True, identity=identity)
    destroy(world)
    restored(world, file, only_old_ledger=True, identity=tmp_path / "mine")
    assert person.address in everything(world)


def test_while_somebody_works_with_the_file_it_is_not_replaced(world: World) -> None:
    ayse(world)
    file = saved(world)
    other = Database(world.house.settings.database_url)
    with other.engine.connect() as busy:
        busy.execute(select(Talk.id))
        with pytest.raises(InUseError):
            restored(world, file, replace=True, only_old_ledger=True)
    other.close()


def command(world: World, which: Any, *words: str) -> Result:
    """Run a command of the terminal on the world's database."""
    settings = world.house.settings
    env = {
        "SECRET_KEY": settings.secret_key,
        "DATABASE_URL": settings.database_url,
        "ERASURES_FILE": settings.erasures_file,
    }
    build = opening(world)
    done = CliRunner().invoke(which, list(words), obj=build, env=env)
    world.house = replace(world.house, db=Database(settings.database_url))
    return done


def test_by_the_commands_from_end_to_end(each_world: World, tmp_path: Path) -> None:
    world = each_world
    person = ayse(world)
    world.house.db.close()
    made = command(world, cli_keeping.backup, str(tmp_path / "backups"))
    assert made.exit_code == 0, made.output
    assert "not encrypted" in made.stderr
    file = made.stdout.strip()
    forgets(world, person)
    destroy(world)
    done = command(world, cli_keeping.restore, file)
    assert done.exit_code == 0, done.output
    assert "Forgotten again: 1." in done.stderr
    world.house.db.close()
    again = command(world, cli_keeping.erasures, "replay")
    assert (again.exit_code, "Forgotten again: 0." in again.stderr) == (0, True)


KILLED = """
import os, signal, sys
from bot.store import restoring
from bot.__main__ import main
name = sys.argv.pop(1)
for kind in (restoring.StagedFile, restoring.StagedSchema):
    def put(self, kind=kind, real=kind.put_in_place):
        if name == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        real(self)
        os.kill(os.getpid(), signal.SIGKILL)
    kind.put_in_place = put
main()
"""


@pytest.mark.parametrize("when", ["before", "after"])
def test_killed_in_the_middle_all_is_old_or_all_is_new(
    each_world: World, tmp_path: Path, when: str
) -> None:
    world = each_world
    person = ayse(world)
    file = saved(world)
    forgets(world, person)
    world.plan(world.person(), "Na de back-up", a_round=COLLECTING)
    settings = world.house.settings
    world.house.db.close()
    env = os.environ | {
        "SECRET_KEY": settings.secret_key,
        "DATABASE_URL": settings.database_url,
        "MEDIA_URL": str(tmp_path / "media"),
        "ERASURES_FILE": settings.erasures_file,
        "WHISPER_ENGINE": "none",
        "VOICE_ENGINE": "none",
        "PYTHONPATH": str(ROOT),
    }
    words = [sys.executable, "-c", KILLED, when, "restore", str(file), "--replace"]
    done = subprocess.run(
        words, env=env, cwd=tmp_path, capture_output=True, check=False
    )
    assert done.returncode == -signal.SIGKILL, done.stderr
    world.house = replace(world.house, db=Database(settings.database_url))
    assert ("Na de back-up" in everything(world)) is (when == "before")
    assert HER_WORDS not in everything(world)
    assert restored(world, file, replace=True).forgotten == 1
    assert not [each for each in tmp_path.iterdir() if "restoring" in each.name]
