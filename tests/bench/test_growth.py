"""The measuring of growth works; how fast anything is, is never tested."""

import os
import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import make_url, text

from bench.cities import City
from bench.city import chat, known_chats, new_chats
from bench.contestants import prepare_product
from bench.figures import Claimed, Growing, Grown
from bench.filling import Size, fill
from bench.growth import Growth, visited
from bench.growth_report import growth_report
from bench.idle import ALL, measure
from bench.processes import PROC, tree
from bench.retiring import nights, retiring_report
from bot.store.database import make_engine
from tests.need import postgres_url
from tests.worlds import empty_postgres

SMALL = Size(200)
TABLES = {
    "residents": 200,
    "talks": 200,
    "inbound_messages": 500,
    "outbound_messages": 500,
    "media": 40,
    "marks": 60,
    "ballots": 60,
    "supports": 20,
}


@pytest.fixture(params=["SQLite", "PostgreSQL"])
def city(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[City]:
    """A small filled city on each database."""
    if request.param == "SQLite":
        prepare_product(tmp_path)
        fill(f"sqlite:///{tmp_path}/buurtstem.db", SMALL)
        yield City("SQLite", 200, tmp_path, None)
        return
    with empty_postgres(postgres_url()) as url:
        prepare_product(tmp_path, url)
        fill(url, SMALL)
        yield City("PostgreSQL", 200, tmp_path, url)


def rows(city: City, query: str) -> list[Any]:
    engine = make_engine(city.database or f"sqlite:///{city.folder}/buurtstem.db")
    with engine.connect() as db:
        found = list(db.execute(text(query)))
    engine.dispose()
    return found


def test_a_filled_city_answers_everybody_and_lets_the_worker_rest(city: City) -> None:
    for table, count in TABLES.items():
        assert rows(city, f"SELECT count(*) FROM {table}") == [(count,)]  # noqa: S608
    assert rows(city, "SELECT count(*) FROM talks WHERE picks IS NOT NULL") == [(1,)]
    figures = visited(city, Growth(crowd=4, seconds=0.5))
    assert figures.failures == {}
    assert figures.answered > 0
    rests = measure(city, times=1)
    assert [each.loop for each in rests] == [each.work.__name__ for each in ALL]
    large = Grown(city.engine, 200, 0, figures)
    small = Grown(city.engine, 20, 0, figures)
    others = [replace(each, residents=20) for each in rests]
    claims = [Claimed(city.engine, size, 100, 50, 0.5) for size in (20, 200)]
    report = growth_report(Growing([small, large], [*rests, *others], claims))
    assert "| 100 and 100 | 50 and 50 | 0.500 | 0.500 | 1.00 |" in report
    assert report.count("met by 20%") == 1
    gone = list(nights(city, city))
    assert [500 <= each.rows <= each.deleted for each in gone] == [True, True]
    row = f"| {city.engine} | messages_in | {gone[0].rows:,} |"
    assert row in retiring_report(gone)


def test_a_server_that_dies_during_a_visit_breaks_it_off(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    prepare_product(tmp_path)
    fill(f"sqlite:///{tmp_path}/buurtstem.db", SMALL)
    city = City("SQLite", 200, tmp_path, None)
    with ThreadPoolExecutor(1) as beside:
        visit = beside.submit(visited, city, Growth(crowd=2, seconds=2.0))
        kill_the_server(tmp_path)
        figures = visit.result()
    assert figures.broken == "ended with -9"
    assert "web started" in capsys.readouterr().err
    whole = replace(figures, broken="", answered=10, per_second=5.0, bot_cores=0.1)
    visits = [Grown("SQLite", size, 0, whole) for size in (20, 200)]
    seen = Growing([*visits, Grown("SQLite", 200, 1, figures)])
    assert not seen.went_well
    report = growth_report(seen)
    assert "| 0 of 1 |" in report
    assert "| 1 of 2 |" in report
    assert "met by 20%" in report
    seen.visits.remove(visits[1])
    assert "not seen" in growth_report(seen)


def kill_the_server(folder: Path) -> None:
    """Kill the process that serves from `folder`, once it has stored a message."""
    city = City("SQLite", 200, folder, None)
    last = "SELECT max(id) FROM inbound_messages"
    before = rows(city, last)
    while rows(city, last) == before:
        time.sleep(0.05)
    serving = (pid for pid in tree(os.getpid()) if serves(pid, folder))
    os.kill(next(serving), signal.SIGKILL)


def serves(pid: int, folder: Path) -> bool:
    """Tell whether a process is a server that runs in `folder`: there may be others."""
    try:
        words = (PROC / str(pid) / "cmdline").read_bytes().split(b"\0")
        return b"serve" in words and (PROC / str(pid) / "cwd").samefile(folder)
    except OSError:  # it has ended meanwhile
        return False


def test_every_row_of_a_filled_city_belongs_to_somebody(tmp_path: Path) -> None:
    prepare_product(tmp_path)
    url = f"sqlite:///{tmp_path}/buurtstem.db"
    fill(url, SMALL)
    city = City("SQLite", 200, Path(str(make_url(url).database)).parent, None)
    assert rows(city, "PRAGMA foreign_key_check") == []
    assert rows(city, "PRAGMA integrity_check") == [("ok",)]


CONSTRAINTS = (
    "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid), convalidated "
    "FROM pg_constraint WHERE connamespace = 'public'::regnamespace ORDER BY 1, 2"
)
INDEXES = (
    "SELECT indexname, indexdef, indisvalid FROM pg_indexes "
    "JOIN pg_index ON indexrelid = to_regclass(indexname) "
    "WHERE schemaname = 'public' ORDER BY 1"
)


def test_a_filled_city_on_postgres_has_all_its_keys_and_indexes(tmp_path: Path) -> None:
    """Whoever fills it owns the tables and is no superuser."""
    with empty_postgres(postgres_url()) as url:
        prepare_product(tmp_path, url)
        city = City("PostgreSQL", 200, tmp_path, url)
        before = rows(city, CONSTRAINTS), rows(city, INDEXES)
        fill(url, SMALL)
        assert (rows(city, CONSTRAINTS), rows(city, INDEXES)) == before
        constraints, indexes = before
        assert len([each for each in constraints if "FOREIGN KEY" in each[2]]) > 20
        assert len(indexes) > 40
        assert all(each[-1] for each in (*constraints, *indexes))


def test_known_chats_are_those_of_the_filled_city_and_new_ones_are_not() -> None:
    known, new = known_chats(1_000), new_chats()
    chats = {chat(each) for each in range(1, 1_001)}
    assert all(next(known) in chats for _ in range(500))
    assert not chats & {next(new) for _ in range(500)}
