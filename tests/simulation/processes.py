"""Processes of the house that can die, hang, and have clocks of their own."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, TypeVar

from sqlalchemy import Connection, Engine

from bot.services.house import House
from bot.services.outbox import Owed
from bot.services.pacer import Go
from bot.services.sender import GATHER_SECONDS, Sender
from bot.store.database import Database
from tests.simulation.timeline import Timeline

if TYPE_CHECKING:
    from bot.channels.base import Channel

T = TypeVar("T")
LATE = timedelta(seconds=0.01)
LONG = timedelta(seconds=1.5)
"""A process that stood still for longer may have lost its leases."""


class Crash(BaseException):
    """The process is gone, with everything it had in memory."""


@dataclass
class Weather:
    """How often things go wrong; all 0 in good weather."""

    crash: float = 0.0015
    stall: float = 0.004
    hang: float = 0.0003

    def clear(self) -> None:
        self.crash = self.stall = self.hang = 0.0


class _Database(Database):
    """A process's own connection to the one database; around each use it may die."""

    def __init__(self, engine: Engine, process: "Process") -> None:
        super().__init__(engine)
        self._process = process

    def run(self, job: Callable[[Connection], T]) -> T:
        process = self._process
        process.point()

        def half_way(db: Connection) -> T:
            before = _changes(db)
            result = job(db)
            process.may_crash()
            process.touched |= before is None or _changes(db) != before
            return result

        result = super().run(half_way)
        process.point()
        return result

    def read(self, job: Callable[[Connection], T]) -> T:
        self._process.point()
        return super().read(job)


def _changes(db: Connection) -> int | None:
    """Return how many rows this connection has changed; None if it cannot tell."""
    return getattr(db.connection.driver_connection, "total_changes", None)


class _Pacer:
    """Lets messages go at their places in simulated time, mostly hardly late."""

    def __init__(self, process: "Process", go: Go) -> None:
        self._process, self._go = process, go

    def put(self, owed: Owed, seconds: float) -> None:
        time = self._process.timeline
        place = time.now + timedelta(seconds=seconds)
        late = 0.05 if time.chance(0.01) else time.between(0, 0.004)

        def reached() -> None:
            self._go(owed, time.now - place <= LATE)
            self._process.will_record()

        self._process.later(max(0.0, seconds) + late, reached)


@dataclass
class Process:
    """A web or worker process. `make` builds its house from a database and a sender.

    `troubled` is when it last died, hung or had a wrong clock: what it leased before
    may be sent by another.
    """

    name: str
    timeline: Timeline
    weather: Weather
    engine: Engine
    make: Callable[["Process", Database, Sender, Mapping[str, "Channel"]], House]
    channels: Callable[["Process"], Mapping[str, "Channel"]]
    on_start: Callable[["Process"], None]
    generation: int = 0
    alive: bool = False
    stuck: bool = False
    skew: timedelta = timedelta()
    troubled: datetime | None = None
    deaths: int = 0
    touched: bool = False
    house: House = field(init=False)
    sender: Sender = field(init=False)
    _recording: bool = False
    _postponed: list[Callable[[], None]] = field(default_factory=list)

    def clock(self) -> datetime:
        return self.timeline.now + self.skew

    def start(self) -> None:
        """Begin anew, with nothing in memory."""
        if self.generation:
            self.house.db.close()
        self.generation += 1
        self.alive, self.stuck, self._recording = True, False, False
        self._postponed = []
        db = _Database(self.engine, self)
        channels = self.channels(self)
        self.sender = Sender(
            db,
            channels,
            self.clock,
            f"{self.name}-{self.generation}",
            pacer=lambda go: _Pacer(self, go),
        )
        self.house = self.make(self, db, self.sender, channels)
        self.on_start(self)

    def die(self) -> None:
        """End at once; begin anew after a while."""
        if not self.alive:
            return
        self.alive = False
        self.deaths += 1
        self.trouble()
        self.timeline.after(self.timeline.between(0.5, 40), self.start)

    def trouble(self) -> None:
        self.troubled = self.timeline.now

    def do(self, action: Callable[[], T], generation: int | None = None) -> T | None:
        """Run something in this process; None if it died of it, or was dead before."""
        if not self.alive or generation not in {None, self.generation}:
            return None
        if self.stuck:
            self.later(0, action)
            return None
        with suppress(Crash):
            return action()
        return None

    def later(self, seconds: float, action: Callable[[], T]) -> None:
        """Run something in this process after a while, unless it has died."""
        generation = self.generation

        def then() -> None:
            if self.stuck and self.generation == generation:
                self._postponed.append(then)
            else:
                self.do(action, generation)

        self.timeline.after(seconds, then)

    def may_crash(self) -> None:
        if self.timeline.chance(self.weather.crash):
            self.die()
            raise Crash

    def point(self) -> None:
        """Be where a process can die, or be held up while the world goes on."""
        self.may_crash()
        time, weather = self.timeline, self.weather
        if self.stuck or not time.chance(weather.stall + weather.hang):
            return
        is_long = time.chance(weather.hang / (weather.stall + weather.hang))
        seconds = time.between(3, 60) if is_long else time.random.expovariate(3)
        self._stand_still(timedelta(seconds=seconds))

    def _stand_still(self, length: timedelta) -> None:
        generation = self.generation
        if length > LONG:
            self.trouble()
        self.stuck = True
        self.timeline.pass_to(self.timeline.now + length)
        if self.generation != generation or not self.alive:
            raise Crash
        if length > LONG:
            self.trouble()
        self.stuck = False
        postponed, self._postponed = self._postponed, []
        for each in postponed:
            self.timeline.after(0, each)

    def will_record(self) -> None:
        """Write outcomes soon: the sender has something, or will have."""
        if self._recording:
            return
        self._recording = True

        def record() -> None:
            self._recording = False
            self.sender.record()

        self.later(GATHER_SECONDS, record)
