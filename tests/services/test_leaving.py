"""Everything to take away: all of it is there, and nothing that lets somebody in."""

import csv
import hashlib
import json
import re
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import func, insert, select

from bot.cli_tally import export
from bot.services.leaving import WITHHELD, NotEmptyError, take_all
from bot.store.audit import AuditLine
from bot.store.base import Base
from bot.store.inventory import NOT_PERSONAL, PERSONAL
from bot.store.logins import OfficialLogin
from bot.store.talks import OutboundMessage
from tests.services.test_sweep import keep
from tests.worlds import SECRET_KEY, Person, World, table

PLAN = "Een zwaluwtil op het plein"
SECRETIVE = re.compile(
    r"hash|secret|token|factor|picks|holder|voter$|code|mark$|receipt$|state$|words$"
)
TOLD = frozenset(
    {
        "ballots.picks",  # the votes, of nobody
        "broadcast_drafts.state",
        "broadcasts.state",
        "content_sids.sid",
        "destroyed_rounds.archive_hash",  # public: of the archive
        "erasures.address_hash",  # so that whoever goes on can replay it
        "freed_awards.state",
        "frozen_rounds.hash",
        "hook_dispatches.state",
        "hook_endpoints.secret_at",
        "meetings.other_words",
        "meetings.words",
        "nights.state",
        "official_logins.factor_at",
        "outbound_messages.secret",
        "passes.state",
        "plan_changes.state",
        "plans.picture_hash",
        "receipts.receipt",  # public, and tied to nobody
        "recordings.words",
        "results.hash",
        "reviews.state",
        "reviews.words",
        "spendings.state",
    }
)
"""Columns that sound like a secret and are none."""


def live(world: World) -> Person:
    person = world.person()
    world.says(person, "stem 21 30")
    world.taps(person, "yes")
    world.plan(person, PLAN)
    keep(world, person)
    with world.house.db.engine.begin() as db:
        official = db.scalar(select(Base.metadata.tables["officials"].c.id).limit(1))
        row = {"official_id": official, "password_hash": "$argon2id$invented"}
        row |= {"factor": b"an invented factor", "password_at": world.clock()}
        db.execute(insert(OfficialLogin).values(row))
    return person


def lines(folder: Path, name: str) -> list[Any]:
    text = (folder / "tables" / f"{name}.jsonl").read_text("utf-8")
    return [json.loads(each) for each in text.splitlines()]


def test_every_row_and_every_file_is_there(each_world: World, tmp_path: Path) -> None:
    world, folder = each_world, tmp_path / "out"
    person = live(world)
    taken = take_all(world.house, folder, "admin@city.example")
    counts = {
        each.name: world.rows(select(func.count()).select_from(each))[0][0]
        for each in Base.metadata.sorted_tables
    }
    assert {name: len(lines(folder, name)) for name in counts} == counts
    assert taken.rows == sum(counts.values())
    assert [each["address"] for each in lines(folder, "talks")] == [person.address]
    assert PLAN in [each["text"] for each in lines(folder, "plans")]
    assert [each["picks"] for each in lines(folder, "ballots")] == [[21, 30]]
    files = [each for each in (folder / "media").rglob("*") if each.is_file()]
    assert [each.read_bytes() for each in files] == [b"her voice"]
    (line,) = world.rows(table(AuditLine).where(AuditLine.act == "export.all"))
    assert line.by == "admin@city.example"


def test_the_manifest_knows_every_file(world: World, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    live(world)
    take_all(world.house, folder, "admin@city.example")
    manifest = json.loads((folder / "manifest.json").read_text())
    found = {
        path.relative_to(folder).as_posix(): hashlib.sha256(
            path.read_bytes()
        ).hexdigest()
        for path in folder.rglob("*")
        if path.is_file() and path.name != "manifest.json"
    }
    assert manifest["sha256"] == found
    assert manifest["rows"]["ballots"] == 1
    assert folder.stat().st_mode & 0o077 == 0


def test_nothing_that_lets_somebody_in_is_there(
    each_world: World, tmp_path: Path
) -> None:
    world, folder = each_world, tmp_path / "out"
    live(world)
    take_all(world.house, folder, "admin@city.example")
    for name in WITHHELD:
        owner, _, column = name.partition(".")
        assert not [row for row in lines(folder, owner) if column in row], name
    written = b"".join(
        each.read_bytes() for each in folder.rglob("*") if each.is_file()
    )
    for secret in (b"$argon2id$invented", SECRET_KEY.encode(), b"invented factor"):
        assert secret not in written


def test_no_secret_is_forgotten_in_the_list() -> None:
    columns = NOT_PERSONAL | PERSONAL.keys()
    sounding = {each for each in columns if SECRETIVE.search(each.partition(".")[2])}
    assert sounding - WITHHELD.keys() - TOLD == set()
    assert WITHHELD.keys() <= columns


def test_a_message_that_names_a_choice_is_empty(world: World, tmp_path: Path) -> None:
    person, now = world.person(), world.clock()
    row = {"talk_id": person.talk, "channel": "telegram", "dedupe_key": "x"}
    row |= {"priority": 0, "text": "U kiest plan 21", "choices": [], "attempts": 0}
    row |= {"delivery": "queued", "secret": True, "due_at": now, "created_at": now}
    with world.house.db.engine.begin() as db:
        db.execute(insert(OutboundMessage).values(row))
    take_all(world.house, tmp_path / "out", "admin@city.example")
    assert [e["text"] for e in lines(tmp_path / "out", "outbound_messages")] == [""]


def test_every_column_is_described(world: World, tmp_path: Path) -> None:
    take_all(world.house, tmp_path / "out", "admin@city.example")
    with (tmp_path / "out" / "columns.csv").open(newline="") as file:
        told = list(csv.DictReader(file))
    names = {f"{each['table']}.{each['column']}" for each in told}
    assert names == NOT_PERSONAL | PERSONAL.keys()
    about = [each for each in told if each["about_people"] == "yes"]
    said = ("purpose", "legal_basis", "kept", "rule", "seen")
    assert not [each for each in about if not all(each[name] for name in said)]


def test_a_folder_with_something_in_it_is_left_alone(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET_KEY", SECRET_KEY)
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine.txt").write_text("x")
    with pytest.raises(NotEmptyError):
        take_all(world.house, tmp_path / "out", "admin@city.example")
    words = ["--all", str(tmp_path / "out")]
    done = CliRunner().invoke(export, words, obj=lambda _: world.house)
    assert (done.exit_code, "not empty" in done.output) == (1, True)
    assert [each.name for each in (tmp_path / "out").iterdir()] == ["mine.txt"]


def test_the_command_takes_one_thing_or_the_other(world: World) -> None:
    for words in ([], ["--round", "x"], ["--all", "out", "--round", "x"]):
        done = CliRunner().invoke(export, words, obj=lambda _: world.house)
        assert done.exit_code == 2
