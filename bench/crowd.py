"""Simulated residents: each waits for her answer before she says the next thing."""

import asyncio
import itertools
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from bench.city import known_chats, new_chats
from bench.http11 import Wire
from bench.script import KNOWN, SCRIPTS, Step
from bench.updates import update

PATIENCE = 10.0  # seconds until a message counts as never answered
PAUSE = 0.1  # seconds before a resident who was let down starts anew
KEYBOARD = re.compile(rb"inline_keyboard")


@dataclass(slots=True)
class Answer:
    """One answered message: when its first reply arrived, and after how long."""

    at: float
    seconds: float


@dataclass(frozen=True, slots=True)
class Lot:
    """Neighbours who all say the same: each takes the next of the `chats`."""

    script: tuple[Step, ...]
    chats: Iterator[int]


def lots(city: int) -> tuple[Lot, ...]:
    """Return who talks: strangers, and with a `city` half of them its residents."""
    if not city:
        chats = itertools.count(10_000)
        return tuple(Lot(script, chats) for script in SCRIPTS)
    strangers, residents = new_chats(), known_chats(city)
    return (
        *(Lot(script, strangers) for script in SCRIPTS),
        *(Lot(script, residents) for script in KNOWN),
    )


@dataclass(slots=True)
class Crowd:
    """Everybody on one webhook, what they were told, and what went wrong.

    `owed` holds how many messages answer each step, learned by `rehearse()`: a turn is
    over when the last of them was delivered, so no reply is taken for the next one's.
    """

    port: int
    secret: str
    lots: tuple[Lot, ...]
    answers: list[Answer] = field(default_factory=list)
    failures: Counter[str] = field(default_factory=Counter)
    by_chat: dict[int, "Resident"] = field(default_factory=dict)
    owed: dict[Step, int] = field(default_factory=dict)
    closing: bool = False

    def close(self) -> None:
        """Let nobody say anything new."""
        self.closing = True

    def arrived(self, chat: int, message_id: int, body: bytes) -> None:
        """Note that a message for `chat` reached the provider."""
        if resident := self.by_chat.get(chat):
            resident.arrived(message_id, body)

    def delivered(self, chat: int) -> None:
        """Note that the provider has put the message on the phone of `chat`."""
        if resident := self.by_chat.get(chat):
            resident.delivered()


class Resident(Wire):
    """One neighbour, and her provider's kept connection to the webhook."""

    def __init__(self, crowd: Crowd, lot: Lot) -> None:
        super().__init__()
        self.crowd = crowd
        self.script = lot.script
        self._chats = lot.chats
        self.rehearsing = False
        self.busy = False
        self._acknowledged = False
        self.bodies: list[bytes] = []
        self.posted_at = 0.0
        self._loop = asyncio.get_running_loop()
        self._chat = 0
        self._next = 0
        self._begin_lap()

    def _begin_lap(self) -> None:
        """Become another neighbour, to whom nobody else speaks just now."""
        self.crowd.by_chat.pop(self._chat, None)
        self._chat = next(
            each for each in self._chats if each not in self.crowd.by_chat
        )
        self.crowd.by_chat[self._chat] = self
        self._next = 0
        self._tappable = 1

    async def connect(self) -> None:
        """Open the connection. Raises OSError if nobody listens."""
        await self._loop.create_connection(lambda: self, "127.0.0.1", self.crowd.port)

    def act(self) -> None:
        """Say the next thing, over a new connection if the server closed the old."""
        if self.crowd.closing:
            return
        if self._next == len(self.script):
            self._begin_lap()
        self.step = self.script[self._next]
        self._next += 1
        self.busy, self._acknowledged, self._delivered = True, False, 0
        self.bodies = []
        self.posted_at = self._loop.time()
        if self.transport is None or self.transport.is_closing():
            self._reconnecting = self._loop.create_task(self._reconnect())
        else:
            self._post(self.transport)

    def _post(self, transport: asyncio.Transport) -> None:
        body = update(self.step, self._chat, self._tappable)
        self.posted_at = self._loop.time()
        transport.write(self._head(body) + body)

    async def _reconnect(self) -> None:
        try:
            await self.connect()
        except OSError:
            self.fail("refused connections")
        else:
            if self.transport:
                self._post(self.transport)

    def _head(self, body: bytes) -> bytes:
        return (
            f"POST /telegram HTTP/1.1\r\nHost: 127.0.0.1:{self.crowd.port}\r\n"
            "Content-Type: application/json\r\n"
            f"X-Telegram-Bot-Api-Secret-Token: {self.crowd.secret}\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        ).encode()

    def received(self, head: bytes, body: bytes) -> None:
        """Take the webhook's answer to a post."""
        del body
        status = head[9:12]
        if status != b"200":
            self.fail(f"webhook answered {status.decode()}")
            return
        self._acknowledged = True
        self._go_on()

    def arrived(self, message_id: int, body: bytes) -> None:
        """Take a message on its way to her; the first one ends the measured time."""
        if self.busy and not self.bodies:
            now = self._loop.time()
            self.crowd.answers.append(Answer(now, now - self.posted_at))
        self.bodies.append(body)
        if KEYBOARD.search(body):
            self._tappable = message_id

    def delivered(self) -> None:
        """Take a message that is on her phone now: she can act on it."""
        self._delivered += 1
        self._go_on()

    def _go_on(self) -> None:
        owed = self.crowd.owed.get(self.step, 1)
        if not self.busy or not self._acknowledged or self._delivered < owed:
            return
        if not any(self.step.expects.search(body) for body in self.bodies):
            self.fail(f"no sense in the answer to {self.step.data or self.step.text}")
            return
        self.busy = False
        if not self.rehearsing:
            self.act()

    def fail(self, why: str) -> None:
        """Count a message that got no good answer and start anew as somebody else."""
        self.crowd.failures[why] += 1
        if self.transport and not self._acknowledged:
            # A late 200 must not be taken for the next post's.
            self.transport.close()
        self.busy = False
        self._begin_lap()
        if not self.rehearsing:
            self._loop.call_later(PAUSE, self.act)

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        if self.busy and not self._acknowledged:
            self.fail("connection lost")


async def rehearse(crowd: Crowd, quiet: float) -> list[tuple[Step, list[bytes]]]:
    """Walk one resident through each script and learn how many messages answer.

    Waits `quiet` seconds for stragglers after each answer. Returns every step with
    the bodies that answered it. Raises RuntimeError at the first unanswered one.
    """
    talks = await asyncio.gather(*(_walk(crowd, lot, quiet) for lot in crowd.lots))
    crowd.answers.clear()
    return [line for talk in talks for line in talk]


async def _walk(crowd: Crowd, lot: Lot, quiet: float) -> list[tuple[Step, list[bytes]]]:
    resident = Resident(crowd, lot)
    resident.rehearsing = True
    await resident.connect()
    talk = []
    for step in lot.script:
        resident.act()
        await _until_idle([resident])
        await asyncio.sleep(quiet)
        if crowd.failures:
            said = [body.decode(errors="replace")[:400] for body in resident.bodies]
            raise RuntimeError(f"{dict(crowd.failures)} at {step}: {said}")
        crowd.owed[step] = len(resident.bodies)
        talk.append((step, resident.bodies))
    return talk


async def hold(crowd: Crowd, size: int, warm_up: float, seconds: float) -> list[Answer]:
    """Let `size` residents talk; return what was answered after the warm-up.

    Waits until every message still open is answered or has failed.
    """
    loop = asyncio.get_running_loop()
    residents = [Resident(crowd, crowd.lots[n % len(crowd.lots)]) for n in range(size)]
    await asyncio.gather(*(resident.connect() for resident in residents))
    begin = loop.time() + warm_up
    end = begin + seconds
    loop.call_at(end, crowd.close)
    for resident in residents:
        resident.act()
    await _until_idle(residents, end)
    return [answer for answer in crowd.answers if begin <= answer.at < end]


async def _until_idle(residents: list[Resident], until: float = 0.0) -> None:
    """Wait until nobody waits for an answer, giving up on those that are late.

    Does not end before `until`, in the loop's own time: all may pause at once.
    """
    loop = asyncio.get_running_loop()
    while loop.time() < until or any(resident.busy for resident in residents):
        await asyncio.sleep(0.02)
        late = loop.time() - PATIENCE
        for resident in residents:
            if resident.busy and resident.posted_at < late:
                resident.fail("never answered")
