"""At most one message begun by us per person in three days.

Her own results, corrections, status, support counts and replies are not counted: this
is for what officials send of themselves, broadcasts and check-ins. What comes too soon
is not dropped but waits, and the next one waits for that.
"""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, update

from bot.domain.say import Reply
from bot.services.answers import Answer
from bot.services.news import Telling, tell
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


def tell_in_turn(
    telling: Telling,
    reader: Row[Any],
    reply: Reply,
    key: str,
    answer: Answer,
    about: dict[str, Any] | None = None,
    after: float = 0,
) -> None:
    """Owe a push as soon as the person may have one, and count it in `answer`."""
    now = telling.scene.now
    wait = wait_seconds(reader.pushed_at, now)
    due = tell(telling, reader, reply, key, about, max(after, wait))
    if due is None:
        return
    answer.told += 1
    answer.held += wait > after
    pushed = update(Resident).where(Resident.id == reader.resident_id)
    telling.scene.db.execute(pushed.values(pushed_at=due))
