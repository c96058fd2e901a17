"""Where a message of several parts stopped, so that a retry goes on from there."""

import threading
from collections import OrderedDict
from collections.abc import Sequence

from bot.channels.base import ChannelError, Outcome, Sent
from bot.domain.messages import Outbound

_REMEMBERED = 1000


class Progress:
    """The parts already handed over, per message; the oldest are forgotten.

    Only within this process: after a crash a resident may hear her own recording
    twice, never miss the question below it.
    """

    def __init__(self) -> None:
        self._parts: OrderedDict[Outbound, tuple[str, ...]] = OrderedDict()
        self._lock = threading.Lock()

    def take(self, out: Outbound) -> list[str]:
        """Return the names of the parts that went out before, and forget them."""
        with self._lock:
            return list(self._parts.pop(out, ()))

    def keep(self, out: Outbound, parts: Sequence[str]) -> None:
        """Remember the names of the parts that went out."""
        if not parts:
            return
        with self._lock:
            self._parts[out] = tuple(parts)
            while len(self._parts) > _REMEMBERED:
                self._parts.popitem(last=False)


def sum_up(done: Sequence[str]) -> Sent:
    """Return what was sent; "" stands for a sound that failed, its text did not.

    Raises ChannelError REFUSED if nothing at all went out.
    """
    parts = tuple(part for part in done if part)
    if not parts:
        raise ChannelError(Outcome.REFUSED, "empty")
    return Sent(parts[-1], parts)
