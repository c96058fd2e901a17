"""The pace of messages that we begin: evenly spaced, never more than is allowed."""

from datetime import datetime, timedelta

LEAD = timedelta(milliseconds=100)
"""How soon a place can be: the claim has to be committed before it is reached."""

LOOK_AHEAD = timedelta(seconds=1)
"""How far behind the soonest place others are given away."""

BELIEVED = timedelta(minutes=1)
"""How far ahead another machine's clock may be for its places to count."""

SAFETY = 0.985
"""What is used of a limit; the rest is for messages that are a little late."""


def gap(per_second: float) -> timedelta:
    """Return how far apart messages go out, for a limit of `per_second`."""
    return timedelta(seconds=1 / (per_second * SAFETY))


def places(
    next_at: datetime, now: datetime, apart: timedelta, most: int
) -> list[datetime]:
    """Return when up to `most` messages may go, from `next_at` on, within a second.

    The caller keeps the last of them plus `apart` as the new `next_at`. One that lies
    a little further ahead is by a clock that is a few seconds ahead of ours: it is
    waited for, or two machines would each use the whole pace. One that lies far ahead
    was written by a clock that was wrong, and is left aside.
    """
    soonest = now + LEAD
    if next_at > soonest + LOOK_AHEAD + apart + BELIEVED:
        next_at = soonest
    first = max(next_at, soonest)
    room = (soonest + LOOK_AHEAD - first) // apart + 1
    return [first + n * apart for n in range(max(0, min(most, room)))]
