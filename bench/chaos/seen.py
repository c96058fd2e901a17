"""What was seen from outside: deliveries to the bot, arrivals from it, and kills."""

import asyncio
import json
from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from enum import Enum
from pathlib import Path

from bot.clock import utc_now

ON_ITS_WAY_SECONDS = 0.1


class Fate(Enum):
    """What the provider did with a message it took."""

    ANSWERED = "answered"
    HUNG = "hung"
    RESET = "reset"


@dataclass(slots=True)
class Delivery:
    """One message of a resident, from her provider to the bot.

    `external_id` is the provider's name for it, `at` when it came to the provider. It
    has ended when it was acknowledged with 200 or given up.
    """

    channel: str
    address: str
    external_id: str
    path: str
    headers: Mapping[str, str]
    body: bytes
    acknowledged: bool = False
    attempts: int = 0
    at: datetime = field(default_factory=utc_now)
    ended: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def given_up(self) -> bool:
        """Whether the provider has tried often enough."""
        return self.ended.is_set() and not self.acknowledged


@dataclass(frozen=True, slots=True)
class Arrival:
    """One message of the bot that its provider took, at `at` monotonic seconds.

    `name` is what the provider called it, `row` our own number of it where the request
    says so (Twilio's status callback), `tappable` the ids of its buttons and `labels`
    what stands on them, where a tap tells that.
    """

    at: float
    channel: str
    address: str
    name: str
    text: str
    tappable: tuple[str, ...]
    fate: Fate
    row: int | None = None
    callback: str = ""
    as_list: bool = False
    labels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Kill:
    """One `kill -9`, at `at` monotonic seconds.

    `leased` are the rows under lease of what was killed, read just before and just
    after, with their texts.
    """

    number: int
    at: float
    roles: tuple[str, ...]
    after: str
    leased: Mapping[int, str]


@dataclass(slots=True)
class Ledger:
    """Everything that was seen, in order, and how often other things happened."""

    deliveries: list[Delivery] = field(default_factory=list)
    arrivals: list[Arrival] = field(default_factory=list)
    kills: list[Kill] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    longest_wait: float = 0.0

    def keep(self, file: Path) -> None:
        """Write down what arrived, one line each, to look a violation up in."""
        with file.open("w", encoding="utf-8") as lines:
            for one in self.arrivals:
                lines.write(json.dumps(asdict(one) | {"fate": one.fate.value}) + "\n")

    def longest_silence(self) -> float:
        """Return the longest time from a kill to the next answer, in seconds.

        What arrives within a tenth of a second was on its way when the process died.
        """
        times, silences = [each.at for each in self.arrivals], [0.0]
        for kill in self.kills:
            place = bisect_right(times, kill.at + ON_ITS_WAY_SECONDS)
            silences += [at - kill.at for at in times[place : place + 1]]
        return max(silences)
