"""The only place that reads the wall clock."""

import logging
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

log = logging.getLogger(__name__)
SLOWLY = 0.5
"""How fast our time goes while the machine's clock, set back, catches up with it."""

WORTH_TELLING = timedelta(minutes=1)


def utc_now() -> datetime:
    """Return the present moment as aware UTC."""
    return datetime.now(UTC)


class SteadyClock:
    """Tells the present moment as aware UTC, and never goes back.

    A clock that is set forward is followed at once. One that is set back is waited for:
    our time goes half as fast until both agree, and a line in the log says so. Safe to
    share between threads.
    """

    def __init__(
        self,
        wall: Callable[[], datetime] = utc_now,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._wall, self._monotonic = wall, monotonic
        self._lock = threading.Lock()
        self._told = False
        self._now, self._at = wall(), monotonic()

    def __call__(self) -> datetime:
        """Return the present moment; no earlier than any that was returned before."""
        with self._lock:
            wall, at = self._wall(), self._monotonic()
            waited = timedelta(seconds=(at - self._at) * SLOWLY)
            self._now, self._at = max(wall, self._now + waited), at
            ahead = self._now - wall
            self._tell(ahead)
            return self._now

    def _tell(self, ahead: timedelta) -> None:
        """Say once that the clock was set back, and once that it is fine again."""
        if ahead > WORTH_TELLING and not self._told:
            self._told = True
            log.warning("clock set back seconds=%s", int(ahead.total_seconds()))
        elif self._told and not ahead:
            self._told = False
            log.info("clock agrees again")
