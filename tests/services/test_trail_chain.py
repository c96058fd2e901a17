"""The audit trail is one chain: nobody changes a line unseen, and all write one."""

import json
import logging
import multiprocessing
from dataclasses import replace
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import delete, insert, select, text, update
from sqlalchemy.exc import DBAPIError

from bot.cli_audit import audit
from bot.services.desk.audit import note
from bot.services.house import Scene
from bot.services.retiring import retire
from bot.services.trail_checks import adopt, check_trail, head
from bot.store.audit import AuditLine, TrailEntry, TrailOpening
from bot.store.database import Database
from tests.need import postgres_url
from tests.worlds import SECRET_KEY, World, empty_postgres, open_world, table

PROCESSES, ACTS = 4, 25
WHO = "anna@city.example"


def act(world: World, subject: str = "plan:21", **data: Any) -> None:
    now = world.clock()
    house = world.house
    house.db.run(
        lambda db: note(Scene(house, db, now), WHO, "plan.review", subject, **data)
    )


def change(world: World, *statements: Any) -> None:
    with world.house.db.engine.begin() as db:
        for each in statements:
            db.execute(each)


def force(world: World, *statements: Any) -> None:
    """Do what only somebody with an account of the database can: without triggers."""
    with world.house.db.engine.begin() as db:
        for name in ("audit_lines", "audit_chain"):
            if db.dialect.name != "sqlite":
                db.execute(text(f"ALTER TABLE {name} DISABLE TRIGGER USER"))
        if db.dialect.name == "sqlite":
            found = text("SELECT name FROM sqlite_master WHERE type = 'trigger'")
            for name in db.scalars(found).all():
                db.execute(text(f"DROP TRIGGER {name}"))
        for each in statements:
            db.execute(each)


def faults(world: World, *noted: str) -> tuple[str, ...]:
    return check_trail(world.house, noted).faults


def line(world: World, at: int) -> Any:
    return world.rows(table(AuditLine).order_by(AuditLine.id))[at]


def test_each_act_is_an_entry_and_the_head_is_in_the_log(
    each_world: World, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, logger="bot.store.trail"):
        for number in range(3):
            act(each_world, f"plan:{number}", cents=number)
    found = check_trail(each_world.house)
    assert (found.entries, found.loose, found.faults) == (3, 0, ())
    told = [each.getMessage() for each in caplog.records if "trail" in each.message]
    assert told[-1] == f"trail grown place=3 value={found.value}"
    assert head(each_world.house).value == found.value


@pytest.mark.parametrize(
    "statement",
    [
        update(AuditLine).values(by="somebody else"),
        delete(AuditLine),
        update(TrailEntry).values(value="0" * 64),
        update(TrailEntry).values(gone="round:x"),
        delete(TrailEntry),
    ],
)
def test_the_database_itself_refuses(each_world: World, statement: Any) -> None:
    act(each_world)
    with pytest.raises(DBAPIError):
        change(each_world, statement)
    assert faults(each_world) == ()


def test_postgres_does_not_empty_it_either(tmp_path: Any) -> None:
    with (
        empty_postgres(postgres_url()) as url,
        open_world(url, tmp_path / "media") as world,
    ):
        act(world)
        with pytest.raises(DBAPIError):
            change(world, text("TRUNCATE audit_lines"))


def test_the_first_line_that_was_changed_is_named(each_world: World) -> None:
    for number in range(4):
        act(each_world, f"plan:{number}")
    second = line(each_world, 1)
    mine = AuditLine.id == second.id
    force(each_world, update(AuditLine).where(mine).values(by="somebody else"))
    assert faults(each_world) == (
        f"line {second.id} (entry 2) is not what was written",
    )


def test_a_line_that_was_taken_out_is_named(each_world: World) -> None:
    for number in range(3):
        act(each_world, f"plan:{number}")
    first = line(each_world, 0)
    force(each_world, delete(AuditLine).where(AuditLine.id == first.id))
    (fault,) = faults(each_world)
    assert fault == f"line {first.id} (entry 1) is gone, and no act says so"
    force(each_world, delete(TrailEntry).where(TrailEntry.place == 1))
    assert faults(each_world) == ("entry 1 is missing",)


def test_opening_the_trail_by_hand_is_seen(each_world: World) -> None:
    """The way of destroying a round, without the act that says so."""
    for number in range(3):
        act(each_world, f"plan:{number}")
    first = line(each_world, 0).id
    emptied = {"line_id": None, "nonce": None, "gone": "round:x"}
    change(
        each_world,
        insert(TrailOpening).values(subject="round:x"),
        update(TrailEntry).where(TrailEntry.line_id == first).values(emptied),
        delete(AuditLine).where(AuditLine.id == first),
        delete(TrailOpening),
    )
    (fault,) = faults(each_world)
    assert fault.startswith("1 lines are gone with round:x, from entry 1 on")


def test_a_chain_that_was_made_anew_lacks_what_was_held(each_world: World) -> None:
    act(each_world)
    held = head(each_world.house).value
    act(each_world, "plan:22")
    assert faults(each_world, held) == ()
    force(each_world, delete(TrailEntry), update(AuditLine).values(by="nobody"))
    adopt(each_world.house)
    assert faults(each_world) == ()
    assert faults(each_world, held) == (f"no entry has the value {held}",)


def test_what_is_undone_leaves_no_entry(each_world: World) -> None:
    house, now = each_world.house, each_world.clock()

    def fails(db: Any) -> None:
        note(Scene(house, db, now), WHO, "plan.review", "plan:1")
        raise ValueError

    def half(db: Any) -> None:
        with db.begin_nested() as inner:
            note(Scene(house, db, now), WHO, "plan.review", "plan:2")
            inner.rollback()
        note(Scene(house, db, now), WHO, "plan.review", "plan:3")

    with pytest.raises(ValueError):  # noqa: PT011 - our own
        house.db.run(fails)
    house.db.run(half)
    found = check_trail(house)
    assert (found.entries, found.loose, found.faults) == (1, 0, ())


def test_lines_of_another_version_come_in_within_the_hour(each_world: World) -> None:
    row = {"at": each_world.clock(), "by": "x", "act": "y", "subject": "z", "data": {}}
    change(each_world, insert(AuditLine).values(row))
    assert check_trail(each_world.house).loose == 1
    retire(each_world.house)
    found = check_trail(each_world.house)
    assert (found.entries, found.loose, found.faults) == (1, 0, ())


def _acts(url: str, media: Any, number: int) -> None:
    with open_world(url, media) as world:
        for serial in range(ACTS):
            act(world, f"plan:{number}", serial=serial)


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_processes_side_by_side_make_one_chain(kind: str, tmp_path: Any) -> None:
    media = tmp_path / "media"
    with empty_postgres(postgres_url()) as made:
        url = made if kind == "postgres" else f"sqlite:///{tmp_path / 'city.db'}"
        with open_world(url, media) as world:
            context = multiprocessing.get_context("spawn")
            others = [
                context.Process(target=_acts, args=(url, media, each))
                for each in range(PROCESSES)
            ]
            for each in others:
                each.start()
            for each in others:
                each.join(120)
            assert [each.exitcode for each in others] == [0] * PROCESSES
            found = check_trail(world.house)
            assert found.entries == PROCESSES * ACTS
            assert (found.loose, found.faults) == (0, ())


def test_the_command_tells_and_fails(world: World) -> None:
    act(world)
    env = {"SECRET_KEY": SECRET_KEY}

    def run(*words: str) -> Any:
        house = replace(world.house, db=Database(world.house.db.engine, None))
        return CliRunner().invoke(
            audit, ["trail", *words], obj=lambda _: house, env=env
        )

    told = run("--json")
    assert told.exit_code == 0, told.output
    value = json.loads(told.output)["value"]
    assert run("--noted", value).output.endswith("Nothing was changed afterwards.\n")
    force(world, update(AuditLine).values(by="nobody"))
    assert run().exit_code == 1
    assert "Wrong: line 1 (entry 1) is not what was written." in run().output


def test_entries_are_read_in_pages(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    from bot.services import trail_checks

    for number in range(5):
        act(world, f"plan:{number}")
    monkeypatch.setattr(
        trail_checks,
        "_ENTRY",
        trail_checks._ENTRY.limit(2),
    )
    assert check_trail(world.house).entries == 5
    assert len(world.rows(select(TrailEntry.place))) == 5
