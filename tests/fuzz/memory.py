"""What a batch has seen so far: what was offered, sent and counted, by whom."""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random

from bot.services.outbox import Owed
from tests.fuzz.asking import Asked

PEOPLE = 18
"""How many people write on a channel: few, so that talks get somewhere."""

STEADY = 3
"""One in so many says what is asked and is never garbled, so talks come to an end."""


def is_steady(person: int) -> bool:
    return person % STEADY == 0


@dataclass
class Memory:
    """Everything the next request may refer to.

    `offered` holds the buttons of the last answer in a chat, `sent` genuine messages
    that can come a second time, `rows` messages of ours that a status can be about.
    """

    random: Random
    passes: Sequence[str] = ()
    offered: dict[str, tuple[str, ...]] = field(default_factory=dict)
    rows: deque[int] = field(default_factory=lambda: deque(maxlen=200))
    sent: deque[Asked] = field(default_factory=lambda: deque(maxlen=60))
    count: int = 0

    def owes(self, owed: Owed) -> None:
        """Note an answer: it is what its reader sees now."""
        self.rows.append(owed.row)
        self.offered[owed.out.user_id] = tuple(each.id for each in owed.out.choices)

    def next_id(self) -> int:
        self.count += 1
        return self.count

    def person(self) -> int:
        return self.random.randrange(PEOPLE)

    def row(self) -> int:
        """Return the number of a message of ours, or of none."""
        if self.rows and self.random.random() < 0.8:
            return self.random.choice(self.rows)
        return self.random.choice((0, -1, 10**12, 2**63))
