"""A message of several parts: how far it went, and what it was in the end."""

from collections.abc import Sequence

from bot.channels.base import ChannelError, Outcome, Sent
from bot.domain.messages import Outbound


def stopped(out: Outbound, done: Sequence[str], error: ChannelError) -> ChannelError:
    """Return `error` with how many parts have gone out, if it is to be repeated.

    Whoever repeats it may be another process; so nothing is remembered here.
    """
    if error.outcome is Outcome.RETRY:
        error.done = out.done + len(done)
    return error


def sum_up(done: Sequence[str]) -> Sent:
    """Return what was sent; "" stands for a file that failed, its text did not.

    Raises ChannelError REFUSED if nothing at all went out.
    """
    parts = tuple(part for part in done if part)
    if not parts:
        raise ChannelError(Outcome.REFUSED, "empty")
    return Sent(parts[-1], parts)
