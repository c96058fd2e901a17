"""A local Bot API server and, in the same process, the crowd that talks to the bot.

Says `{"port": …}` when it listens; reads one line of JSON, the `Visit`; measures, and
says the `Figures` as one line of JSON. Ends with its standard input.
"""

import asyncio
import itertools
import json
import re
import statistics
import sys
import time
from dataclasses import asdict
from urllib.parse import unquote_plus

import click

from bench.crowd import Answer, Crowd, hold, lots, rehearse
from bench.figures import Figures, Visit
from bench.http11 import Wire
from bench.postgres import backend_cpu_seconds
from bench.processes import cpu_seconds
from bench.script import Step
from bench.updates import BOT

WARM_UP = 1.5  # seconds
QUIET = 0.25  # seconds without a message that end a turn in the rehearsal
CHAT = re.compile(rb"chat_id\W+(\d+)")
BOT_JSON = json.dumps(BOT).encode()
WEBHOOK = b'{"url":"","has_custom_certificate":false,"pending_update_count":0}'
RESULTS = {b"getme": BOT_JSON, b"getupdates": b"[]", b"getwebhookinfo": WEBHOOK}
MESSAGE = (
    b'{"message_id":%d,"date":%d,"text":".","from":%b,'
    b'"chat":{"id":%d,"type":"private","first_name":"Ada"}}'
)
HEAD = (
    b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
)
message_ids = itertools.count(1_000_000)


class Provider(Wire):
    """One connection of the bot to the Bot API. A send is a message in any form."""

    latency = 0.0
    crowd: Crowd | None = None

    def received(self, head: bytes, body: bytes) -> None:
        """Answer one call after the latency; a message is on the phone just then."""
        path = head.split(b" ", 2)[1].partition(b"?")[0]
        method = path.rpartition(b"/")[2].lower()
        chat, result = 0, RESULTS.get(method, b"true")
        if method.startswith(b"send") and method != b"sendchataction":
            chat, result = self._message(body)
        if self.latency:
            loop = asyncio.get_running_loop()
            loop.call_later(self.latency, self._answer, result, chat)
        else:
            self._answer(result, chat)

    def _message(self, body: bytes) -> tuple[int, bytes]:
        found = CHAT.search(body)
        chat, message_id = int(found[1]) if found else 0, next(message_ids)
        if self.crowd:
            self.crowd.arrived(chat, message_id, body)
        return chat, MESSAGE % (message_id, time.time(), BOT_JSON, chat)

    def _answer(self, result: bytes, chat: int) -> None:
        body = b'{"ok":true,"result":%b}' % result
        if self.transport:
            self.transport.write(HEAD % len(body) + body)
        if self.crowd and chat:
            self.crowd.delivered(chat)


async def measure(visit: Visit) -> Figures:
    """Rehearse, let the crowd talk, and sum up."""
    crowd = Crowd(visit.port, visit.secret, lots(visit.city))
    Provider.crowd, Provider.latency = crowd, visit.latency
    talk = await rehearse(crowd, QUIET + 2 * visit.latency)
    if visit.show:
        show(talk)
    before = _used(visit)
    answers = await hold(crowd, visit.residents, WARM_UP, visit.seconds)
    clock, own, theirs, database = (
        after - since for since, after in zip(before, _used(visit), strict=True)
    )
    p50, p99 = percentiles(answers)
    return Figures(
        answered=len(answers),
        per_second=len(answers) / visit.seconds,
        p50_ms=p50,
        p99_ms=p99,
        failures=dict(crowd.failures),
        bot_cores=theirs / clock,
        crowd_cores=own / clock,
        database_cores=database / clock,
    )


def _used(visit: Visit) -> tuple[float, float, float, float]:
    """Return the clock, and the processor seconds of crowd, bot and database."""
    database = backend_cpu_seconds(visit.database) if visit.database else 0.0
    return time.monotonic(), time.process_time(), cpu_seconds(visit.pid), database


def percentiles(answers: list[Answer]) -> tuple[float, float]:
    """Return p50 and p99 in milliseconds; zeros for fewer than two answers."""
    if len(answers) < 2:
        return 0.0, 0.0
    times = [answer.seconds * 1000 for answer in answers]
    cuts = statistics.quantiles(times, n=100, method="inclusive")
    return cuts[49], cuts[98]


def show(talk: list[tuple[Step, list[bytes]]]) -> None:
    """Print a talk for people's eyes, whatever its messages were wrapped in."""
    for step, bodies in talk:
        click.echo(f"> {step.data or step.text}", err=True)
        for body in bodies:
            text = body.decode(errors="replace")
            plain = json.loads(text) if text.startswith("{") else unquote_plus(text)
            click.echo(f"    {plain}", err=True)


async def serve() -> None:
    """Listen, wait for the visit, make it, and tell."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(Provider, "127.0.0.1", 0)
    click.echo(json.dumps({"port": server.sockets[0].getsockname()[1]}))
    line = await asyncio.to_thread(sys.stdin.readline)
    if line:
        found = await measure(Visit(**json.loads(line)))
        click.echo(json.dumps(asdict(found)))
        await asyncio.to_thread(sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(serve())
