"""One chat that sends without end is slowed, so that all others stay answered.

Counted per chat in the memory of this process, before anything is asked of the
database: what is dropped must cost next to nothing. An address is not counted here: the
messages of a whole city come from a provider's few.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass

from sqlalchemy import select

from bot.domain.say import N_, Reply, Say
from bot.flows.state import Turn
from bot.services.house import Scene
from bot.services.outbox import Owed
from bot.services.talks import TalkRow
from bot.services.turning import load_state, say_replies
from bot.store.talks import OutboundMessage

MOST_KNOWN = 100_000
"""Chats that are remembered at a time; the one longest silent is forgotten first."""


@dataclass(slots=True)
class _Bucket:
    """What a chat may still send at `at`; `is_told` once it was asked to slow down."""

    left: float
    at: float
    is_told: bool = False


class Floods:
    """Counts what each chat sends. Safe to share between threads.

    A chat may send `per_minute` at once and then as many a minute; 0 counts nobody.
    """

    def __init__(
        self, per_minute: int, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._most, self._monotonic = per_minute, monotonic
        self._buckets: OrderedDict[Hashable, _Bucket] = OrderedDict()
        self._lock = threading.Lock()

    def lets_in(self, who: Hashable) -> bool:
        """Count one message of `who`; False if it is one too many."""
        if not self._most:
            return True
        with self._lock:
            bucket = self._of(who)
            if bucket.left < 1:
                return False
            bucket.left -= 1
            return True

    def tells(self, who: Hashable) -> bool:
        """Tell whether `who` is to be asked to slow down: once for each flood."""
        with self._lock:
            bucket = self._of(who)
            told, bucket.is_told = bucket.is_told, True
            return not told

    def _of(self, who: Hashable) -> _Bucket:
        """Return the bucket of a chat as it is now."""
        now, most = self._monotonic(), float(self._most)
        bucket = self._buckets.setdefault(who, _Bucket(most, now))
        self._buckets.move_to_end(who)
        if len(self._buckets) > MOST_KNOWN:
            self._buckets.popitem(last=False)
        filled = bucket.left + (now - bucket.at) * most / 60
        bucket.left, bucket.at = min(filled, most), now
        if bucket.left > most / 2:
            bucket.is_told = False
        return bucket


def ask_to_wait(scene: Scene, talk: TalkRow) -> list[Owed]:
    """Ask somebody who sends very fast to wait; what she sent too much is not kept.

    Once a minute at most, however many processes are in her flood.
    """
    key = f"flood:{talk.id}:{scene.now:%Y%m%d%H%M}"
    asked = select(OutboundMessage.id).where(OutboundMessage.dedupe_key == f"{key}:0")
    if scene.db.scalar(asked) is not None:
        return []
    before = load_state(scene.house, talk)
    said = Reply(
        (
            Say(N_("You are sending messages very fast.")),
            Say(N_("I cannot read them all. Please wait one minute.")),
        )
    )
    turn = Turn(before, [said], aloud=bool(before.aloud))
    owed = say_replies(scene, talk, turn, key)
    return [] if talk.owed_elsewhere else owed
