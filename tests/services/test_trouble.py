"""A database that cannot do its work, and disks that are full: refused, not spoiled."""

import sqlite3
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError, OperationalError

from bot.services.behind import catch_up
from bot.services.inbound import take_in
from bot.store.database import Database, make_engine
from bot.store.errors import is_trouble
from bot.worker import send_due
from tests.disks import full_disk, no_more_pages
from tests.houses import Street
from tests.need import postgres_url
from tests.services.test_inbound import PLAN, words
from tests.services.test_photos import picture
from tests.standins.server import Hang
from tests.worlds import World, empty_postgres


class Faltering(Database):
    """A database that has no room for a moment: so many transactions fail whole."""

    def __init__(self, real: Database, times: int = 1) -> None:
        self._real, self._left = real, times
        self.engine, self.is_sqlite = real.engine, real.is_sqlite

    def run(self, job: Callable[[Any], Any]) -> Any:
        return self._real.run(lambda db: self._spoil(job(db)))

    def _spoil(self, result: Any) -> Any:
        if self._left:
            self._left -= 1
            full = sqlite3.OperationalError("database or disk is full")
            full.sqlite_errorcode = sqlite3.SQLITE_FULL
            raise OperationalError("INSERT", None, full)
        return result


def test_a_message_met_by_trouble_is_refused_whole_and_taken_when_repeated(
    world: World,
) -> None:
    """Put aside as if its turn had a fault, it would never be answered."""
    person, house = world.person(), world.house
    message = words(person, PLAN)
    with pytest.raises(OperationalError):
        take_in(replace(house, db=Faltering(house.db)), message)
    assert (world.inbound(), world.told(person), world.tasks()) == ([], [], [])
    assert take_in(house, message)
    assert PLAN in world.texts(person)[0]
    assert not take_in(house, message)


def test_what_waited_behind_a_note_is_answered_after_the_trouble(
    street: Street, note: bytes
) -> None:
    ayse, house = street.ayse(), street.house
    before = len(ayse.heard)
    ayse.sends_voice(note)
    ayse.says("status")
    street.rest()
    street.clock.pass_time(seconds=61)
    talk = int(street.talks()[0].id)
    with pytest.raises(OperationalError):
        catch_up(replace(house, db=SecondFails(house.db)), talk)
    assert catch_up(house, talk) == 1
    street.rest()
    assert len(ayse.heard) == before + 2
    assert street.world.tasks() == []


class SecondFails(Faltering):
    """The same, from its second transaction on: the first only looks for work."""

    def run(self, job: Callable[[Any], Any]) -> Any:
        if self._left:
            self._left -= 1
            return self._real.run(job)
        self._left = 1
        return super().run(job)


def test_on_a_full_disk_a_message_is_refused_and_answered_once_when_repeated(
    street: Street,
) -> None:
    ayse, house = street.ayse(), street.house
    before, kept = len(ayse.heard), len(street.world.inbound())
    update = {"update_id": 9_001, "message": ayse.message(text=PLAN)}
    with full_disk(house.db):
        assert street.bot_api.hand_over(update) >= 500
        assert street.bot_api.hand_over(update) >= 500
    assert len(street.world.inbound()) == kept
    assert [street.bot_api.hand_over(update) for _ in range(2)] == [200, 200]
    street.rest()
    assert len(ayse.heard) == before + 1
    assert len(street.world.inbound()) == kept + 1


def test_what_was_sent_before_the_disk_was_full_is_written_later_and_sent_once(
    street: Street, caplog: pytest.LogCaptureFixture
) -> None:
    """Its lease runs out meanwhile, and the worker looks for work all the time."""
    ayse, house = street.ayse(), street.house
    before = len(ayse.heard)
    street.bot_api.will(Hang(0.3), "/sendMessage")
    assert ayse.says(PLAN) == 200
    with full_disk(house.db):
        street.bot_api.wait_until(lambda: len(ayse.heard) > before)
        street.bot_api.wait_until(lambda: "outcomes not written" in caplog.text)
        street.clock.pass_time(minutes=1)
        with pytest.raises(DBAPIError):
            send_due(house)
    send_due(house)
    street.rest()
    street.work()
    assert len(ayse.heard) == before + 1
    assert [row.delivery for row in street.outbox()][-1] == "sent"


def test_a_photo_without_room_stays_at_its_provider_until_there_is(
    street: Street,
) -> None:
    fatima = street.fatima()
    fatima.says(PLAN)
    fatima.sends_photo(picture(900, 900))
    street.rest()
    with full_disk(street.house.db), pytest.raises((OSError, DBAPIError)):
        street.work()
    assert not [call for call in street.twilio.calls if call.method == "DELETE"]
    street.clock.pass_time(minutes=6)
    street.work()
    (photo,) = street.media()
    assert (photo.problem, bool(photo.key)) == (None, True)
    assert [call for call in street.twilio.calls if call.method == "DELETE"]


def grows(db: Any) -> None:
    db.execute(text("INSERT INTO catalog (id, version) VALUES (99, 1)"))
    db.execute(text("CREATE TABLE more (words TEXT)"))


def asks(statement: str, db: Any) -> None:
    db.execute(text(statement))


def failure(job: Callable[[], object]) -> BaseException:
    """Return what a job raises."""
    with pytest.raises(DBAPIError) as caught:
        job()
    return caught.value


def test_no_room_in_the_database_is_trouble(world: World) -> None:
    db = world.house.db
    with no_more_pages(db):
        error = failure(lambda: db.run(grows))
    assert "full" in str(error)
    assert is_trouble(error)


def test_a_disk_that_takes_nothing_is_trouble(world: World) -> None:
    with full_disk(world.house.db):
        assert is_trouble(failure(lambda: world.house.db.run(grows)))


def test_a_database_locked_by_somebody_else_is_trouble(world: World) -> None:
    engine = make_engine(world.house.settings.database_url)
    impatient = create_engine(engine.url, connect_args={"timeout": 0})
    with engine.begin() as holds, impatient.connect() as db:
        holds.execute(text("UPDATE catalog SET version = version"))
        error = failure(lambda: db.execute(text("DELETE FROM catalog")))
    assert is_trouble(error)
    engine.dispose()
    impatient.dispose()


def test_a_fault_in_what_was_asked_is_none(each_world: World) -> None:
    """It would fail for ever: put aside with a task it is better off."""
    db = each_world.house.db
    for wrong in ("SELECT * FROM nothing", "INSERT INTO catalog (id) VALUES (NULL)"):
        error = failure(partial(db.run, partial(asks, wrong)))
        assert not is_trouble(error)
    assert not is_trouble(ValueError("not of a database at all"))


def test_a_server_that_ends_us_and_lets_nobody_in_is_trouble() -> None:
    """As when PostgreSQL is restarted. A full disk there cannot be made so easily."""
    server = postgres_url()
    admin = create_engine(server, isolation_level="AUTOCOMMIT")
    with empty_postgres(server) as url, admin.connect() as db:
        engine = make_engine(url)
        name = engine.url.database
        with engine.connect() as ours:
            pid = ours.scalar(text("SELECT pg_backend_pid()"))
            db.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": pid})
            assert is_trouble(failure(lambda: ours.execute(text("SELECT 1"))))
        db.execute(text(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false"))
        assert is_trouble(failure(engine.connect))
        engine.dispose()
        nobody = make_engine("postgresql+psycopg://x@127.0.0.1:1/x")
        assert is_trouble(failure(nobody.connect))
    admin.dispose()


@pytest.mark.parametrize("state", ["53100", "40P01", "57P03", "25006"])
def test_what_postgresql_says_of_itself_is_trouble(state: str) -> None:
    said = type("Said", (Exception,), {"sqlstate": state})()
    assert is_trouble(OperationalError("INSERT", None, said))


def test_a_moment_without_a_free_connection_is_trouble(world: World) -> None:
    engine = create_engine(
        world.house.settings.database_url,
        pool_size=1,
        max_overflow=0,
        pool_timeout=0.01,
    )
    with engine.connect(), pytest.raises(Exception, match="QueuePool") as caught:
        engine.connect()
    assert is_trouble(caught.value)
    engine.dispose()
