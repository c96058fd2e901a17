"""Filled databases, kept between runs: to fill one with a million people takes minutes.

They stand under `var/bench` and on the PostgreSQL server, and are made anew for another
schema, another filling, or another week: the demo's rounds go on.
"""

import hashlib
import inspect
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import click

from bench import filling, postgres
from bench.contestants import prepare_product
from bench.filling import Size, fill
from bench.servers import ROOT
from bot.clock import utc_now
from bot.store.migrating import newest_revision

SHELF = ROOT / "var" / "bench"
ENGINES = ("SQLite", "PostgreSQL")


@dataclass(frozen=True, slots=True)
class City:
    """A filled database to measure on: the product runs in `folder`.

    `database` is its address where it is not in that folder.
    """

    engine: str
    residents: int
    folder: Path
    database: str | None


@contextmanager
def copied(engine: str, residents: int) -> Iterator[City]:
    """Yield a copy of a filled database until the block ends."""
    SHELF.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=SHELF) as folder:
        if engine == "SQLite":
            shutil.copytree(_on_sqlite(residents), folder, dirs_exist_ok=True)
            os.sync()  # so that no commit waits for the copy to reach the disk
            yield City(engine, residents, Path(folder), None)
        else:
            with postgres.fresh(_on_postgres(residents)) as database:
                os.sync()
                yield City(engine, residents, Path(folder), database)


def _on_sqlite(residents: int) -> Path:
    kept = SHELF / _name(residents)
    if not kept.exists():
        for old in SHELF.glob(f"city_{residents}_*"):
            shutil.rmtree(old)
        with tempfile.TemporaryDirectory(dir=SHELF) as made:
            prepare_product(Path(made))
            _fill(f"sqlite:///{made}/buurtstem.db", residents)
            shutil.copytree(made, kept)
    return kept


def _on_postgres(residents: int) -> str:
    name = _name(residents)
    names = postgres.names(f"city_{residents}_")
    if name not in names:
        for old in names:
            postgres.drop(old)
        with postgres.fresh() as made, tempfile.TemporaryDirectory() as folder:
            prepare_product(Path(folder), made)
            _fill(made, residents)
            postgres.create(name, made)
    return postgres.address(name)


def _fill(url: str, residents: int) -> None:
    click.echo(f"filling a database with {residents:,} residents …", err=True)
    fill(url, Size(residents))


def _name(residents: int) -> str:
    year, week, _ = utc_now().isocalendar()
    filled = hashlib.sha256(inspect.getsource(filling).encode()).hexdigest()[:8]
    return f"city_{residents}_{newest_revision()}_{filled}_{year}w{week}"
