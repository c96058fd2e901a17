"""The loops that pay what is owed: send, listen, catch up, sweep.

Every loop asks the database for work, does one piece, and asks again. An error is
logged with ids and the loop goes on: the piece comes back when its lease runs out.
"""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from sqlalchemy import Connection

from bot.meters import Noted
from bot.services.claims import claim
from bot.services.counting import count_noted
from bot.services.faults import where
from bot.services.house import House
from bot.services.notes import catch_up, listen_once, overdue_talks
from bot.services.outbox import Owed
from bot.services.photos import fetch_photo_once
from bot.services.sweep import sweep

log = logging.getLogger(__name__)
IDLE_SECONDS = 0.25
TROUBLE_SECONDS = 2.0
SWEEP_SECONDS = 30.0


def send_due(house: House) -> bool:
    """Claim what is due and hand it to the sender; False if nothing was."""
    channels, me = list(house.channels), house.postman.name

    def job(db: Connection) -> tuple[list[Owed], list[Noted]]:
        noted: list[Noted] = []
        return claim(db, channels, me, house.clock(), noted=noted), noted

    owed, noted = house.db.run(job)
    house.postman.push(owed)
    count_noted(house.meters, noted)
    return bool(owed)


def catch_up_overdue(house: House) -> bool:
    """Answer what has waited a minute behind a voice note; False if nothing has."""
    talks = house.db.run(lambda db: overdue_talks(db, house.clock()))
    return sum(catch_up(house, talk) for talk in talks) > 0


def tidy(house: House) -> bool:
    """Delete what is due; never asks to be run again at once."""
    sweep(house)
    return False


@dataclass
class Worker:
    """Runs the loops in threads until it is stopped."""

    house: House
    threads: list[threading.Thread] = field(default_factory=list)
    stopping: threading.Event = field(default_factory=threading.Event)

    def start(self) -> None:
        """Start all loops."""
        listeners = max(1, self.house.settings.workers - 2)
        loops: list[tuple[Callable[[House], bool], float]] = [
            (send_due, IDLE_SECONDS),
            (catch_up_overdue, 1.0),
            (fetch_photo_once, IDLE_SECONDS * 2),
            (tidy, SWEEP_SECONDS),
        ]
        loops += [(listen_once, IDLE_SECONDS)] * listeners
        for work, pause in loops:
            thread = threading.Thread(
                target=self._forever,
                args=(work, pause),
                name=work.__name__,
                daemon=True,
            )
            thread.start()
            self.threads.append(thread)
        log.info("loops started count=%s listeners=%s", len(loops), listeners)

    def _forever(self, work: Callable[[House], bool], pause: float) -> None:
        while not self.stopping.is_set():
            try:
                busy = work(self.house)
            except Exception as error:  # noqa: BLE001 - a loop outlives any piece
                self.house.meters.loop_failed(work.__name__)
                log.error("loop failed name=%s %s", work.__name__, where(error))
                self.stopping.wait(TROUBLE_SECONDS)
                continue
            if not busy:
                self.stopping.wait(pause)

    def stop(self, timeout: float = 10.0) -> None:
        """Ask all loops to end and wait for them."""
        self.stopping.set()
        for thread in self.threads:
            thread.join(timeout)
        if self.threads:
            alive = sum(thread.is_alive() for thread in self.threads)
            log.info("loops stopped count=%s alive=%s", len(self.threads), alive)
        self.threads.clear()
