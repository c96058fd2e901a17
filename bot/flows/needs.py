"""Which facts a turn will look at, so that nothing is looked up in vain."""

from collections.abc import Mapping
from enum import Flag, auto

from bot.flows.expecting import picked
from bot.flows.results import CHECK_INS, NEXT_STEPS
from bot.flows.state import (
    AskingConsent,
    Browsing,
    ChoosingLanguage,
    ChoosingRound,
    ConfirmingPlan,
    ConfirmingVote,
    Forgetting,
    Menu,
    Message,
    PlacingPlan,
    State,
    Talk,
    Voting,
    Withdrawing,
)


class Need(Flag):
    """What a turn has to be told beyond the rounds."""

    NOTHING = 0
    MINE = auto()
    """My plans, votes and consent."""
    ALL = auto()
    """Also what I follow and support, and what is kept about me."""
    PLANS = auto()
    """The plans that the message names by number."""
    ABOUT = auto()
    """What our last question of a push was about."""
    NUMBER = auto()
    """A free plan number, a free receipt and a way back."""


_ALL = Need.MINE | Need.ALL


_STATE_NEEDS: Mapping[type[State], Need] = {
    ConfirmingPlan: Need.MINE | Need.NUMBER,
    ConfirmingVote: Need.NUMBER,
    ChoosingRound: Need.MINE | Need.NUMBER,
    PlacingPlan: Need.MINE | Need.NUMBER,
    AskingConsent: Need.MINE,
    Withdrawing: Need.MINE,
    Forgetting: Need.MINE,
    Voting: Need.MINE,
    Menu: Need.ABOUT,
}


_ACT_NEEDS: Mapping[str, Need] = {
    "menu:plan": Need.MINE,
    "menu:vote": Need.MINE,
    "menu:status": _ALL,
    "mydata": _ALL,
    "result": _ALL,
    "forget": Need.MINE,
    "change": Need.MINE,
    "withdraw": Need.MINE,
    "plan": Need.MINE | Need.PLANS,
    "support": Need.MINE | Need.PLANS,
    "follow": Need.MINE | Need.PLANS,
    **dict.fromkeys(NEXT_STEPS | CHECK_INS, Need.ABOUT),
}


def needs(talk: Talk, message: Message) -> Need:
    """Return which facts `advance` will look at."""
    if talk.language is None and isinstance(talk.state, ChoosingLanguage):
        return _ALL | Need.PLANS | Need.ABOUT | Need.NUMBER
    act = picked(talk, message).act
    if act in {"repeat", "back", "yes", "no", "done"} or act is None or message.stale:
        found = _STATE_NEEDS.get(type(talk.state), Need.NOTHING)
    else:
        found = _STATE_NEEDS.get(type(talk.state), Need.NOTHING) & Need.NUMBER
    found |= _ACT_NEEDS.get(act or "", Need.NOTHING)
    on_ballot = isinstance(talk.state, Voting | Browsing | ConfirmingVote)
    if message.numbers and not on_ballot and act != "menu:vote":
        found |= Need.PLANS | Need.MINE
    return found
