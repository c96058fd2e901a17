"""Sends what is owed, in order per talk, without ever holding a transaction.

Replies come here right after the commit that decided them; everything else is claimed
by the worker. Channels work in the background and report by callback; outcomes are
written together, many in one commit.
"""

import logging
import threading
from collections import Counter, deque
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import replace
from datetime import datetime, timedelta

from bot.channels.base import LATE, Channel, ChannelError, Outcome, Sent
from bot.meters import Meters
from bot.services.counting import count_outcomes
from bot.services.faults import where
from bot.services.outbox import Owed
from bot.services.outcomes import Outcomes, record_outcomes
from bot.services.pacer import Go, Pacer, Places
from bot.store.database import Database

log = logging.getLogger(__name__)
GATHER_SECONDS = 0.03
MARGIN = timedelta(seconds=13)
"""As long as a send may take: it must end within the lease of 15 seconds."""

TROUBLE_SECONDS = 0.25
"""After an error, until it is tried again to write outcomes: before others claim."""

MOST_LOST = 10
"""Places that a message loses because it is late. Then it goes all the same.

A machine that is always late is far below the pace, and must come to an end.
"""

MOST_IN_HAND = 1_000
"""Claimed and not written down yet. More would only wait here while leases run out."""


class Sender:
    """One per process. `name` stands in the leases of the rows it sends.

    It has threads that keep time. With a `pacer`, whoever owns the time lets messages
    go at their places, and calls `record` to have outcomes written.
    """

    def __init__(
        self,
        db: Database,
        channels: Mapping[str, Channel],
        clock: Callable[[], datetime],
        name: str,
        meters: Meters | None = None,
        pacer: Callable[[Go], Places] | None = None,
    ) -> None:
        self.name = name
        self._meters = meters or Meters()
        self._db = db
        self._channels = channels
        self._clock = clock
        self._lock = threading.Lock()
        self._waiting: dict[int, deque[Owed]] = {}
        self._ended: list[Outcomes] = []
        self._freed: list[int] = []
        self._busy: set[int] = set()
        self._held: set[int] = set()
        self._in_hand: set[int] = set()
        self._lost: Counter[int] = Counter()
        self._writing = False
        self._something = threading.Event()
        self._idle = threading.Condition(self._lock)
        self._recorder: threading.Thread | None = None
        self._by_itself = pacer is None
        self._closing = False
        self._pacer = (pacer or Pacer)(self._at_its_place)

    def push(self, owed: list[Owed]) -> None:
        """Start sending these; the rows of one talk go one after the other.

        One with a place in the pace of its channel goes at its place.
        """
        self._start_recorder()
        starting, paced = [], []
        with self._lock:
            for each in owed:
                if not self._takes(each):
                    continue
                if each.at is not None:
                    paced.append((each, each.at))
                else:
                    line = self._waiting.setdefault(each.talk, deque())
                    line.append(each)
                    if each.talk not in self._busy:
                        self._busy.add(each.talk)
                        starting.append(line.popleft())
        for each in starting:
            self._send(each)
        for each, at in paced:
            self._pacer.put(each, (at - self._clock()).total_seconds())

    def _at_its_place(self, owed: Owed, in_time: bool) -> None:  # noqa: FBT001
        """Send a message at its place; a place that was missed is lost.

        Also where something else is on its way to the same talk: what was claimed later
        may be a reply, and that does not wait for this.
        """
        with self._lock:
            patient = self._lost[owed.row] < MOST_LOST
            goes = (in_time or not patient) and owed.talk not in self._busy
            if goes:
                self._busy.add(owed.talk)
                self._waiting[owed.talk] = deque()
            else:
                self._lose(owed)
        if goes:
            out = owed.out if patient else replace(owed.out, begin_by=None)
            self._send(replace(owed, out=out))

    def _lose(self, owed: Owed) -> None:
        """Give a message back whose place is lost: another claim gives it a new one."""
        if len(self._lost) > MOST_IN_HAND:
            self._lost.clear()  # they went elsewhere
        self._lost[owed.row] += 1
        self._freed.append(owed.row)
        self._something.set()

    def _too_late(self, owed: Owed) -> None:
        """Let its talk go on without a message that lost its place under way."""
        with self._lock:
            self._lose(owed)
            following = self._following(owed.talk)
        if following is not None:
            self._send(following)

    def holds(self, row: int) -> bool:
        """Tell whether a message is in hand: pushed, its end not yet written."""
        with self._lock:
            return row in self._in_hand

    def _takes(self, owed: Owed) -> bool:
        """Tell whether a row may be sent from here now.

        A row in hand is not taken twice. While earlier rows of its talk went back to
        the queue, a fresh reply goes there too: only what is claimed is in order again.
        """
        if owed.row in self._in_hand:
            return False
        if owed.claimed:
            self._held.discard(owed.talk)
        elif owed.talk in self._held:
            self._freed.append(owed.row)
            self._something.set()
            return False
        self._in_hand.add(owed.row)
        return True

    def _send(self, owed: Owed) -> None:
        if owed.until is not None and self._clock() > owed.until - MARGIN:
            self._give_up(owed)
            return
        try:
            future = self._channels[owed.channel].send(owed.out)
        except Exception as error:  # noqa: BLE001 - one message, not the sender
            log.error("channel failed before sending row=%s %s", owed.row, where(error))
            self._end(owed, None, ChannelError(Outcome.REFUSED, "adapter_error"))
            return
        future.add_done_callback(lambda done: self._sent(owed, done))

    def _give_up(self, owed: Owed) -> None:
        """Leave a row whose lease is nearly over, and what is behind it, to a claim."""
        with self._lock:
            self._give_back(owed.talk, owed)

    def _give_back(self, talk: int, *rows: Owed) -> None:
        """Return rows and all that wait in their talk's line to the queue."""
        self._held.add(talk)
        self._freed += [each.row for each in (*rows, *self._waiting.pop(talk))]
        self._busy.discard(talk)
        self._something.set()

    def _sent(self, owed: Owed, done: "Future[Sent]") -> None:
        if done.cancelled():
            self._end(owed, None, ChannelError(Outcome.UNSURE, "closed"))
            return
        error = done.exception()
        if error is None:
            self._end(owed, done.result(), None)
        elif isinstance(error, ChannelError) and error.code == LATE:
            self._too_late(owed)
        elif isinstance(error, ChannelError):
            self._end(owed, None, error)
        else:
            log.error("channel error row=%s %s", owed.row, where(error))
            self._end(owed, None, ChannelError(Outcome.UNSURE, "adapter_error"))

    def _end(self, owed: Owed, sent: Sent | None, error: ChannelError | None) -> None:
        """Note how a send ended and go on with the talk's next row.

        After a failure that will be repeated, the rest of the talk waits for it: their
        leases are given back, and the worker takes them up in order.
        """
        held_back = error is not None and error.outcome is Outcome.RETRY
        with self._lock:
            self._ended.append(Outcomes(owed, sent, error, self._clock()))
            self._something.set()
            if held_back:
                self._give_back(owed.talk)
            following = self._following(owed.talk)
        if following is not None:
            self._send(following)

    def _following(self, talk: int) -> Owed | None:
        """Return the next row of a talk; let go of the talk if there is none."""
        line = self._waiting.get(talk)
        if line:
            return line.popleft()
        self._waiting.pop(talk, None)
        self._busy.discard(talk)
        return None

    def _start_recorder(self) -> None:
        if self._by_itself and self._recorder is None:
            with self._lock:
                if self._recorder is None:
                    self._recorder = threading.Thread(
                        target=self._record_forever, name="recorder", daemon=True
                    )
                    self._recorder.start()

    def _record_forever(self) -> None:
        pause = threading.Event()
        while not (self._closing and not self._ended):
            self._something.wait()
            pause.wait(GATHER_SECONDS)
            if not self.record():
                pause.wait(TROUBLE_SECONDS)

    def record(self) -> bool:
        """Write what has ended; False if it is kept for later: no database answered."""
        with self._lock:
            ended, self._ended = self._ended, []
            freed, self._freed = self._freed, []
            self._something.clear()
            if not ended and not freed:
                return True
            self._writing = True
        try:
            self._db.run(lambda db: record_outcomes(db, ended, freed))
        except Exception as error:  # noqa: BLE001 - kept and written later
            log.error("outcomes not written count=%s %s", len(ended), where(error))
            with self._lock:
                self._ended = ended + self._ended
                self._freed = freed + self._freed
                self._something.set()
                self._writing = False
            return False
        count_outcomes(self._meters, ended)
        with self._idle:
            self._writing = False
            for each in ended:
                self._in_hand.discard(each.owed.row)
                self._lost.pop(each.owed.row, None)
            self._in_hand.difference_update(freed)
            self._idle.notify_all()
        return True

    def room(self) -> int:
        """Return how many more messages it is wise to claim now."""
        return max(0, MOST_IN_HAND - len(self._in_hand))

    def settle(self, timeout: float = 10.0) -> bool:
        """Wait until nothing is on its way and all outcomes are written."""
        with self._idle:
            return self._idle.wait_for(
                lambda: not (self._in_hand or self._freed or self._writing),
                timeout,
            )

    def close(self) -> None:
        """Let what is on its way end, and stop."""
        self.settle()
        self._closing = True
        self._something.set()
