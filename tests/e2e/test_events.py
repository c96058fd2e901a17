"""Killed while it tells the city's system: everything arrives, under one id each."""

import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.services.outgoing import LEASE
from bot.store.outhooks import HookDispatch, HookEvent
from tests.e2e.city import HOOK_SECRET, City, Watch, open_city, wait_for
from tests.need import postgres_url
from tests.standins.city_system import CitySystem, is_signed
from tests.standins.server import Hang
from tests.worlds import empty_postgres, hook, signed, table


@pytest.fixture(params=["sqlite", "postgres"])
def fresh(
    request: pytest.FixtureRequest, tmp_path: Path, watch: Watch
) -> Iterator[City]:
    if request.param == "sqlite":
        with open_city(f"sqlite:///{tmp_path / 'city.db'}", tmp_path, watch) as made:
            yield made
        return
    with (
        empty_postgres(postgres_url()) as database,
        open_city(database, tmp_path, watch) as made,
    ):
        yield made


def start(city: City) -> None:
    """Start web and worker: two workers, where the database takes them."""
    if city.database.startswith("sqlite"):
        city.serve()
        return
    city.serve("--without-worker")
    for _ in range(2):
        city.start("worker")


def call(city: City, plan: int, status: str) -> None:
    made: dict[str, Any] = signed(
        hook("plan.status", plan=plan, status=status), secret=HOOK_SECRET
    )
    request = urllib.request.Request(  # noqa: S310 - our own server
        f"{city.url}/hooks", made["data"], made["headers"]
    )
    with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310
        assert answer.status == 202


@pytest.mark.timeout(300)
def test_what_was_on_its_way_when_the_power_went_arrives(fresh: City) -> None:
    with CitySystem() as system:
        secret = fresh.run("hooks", "add", system.hook, "--events", "plan.status")
        fresh.watch.secrets.add(secret.strip())
        system.secrets = [secret.strip()]
        system.will(Hang(8), "/events", times=3)
        start(fresh)
        for plan in (10, 11, 20):
            call(fresh, plan, "started")
        wait_for(lambda: system.calls, 20)
        fresh.kill()
        events = fresh.rows(table(HookEvent))
        assert len(events) == 3
        assert {row.state for row in fresh.rows(table(HookDispatch))} == {"owed"}
        start(fresh)
        wait_for(
            lambda: {row.state for row in fresh.rows(table(HookDispatch))} == {"taken"},
            LEASE.total_seconds() + 30,
        )
    ids = [each.headers["webhook-id"] for each in system.calls]
    assert set(ids) == {row.uid for row in events}
    assert all(ids.count(each) <= 2 for each in ids)
    assert all(is_signed(each, secret.strip()) for each in system.calls)
