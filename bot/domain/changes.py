"""How a chosen plan can change on its way, and what becomes of a change."""

from enum import StrEnum

from bot.domain.plans import Status


class Kind(StrEnum):
    """What changes about a chosen plan."""

    SHRINKS = "shrinks"
    MOVES = "moves"
    CHANGES_HANDS = "hands"
    STOPS = "stops"


class State(StrEnum):
    """How far a change is. PROPOSED: a second person has to agree."""

    PROPOSED = "proposed"
    DONE = "done"
    DROPPED = "dropped"
    UNDONE = "undone"


MONEY = frozenset({Kind.SHRINKS, Kind.STOPS})
"""Changes that free money: they hold once a second person has agreed."""

CAN_CHANGE = frozenset({Status.CHOSEN, Status.STARTED})
"""A plan that is done or has stopped changes no more."""
