"""What happened is counted and, where an operator needs a trail, logged: by row number.

Everything here is called after the commit that it tells of.
"""

import logging
from collections.abc import Iterable, Sequence

from bot.channels.base import Outcome
from bot.meters import Lapsed, Meters, Noted
from bot.services.aftermath import aftermath
from bot.services.outcomes import MOST_TRIES, Outcomes

log = logging.getLogger(__name__)


def count_outcomes(meters: Meters, ended: Sequence[Outcomes]) -> None:
    """Count how sends ended; say so loudly where our own settings are at fault."""
    for each in ended:
        owed, error = each.owed, each.error
        if error is None:
            meters.send_ended(owed.channel, owed.priority, "sent")
            continue
        outcome = error.outcome
        if outcome is Outcome.RETRY and owed.attempt >= MOST_TRIES:
            outcome = Outcome.REFUSED
        reason = error.code if outcome is Outcome.REFUSED else None
        meters.send_ended(owed.channel, owed.priority, outcome.value, reason)
        if error.ours or aftermath(error.code).ours:
            log.error(
                "our settings are wrong channel=%s code=%s row=%s",
                owed.channel,
                error.code,
                owed.row,
            )


def count_noted(meters: Meters, noted: Iterable[Noted]) -> None:
    """Count what a transaction came across."""
    for each in noted:
        if isinstance(each, Lapsed):
            meters.lapsed(each.what)
            log.warning("lease expired what=%s row=%s", each.what, each.row)
        else:
            meters.send_ended(each.channel, each.priority, "dropped")
