"""Judges over recorded requests: the providers' own descriptions, and the limits.

Without the descriptions only the limits judge.
"""

import re
from collections.abc import Iterable

from tests.standins.judge_telegram import telegram_faults, telegram_limits
from tests.standins.judge_twilio import twilio_faults, twilio_limits
from tests.standins.oracles import has_oracles
from tests.standins.recorder import Call

_JUDGES = {
    "telegram": (telegram_faults, telegram_limits),
    "twilio": (twilio_faults, twilio_limits),
}


def verdicts(calls: Iterable[Call]) -> list[str]:
    """Return every fault of every request, one line each."""
    return [
        f"{call.provider} {call.method} {_shown(call)}: {fault}"
        for call in calls
        for fault in faults(call)
    ]


def faults(call: Call) -> list[str]:
    """Return what is wrong with one request; of a stray, limits are not looked at.

    A city's own systems have no description here: their stand-ins judge for themselves.
    """
    if call.provider not in _JUDGES:
        return []
    stray, limits = _JUDGES[call.provider]
    found = list(stray(call)) if has_oracles() else []
    try:
        return found or list(limits(call))
    except (LookupError, TypeError, ValueError, AttributeError) as error:
        return [f"cannot be read: {error!r}"]


def _shown(call: Call) -> str:
    """Return the path without the bot's token."""
    return re.sub(r"/bot[^/]+", "/bot…", call.path)
