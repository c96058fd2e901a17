"""Eight processes, many passes, each used by all at once: one ballot each."""

import multiprocessing
import os
import random
import sqlite3
import time
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, func, insert, select
from sqlalchemy.exc import OperationalError

from bot.domain.effects import BindPass, CastBallot
from bot.domain.errors import RefusedError
from bot.domain.facts import PassVerdict
from bot.domain.passes import PassClass, PassState
from bot.keys import derive_keys
from bot.rings import open_rings
from bot.services.catalog import CatalogCache
from bot.services.doing import Doing
from bot.services.house import House, Scene
from bot.services.pass_register import Making, make_passes
from bot.services.passes import bind_pass, judge
from bot.services.talks import find_talk
from bot.services.vote_effects import cast
from bot.services.voters import free_receipt
from bot.store.civic import BallotRow
from bot.store.database import Database, Job
from bot.store.passes import PassRow, Receipt
from bot.store.sealed import Safe
from bot.store.talks import Resident, Talk
from tests.need import postgres_url
from tests.worlds import (
    NOON,
    SECRET_KEY,
    VOTING,
    Postman,
    empty_postgres,
    new_id,
    open_world,
)

PROCESSES, CHATS = 8, 400
PASSES = int(os.environ.get("BUURTSTEM_PASSES", "800"))
TWICE = 100
"""Passes that each process shows once more, to change its vote."""


def house_at(url: str) -> House:
    nothing: Any = None
    return House(
        settings=nothing,
        keys=derive_keys(SECRET_KEY),
        db=Database(url, Safe(open_rings(SECRET_KEY, None, {}))),
        media=nothing,
        channels={},
        clock=lambda: NOON,
        postman=Postman(),
        catalog=CatalogCache(),
    )


def use(house: House, code: str, address: str, db: Connection) -> bool:
    """Vote with a pass from a chat; False if the pass is not for it."""
    scene = Scene(house, db, NOON)
    view = house.catalog.view(db)
    talk = find_talk(scene, "telegram", address)
    assert talk is not None
    admission = judge(scene, talk, view, code)
    if admission.verdict is not PassVerdict.RIGHT:
        assert admission.verdict is PassVerdict.ELSEWHERE
        return False
    doing = Doing(scene, talk, view)
    bind_pass(doing, BindPass(admission.ticket))
    receipt = free_receipt(house, db)
    cast(doing, CastBallot(VOTING, (21,), receipt, admission.ticket))
    return True


def everybody(url: str, codes: list[str], process: int, start: Any) -> int:
    """Show every pass, each from a chat of this process; count what was taken."""
    house = house_at(url)
    dice = random.Random(process)
    shuffled = dice.sample(list(enumerate(codes)), len(codes))
    shuffled += dice.sample(shuffled, TWICE)
    start.wait()
    taken = set()
    for place, code in shuffled:
        address = f"chat-{process}-{place % CHATS}"
        if shows(house, partial(use, house, code, address)):
            taken.add(code)
    house.db.close()
    return len(taken)


def shows(house: House, job: Job[bool]) -> bool:
    """Show a pass; where the database is too busy, once more, as a provider does."""
    while True:
        try:
            return house.db.run(job)
        except RefusedError:
            return False
        except (OperationalError, sqlite3.OperationalError):
            time.sleep(0.1)


@pytest.mark.timeout(600)
@pytest.mark.parametrize("database", ["sqlite", "postgres"])
def test_each_pass_gives_one_ballot_whoever_shows_it(
    database: str, tmp_path: Path
) -> None:
    if database == "sqlite":
        race(f"sqlite:///{tmp_path / 'city.db'}", tmp_path)
        return
    with empty_postgres(postgres_url()) as url:
        race(url, tmp_path)


def people(db: Connection) -> None:
    """Give each process chats of its own."""
    for process in range(PROCESSES):
        for chat in range(CHATS):
            person = db.execute(insert(Resident).values(created_at=NOON))
            address = f"chat-{process}-{chat}"
            values = {"channel": "telegram", "address": address, "created_at": NOON}
            db.execute(insert(Talk).values(resident_id=new_id(person), **values))


def race(url: str, folder: Path) -> None:
    with open_world(url, folder / "media", eligibility="pass") as world:
        house = world.house
        making = Making(VOTING, PassClass.RESIDENT, PASSES, 12, "test", PassState.OPEN)
        letters = house.db.run(lambda db: make_passes(Scene(house, db, NOON), making))
        house.db.run(people)
        context = multiprocessing.get_context("spawn")
        with context.Manager() as manager, context.Pool(PROCESSES) as pool:
            start = manager.Barrier(PROCESSES)
            codes = [each.code for each in letters]
            given = [(url, codes, process, start) for process in range(PROCESSES)]
            taken = pool.starmap(everybody, given)
        assert sum(taken) == PASSES
        assert len([each for each in taken if each]) > 1, "several took part"
        for model in (BallotRow, Receipt):
            count = select(func.count()).select_from(model)
            assert world.one(count)[0] == PASSES
        used = select(func.count()).where(PassRow.state == PassState.USED.value)
        assert world.one(used)[0] == PASSES
