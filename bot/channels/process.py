"""Things that must not be inherited over a fork: loops, threads, connections."""

import os
import threading
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class PerProcess(Generic[T]):
    """One `T` per process, made at first use.

    A thread does not survive a fork, and a pre-forking server forks after the
    channels are built: what was handed down by the parent is left alone.
    """

    def __init__(self, make: Callable[[], T]) -> None:
        self._make = make
        self._lock = threading.Lock()
        self._made: tuple[int, T] | None = None
        self._inherited: list[object] = []

    def get(self) -> T:
        """Return this process's own, made now if need be. Any thread may ask."""
        made = self._made
        if made is not None and made[0] == os.getpid():
            return made[1]
        with self._lock:
            return self._made_here()

    def take(self) -> T | None:
        """Return this process's own and forget it; None if it was never made."""
        with self._lock:
            made, self._made = self._made, None
        return made[1] if made is not None and made[0] == os.getpid() else None

    def _made_here(self) -> T:
        if self._made is None or self._made[0] != os.getpid():
            # Kept, for its end would close what the parent still listens to.
            self._inherited.append(self._made)
            self._made = (os.getpid(), self._make())
        return self._made[1]
