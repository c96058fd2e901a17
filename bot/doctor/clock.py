"""Is our clock right? Signatures and leases depend on it."""

from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import requests

from bot.doctor.http import TIMEOUT, new_session
from bot.domain.findings import Finding, bad, ok, warn

WARN_SECONDS = 5.0
BAD_SECONDS = 60.0


def drift(name: str, seconds: float) -> Finding:
    """Return how far our clock is ahead of another (behind it if negative)."""
    seen = f"ours is {abs(seconds):.0f} s {'ahead' if seconds > 0 else 'behind'}"
    advice = "Set this machine's clock by NTP."
    if abs(seconds) > BAD_SECONDS:
        return bad(name, seen, advice)
    if abs(seconds) > WARN_SECONDS:
        return warn(name, seen, advice)
    return ok(name, "ours agrees")


def check_clock(channel: str, url: str, clock: Callable[[], datetime]) -> Finding:
    """Compare our clock with a provider's, by the date on any answer of its."""
    name = f"{channel} clock"
    before = clock()
    try:
        with new_session(url) as session:
            answer = session.head(url, timeout=TIMEOUT, allow_redirects=False)
        theirs = parsedate_to_datetime(answer.headers["Date"])
    except (requests.RequestException, KeyError, ValueError) as error:
        seen = f"no date from the provider ({type(error).__name__})"
        return warn(name, seen, "May this machine reach it?")
    middle = before + (clock() - before) / 2
    return drift(name, (middle - theirs.astimezone(UTC)).total_seconds())
