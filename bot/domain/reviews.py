"""Feasibility reviews: what officials can find, and the grounds that are prepared.

A prepared ground exists in all four languages, so that an author reads it in hers,
whatever the official writes.
"""

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum

from bot.domain.plans import CHANGEABLE, Status
from bot.domain.say import N_

HOLD = timedelta(minutes=10)
"""How long the message of a review waits, so that the review can be undone."""

REVIEWABLE = CHANGEABLE | {Status.INFEASIBLE, Status.ON_BALLOT}


class Verdict(StrEnum):
    """What a review finds."""

    FEASIBLE = "feasible"
    INFEASIBLE = "infeasible"
    NEEDS_CHANGE = "needs_change"


class State(StrEnum):
    """How far a review is.

    One with money is proposed until a second official settles it; what is done can be
    undone while its message is held.
    """

    PROPOSED = "proposed"
    DONE = "done"
    DECLINED = "declined"
    UNDONE = "undone"


GROUNDS: Mapping[Verdict, Mapping[str, str]] = {
    Verdict.FEASIBLE: {},
    Verdict.INFEASIBLE: {
        "not_ours": N_("This place does not belong to the municipality."),
        "planned": N_("The municipality is already planning this."),
        "too_expensive": N_("This plan costs too much for this budget."),
        "not_allowed": N_("The law does not allow this plan."),
        "elsewhere": N_("This place is not in our neighbourhood."),
        "two_years": N_("We cannot finish this plan within two years."),
    },
    Verdict.NEEDS_CHANGE: {
        "where": N_("We do not know yet where this has to be."),
        "what": N_("We do not know yet what you would like exactly."),
        "smaller": N_("The plan is too big now. A smaller plan is possible."),
        "other_place": N_("It is not possible there. Another place may be possible."),
    },
}
"""Prepared grounds by verdict, each a message that is translated."""
