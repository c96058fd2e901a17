"""Who is killed, and when: at random, or right after something has begun."""

import asyncio
import contextlib
import os
import signal
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random

from bench.chaos.fleet import CHILD, WEB, Fleet, Member, signature
from bench.chaos.leases import Eyes
from bench.chaos.seen import Kill, Ledger

SOMETIME, OPEN, SEND = "some time", "an open request", "a message taken"
TRIGGERS = (SOMETIME, OPEN, SEND)
WEIGHTS = (4, 3, 3)
ALL_SHARE = 0.1
CHILD_SHARE = 0.3
BEGIN_SECONDS = 3.0
WORK_SECONDS = (0.2, 3.0)


@dataclass
class Killer:
    """Kills processes of a fleet and has them started again.

    `opened` and `took` are to be called when a request lies open at a port, and when a
    provider has taken a message.
    """

    fleet: Fleet
    eyes: Eyes
    ledger: Ledger
    random: Random
    _waits_for: str = ""
    _happened: asyncio.Event = field(default_factory=asyncio.Event)
    _port: int = 0

    def opened(self, port: int) -> None:
        """Note an open request."""
        if self._waits_for == OPEN:
            self._port = port
            self._happened.set()

    def took(self) -> None:
        """Note a message that its provider has taken and not yet answered."""
        if self._waits_for == SEND:
            self._happened.set()

    async def kill_often(self, times: int) -> None:
        """Kill so many times, each time waiting until everything works again."""
        for number in range(1, times + 1):
            trigger = self.random.choices(TRIGGERS, WEIGHTS)[0]
            await self._wait(trigger)
            victims = self._choose(trigger)
            child = self._choose_child(victims)
            if child is None:
                self._kill(number, victims, trigger)
                await asyncio.to_thread(self.fleet.start, victims)
            else:
                self._kill_child(number, child, trigger)
                await asyncio.to_thread(self.fleet.wait, victims)

    async def _wait(self, trigger: str) -> None:
        """Let them work a moment, then wait for the instant."""
        await asyncio.sleep(self.random.uniform(*WORK_SECONDS))
        if trigger == SOMETIME:
            return
        self._happened.clear()
        self._waits_for = trigger
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(BEGIN_SECONDS):
                await self._happened.wait()
        self._waits_for = ""
        await asyncio.sleep(self.random.uniform(0.0, 0.02))

    def _choose(self, trigger: str) -> Sequence[Member]:
        """Return one process, mostly one the trigger is about, or all of them."""
        members = self.fleet.members
        if self.random.random() < ALL_SHARE:
            return members
        if trigger == OPEN:
            return [each for each in members if each.port == self._port] or members[:1]
        return [self.random.choice(members)]

    def _choose_child(self, victims: Sequence[Member]) -> int | None:
        """Return one process of a web server, which has to start another itself."""
        is_web = len(victims) == 1 and victims[0].role == WEB
        if not is_web or self.random.random() >= CHILD_SHARE:
            return None
        return self.random.choice(victims[0].children)

    def _kill_child(self, number: int, child: int, trigger: str) -> None:
        """Kill one process of several, with a look at its leases."""
        names = {signature(child)}
        before = self.eyes.leased(names)
        at = time.monotonic()
        os.kill(child, signal.SIGKILL)
        leased = before | self.eyes.leased(names)
        self.ledger.kills.append(Kill(number, at, (CHILD,), trigger, leased))

    def _kill(self, number: int, victims: Sequence[Member], trigger: str) -> None:
        """Kill, with a look at their leases just before and just after."""
        names = set().union(*(each.names for each in victims))
        before = self.eyes.leased(names)
        at = time.monotonic()
        self.fleet.kill(victims)
        leased = before | self.eyes.leased(names)
        roles = tuple(each.role for each in victims)
        self.ledger.kills.append(Kill(number, at, roles, trigger, leased))
