"""What the worker's loops cost while nothing is due: a database must not be searched.

Every loop asks again and again; with millions of rows each question has to be answered
from an index. Both providers are on and nobody is called: no template waits for an
approval, and a comparison with a provider was made just now, so that `check_templates`
and `recover_missed` ask the database only.
"""

import statistics
import time

from bench.cities import City
from bench.contestants import product_settings
from bench.figures import Idle
from bench.statements import Statement, listen
from bot.app import build
from bot.config import read_settings
from bot.services.house import House
from bot.worker import LISTENING, LOOPS, Loop

ALL: tuple[Loop, ...] = (*LOOPS, LISTENING)
TIMES = 9
NOBODY = "http://127.0.0.1:9"
"""Where both providers are said to be."""

WHATSAPP = {
    "TWILIO_ACCOUNT_SID": "AC" + "0" * 32,
    "TWILIO_AUTH_TOKEN": "bench",
    "TWILIO_SENDER": "whatsapp:+31600000000",
    "TWILIO_API": NOBODY,
}


def at_rest(city: City) -> House:
    """Return the product's house on a city, with both providers on."""
    settings = product_settings(city.folder, NOBODY, city.database)
    return build(read_settings(settings | WHATSAPP))


def measure(city: City, times: int = TIMES) -> list[Idle]:
    """Ask what each loop asks so many times; the medians are returned."""
    house = at_rest(city)
    said = listen(house.db.engine)
    try:
        return [_asked(house, city, loop, said, times) for loop in ALL]
    finally:
        house.postman.close()
        house.db.close()


def _asked(
    house: House, city: City, loop: Loop, said: list[Statement], times: int
) -> Idle:
    loop.work(house)  # what a first question compiles is not paid again
    taken, counts = [], []
    for _ in range(times):
        before, begin = len(said), time.perf_counter()
        loop.work(house)
        taken.append((time.perf_counter() - begin) * 1000)
        counts.append(len(said) - before)
    return Idle(
        city.engine,
        city.residents,
        loop.work.__name__,
        loop.seconds,
        round(statistics.median(counts)),
        statistics.median(taken),
    )
