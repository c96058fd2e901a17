"""The loops of the workers: the real ones, which rest while there is surely no work."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.worker import LISTENING, LOOPS, Loop
from tests.simulation.judge import Judge
from tests.simulation.processes import Process
from tests.simulation.timeline import Timeline
from tests.simulation.watch import Watch

LONG_REST = 6 * 3600.0
"""Where whoever makes work wakes the loop."""

LEFT_OUT = {"check_templates", "recover_missed"}
"""Loops that ask providers for lists, which are not simulated."""

RARELY = 240
"""How many times more rarely is looked for what hardly ever happens."""

MOST_REST = {"send_due": 900.0, "listen_once": 20.0, "catch_up_overdue": 20.0}


@dataclass
class Tick:
    """When a worker's loop looks for work next."""

    process: Process
    loop: Loop
    stamp: int = 0
    idle: int = 0
    next_at: datetime | None = None

    @property
    def name(self) -> str:
        return self.loop.work.__name__


@dataclass
class Loops:
    """Runs the loops of all workers; `wake` is the bell, or the next look."""

    timeline: Timeline
    watch: Watch
    judge: Judge
    _ticks: dict[str, list[Tick]] = field(default_factory=dict)

    def begin(self, process: Process) -> None:
        loops = (*LOOPS, LISTENING)
        ticks = [Tick(process, loop) for loop in loops]
        self._ticks[process.name] = [
            each for each in ticks if each.name not in LEFT_OUT
        ]
        for tick in self._ticks[process.name]:
            self._next(tick, self.timeline.between(0, tick.loop.seconds))

    def wake(self, *names: str) -> None:
        """Let workers look for work now, as a bell or the next look would."""
        soon = self.timeline.now + timedelta(seconds=0.25)
        for tick in (each for ticks in self._ticks.values() for each in ticks):
            rests = tick.next_at is not None and tick.next_at > soon
            if rests and tick.name in names and tick.process.alive:
                tick.idle = 0
                self._next(tick, self.timeline.between(0, 0.25))

    def _next(self, tick: Tick, seconds: float) -> None:
        tick.stamp += 1
        stamp = tick.stamp
        tick.next_at = self.timeline.now + timedelta(seconds=seconds)
        tick.process.later(seconds, lambda: self._work(tick, stamp))

    def _work(self, tick: Tick, stamp: int) -> None:
        if tick.stamp != stamp:
            return
        tick.next_at = self.timeline.now
        try:
            busy = tick.loop.work(tick.process.house)
        except Exception as error:  # noqa: BLE001 - a loop outlives any piece
            self.judge.blame("error", f"{tick.name}: {error!r}")
            busy = False
        tick.process.will_record()
        tick.idle = 0 if busy else tick.idle + 1
        self._next(tick, 0.005 if busy else self._rest(tick))

    def _rest(self, tick: Tick) -> float:
        """Return how long a loop without work rests; it is woken if there is some."""
        seconds, most = tick.loop.seconds, MOST_REST.get(tick.name)
        if seconds >= 10:
            return seconds * RARELY
        if most is None:
            return LONG_REST
        if tick.name == "send_due" and self._is_contested():
            return seconds
        wait = self._wait_for_due() if tick.name == "send_due" else self._wait_to_hear()
        if wait > 0:
            return min(max(seconds, wait + 0.001), LONG_REST)
        return min(seconds * 4.0**tick.idle, most)

    def _is_contested(self) -> bool:
        """Tell whether a message may be taken over now: then nobody rests."""
        now = self.timeline.now
        return any(each.is_contested(now) for each in self.watch.leased.values())

    def _wait_for_due(self) -> float:
        """Return how long until something can be claimed; 0 if it can be now."""
        at = self.watch.next_due()
        return LONG_REST if at is None else (at - self.timeline.now).total_seconds()

    def _wait_to_hear(self) -> float:
        return 0.0 if self.watch.open else LONG_REST
