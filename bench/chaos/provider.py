"""Both providers' HTTP side, on one port, with their bad days."""

import asyncio
import itertools
import json
import socket
import struct
import time
from collections.abc import Callable
from functools import partial
from urllib.parse import parse_qs

from bench.chaos import telegram, twilio
from bench.chaos.faults import (
    FINE,
    HANG_SECONDS,
    HUNG,
    RESET,
    THROTTLED,
    UNAVAILABLE,
    Faults,
)
from bench.chaos.seen import Arrival, Fate, Ledger
from bench.http11 import Wire

HEAD = (
    "HTTP/1.1 {status} Told\r\nContent-Type: application/json\r\n"
    "Content-Length: {length}\r\n\r\n"
)
FATES = {FINE: Fate.ANSWERED, HUNG: Fate.HUNG, RESET: Fate.RESET}
Answer = tuple[int, object]


class Providers:
    """Takes the bot's requests, keeps what arrived, and misbehaves as told.

    `put` is called with every message that lies on a phone, `took` with every message
    that was taken, before the bot hears of it.
    """

    def __init__(
        self,
        ledger: Ledger,
        faults: Faults,
        put: Callable[[Arrival], None],
        took: Callable[[], None],
    ) -> None:
        self._ledger = ledger
        self._faults = faults
        self._put = put
        self._took = took
        self._contents = twilio.Contents()
        self._names = itertools.count(1_000_000)

    async def listen(self) -> asyncio.Server:
        """Listen on a free port of this machine."""
        loop = asyncio.get_running_loop()
        return await loop.create_server(partial(_Line, self), "127.0.0.1", 0)

    def take(self, line: "_Line", verb: str, path: str, body: bytes) -> None:
        """Take one request and see to its answer."""
        if verb == "GET":
            line.answer((200, twilio.inbox(self._ledger.deliveries)))
            return
        on_telegram = path.startswith("/bot")
        says = path.lower().endswith(
            "/sendmessage" if on_telegram else "/messages.json"
        )
        if on_telegram and not says:
            line.answer((200, {"ok": True, "result": True}))
            return
        fault = self._faults.of_request()
        self._ledger.counts[fault] += fault != FINE
        if fault in {THROTTLED, UNAVAILABLE}:
            line.later(self._faults.latency(), _refusal(fault, on_telegram))
        elif says:
            self._says(line, body, fault, on_telegram=on_telegram)
        else:
            line.later(self._faults.latency(), self._contents.make(body))

    def _says(
        self, line: "_Line", body: bytes, fault: str, *, on_telegram: bool
    ) -> None:
        pairs = parse_qs(body.decode(), keep_blank_values=True).items()
        form = {key: values[0] for key, values in pairs}
        now, fate = time.monotonic(), FATES[fault]
        if on_telegram:
            one = telegram.arrival(form, str(next(self._names)), now, fate)
        else:
            one = self._contents.arrival(form, now, fate)
        self._ledger.arrivals.append(one)
        self._took()
        if fate is not Fate.HUNG or self._faults.arrives_although_hung():
            self._put(one)
        answer = (telegram if on_telegram else twilio).result(one)
        if fate is Fate.RESET:
            line.reset()
        else:
            seconds = HANG_SECONDS if fate is Fate.HUNG else self._faults.latency()
            line.later(seconds, answer)


def _refusal(fault: str, on_telegram: bool) -> Answer:  # noqa: FBT001 - one of two
    if fault == UNAVAILABLE:
        return 503, "Service Unavailable"
    return telegram.THROTTLED if on_telegram else twilio.THROTTLED


class _Line(Wire):
    """One connection of the bot to a provider."""

    def __init__(self, providers: Providers) -> None:
        super().__init__()
        self._providers = providers

    def received(self, head: bytes, body: bytes) -> None:
        verb, target, _ = head.decode().split(" ", 2)
        self._providers.take(self, verb, target.partition("?")[0], body)

    def later(self, seconds: float, answer: Answer) -> None:
        """Answer after some time, if anybody still listens then."""
        asyncio.get_running_loop().call_later(seconds, self.answer, answer)

    def answer(self, answer: Answer) -> None:
        """Answer a request with JSON."""
        if self.transport is None or self.transport.is_closing():
            return
        status, value = answer
        body = json.dumps(value).encode()
        head = HEAD.format(status=status, length=len(body)).encode()
        self.transport.write(head + body)

    def reset(self) -> None:
        """Hang up without a word, as a broken line does."""
        if self.transport is None:
            return
        raw = self.transport.get_extra_info("socket")
        linger = struct.pack("ii", 1, 0)
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        self.transport.abort()
