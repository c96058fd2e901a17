"""What a claim costs while a broadcast is due to all, in a small and a large city.

A push is due to each person on Telegram, up to 20,000, and is claimed as the worker
does it: what has a place within a second, then the clock goes on by one. Nothing is
sent.
"""

import statistics
import time
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import Connection, String, cast, insert, literal, select

from bench.cities import City
from bench.figures import Claimed
from bench.idle import at_rest
from bot.domain.kinds import BROADCAST
from bot.services.claims import claim
from bot.services.house import House, Scene
from bot.services.outbox import PUSH
from bot.services.spreading import TO_THE_END
from bot.store.outreach import RUNNING, Broadcast
from bot.store.talks import OutboundMessage, Talk

DUE = 20_000
TIMES = 20
WORDS = "A message from the municipality: on Saturday we plant the trees of plan 21."


def owe(db: Connection, now: datetime, most: int = DUE) -> int:
    """Owe one broadcast, due now, to at most so many people; return to how many."""
    made = insert(Broadcast).values(
        key="cast:bench",
        segment="all",
        texts={},
        state=RUNNING,
        people=most,
        spread_to=TO_THE_END,
        by="bench",
        starts_at=now,
        created_at=now,
    )
    number = db.scalar(made.returning(Broadcast.id))
    row = OutboundMessage
    values = {
        row.channel: Talk.channel,
        row.talk_id: Talk.id,
        row.dedupe_key: literal("cast:bench:").concat(cast(Talk.id, String)),
        row.priority: literal(PUSH),
        row.text: literal(WORDS),
        row.choices: literal([], row.choices.type),
        row.secret: literal(value=False),
        row.kind: literal(BROADCAST),
        row.broadcast_id: literal(number),
        row.delivery: literal("queued"),
        row.attempts: literal(0),
        row.due_at: literal(now, row.due_at.type),
        row.created_at: literal(now, row.created_at.type),
    }
    reached = (Talk.stopped_at, Talk.closed_at, Talk.forgotten_at)
    people = (
        select(*values.values())
        .where(Talk.channel == "telegram", *(each.is_(None) for each in reached))
        .order_by(Talk.id)
        .limit(most)
    )
    owed = insert(row).from_select([each.key for each in values], people)
    return int(db.execute(owed, execution_options={"preserve_rowcount": True}).rowcount)


@dataclass
class Claiming:
    """Claims in one city, second by second, and how long each took."""

    city: City
    house: House
    now: datetime
    due: int
    rows: int = 0
    each: list[float] = field(default_factory=list)

    def claim(self) -> None:
        """Claim what has a place now, and let a second go by."""
        begin = time.perf_counter()
        owed = self.house.db.run(lambda db: claim(Scene(self.house, db, self.now)))
        taken = (time.perf_counter() - begin) * 1000
        if owed:
            self.rows += len(owed)
            self.each.append(taken / len(owed))
        self.now += timedelta(seconds=1)

    def figures(self) -> Claimed:
        """Return the median of what a claimed row cost. Raises if there was none."""
        milliseconds = statistics.median(self.each)
        engine, residents = self.city.engine, self.city.residents
        return Claimed(engine, residents, self.due, self.rows, milliseconds)


def measure(small: City, large: City, times: int = TIMES) -> list[Claimed]:
    """Claim in both cities, by turns, so many seconds long."""
    both = [_begun(city) for city in (small, large)]
    for each in both:
        each.claim()  # what a first one compiles is not paid again
    both = [replace(each, rows=0, each=[]) for each in both]
    for _ in range(times):
        for each in both:
            each.claim()
    for each in both:
        each.house.postman.close()
        each.house.db.close()
    return [each.figures() for each in both]


def _begun(city: City) -> Claiming:
    house = at_rest(city)
    now = house.clock()
    return Claiming(city, house, now, house.db.run(partial(owe, now=now)))
