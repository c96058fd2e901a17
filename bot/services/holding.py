"""At most one message begun by us per person in three days.

Her own results, corrections, status, support counts and replies are not counted: this
is for what officials send of themselves, broadcasts and check-ins. What comes too soon
is not dropped but waits, and the next one waits for that.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, update

from bot.services.answers import Answer
from bot.services.news import News, Telling, tell
from bot.store.talks import Resident

QUIET_DAYS = 3


def wait_seconds(pushed_at: datetime | None, now: datetime) -> float:
    """Return how long a push to somebody has to wait, who got the last at `pushed_at`.

    That may lie in the future: then an earlier push still waits for its own turn.
    """
    if pushed_at is None:
        return 0
    free = pushed_at + timedelta(days=QUIET_DAYS)
    return max(0.0, (free - now).total_seconds())


@dataclass(frozen=True, slots=True)
class Campaign:
    """Messages that officials begin. `key` is what the keys of its rows begin with."""

    telling: Telling
    key: str
    answer: Answer

    def tell(
        self,
        reader: Row[Any],
        news: News,
        after: float = 0,
    ) -> None:
        """Owe a push as soon as the person may have one, and count it.

        `after` is how many seconds it would wait anyhow.
        """
        scene = self.telling.scene
        wait = wait_seconds(reader.pushed_at, scene.now)
        key = f"{self.key}:{reader.resident_id}"
        due = tell(self.telling, reader, news, key, max(after, wait))
        if due is None:
            return
        self.answer.told += 1
        self.answer.held += wait > after
        pushed = update(Resident).where(Resident.id == reader.resident_id)
        scene.db.execute(pushed.values(pushed_at=due))
