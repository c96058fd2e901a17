"""One worker's bookkeeping: claim, hand over, write down, with nobody to wait for.

`python -m bench.bookkeeper URL` says `{}` when it is ready, begins when it is told a
line, and says how many messages it has sent, in how many seconds, at which cost.
"""

import json
import sys
import tempfile
import time
from concurrent.futures import Future
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import cast

import click

from bench.processes import peak_megabytes
from bot.app import build
from bot.channels.base import Channel, Sent
from bot.config import Settings
from bot.domain.messages import Outbound
from bot.services.sender import MOST_IN_HAND, Sender
from bot.worker import send_due

CHANNEL = "bench"
"""A channel of its own, for which no pace is set."""


class Nobody:
    """A channel whose provider takes everything at once."""

    name = CHANNEL
    shows_number = False
    window: timedelta | None = None
    ours: str | None = None

    def __init__(self) -> None:
        self.taken = 0

    def send(self, out: Outbound) -> "Future[Sent]":
        """Take a message."""
        self.taken += 1
        done: Future[Sent] = Future()
        done.set_result(Sent(f"taken-{out.id}"))
        return done


def main(url: str) -> None:
    """Empty the outbox at `url` together with whoever else does."""
    nobody = Nobody()
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(
            secret_key="measured, not kept " * 2,
            database_url=url,
            media_url=str(Path(folder)),
            whisper_engine="none",
        )
        house = build(settings)
        name = house.postman.name
        channels = {CHANNEL: cast("Channel", nobody)}
        sender = Sender(house.db, channels, house.clock, name)
        house = replace(house, channels=channels, postman=sender)
        click.echo(json.dumps({}))
        sys.stdin.readline()
        began, cpu = time.perf_counter(), time.process_time()
        while send_due(house) or sender.room() < MOST_IN_HAND:
            if not sender.room():
                time.sleep(0.001)
        seconds = time.perf_counter() - began
        told = {
            "sent": nobody.taken,
            "seconds": seconds,
            "cpu": time.process_time() - cpu,
            "megabytes": peak_megabytes(),
        }
        click.echo(json.dumps(told))
        sender.close()
        house.db.close()


if __name__ == "__main__":
    main(sys.argv[1])
