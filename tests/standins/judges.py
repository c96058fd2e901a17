"""Judges over recorded requests: the providers' own descriptions, and the limits.

Without the descriptions only the limits judge.
"""

import re
from collections.abc import Iterable, Iterator

from tests.standins.judge_telegram import telegram_faults, telegram_limits
from tests.standins.judge_twilio import twilio_faults, twilio_limits
from tests.standins.oracles import has_oracles
from tests.standins.recorder import Call


def verdicts(calls: Iterable[Call]) -> list[str]:
    """Return every fault of every request, one line each."""
    return [
        f"{call.provider} {call.method} {_shown(call)}: {fault}"
        for call in calls
        for fault in faults(call)
    ]


def faults(call: Call) -> Iterator[str]:
    """Yield what is wrong with one request."""
    if call.provider == "telegram":
        yield from telegram_limits(call)
        yield from telegram_faults(call) if has_oracles() else ()
    else:
        yield from twilio_limits(call)
        yield from twilio_faults(call) if has_oracles() else ()


def _shown(call: Call) -> str:
    """Return the path without the bot's token."""
    return re.sub(r"/bot[^/]+", "/bot…", call.path)
