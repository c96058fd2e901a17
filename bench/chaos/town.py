"""Where residents live: their phones, the post, and what they have agreed to."""

import asyncio
import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random

from bench.chaos import telegram, twilio
from bench.chaos.faults import Faults
from bench.chaos.postbox import Postbox
from bench.chaos.seen import Arrival, Delivery, Ledger

STATUSES = ("delivered", "read")


@dataclass(frozen=True, slots=True)
class Agreed:
    """A yes (or a request) of a resident and what it must lead to, once acknowledged.

    `what` is "plan", "support" or "ballot"; `names` are the plans' invented names, and
    `numbers` the public numbers it is about.
    """

    what: str
    channel: str
    address: str
    delivery: Delivery
    names: tuple[str, ...] = ()
    numbers: tuple[int, ...] = ()


class Phone:
    """What one resident has on her screen."""

    def __init__(self) -> None:
        self.heard: list[Arrival] = []
        self.rings = asyncio.Condition()

    async def hear(self, one: Arrival) -> None:
        """Show a message."""
        async with self.rings:
            self.heard.append(one)
            self.rings.notify_all()


@dataclass
class Town:
    """Everybody, and everything between them and the bot.

    `on_paper` are the plans that can be voted for, `public` those that can be
    supported. `closing` lets nobody begin anything new.
    """

    public_url: str
    ledger: Ledger
    faults: Faults
    seed: str
    on_paper: Sequence[int] = ()
    public: Sequence[int] = ()
    agreed: list[Agreed] = field(default_factory=list)
    phones: dict[tuple[str, str], Phone] = field(default_factory=dict)
    people: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))
    plans: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))
    closing: asyncio.Event = field(default_factory=asyncio.Event)
    post: Postbox = field(init=False)
    _ringing: set[asyncio.Task[None]] = field(default_factory=set)

    def moves_in(self) -> tuple[str, str, Random]:
        """Return channel, address and dice of somebody who has never written."""
        number = next(self.people)
        random = Random(f"{self.seed} resident {number}")
        if number % 2:
            channel, address = telegram.CHANNEL, str(5_000_000 + number)
        else:
            channel, address = twilio.CHANNEL, f"+3161{number:07d}"
        self.phones[channel, address] = Phone()
        return channel, address, random

    def put(self, one: Arrival) -> None:
        """Put a message on a phone; Twilio tells the bot so, a little later."""
        phone = self.phones.get((one.channel, one.address))
        if phone is not None:
            task = asyncio.get_running_loop().create_task(phone.hear(one))
            self._ringing.add(task)
            task.add_done_callback(self._ringing.discard)
        if one.callback:
            delays = self.faults.status_delays()
            for word, seconds in zip(STATUSES, delays, strict=True):
                self.post.report(twilio.status(one, word), seconds)
