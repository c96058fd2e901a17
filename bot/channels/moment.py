"""The last moment for a request to begin: later, it would come too close to others.

What is sent at a place in the pace can be held up on its way through this program. So
the clock is looked at again right before the first request goes out.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_by: ContextVar[float | None] = ContextVar("begin_by", default=None)


@contextmanager
def begin_by(moment: float | None) -> Iterator[None]:
    """Let the first request of this block begin by then, in monotonic seconds."""
    token = _by.set(moment)
    try:
        yield
    finally:
        _by.reset(token)


def is_too_late() -> bool:
    """Tell whether the request that is about to begin may not any more.

    Asked once: what follows a request that has begun is not late.
    """
    moment = _by.get()
    _by.set(None)
    return moment is not None and time.monotonic() > moment
