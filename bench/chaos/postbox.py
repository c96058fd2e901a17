"""Deliveries to the bot as providers make them: repeated, reordered, in time given up.

Telegram keeps the order of a chat and repeats an update until it hears 200. Twilio
keeps no order and tries a message a few times within 15 seconds; after that it can
only be found in its list of messages.
"""

import asyncio
import contextlib
import itertools
from collections import defaultdict
from collections.abc import Callable, Coroutine, Iterator, Sequence

from bench.chaos import telegram
from bench.chaos.faults import Faults
from bench.chaos.seen import Delivery, Ledger

ANSWER_SECONDS = 15.0
HELD_SECONDS = 3.0
PATIENT_WAITS = (0.2, 0.5, 1.0, 2.0)
HURRIED_WAITS = (1.0, 2.0, 4.0, 8.0)


class Postbox:
    """Hands deliveries to the web processes at `ports`, one after the other in turn.

    `opened` is called whenever a request lies open at a port.
    """

    def __init__(
        self,
        ledger: Ledger,
        faults: Faults,
        ports: Sequence[int],
        opened: Callable[[int], None],
    ) -> None:
        self._ledger = ledger
        self._faults = faults
        self._ports = itertools.cycle(ports)
        self._opened = opened
        self._chats: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._held: list[tuple[Delivery, asyncio.Event]] = []
        self._tasks: set[asyncio.Task[None]] = set()

    def hand_over(self, delivery: Delivery) -> None:
        """Begin to deliver a message of a resident."""
        self._ledger.deliveries.append(delivery)
        on_telegram = delivery.channel == telegram.CHANNEL
        self._start(self._in_order(delivery) if on_telegram else self._hurry(delivery))

    def report(self, delivery: Delivery, seconds: float) -> None:
        """Post a status after some time, once: providers do not repeat those."""
        self._start(self._later(delivery, seconds, "statuses"))

    async def drained(self) -> None:
        """Wait until nothing is to be delivered any more."""
        while self._tasks:
            await asyncio.wait(set(self._tasks))

    def _start(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _in_order(self, delivery: Delivery) -> None:
        async with self._chats[delivery.address]:
            await self._deliver(
                delivery, itertools.chain(PATIENT_WAITS, itertools.repeat(2.0))
            )

    async def _hurry(self, delivery: Delivery) -> None:
        await self._deliver(delivery, iter(HURRIED_WAITS))

    async def _deliver(self, delivery: Delivery, waits: Iterator[float]) -> None:
        if self._faults.reorders():
            await self._let_pass(delivery)
        while not await self._attempt(delivery):
            seconds = next(waits, None)
            if seconds is None:
                self._ledger.counts["never acknowledged"] += 1
                break
            await asyncio.sleep(seconds)
        delivery.ended.set()
        again = self._faults.repeats() if delivery.acknowledged else None
        if again is not None:
            self._start(self._later(delivery, again, "repeated"))

    async def _let_pass(self, delivery: Delivery) -> None:
        """Wait until another message went by: of another chat, where order is kept."""
        self._ledger.counts["reordered"] += 1
        passed = asyncio.Event()
        self._held.append((delivery, passed))
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(passed.wait(), HELD_SECONDS)
        self._held.remove((delivery, passed))

    async def _attempt(self, delivery: Delivery) -> bool:
        delivery.attempts += 1
        if await self._post(delivery) == 200:
            delivery.acknowledged = True
        for held, passed in self._held:
            if held is not delivery:
                passed.set()
        return delivery.acknowledged

    async def _later(self, delivery: Delivery, seconds: float, counted: str) -> None:
        await asyncio.sleep(max(0.0, seconds))
        self._ledger.counts[counted] += await self._post(delivery) == 200

    async def _post(self, delivery: Delivery) -> int:
        """Post to the next web process; 0 if no whole answer came."""
        port = next(self._ports)
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                reader, writer = await asyncio.open_connection("127.0.0.1", port)
                try:
                    writer.write(_request(delivery, port))
                    self._opened(port)
                    line = await reader.readline()
                    await reader.read()
                finally:
                    writer.close()
        except (OSError, TimeoutError):
            return 0
        return int(line[9:12]) if line.startswith(b"HTTP/1.1 ") else 0


def _request(delivery: Delivery, port: int) -> bytes:
    headers = {
        "Host": f"127.0.0.1:{port}",
        "Connection": "close",
        "Content-Length": str(len(delivery.body)),
        **delivery.headers,
    }
    lines = [f"POST {delivery.path} HTTP/1.1"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode() + delivery.body
