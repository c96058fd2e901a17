"""What the worker's loops cost while nothing is due: a database must not be searched.

Every loop asks again and again; with millions of rows each question has to be answered
from an index.
"""

import statistics
import time
from collections.abc import Callable
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, event

from bench.cities import City
from bench.contestants import product_settings
from bench.figures import Idle
from bot.app import build
from bot.config import read_settings
from bot.services.house import House
from bot.services.notes import listen_once
from bot.services.photos import fetch_photo_once
from bot.worker import (
    IDLE_SECONDS,
    SWEEP_SECONDS,
    catch_up_overdue,
    send_due,
    tidy,
)

LOOPS: tuple[tuple[Callable[[House], bool], float], ...] = (
    (send_due, IDLE_SECONDS),
    (catch_up_overdue, 1.0),
    (fetch_photo_once, IDLE_SECONDS * 2),
    (listen_once, IDLE_SECONDS),
    (tidy, SWEEP_SECONDS),
)
"""Each loop of the worker, and how many seconds it rests when it found nothing."""

TIMES = 9
NOBODY = "http://127.0.0.1:9"
"""A Bot API that is never called: Telegram is on, but nothing is due."""


def measure(city: City, times: int = TIMES) -> list[Idle]:
    """Ask what each loop asks so many times; the medians are returned."""
    settings = product_settings(city.folder, NOBODY, city.database)
    house = build(read_settings(settings))
    try:
        return [_asked(house, city, *loop, times) for loop in LOOPS]
    finally:
        house.db.close()


def _asked(
    house: House, city: City, loop: Callable[[House], bool], rest: float, times: int
) -> Idle:
    loop(house)  # what a first question compiles is not paid again
    taken, counts = [], []
    for _ in range(times):
        with _counted(house.db.engine) as count:
            begin = time.perf_counter()
            loop(house)
            taken.append((time.perf_counter() - begin) * 1000)
        counts.append(len(count))
    name = loop.__name__
    milliseconds = statistics.median(taken)
    return Idle(
        city.engine, city.residents, name, rest, round(statistics.median(counts)),
        milliseconds,
    )  # fmt: skip


@contextmanager
def _counted(engine: Engine) -> Any:
    """Yield a list that gets an entry for each statement until the block ends."""
    seen: list[None] = []

    def see(*_: object) -> None:
        seen.append(None)

    event.listen(engine, "before_cursor_execute", see)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", see)
