"""The worker after trouble: it waits until others have written down what they sent."""

import socket
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy.exc import OperationalError

from bot.__main__ import worker as command
from bot.services.health import can_write
from bot.services.notes import listen_once
from bot.store.civic import Catalog
from bot.store.database import Database
from bot.worker import TROUBLE_SECONDS, Part, Worker, catch_up_overdue, loops_of
from tests.disks import full_disk
from tests.e2e.city import wait_for
from tests.houses import Street
from tests.services.ears import Ears
from tests.services.test_outbox import owe_one
from tests.transcription.tiny_model import reciting_weights, write_folder
from tests.worlds import World, table

GENEROUS = 60.0


class Away(Database):
    """A database that is away until it is back; counts who asks."""

    def __init__(self, real: Database) -> None:
        self._real = real
        self.engine, self.is_sqlite = real.engine, real.is_sqlite
        self.asked, self.back = 0, threading.Event()

    def run(self, job: Callable[[Any], Any]) -> Any:
        return self._answer(self._real.run, job)

    def read(self, job: Callable[[Any], Any]) -> Any:
        return self._answer(self._real.read, job)

    def _answer(self, run: Callable[..., Any], job: Callable[[Any], Any]) -> Any:
        self.asked += 1
        if not self.back.is_set():
            raise OperationalError("SELECT", None, Exception("gone"))
        return run(job)


def test_after_trouble_nothing_is_claimed_before_others_had_time_to_write(
    world: World,
) -> None:
    """From the moment the database is back, however long it was away before."""
    owe_one(world, world.person(channel="web"), "k")
    db = Away(world.house.db)
    worker = Worker(replace(world.house, db=db))
    worker.start()
    wait_for(lambda: db.asked > len(worker.threads) * 2, GENEROUS)
    came_back = time.monotonic()
    db.back.set()
    wait_for(lambda: world.postman.taken, GENEROUS)
    waited = time.monotonic() - came_back
    worker.stop()
    assert waited >= TROUBLE_SECONDS


def test_a_worker_in_trouble_ends_when_it_is_asked_to(world: World) -> None:
    db = Away(world.house.db)
    worker = Worker(replace(world.house, db=db))
    worker.start()
    wait_for(lambda: db.asked > len(worker.threads) * 2, GENEROUS)
    threads = list(worker.threads)
    worker.stop()
    assert not any(each.is_alive() for each in threads)


def test_the_parts_of_a_worker_are_all_of_it_and_share_only_the_catching_up() -> None:
    everything = set(loops_of(Part.ALL, 4))
    listening, rest = set(loops_of(Part.LISTENING, 4)), set(loops_of(Part.REST, 4))
    assert listening | rest == everything
    assert [loop.work for loop in listening & rest] == [catch_up_overdue]


@pytest.mark.parametrize(
    ("part", "threads", "listeners"),
    [
        (Part.ALL, 1, 1),
        (Part.ALL, 4, 2),
        (Part.LISTENING, 1, 1),
        (Part.LISTENING, 4, 4),
        (Part.REST, 4, 0),
    ],
)
def test_all_threads_of_a_worker_that_only_listens_do_so(
    part: Part, threads: int, listeners: int
) -> None:
    works = [loop.work for loop in loops_of(part, threads)]
    assert works.count(listen_once) == listeners


def test_a_note_is_heard_by_the_worker_that_listens_and_by_no_other(
    street: Street, ears: Ears, note: bytes
) -> None:
    ears.says.append("Een bank onder de linden.")
    ayse = street.ayse()
    before = len(ayse.heard)
    rest = Worker(street.house, Part.REST)
    rest.start()
    ayse.sends_voice(note)
    ayse.hears(before + 1)
    assert not any(thread.name == "listen_once" for thread in rest.threads)
    assert ears.asked == []
    listens = Worker(street.house, Part.LISTENING)
    listens.start()
    heard = ayse.hears(before + 2)
    for each in (listens, rest):
        each.stop()
    assert "Een bank" in heard[-1].text


@pytest.mark.parametrize(
    ("options", "code", "says"),
    [
        (["--only", "listening", "--except", "listening"], 2, "exclude each other"),
        (["--only", "sweeping"], 2, "listening"),
        (["--only", "listening"], 1, "no speech model"),
    ],
)
def test_a_worker_that_cannot_do_what_it_is_asked_says_so(
    options: list[str], code: int, says: str, tmp_path: Path
) -> None:
    env = {"SECRET_KEY": "x" * 32, "WHISPER_ENGINE": "none"}
    env["DATABASE_URL"] = f"sqlite:///{tmp_path / 'city.db'}"
    done = CliRunner().invoke(command, options, env=env)
    assert done.exit_code == code
    assert says in done.output


def test_a_worker_that_only_listens_does_not_start_on_a_broken_model(
    tmp_path: Path,
) -> None:
    """It would take every note and hand it to a person."""
    model = write_folder(tmp_path / "model", reciting_weights("Ja."))
    (model / "model.bin").write_bytes(b"nothing")
    env = {"SECRET_KEY": "x" * 32, "WHISPER_MODEL": str(model)}
    env["DATABASE_URL"] = f"sqlite:///{tmp_path / 'city.db'}"
    done = CliRunner().invoke(command, ["--only", "listening"], env=env)
    assert done.exit_code == 1
    assert "cannot be loaded" in done.output


def test_trying_to_write_changes_nothing_and_tells_the_truth(
    each_world: World,
) -> None:
    house = each_world.house
    before = each_world.rows(table(Catalog))
    assert can_write(house)
    assert each_world.rows(table(Catalog)) == before
    if house.db.is_sqlite:
        with full_disk(house.db):
            assert not can_write(house)
        assert can_write(house)


def test_a_server_that_takes_calls_and_says_nothing_is_given_up() -> None:
    """A webhook must not hang for minutes on a machine that is half dead."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        db = Database(f"postgresql+psycopg://x@127.0.0.1:{port}/x")
        with pytest.raises(OperationalError):
            db.read(lambda at: at)
        db.close()
