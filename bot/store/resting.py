"""Connections to a server: asked whether they live only where there is a doubt.

To ask before every transaction costs a round trip each. A connection that was used a
moment ago lives, unless trouble was seen since; then whoever meets the first dead one
has all that are as old replaced.
"""

import time
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.exc import InvalidatePoolError

REST_SECONDS = 1.0
_SINCE = "rests_since"


class Resting:
    """Watches over the connections of one engine. Safe to share between threads."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._trouble = 0.0
        event.listen(engine, "checkin", self._checked_in)
        event.listen(engine, "checkout", self._checked_out)

    def doubt(self) -> None:
        """Have every connection that rests now asked before it is used again."""
        self._trouble = time.monotonic()

    def _checked_in(self, _: object, record: Any) -> None:  # noqa: ANN401 - of the pool
        record.info[_SINCE] = time.monotonic()

    def _checked_out(self, driver: Any, record: Any, _: object) -> None:  # noqa: ANN401
        since = record.info.pop(_SINCE, None)
        if since is None:
            return
        if since > self._trouble and time.monotonic() - since < REST_SECONDS:
            return
        dialect = self._engine.dialect
        try:
            dialect.do_ping(driver)
        except dialect.loaded_dbapi.Error as error:
            raise InvalidatePoolError from error
