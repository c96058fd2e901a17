"""What the night's job costs that lets old messages go, beside a bare DELETE of them.

A filled city is looked at more than a year later: all messages are old. The night's
job empties them, 200 rows in a transaction, so that others go on writing; the DELETE
takes the same rows in one statement and one commit. Both in the same run, each on a
copy of its own. A larger city tells whether a row costs the same there.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta

import click
from sqlalchemy import delete

from bench.cities import ENGINES, City, copied
from bench.contestants import product_settings
from bench.idle import NOBODY
from bench.report import machine, table
from bot.app import build
from bot.config import read_settings
from bot.services.house import House
from bot.services.retiring import BATCHES, walk
from bot.store.talks import InboundMessage, OutboundMessage

LATER = timedelta(days=400)
TABLES = {
    "messages_in": delete(InboundMessage).where(
        InboundMessage.stage.in_(("done", "failed"))
    ),
    "messages_out": delete(OutboundMessage).where(OutboundMessage.delivery != "queued"),
}
"""What goes by the night's job, and the same by hand."""


@dataclass(frozen=True, slots=True)
class Night:
    """How many rows of one table went, and how many seconds that took in each way."""

    engine: str
    what: str
    rows: int
    seconds: float
    deleted: int
    bare: float

    @property
    def ratio(self) -> float:
        """How many times as long a row takes as in the DELETE."""
        return (self.seconds / self.rows) / (self.bare / self.deleted)


def measure(sizes: tuple[int, ...], engines: tuple[str, ...] = ENGINES) -> list[Night]:
    """Let the messages of each city go in both ways."""
    found: list[Night] = []
    for engine in engines:
        for size in sizes:
            with copied(engine, size) as city, copied(engine, size) as other:
                found += nights(city, other)
    return found


def nights(city: City, other: City) -> Iterator[Night]:
    """Let the messages of one city go by the night's job, of the other by hand."""
    house, beside = _later(city), _later(other)
    try:
        for name in TABLES:
            rows, seconds = _job(house, name)
            yield Night(city.engine, name, rows, seconds, *_bare(beside, name))
    finally:
        for each in (house, beside):
            each.postman.close()
            each.db.close()


def _later(city: City) -> House:
    """Return the product's house on a city, more than a year on."""
    settings = product_settings(city.folder, NOBODY, city.database)
    house = build(read_settings(settings))
    now = house.clock() + LATER
    return replace(house, clock=lambda: now)


def _job(house: House, name: str) -> tuple[int, float]:
    begin = time.perf_counter()
    rows = walk(house, BATCHES[name])
    return rows, time.perf_counter() - begin


def _bare(house: House, name: str) -> tuple[int, float]:
    begin = time.perf_counter()
    with house.db.engine.begin() as db:
        rows = db.execute(TABLES[name]).rowcount
    return rows, time.perf_counter() - begin


def retiring_report(nights: list[Night]) -> str:
    """Return a row for each table of each city."""
    heads = ["database", "what", "rows", "s", "µs a row", "DELETE: rows", "s", "ratio"]
    rows = (
        [
            each.engine,
            each.what,
            f"{each.rows:,}",
            f"{each.seconds:.1f}",
            f"{each.seconds / each.rows * 1e6:.0f}",
            f"{each.deleted:,}",
            f"{each.bare:.2f}",
            f"{each.ratio:.1f}",
        ]
        for each in nights
    )
    return table(heads, rows)


@click.command()
@click.option("--small", default=40_000, show_default=True, help="Residents.")
@click.option("--large", default=400_000, show_default=True, help="Residents.")
@click.option("--engines", default="SQLite,PostgreSQL", show_default=True)
def main(small: int, large: int, engines: str) -> None:
    """Measure the night's job, and print the table of docs/performance.md."""
    where = machine()
    nights = measure((small, large), tuple(engines.split(",")))
    click.echo(f"{where}\n\n{retiring_report(nights)}\n\n{machine()}")


if __name__ == "__main__":
    main()
