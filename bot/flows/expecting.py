"""What each state expects: its own acts, and the buttons a digit stands for."""

from collections.abc import Mapping
from dataclasses import replace

from bot.domain.trust import MARKS
from bot.flows.state import (
    AskingBill,
    AskingConsent,
    AskingPass,
    AskingRecording,
    AskingTrust,
    Browsing,
    Checking,
    CheckingPass,
    ChoosingRound,
    ChoosingTheme,
    ChoosingWord,
    ConfirmingBill,
    ConfirmingPlan,
    ConfirmingVote,
    DescribingPlan,
    FixingPass,
    Forgetting,
    LeavingNumber,
    Linking,
    Menu,
    Message,
    PlacingPlan,
    PricingBill,
    SeeingVote,
    SharingName,
    State,
    Talk,
    Voting,
    Walking,
    Withdrawing,
)
from bot.flows.vocabulary import WORDS


def expects(state: State) -> frozenset[str]:
    """Return the acts that have a meaning of their own in `state`."""
    if isinstance(state, Checking):
        return _YES_NO | expects(state.before)
    return _EXPECTED.get(type(state), frozenset())


def sayable(state: State) -> frozenset[str]:
    """Return the acts that words may stand for in `state`, of its own or everywhere."""
    if isinstance(state, Menu):
        return frozenset(WORDS)
    return frozenset(WORDS) - _WHERE_ASKED | expects(state)


_WHERE_ASKED = frozenset(
    "yes no done back more skip later call join keep nothing good stuck "
    "forget:keep forget:drop vote:help vote:numbers vote:list next".split()
)


_YES_NO = frozenset({"yes", "no"})


_LEAVE = frozenset({"later", "nothing"})
_EXPECTED: Mapping[type[State], frozenset[str]] = {
    ChoosingRound: frozenset({"back", "no"}) | _LEAVE,
    DescribingPlan: frozenset({"back", "no"}) | _LEAVE,
    ConfirmingPlan: _YES_NO | {"person"},
    PlacingPlan: frozenset({"skip", "no"}) | _LEAVE,
    AskingConsent: _YES_NO,
    AskingRecording: _YES_NO | {"recording:no"},
    Withdrawing: _YES_NO | {"back"},
    ChoosingTheme: frozenset({"back", "no"}) | _LEAVE,
    AskingPass: frozenset({"back", "no"}) | _LEAVE,
    CheckingPass: _YES_NO | {"back"},
    FixingPass: frozenset({"back", "no"}) | _LEAVE,
    Voting: frozenset({"done", "back", "more", "vote:help", "vote:numbers", "later"}),
    Browsing: frozenset({"done", "back", "more", "later"}),
    Walking: _YES_NO
    | frozenset("next skip more done back later vote:help vote:list".split()),
    ConfirmingVote: _YES_NO | {"repeat", "done", "back", "more", "later", "vote:help"},
    SeeingVote: _YES_NO | {"done", "back", "later", "keep", "vote:help"},
    LeavingNumber: frozenset({"back", "no", "skip"}) | _LEAVE,
    SharingName: _YES_NO | {"back"} | _LEAVE,
    ChoosingWord: frozenset({"back", "no"}) | _LEAVE,
    Linking: frozenset({"back", "no"}) | _LEAVE,
    Forgetting: _YES_NO | {"back", "forget:keep", "forget:drop"},
    AskingBill: _YES_NO | {"back", "skip", "bill"} | _LEAVE,
    PricingBill: frozenset({"back", "no", "skip"}) | _LEAVE,
    ConfirmingBill: _YES_NO,
    AskingTrust: frozenset({"back", "no", "skip", *MARKS}) | _LEAVE,
}
_NUMBERED = frozenset("plan support follow change withdraw about money bill".split())
LAST_DIGIT = 9


def split_id(button_id: str) -> tuple[str, tuple[int, ...]]:
    """Split "support:21" into act and number; other ids are acts as they are."""
    name, _, value = button_id.partition(":")
    if name in _NUMBERED and value.isascii() and value.isdigit() and len(value) <= 6:  # noqa: PLR2004
        return name, (int(value),)
    return button_id, ()


def picked(talk: Talk, message: Message) -> Message:
    """Turn a single digit into the button it stands for, counted from one.

    From 10 up a number is a plan's. Where an amount is asked for, every number is one.
    """
    if isinstance(talk.state, PricingBill):
        return message
    if message.act is not None or not message.only_numbers:
        return message
    if len(message.numbers) != 1:
        return message
    place = message.numbers[0]
    if not 1 <= place <= min(len(talk.offered), LAST_DIGIT):
        return message
    act, numbers = split_id(talk.offered[place - 1])
    return replace(message, act=act, numbers=numbers, only_numbers=False)
