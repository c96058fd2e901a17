"""Simulated time: events in the order of their moments, one after the other."""

import heapq
import itertools
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from random import Random

MORNING = datetime(2026, 11, 18, 8, 30, tzinfo=UTC)
Action = Callable[[], None]


class Timeline:
    """What will happen, and what time it is. `after_each` runs after every event."""

    def __init__(self, seed: int) -> None:
        self.now = MORNING
        self.random = Random(seed)
        self.steps = 0
        self.after_each: Action = lambda: None
        self._events: list[tuple[datetime, int, Action]] = []
        self._order = itertools.count()

    def at(self, when: datetime, action: Action) -> None:
        """Let something happen then; what is due together keeps its order."""
        heapq.heappush(self._events, (max(when, self.now), next(self._order), action))

    def after(self, seconds: float, action: Action) -> None:
        self.at(self.now + timedelta(seconds=seconds), action)

    def pass_to(self, end: datetime) -> None:
        """Let everything happen that is due until then.

        Also called in the middle of an event: the world goes on while a process is
        held up between two of its transactions.
        """
        while self._events and self._events[0][0] <= end:
            when, _, action = heapq.heappop(self._events)
            self.now = max(self.now, when)
            self.steps += 1
            action()
            self.after_each()
        self.now = max(self.now, end)

    def chance(self, probability: float) -> bool:
        return self.random.random() < probability

    def between(self, least: float, most: float) -> float:
        return self.random.uniform(least, most)
