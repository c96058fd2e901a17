"""The question that is open in each state, to be asked again."""

from collections.abc import Callable, Mapping
from datetime import datetime

from bot.domain.facts import Facts
from bot.domain.say import Reply
from bot.flows import (
    bills,
    care,
    checking,
    link,
    marking,
    meeting,
    owned,
    passes,
    placing,
    results,
    rounds,
    submit,
    support,
    trust,
    vote,
    welcome,
)
from bot.flows.ballot import is_closed
from bot.flows.browse import ask_browse
from bot.flows.state import (
    AskingBill,
    AskingConsent,
    AskingPass,
    AskingRecording,
    AskingTrust,
    Browsing,
    Checking,
    CheckingPass,
    ChoosingLanguage,
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
    NamingPlan,
    PlacingPlan,
    PricingBill,
    SeeingVote,
    SharingName,
    State,
    Talk,
    TellingMore,
    Voting,
    Walking,
    Withdrawing,
    is_on_ballot,
)
from bot.flows.talks import at
from bot.flows.walk import ask_walk

Ask = Callable[[Talk, Facts, datetime], Reply]


def question(talk: Talk, facts: Facts, now: datetime) -> Reply:
    """Return the question that is open, to be asked again."""
    on_ballot = is_on_ballot(talk.state)
    if on_ballot and is_closed(talk, facts, now):
        return marking.say_closed(talk, facts, now)
    return _ASKS.get(type(talk.state), care.menu_again)(talk, facts, now)


def _ask_check(talk: Talk, facts: Facts, now: datetime) -> Reply:
    state = talk.state
    assert isinstance(state, Checking)  # noqa: S101 - narrows the type
    if not checking.asks_again(state):
        return checking.ask_check(state)
    reply = question(at(talk, state.before), facts, now)
    return reply.after(checking.heard_row(state))


_ASKS: Mapping[type[State], Ask] = {
    ChoosingLanguage: lambda t, f, n: welcome.ask_language(),
    ChoosingRound: rounds.ask_round,
    DescribingPlan: submit.ask_plan,
    ConfirmingPlan: submit.ask_confirm,
    PlacingPlan: placing.ask_place,
    AskingConsent: placing.ask_consent,
    AskingRecording: lambda t, f, n: placing.ask_recording(),
    Withdrawing: owned.ask_withdraw,
    ChoosingTheme: owned.ask_theme,
    AskingPass: lambda t, f, n: passes.question(t),
    CheckingPass: lambda t, f, n: passes.question(t),
    FixingPass: lambda t, f, n: passes.question(t),
    Voting: vote.ask_vote,
    Browsing: ask_browse,
    Walking: ask_walk,
    ConfirmingVote: marking.ask_confirm,
    SeeingVote: vote.ask_earlier,
    NamingPlan: support.ask_number,
    LeavingNumber: results.ask_number,
    TellingMore: care.ask_more,
    SharingName: meeting.ask_name,
    ChoosingWord: lambda t, f, n: link.ask_word(f),
    Linking: lambda t, f, n: link.ask_link(t),
    Forgetting: lambda t, f, n: care.ask_forget(t, f),
    AskingBill: bills.ask_bill,
    PricingBill: bills.ask_price,
    ConfirmingBill: bills.ask_sure,
    AskingTrust: lambda t, f, n: trust.ask(t),
    Checking: _ask_check,
}
