"""The database goes away and comes back: PostgreSQL, a web process and two workers."""

import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, make_url, text

from bot.store.talks import InboundMessage, OutboundMessage
from tests.e2e.city import City, Watch, open_city, wait_for
from tests.e2e.people import Neighbour, neighbour
from tests.need import postgres_url
from tests.standins.server import Hang
from tests.worlds import empty_postgres, table

PLAN = "Een zwaluwtil op het plein bij de kerk"
LEASE_SECONDS, GENEROUS = 22.0, 60.0
PEOPLE = 4


@pytest.fixture
def city(tmp_path: Path, watch: Watch) -> Iterator[City]:
    with (
        empty_postgres(postgres_url()) as database,
        open_city(database, tmp_path, watch) as made,
    ):
        made.serve("--without-worker")
        made.start("worker")
        made.start("worker")
        yield made


@contextmanager
def without_database(city: City) -> Iterator[None]:
    """End everybody's connection and let nobody in, as a server that restarts does."""
    name = make_url(city.database).database
    admin = create_engine(postgres_url(), isolation_level="AUTOCOMMIT")
    ends = text(
        "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
        "WHERE datname = :name AND backend_type = 'client backend'"
    )
    with admin.connect() as db:
        db.execute(text(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false"))
        db.execute(ends, {"name": name})
        try:
            yield
        finally:
            db.execute(text(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true"))
    admin.dispose()
    city.engine.dispose()  # ours were ended as well


def status(city: City, path: str) -> int:
    try:
        with urllib.request.urlopen(city.url + path, timeout=30) as answer:  # noqa: S310
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code


def says(person: Neighbour, update_id: int, words: str) -> int:
    """Let an update reach the webhook; repeated, it is the very same."""
    phone = person.phone
    message = {
        "message_id": update_id,
        "date": 1,
        "from": phone.person,
        "chat": phone.chat,
        "text": words,
    }
    code: int = phone.stand_in.hand_over({"update_id": update_id, "message": message})
    return code


def outbox(city: City) -> list[Any]:
    return city.rows(table(OutboundMessage))


def test_a_database_that_comes_back_finds_everything_going_on_by_itself(
    city: City,
) -> None:
    """What was on its way to a provider meanwhile is not sent a second time.

    It is away for longer than a lease, so that to the workers nobody holds those rows.
    """
    people = [neighbour(city, "telegram") for _ in range(PEOPLE)]
    for each in people:
        each.arrives()
    before = [len(each.texts) for each in people]
    wait_for(lambda: all(row.delivery == "sent" for row in outbox(city)), GENEROUS)
    city.bot_api.will(Hang(2.0), "/sendMessage", times=PEOPLE)
    for each in people:
        assert each.phone.says(PLAN) == 200
    with without_database(city):
        began = time.monotonic()
        for each, count in zip(people, before, strict=True):
            each.hears(count + 1)
        assert status(city, "/healthz") == 200
        assert status(city, "/readyz") == 503
        assert says(people[0], 9_000_001, "status") >= 500
        wait_for(lambda: time.monotonic() - began > LEASE_SECONDS + 2, GENEROUS)
        assert status(city, "/healthz") == 200
    wait_for(lambda: status(city, "/readyz") == 200, GENEROUS)
    assert [says(people[0], 9_000_001, "status") for _ in range(2)] == [200, 200]
    people[0].hears(before[0] + 2)
    wait_for(lambda: all(row.delivery == "sent" for row in outbox(city)), GENEROUS)
    assert len(outbox(city)) == sum(before) + PEOPLE + 1
    assert [len(each.texts) for each in people] == [
        count + 1 + (each is people[0])
        for each, count in zip(people, before, strict=True)
    ]
    assert {row.attempts for row in outbox(city)} == {1}
    stages = {row.stage for row in city.rows(table(InboundMessage))}
    assert stages == {"done"}, "nothing was put aside as if it had a fault"
    assert all(process.poll() is None for process in city.processes)
