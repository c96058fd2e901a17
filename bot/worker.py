"""The loops that pay what is owed: send, listen, read aloud, catch up, recover, sweep.

Every loop asks the database for work, does one piece, and asks again. An error is
logged with ids and the loop goes on: the piece comes back when its lease runs out.
"""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

from sqlalchemy import Connection

from bot.meters import Noted
from bot.own_page import write_page
from bot.services.approvals import check_templates
from bot.services.behind import catch_up, overdue_talks
from bot.services.chaining import chain_ballots
from bot.services.claims import AT_ONCE, claim, is_anything_due
from bot.services.counting import count_noted
from bot.services.desk.releasing import carry_out
from bot.services.doubts import ask_about_doubts
from bot.services.due_checkins import ask_due_checkins
from bot.services.faults import where
from bot.services.handing_over import tell_handovers
from bot.services.health import can_write
from bot.services.house import House, Scene
from bot.services.meetings import end_old_meetings
from bot.services.mydata.giving import give_once
from bot.services.notes import listen_once
from bot.services.outbox import Owed
from bot.services.outgoing import post_events
from bot.services.photos import fetch_photo_once
from bot.services.recovery import EVERY, recover_missed
from bot.services.reminding import remind_voters
from bot.services.retiring import retire
from bot.services.searching import fill_search
from bot.services.spreading import spread_broadcasts
from bot.services.sweep import sweep
from bot.services.voicing import speak_once
from bot.store.bell import FETCH, LISTEN, MAKE, SEND, SPEAK, Bell

log = logging.getLogger(__name__)
IDLE_SECONDS = 0.25
"""How often to look for what nobody has rung for: it is due by its time."""

TROUBLE_SECONDS = 5.0
"""After an error, once the database takes writes (again).

Long enough for every process to write down what it had sent before its leases ran out:
then nobody else sends it once more.
"""

LOOK_SECONDS = 0.5

SWEEP_SECONDS = 30.0
DOUBT_SECONDS = 60.0
APPROVAL_SECONDS = 60.0
REMIND_SECONDS = 300.0
CHAIN_SECONDS = 60.0
EVENT_SECONDS = 1.0
CARE_SECONDS = 300.0
HANDOVER_SECONDS = 60.0
RETIRE_SECONDS = 24 * 3600.0


def send_due(house: House) -> bool:
    """Claim what is due and hand it to the sender; False if it has nothing to do."""
    now, room = house.clock(), house.postman.room()
    if not room or not house.db.read(lambda db: is_anything_due(Scene(house, db, now))):
        return False

    def job(db: Connection) -> tuple[list[Owed], list[Noted]]:
        scene = Scene(house, db, house.clock())
        return claim(scene, limit=min(room, AT_ONCE)), scene.noted

    owed, noted = house.db.run(job)
    house.postman.push(owed)
    count_noted(house.meters, noted)
    return bool(owed)


def catch_up_overdue(house: House) -> bool:
    """Answer what has waited a minute behind a voice note; False if nothing has."""
    talks = house.db.run(lambda db: overdue_talks(db, house.clock()))
    return sum(catch_up(house, talk) for talk in talks) > 0


def ask_in_doubt(house: House) -> bool:
    """Ask people about messages in doubt; never asks to be run again at once."""
    now = house.clock()
    house.db.run(lambda db: ask_about_doubts(db, now))
    return False


def tidy(house: House) -> bool:
    """Delete what is due; never asks to be run again at once."""
    sweep(house)
    return False


def give_data(house: House) -> bool:
    """Make a file for somebody who asked for her data; False if nobody has."""
    return give_once(house, write_page)


def retire_old(house: House) -> bool:
    """Let go of what is old; never asks to be run again at once."""
    retire(house)
    return False


@dataclass(frozen=True, slots=True)
class Loop:
    """Work that is looked for every `seconds`, or when the bell `rung` is heard."""

    work: Callable[[House], bool]
    seconds: float
    rung: str | None = None


CATCHING_UP = Loop(catch_up_overdue, 1.0)
LOOPS = (
    Loop(send_due, IDLE_SECONDS, SEND),
    Loop(spread_broadcasts, 1.0),
    Loop(carry_out, 1.0),
    CATCHING_UP,
    Loop(fetch_photo_once, IDLE_SECONDS * 2, FETCH),
    Loop(speak_once, IDLE_SECONDS, SPEAK),
    Loop(give_data, IDLE_SECONDS * 4, MAKE),
    Loop(ask_in_doubt, DOUBT_SECONDS),
    Loop(check_templates, APPROVAL_SECONDS),
    Loop(recover_missed, EVERY.total_seconds()),
    Loop(remind_voters, REMIND_SECONDS),
    Loop(chain_ballots, CHAIN_SECONDS),
    Loop(post_events, EVENT_SECONDS),
    Loop(ask_due_checkins, CARE_SECONDS),
    Loop(tell_handovers, HANDOVER_SECONDS),
    Loop(end_old_meetings, CARE_SECONDS),
    Loop(tidy, SWEEP_SECONDS),
    Loop(fill_search, SWEEP_SECONDS),
    Loop(retire_old, RETIRE_SECONDS),
)
LISTENING = Loop(listen_once, IDLE_SECONDS, LISTEN)
OTHER_THREADS = 2
"""How many of a worker's threads do not listen."""


class Part(StrEnum):
    """Which of the work a worker does."""

    ALL = "all"
    LISTENING = "listening"
    """Only voice notes and their turns: for a machine that is good at that."""
    REST = "rest"
    """Everything else."""


def loops_of(part: Part, threads: int) -> tuple[Loop, ...]:
    """Return the loops of a worker with so many threads, one for each time it runs."""
    if part is Part.REST:
        return LOOPS
    if part is Part.LISTENING:
        return (CATCHING_UP, *[LISTENING] * threads)
    return (*LOOPS, *[LISTENING] * max(1, threads - OTHER_THREADS))


@dataclass
class Worker:
    """Runs the loops in threads until it is stopped."""

    house: House
    part: Part = Part.ALL
    threads: list[threading.Thread] = field(default_factory=list)
    stopping: threading.Event = field(default_factory=threading.Event)
    bell: Bell | None = None

    def start(self) -> None:
        """Start all loops."""
        self.bell = Bell(self.house.settings.database_url)
        loops = loops_of(self.part, self.house.settings.workers)
        for loop in loops:
            thread = threading.Thread(
                target=self._forever,
                args=(loop, self.bell),
                name=loop.work.__name__,
                daemon=True,
            )
            thread.start()
            self.threads.append(thread)
        listeners = loops.count(LISTENING)
        log.info("loops started count=%s listeners=%s", len(loops), listeners)

    def _forever(self, loop: Loop, bell: Bell) -> None:
        while not self.stopping.is_set():
            try:
                busy = loop.work(self.house)
            except Exception as error:  # noqa: BLE001 - a loop outlives any piece
                self.house.meters.loop_failed(loop.work.__name__)
                log.error("loop failed name=%s %s", loop.work.__name__, where(error))
                self._recover()
                continue
            if not busy:
                self._rest(loop, bell)

    def _recover(self) -> None:
        """Wait until the database takes writes, and then for the others to write."""
        while not (self.stopping.is_set() or can_write(self.house)):
            self.stopping.wait(LOOK_SECONDS)
        self.stopping.wait(TROUBLE_SECONDS)

    def _rest(self, loop: Loop, bell: Bell) -> None:
        """Wait until there may be work again."""
        if loop.rung is None or not bell.hears:
            self.stopping.wait(loop.seconds)
        else:
            bell.wait(loop.rung, loop.seconds)

    def stop(self, timeout: float = 10.0) -> None:
        """Ask all loops to end and wait for them."""
        self.stopping.set()
        if self.bell:
            self.bell.close()
        for thread in self.threads:
            thread.join(timeout)
        if self.threads:
            alive = sum(thread.is_alive() for thread in self.threads)
            log.info("loops stopped count=%s alive=%s", len(self.threads), alive)
        self.threads.clear()
