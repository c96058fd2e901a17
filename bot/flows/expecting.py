"""What each state expects: its own acts, and the buttons a digit stands for."""

from collections.abc import Mapping
from dataclasses import replace

from bot.flows.results import CHECK_INS, NEXT_STEPS
from bot.flows.state import (
    AskingConsent,
    Browsing,
    ConfirmingPlan,
    ConfirmingVote,
    DescribingPlan,
    Forgetting,
    LeavingNumber,
    Menu,
    Message,
    PlacingPlan,
    State,
    Talk,
    Voting,
    Withdrawing,
)


def expects(state: State) -> frozenset[str]:
    """Return the acts that have a meaning of their own in `state`."""
    return _EXPECTED.get(type(state), frozenset())


_YES_NO = frozenset({"yes", "no"})


_EXPECTED: Mapping[type[State], frozenset[str]] = {
    DescribingPlan: frozenset({"back"}),
    ConfirmingPlan: _YES_NO | {"person"},
    PlacingPlan: frozenset({"skip"}),
    AskingConsent: _YES_NO,
    Withdrawing: _YES_NO | {"back"},
    Voting: frozenset({"done", "back", "vote:help", "vote:numbers"}),
    Browsing: frozenset({"done", "back", "more"}),
    ConfirmingVote: _YES_NO | {"repeat"},
    LeavingNumber: frozenset({"back"}),
    Forgetting: _YES_NO | {"back", "forget:keep", "forget:drop"},
    Menu: NEXT_STEPS | CHECK_INS,
}


def picked(talk: Talk, message: Message) -> Message:
    """Turn a single digit into the button it stands for, counted from one."""
    if message.act is not None or not message.only_numbers:
        return message
    if len(message.numbers) != 1 or not 1 <= message.numbers[0] <= len(talk.offered):
        return message
    act, numbers = split_id(talk.offered[message.numbers[0] - 1])
    return replace(message, act=act, numbers=numbers, only_numbers=False)


def split_id(button_id: str) -> tuple[str, tuple[int, ...]]:
    """Split "support:21" into act and number; other ids are acts as they are."""
    name, _, value = button_id.partition(":")
    if value.isascii() and value.isdigit() and len(value) <= 6:  # noqa: PLR2004
        return name, (int(value),)
    return button_id, ()
