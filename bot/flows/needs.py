"""Which facts a turn will look at, so that nothing is looked up in vain."""

from collections.abc import Mapping
from enum import Flag, auto

from bot.domain.facts import Guess
from bot.domain.plans import is_plan_number
from bot.flows.checking import resolved
from bot.flows.expecting import picked
from bot.flows.link import guess_in
from bot.flows.official import TAPS
from bot.flows.passes import shown_pass
from bot.flows.results import CHECK_INS, NEXT_STEPS
from bot.flows.state import (
    AskingBill,
    AskingConsent,
    AskingPass,
    Browsing,
    CheckingPass,
    ChoosingLanguage,
    ChoosingRound,
    ChoosingTheme,
    ChoosingWord,
    ConfirmingPlan,
    ConfirmingVote,
    FixingPass,
    Forgetting,
    Kind,
    Linking,
    Menu,
    Message,
    NamingPlan,
    PlacingPlan,
    SeeingVote,
    State,
    Talk,
    Voting,
    Walking,
    Withdrawing,
    behind,
    is_on_ballot,
)


class Need(Flag):
    """What a turn has to be told beyond the rounds."""

    NOTHING = 0
    MINE = auto()
    """My plans."""
    VOTED = auto()
    """In which rounds I have voted."""
    ALL = auto()
    """Also what I follow and support, and what is kept about me."""
    PLANS = auto()
    """The plans that the message names by number."""
    CHOSEN = auto()
    """The plans that were chosen."""
    ABOUT = auto()
    """What our last question of a push was about."""
    PUSHED = auto()
    """The whole of the message that she got as a template."""
    NUMBER = auto()
    """A free plan number: it is kept for this turn while the turn lasts."""
    RECEIPT = auto()
    """A receipt for a ballot."""
    MONEY = auto()
    """Where the money went: of the plans named, else of hers and those she follows."""
    TRUST = auto()
    """Whether she was asked about trust already."""
    EARLIER = auto()
    """What she chose before, in this chat, while it can be changed."""
    CARE = auto()
    """How her chosen plans are looked after, and what happened with those named."""
    LINKED = auto()
    """Whether an app was linked after this one."""
    CORRECTED = auto()
    """Whether a person wrote down a note of hers, and she was never asked about it."""


_ALL = Need.MINE | Need.VOTED | Need.ALL
_STATE_NEEDS: Mapping[type[State], Need] = {
    ConfirmingPlan: Need.MINE | Need.NUMBER | Need.CORRECTED,
    ChoosingRound: Need.MINE | Need.NUMBER | Need.VOTED | Need.EARLIER | Need.CORRECTED,
    PlacingPlan: Need.CORRECTED,
    AskingConsent: Need.CORRECTED,
    Withdrawing: Need.MINE,
    ChoosingTheme: Need.MINE,
    Forgetting: Need.MINE,
    AskingBill: Need.MINE | Need.CORRECTED,
    AskingPass: Need.VOTED,
    CheckingPass: Need.VOTED,
    FixingPass: Need.VOTED,
    Voting: Need.VOTED,
    Browsing: Need.VOTED,
    Walking: Need.VOTED,
    ConfirmingVote: Need.RECEIPT,
    SeeingVote: Need.VOTED | Need.EARLIER,
    NamingPlan: Need.MINE | Need.PLANS,
    ChoosingWord: Need.MINE | Need.LINKED,
    Menu: Need.ABOUT,
}
_ACT_NEEDS: Mapping[str, Need] = {
    "menu:plan": Need.MINE,
    "menu:vote": Need.VOTED | Need.EARLIER,
    "vote:help": Need.VOTED | Need.EARLIER,
    "vote:numbers": Need.VOTED | Need.EARLIER,
    "vote:other": Need.VOTED | Need.EARLIER,
    "pass": Need.VOTED,
    "menu:status": _ALL | Need.CORRECTED | Need.CARE | Need.PLANS,
    "mydata": _ALL,
    "result": _ALL | Need.CHOSEN,
    "money": Need.MINE | Need.PLANS | Need.CHOSEN | Need.MONEY,
    "trust": Need.TRUST,
    "forget": Need.MINE,
    "listen": Need.PUSHED,
    "disagree": Need.MINE | Need.ABOUT,
    **dict.fromkeys(TAPS, Need.ABOUT),
    "change": Need.MINE,
    "withdraw": Need.MINE,
    "about": Need.MINE,
    "link": Need.MINE | Need.LINKED,
    "unlink": Need.LINKED,
    "plan": Need.MINE | Need.PLANS | Need.CARE,
    "support": Need.MINE | Need.PLANS,
    "follow": Need.MINE | Need.PLANS,
    **dict.fromkeys(NEXT_STEPS | CHECK_INS, Need.ABOUT),
}
_STORING = frozenset({"yes", "done", None})


def needs(talk: Talk, message: Message) -> Need:
    """Return which facts `advance` will look at."""
    if isinstance(talk.state, ChoosingLanguage):
        asked = {message.act, talk.state.wish.act if talk.state.wish else None}
        chosen = Need.CHOSEN if asked & {"result", "money"} else Need.NOTHING
        chosen |= Need.TRUST if "trust" in asked else Need.NOTHING
        chosen |= Need.LINKED if asked & {"link", "unlink"} else Need.NOTHING
        chosen |= Need.MONEY | Need.PLANS if "money" in asked else Need.NOTHING
        told = Need.PLANS | Need.ABOUT | Need.CORRECTED | Need.EARLIER
        told |= Need.CARE
        return _ALL | told | chosen
    talk, message = resolved(talk, picked(talk, message))
    state = behind(talk.state)
    found = _STATE_NEEDS.get(type(state), Need.NOTHING)
    storing = state is talk.state and _stores(message)
    if not storing:
        found &= ~(Need.NUMBER | Need.RECEIPT)
    on_ballot = is_on_ballot(state)
    if not (on_ballot and message.act == "plan"):
        found |= _ACT_NEEDS.get(message.act or "", Need.NOTHING)
    if isinstance(state, Menu) and message.kind is Kind.PHOTO:
        found |= Need.MINE
    for other in message.acts:
        found |= _ACT_NEEDS.get(other, Need.NOTHING) & Need.ABOUT
    if message.only_numbers and not on_ballot:
        found |= Need.PLANS | Need.MINE | Need.CARE
    return found


def _stores(message: Message) -> bool:
    """Tell whether a message may be the one that stores a plan or casts a ballot."""
    return message.act in _STORING or (message.act or "").startswith("round:")


def named(talk: Talk, message: Message) -> tuple[int, ...]:
    """Return the plans this turn may be about: named, tapped, or wished for."""
    talk, message = resolved(talk, picked(talk, message))
    numbers = message.numbers
    state = talk.state
    if isinstance(state, ChoosingLanguage) and state.wish:
        numbers = (*numbers, *state.wish.numbers)
    return tuple(dict.fromkeys(number for number in numbers if is_plan_number(number)))


def pass_shown(talk: Talk, message: Message) -> str:
    """Return the voting pass, code or token, that this turn may look at; "" if none."""
    talk, message = resolved(talk, picked(talk, message))
    return shown_pass(talk, message)


def guessed(talk: Talk, message: Message) -> Guess | None:
    """Return the plan and the word of a message by which she wants to be known."""
    talk, message = resolved(talk, picked(talk, message))
    state = behind(talk.state)
    if not isinstance(state, Linking):
        return None
    return guess_in(state, message, talk.language)
