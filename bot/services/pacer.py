"""Lets messages go at their places in the pace, never early and hardly late."""

import heapq
import itertools
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Protocol

from bot.services.outbox import Owed

LATE_SECONDS = 0.01
"""What is later than this would come too close to others: its place is lost."""


Go = Callable[[Owed, bool], None]
"""Takes a message at its place; the second argument tells whether it is in time."""


class Places(Protocol):
    """Holds messages back until their places."""

    def put(self, owed: Owed, seconds: float) -> None:
        """Let a message go in so many seconds."""
        ...


class Pacer:
    """Hands each message to `go` at its place.

    The thread is made with the first message, and ends with the process.
    """

    def __init__(self, go: Go) -> None:
        self._go = go
        self._order = itertools.count()
        self._waiting: list[tuple[float, int, Owed]] = []
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None

    def put(self, owed: Owed, seconds: float) -> None:
        """Let a message go in so many seconds."""
        at = time.monotonic() + seconds
        with self._changed:
            heapq.heappush(self._waiting, (at, next(self._order), owed))
            if self._thread is None:
                self._thread = threading.Thread(
                    target=self._forever, name="pacer", daemon=True
                )
                self._thread.start()
            self._changed.notify()

    def _forever(self) -> None:
        while True:
            at, owed = self._next()
            by = at + LATE_SECONDS
            self._go(_beginning(owed, by), time.monotonic() <= by)

    def _next(self) -> tuple[float, Owed]:
        """Wait for the first place, and take it."""
        with self._changed:
            while True:
                now = time.monotonic()
                if self._waiting and self._waiting[0][0] <= now:
                    at, _, owed = heapq.heappop(self._waiting)
                    return at, owed
                first = self._waiting[0][0] - now if self._waiting else None
                self._changed.wait(first)


def _beginning(owed: Owed, by: float) -> Owed:
    """Return a message whose request begins by then, or not at all."""
    return replace(owed, out=replace(owed.out, begin_by=by))
