"""The loops that pay what is owed: send, listen, catch up, recover, sweep.

Every loop asks the database for work, does one piece, and asks again. An error is
logged with ids and the loop goes on: the piece comes back when its lease runs out.
"""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from bot.services.claims import claim
from bot.services.faults import where
from bot.services.house import House
from bot.services.notes import catch_up, listen_once, overdue_talks
from bot.services.photos import fetch_photo_once
from bot.services.recovery import EVERY, recover_missed
from bot.services.sweep import sweep

log = logging.getLogger(__name__)
IDLE_SECONDS = 0.25
TROUBLE_SECONDS = 2.0
SWEEP_SECONDS = 30.0


def send_due(house: House) -> bool:
    """Claim what is due and hand it to the sender; False if nothing was."""
    channels, me = list(house.channels), house.postman.name
    owed = house.db.run(lambda db: claim(db, channels, me, house.clock()))
    house.postman.push(owed)
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
            (recover_missed, EVERY.total_seconds()),
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

    def _forever(self, work: Callable[[House], bool], pause: float) -> None:
        while not self.stopping.is_set():
            try:
                busy = work(self.house)
            except Exception as error:  # noqa: BLE001 - a loop outlives any piece
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
