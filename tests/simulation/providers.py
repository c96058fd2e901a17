"""Simulated providers: they take, refuse, delay, lie low, and tell statuses later."""

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from bot.channels.base import ChannelError, Outcome, Request, Sent
from bot.domain.messages import (
    Delivery,
    Inbound,
    MediaRef,
    Outbound,
    StatusUpdate,
    Tap,
)
from tests.simulation.timeline import Timeline

if TYPE_CHECKING:
    from tests.simulation.processes import Process

SEND_SECONDS = 12.9
"""When a client gives up on a provider that does not answer."""


@dataclass
class Handover:
    """One try to hand a row to the provider, and what the sender was told of it."""

    row: int
    at: datetime
    process: str
    told: str = ""


@dataclass
class Provider:
    """One messenger service. `took` is told of every message that got there.

    `arrived` hands a message to its resident; `status` a status to one of our web
    processes.
    """

    name: str
    timeline: Timeline
    windowed: bool = False
    down_until: datetime | None = None
    down_how: str = "unreachable"
    blocked: set[str] = field(default_factory=set)
    heard: dict[str, datetime] = field(default_factory=dict)
    serial: int = 0
    calm: bool = False
    took: Callable[[Handover, Outbound], None] = lambda *_: None
    arrived: Callable[[str, Outbound, str], None] = lambda *_: None
    status: Callable[[str, StatusUpdate], None] = lambda *_: None

    def receive(self, out: Outbound, process: "Process", future: Future[Sent]) -> None:
        """Take a message that a process hands over; it arrives a few ms later."""
        handover = Handover(out.id, self.timeline.now, process.name)
        generation = process.generation
        delay = self.timeline.between(0.002, 0.008)

        def reached() -> None:
            handover.at = self.timeline.now
            self.took(handover, out)
            ending, seconds = self._decide(out)

            def answered() -> None:
                process.may_crash()
                handover.told = _named(ending)
                if isinstance(ending, ChannelError):
                    future.set_exception(ending)
                elif ending is not None:
                    future.set_result(ending)
                process.will_record()

            if ending is None:
                process.do(process.die, generation)
            elif process.alive and process.generation == generation:
                process.later(seconds, answered)

        self.timeline.after(delay, reached)

    def _decide(self, out: Outbound) -> tuple[Sent | ChannelError | None, float]:
        """Return how a try ends, and after how long; None: the process dies of it."""
        if self.down_until and self.timeline.now < self.down_until:
            return self._while_down(out)
        if out.user_id in self.blocked and not self.windowed:
            return ChannelError(Outcome.REFUSED, "blocked", closes=True), 0.1
        if self._is_shut(out) and self.timeline.chance(0.5):
            return ChannelError(Outcome.REFUSED, "outside_window"), 0.1
        return self._by_chance(out)

    def _by_chance(self, out: Outbound) -> tuple[Sent | ChannelError | None, float]:
        time = self.timeline
        dice = 1.0 if self.calm else time.random.random()
        if dice < 0.006:
            wait = time.between(1, 30)
            return ChannelError(Outcome.RETRY, "throttled", wait_seconds=wait), 0.1
        if dice < 0.012:
            return ChannelError(Outcome.RETRY, "provider_fault"), time.between(0.1, 5)
        if dice < 0.016:
            return ChannelError(Outcome.RETRY, "unreachable"), time.between(0.1, 5)
        if dice < 0.018:
            return ChannelError(Outcome.REFUSED, "too_long"), 0.1
        if dice < 0.025:
            return self._in_doubt(out)
        if dice < 0.026:
            return None, 0.0
        seconds = time.between(5, SEND_SECONDS) if dice < 0.035 else _latency(time)
        return self._deliver(out, seconds), seconds

    def _in_doubt(self, out: Outbound) -> tuple[ChannelError, float]:
        if self.timeline.chance(0.5):
            self._deliver(out, SEND_SECONDS)
        return ChannelError(Outcome.UNSURE, "timeout"), SEND_SECONDS

    def _while_down(self, out: Outbound) -> tuple[ChannelError, float]:
        time = self.timeline
        if self.down_how == "silent":
            return self._in_doubt(out)
        return ChannelError(Outcome.RETRY, self.down_how), time.between(0.1, 5)

    def _is_shut(self, out: Outbound) -> bool:
        if not self.windowed or out.template:
            return False
        heard = self.heard.get(out.user_id)
        return heard is None or self.timeline.now > heard + timedelta(hours=24)

    def _deliver(self, out: Outbound, seconds: float) -> Sent:
        self.serial += 1
        sid, time = f"{self.name}:{self.serial}", self.timeline
        failed = self._fails_later(out)
        if failed is None:
            time.after(
                seconds * time.random.random(),
                lambda: self.arrived(self.name, out, sid),
            )
        if self.windowed:
            self._tell_later(out, sid, failed)
        return Sent(sid)

    def _fails_later(self, out: Outbound) -> str | None:
        time = self.timeline
        if not self.windowed:
            return None
        if self._is_shut(out):
            return "outside_window"
        if out.user_id in self.blocked:
            return time.random.choice(("not_reachable", "opted_out"))
        if self.calm or time.random.random() > 0.03:
            return None
        reasons = ("throttled", "held_back", "provider_fault", "policy", "queue_full")
        return "sender_blocked" if time.chance(0.003) else time.random.choice(reasons)

    def _tell_later(self, out: Outbound, sid: str, failed: str | None) -> None:
        """Tell statuses in any order, some twice, some never."""
        time, about = self.timeline, {"out": str(out.id)}
        told: list[StatusUpdate] = []
        if failed is not None:
            extra = about | {"reason": failed}
            if failed == "not_reachable":
                extra["closes"] = "1"
            told.append(StatusUpdate(sid, Delivery.FAILED, "63000", extra))
        else:
            if time.chance(0.95):
                told.append(StatusUpdate(sid, Delivery.DELIVERED, None, about))
            if time.chance(0.5):
                told.append(StatusUpdate(sid, Delivery.READ, None, about))
        if time.chance(0.5):
            told.append(StatusUpdate(sid, Delivery.SENT, None, about))
        for each in told:
            for _ in range(2 if time.chance(0.1) else 1):
                seconds = time.random.expovariate(0.2)
                time.after(seconds, lambda each=each: self.status(self.name, each))  # type: ignore[misc]


def _latency(time: Timeline) -> float:
    return time.between(0.02, 0.4)


def _named(ending: Sent | ChannelError | None) -> str:
    if isinstance(ending, ChannelError):
        return ending.outcome.value
    return "sent" if ending else ""


@dataclass
class Line:
    """A process's client of a provider: the Channel protocol."""

    provider: Provider
    process: "Process"
    sounds: Mapping[str, bytes]
    ours: str | None = None
    open: deque[Future[Sent]] = field(default_factory=deque)

    @property
    def name(self) -> str:
        return self.provider.name

    @property
    def shows_number(self) -> bool:
        return self.provider.windowed

    @property
    def window(self) -> timedelta | None:
        hours = timedelta(hours=23, minutes=45)
        return hours if self.provider.windowed else None

    def parse(self, request: Request) -> Sequence[Inbound]:
        return []

    def send(self, out: Outbound) -> Future[Sent]:
        future: Future[Sent] = Future()
        self.provider.receive(out, self.process, future)
        return future

    def acknowledge(self, tap: Tap) -> None:
        """Nobody waits for it."""

    def fetch(self, ref: MediaRef) -> bytes:
        time = self.provider.timeline
        if self.provider.down_until and time.now < self.provider.down_until:
            raise ChannelError(Outcome.RETRY, "unreachable")
        if not self.provider.calm and time.chance(0.05):
            raise ChannelError(Outcome.RETRY, "provider_fault")
        if not self.provider.calm and time.chance(0.02):
            raise ChannelError(Outcome.REFUSED, "gone")
        return self.sounds["audio/ogg"]

    def delete_media(self, ref: MediaRef) -> None:
        """It is gone."""

    def erase(self, place: str) -> None:
        """It is gone."""

    def support_link(self) -> str:
        return "https://a.example/p%d"

    def close(self) -> None:
        """There is nothing to let go of."""
