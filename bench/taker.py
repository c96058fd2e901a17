"""A provider that takes every message and notes when it came, to a microsecond.

Speaks as much of Twilio's and Telegram's interfaces as a send needs. Says
`{"port": …}` when it listens and, told a line, the moments of the messages so far.
"""

import asyncio
import contextlib
import itertools
import json
import os
import sys
import time

import click

from bench.http11 import Wire

TWILIO = b"/Messages.json"
SENT = (
    b'{"ok":true,"result":{"message_id":%d,"date":%d,"chat":{"id":1,"type":"private"}}}'
)
TAKEN = b'{"sid":"SM%032x","status":"queued"}'
HEAD = b"HTTP/1.1 %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%b"
numbers = itertools.count(1)
moments: list[float] = []


class Taker(Wire):
    """One connection of the bot to the provider."""

    def received(self, head: bytes, body: bytes) -> None:
        """Take a message and answer at once."""
        del body
        path = head.split(b" ", 2)[1]
        if path.endswith(TWILIO):
            moments.append(time.monotonic())
            self._say(b"201 Created", TAKEN % next(numbers))
        elif path.endswith(b"/sendMessage"):
            moments.append(time.monotonic())
            self._say(b"200 OK", SENT % (next(numbers), time.time()))
        else:
            self._say(b"200 OK", b'{"ok":true,"result":true}')

    def _say(self, status: bytes, body: bytes) -> None:
        if self.transport:
            self.transport.write(HEAD % (status, len(body), body))


async def serve() -> None:
    """Listen until the standard input ends; tell the moments when asked.

    Goes before the workers where that is allowed, as if it had a machine of its own:
    what waits here for a processor would look like what came late.
    """
    with contextlib.suppress(PermissionError):
        os.nice(-10)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(Taker, "127.0.0.1", 0)
    click.echo(json.dumps({"port": server.sockets[0].getsockname()[1]}))
    while await asyncio.to_thread(sys.stdin.readline):
        click.echo(json.dumps({"moments": moments}))


if __name__ == "__main__":
    asyncio.run(serve())
