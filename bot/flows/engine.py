"""One turn of a talk: words of everywhere first, then the state's own flow.

`advance` is total: whatever comes in, it answers and does not raise. What it needs to
know is told by `bot.flows.needs`.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from bot.domain.effects import (
    DropMedia,
    Effect,
    ListenAgain,
    ResumeMessages,
    StopMessages,
)
from bot.domain.facts import Facts
from bot.domain.say import N_, Reply, Say
from bot.flows import (
    aloud,
    bills,
    care,
    checking,
    link,
    meeting,
    official,
    opening,
    owned,
    passes,
    placing,
    results,
    rounds,
    submit,
    support,
    trust,
    vote,
)
from bot.flows.everywhere import Answer, everywhere, meant
from bot.flows.expecting import picked
from bot.flows.named import as_named
from bot.flows.parts import menu_buttons
from bot.flows.questions import question
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
    Heard,
    Kind,
    LeavingNumber,
    Linking,
    Menu,
    Message,
    NamingPlan,
    PlacingPlan,
    PricingBill,
    SeeingVote,
    SharingName,
    State,
    Talk,
    TellingMore,
    Turn,
    Voting,
    Walking,
    Withdrawing,
    is_secret,
)
from bot.flows.talks import at, rest
from bot.flows.tongues import beside


def advance(talk: Talk, message: Message, facts: Facts, now: datetime) -> Turn:
    """Return what `message` leads to. Never raises for anything people can send."""
    message = picked(talk, message)
    turn = beside(_turn(talk, message, facts, now), message)
    turn = _finished(_without_sound(talk, message, turn), message, facts)
    return aloud.decide(message, turn)


def _without_sound(talk: Talk, message: Message, turn: Turn) -> Turn:
    """A note that may hold a vote or her word is deleted, whatever came of it."""
    secret = is_secret(talk.state)
    secret = secret or (message.act == "menu:vote" and bool(message.numbers))
    if not secret or message.kind is not Kind.NOTE or message.media is None:
        return turn
    drop = DropMedia(message.media)
    if drop in turn.effects:
        return turn
    return replace(turn, effects=[*turn.effects, drop])


def _turn(talk: Talk, message: Message, facts: Facts, now: datetime) -> Turn:
    note_arrived = message.kind is Kind.NOTE_ARRIVED and talk.language is not None
    if note_arrived or message.kind is Kind.PHOTO_ARRIVED:
        return _arrived(talk, message, facts)
    if talk.language is None:
        return opening.without_language(talk, message, facts, now, _turn)
    if isinstance(talk.state, ChoosingLanguage):
        return opening.choosing_language(talk, message, facts, now, _turn)
    if message.too_long:
        return _too_long(talk, facts, now)
    if message.stale and message.act != "listen":
        return _stale(talk, message, facts, now)
    message = as_named(talk, message, facts, now)
    talk, message = checking.resolved(talk, message)
    turn = official.answer(talk, message, facts, now)
    turn = turn or everywhere(talk, message, facts, now, _turn)
    if turn is None:
        turn = _ANSWERS[type(talk.state)](talk, message, facts, now)
    if turn is None:
        return care.misunderstood(talk, message, question(talk, facts, now))
    if checking.must_check(talk, message, turn):
        return _checked(talk, message, facts, now)
    return replace(turn, talk=replace(turn.talk, misses=0))


def _arrived(talk: Talk, message: Message, facts: Facts) -> Turn:
    """Thank her for sound or a photo whose answer comes when it has been looked at."""
    if message.kind is Kind.PHOTO_ARRIVED:
        return Turn(talk, [passes.photo_arrived()] if talk.language else [])
    again = [ListenAgain(message.media)] if message.again and message.media else []
    return Turn(talk, [submit.note_arrived(facts)], again)


def _checked(talk: Talk, message: Message, facts: Facts, now: datetime) -> Turn:
    """Ask whether this was said; where it may not be kept, ask for it once more."""
    act = meant(talk.state, message, facts)
    asked = checking.check(talk, message, act)
    if asked is not None:
        return Turn(asked, [question(asked, facts, now)])
    reply = question(talk, facts, now)
    return Turn(talk, [reply.after(*checking.not_sure())])


def _answers_check(
    talk: Talk, message: Message, facts: Facts, now: datetime
) -> Turn | None:
    """On no, ask the open question again; `checking.resolved` has taken the rest."""
    state = talk.state
    assert isinstance(state, Checking)  # noqa: S101 - narrows the type
    if message.act != "no" or message.near:
        return None
    back = at(talk, state.before)
    reply = question(back, facts, now)
    return Turn(back, [reply.after(*checking.said_no())])


def _finished(turn: Turn, message: Message, facts: Facts) -> Turn:
    """Note which buttons are open now, and say what was masked in her words."""
    replies = [reply for reply in turn.replies if reply.says]
    effects: list[Effect] = list(turn.effects)
    if facts.me.stopped and not any(isinstance(each, StopMessages) for each in effects):
        effects.insert(0, ResumeMessages())
    if message.masked:
        replies.append(_masked())
    if message.kind is Kind.PHOTO and message.code and turn.talk.language:
        replies[:1] = [each.after(passes.PHOTO_GONE) for each in replies[:1]]
    offered = next((r.buttons for r in reversed(replies) if r.buttons), None)
    talk = turn.talk
    if offered is not None:
        talk = replace(talk, offered=tuple(each.id for each in offered))
    return Turn(talk, replies, effects)


def _masked() -> Reply:
    return Reply(
        (
            Say(N_("I removed a private number from your message.")),
            Say(N_("Please never send such numbers here.")),
        )
    )


def _stale(talk: Talk, message: Message, facts: Facts, now: datetime) -> Turn:
    """An old yes must not answer a new question: say so and ask the open one again."""
    asked = question(talk, facts, now)
    said = N_("That button belongs to an older question.")
    if not message.tapped:
        said = N_("Your answer belongs to an older question.")
    return Turn(talk, [asked.after(Say(said))])


def _too_long(talk: Talk, facts: Facts, now: datetime) -> Turn:
    says = (
        Say(N_("Your message is too long for me.")),
        Say(N_("Please tell it in shorter parts.")),
    )
    return Turn(talk, [question(talk, facts, now).after(*says)])


def _at_menu(talk: Talk, message: Message, facts: Facts, now: datetime) -> Turn | None:
    """At rest: a number is a plan; words may answer a check-in, or be a plan."""
    about = facts.about
    if message.kind is Kind.NOTE and message.heard is Heard.NOTHING:
        return None
    if bills.begins(message, facts):
        return bills.begin(talk, message, facts, now)
    told = message.is_words or message.unheard
    if told and about and about.kind == "checkin":
        return results.told_how_it_goes(talk, message, about, facts, now)
    if message.act in {"yes", "no", "done", "back", "more", "skip"}:
        return Turn(talk, [care.menu_again(talk, facts, now)])
    stray = message.kind is Kind.TEXT and len(message.text.split()) < 2  # noqa: PLR2004
    if message.act is not None or stray:
        return None
    return submit.describe(talk, message, facts, now)


def _choosing_round(
    talk: Talk, message: Message, facts: Facts, now: datetime
) -> Turn | None:
    assert isinstance(talk.state, ChoosingRound)  # noqa: S101 - narrows the type
    voting = talk.state.goal == "vote"
    if message.act in {"back", "no", "later", "nothing"}:
        fine = (Say(N_("All right.")),)
        return Turn(rest(talk), [Reply(fine, menu_buttons(facts, now))])
    slug = rounds.chosen_round(talk, message, facts, now)
    if slug is None:
        if voting or message.act is not None:
            return None
        return submit.part_before_round(talk, message, facts, now)
    if voting:
        return vote.round_chosen(talk, slug, (), facts, now)
    return submit.round_chosen(talk, slug, facts, now)


def _more_told(
    talk: Talk, message: Message, facts: Facts, now: datetime
) -> Turn | None:
    if not message.is_words and message.media is None:
        return None
    return care.told_more(talk, message, facts, now)


_ANSWERS: Mapping[type[State], Answer] = {
    Menu: _at_menu,
    ChoosingRound: _choosing_round,
    DescribingPlan: submit.describe,
    ConfirmingPlan: submit.confirm,
    PlacingPlan: placing.place,
    AskingConsent: placing.consent,
    AskingRecording: placing.recording,
    Withdrawing: owned.withdrawing,
    ChoosingTheme: owned.theme_chosen,
    AskingPass: vote.show_pass,
    CheckingPass: vote.show_pass,
    FixingPass: vote.show_pass,
    Voting: vote.vote,
    Browsing: vote.browsing,
    Walking: vote.walking,
    ConfirmingVote: vote.confirm,
    SeeingVote: vote.earlier_seen,
    NamingPlan: support.number_named,
    LeavingNumber: results.number_left,
    TellingMore: _more_told,
    SharingName: meeting.name_given,
    ChoosingWord: link.choose,
    Linking: link.link,
    Forgetting: care.forgetting,
    AskingBill: bills.bill,
    PricingBill: bills.price,
    ConfirmingBill: bills.sure,
    AskingTrust: trust.answer,
    Checking: _answers_check,
}
