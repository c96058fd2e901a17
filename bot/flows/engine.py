"""One turn of a talk: words of everywhere first, then the state's own flow.

`advance` is total: whatever comes in, it answers and does not raise. What it needs to
know is told by `bot.flows.needs`.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime

from bot.domain.effects import Effect, ListenAgain, ResumeMessages, StopMessages
from bot.domain.facts import Facts
from bot.domain.languages import LANGUAGES
from bot.domain.say import N_, Local, Reply, Say
from bot.flows import (
    care,
    owned,
    placing,
    results,
    rounds,
    status,
    submit,
    support,
    vote,
    welcome,
)
from bot.flows.browse import ask_browse
from bot.flows.expecting import expects, picked
from bot.flows.parts import menu_buttons
from bot.flows.state import (
    AskingConsent,
    Browsing,
    ChoosingLanguage,
    ChoosingRound,
    ConfirmingPlan,
    ConfirmingVote,
    DescribingPlan,
    Forgetting,
    Kind,
    LeavingNumber,
    Menu,
    Message,
    PlacingPlan,
    State,
    Talk,
    TellingMore,
    Turn,
    Voting,
    Withdrawing,
)
from bot.flows.talks import rest

Ask = Callable[[Talk, Facts, datetime], Reply]
Answer = Callable[[Talk, Message, Facts, datetime], Turn | None]


def advance(talk: Talk, message: Message, facts: Facts, now: datetime) -> Turn:
    """Return what `message` leads to. Never raises for anything people can send."""
    message = picked(talk, message)
    turn = _turn(talk, message, facts, now)
    return _finished(turn, message, facts)


def _turn(talk: Talk, message: Message, facts: Facts, now: datetime) -> Turn:
    if talk.language is None:
        return _without_language(talk, message, facts, now)
    if isinstance(talk.state, ChoosingLanguage):
        return _choosing_language(talk, message, facts, now)
    if message.kind is Kind.NOTE_ARRIVED:
        again = [ListenAgain(message.media)] if message.again and message.media else []
        return Turn(talk, [submit.note_arrived(facts)], again)
    if message.too_long:
        return _too_long(talk, facts, now)
    if message.stale:
        return _stale(talk, facts, now)
    everywhere = _everywhere(talk, message, facts, now)
    if everywhere is not None:
        return everywhere
    turn = _ANSWERS[type(talk.state)](talk, message, facts, now)
    if turn is not None:
        return turn
    return care.misunderstood(talk, message, question(talk, facts, now), facts)


def question(talk: Talk, facts: Facts, now: datetime) -> Reply:
    """Return the question that is open, to be asked again."""
    return _ASKS.get(type(talk.state), care.menu_again)(talk, facts, now)


def _finished(turn: Turn, message: Message, facts: Facts) -> Turn:
    """Note which buttons are open now, and say what was masked in her words."""
    replies = [reply for reply in turn.replies if reply.says]
    effects: list[Effect] = list(turn.effects)
    if facts.me.stopped and not any(isinstance(each, StopMessages) for each in effects):
        effects.insert(0, ResumeMessages())
    if message.masked:
        replies.append(_masked())
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


def _without_language(
    talk: Talk, message: Message, facts: Facts, now: datetime
) -> Turn:
    """Offer the languages; a word for stop works before any of it."""
    if message.act in {"stop", "forget"} and message.language:
        spoken = replace(talk, language=message.language)
        return _turn(spoken, replace(message, stale=False), facts, now)
    if message.act == "repeat" or message.kind is Kind.NOTE_ARRIVED:
        return _note_before_language(talk, message, facts)
    if message.kind is Kind.NOTE and message.language:
        return _speaks(talk, message, facts, now)
    return _choosing_language(talk, message, facts, now)


def _note_before_language(talk: Talk, message: Message, facts: Facts) -> Turn:
    """Thank for a first voice note in all four languages: ours to recognise now."""
    if message.kind is Kind.NOTE_ARRIVED and facts.can_listen:
        row = N_("Thank you. I have your message.")
        thanks = tuple(Say(row, language=each) for each in LANGUAGES)
        return Turn(talk, [Reply(thanks)])
    if message.kind is Kind.NOTE_ARRIVED:
        return Turn(talk)
    return welcome.first_contact(talk, message)


def _speaks(talk: Talk, message: Message, facts: Facts, now: datetime) -> Turn:
    """Answer a first note in the language it was clearly spoken in."""
    spoken = replace(talk, language=message.language, state=Menu())
    turn = _turn(spoken, message, facts, now)
    return replace(turn, replies=[care.introduce(facts), *turn.replies])


def _choosing_language(
    talk: Talk, message: Message, facts: Facts, now: datetime
) -> Turn:
    """Take the choice and go on with what she wanted before it."""
    language = welcome.chosen_language(message)
    if language is None and talk.language is None:
        return welcome.first_contact(talk, message)
    if language is None and not message.act:
        again = welcome.ask_language()
        return care.misunderstood(talk, message, again, facts)
    state = talk.state
    wish = state.wish if isinstance(state, ChoosingLanguage) else None
    first = talk.language is None
    chosen = replace(talk, language=language or talk.language, state=Menu(), misses=0)
    if language is None:
        return _turn(chosen, message, facts, now)
    return _after_choice(chosen, welcome.wished_message(wish), facts, now, first=first)


def _after_choice(
    talk: Talk, wished: Message | None, facts: Facts, now: datetime, *, first: bool
) -> Turn:
    """Greet, or do first what she came for."""
    if wished is None and first:
        return Turn(talk, [care.greet(talk, facts, now)])
    if wished is None:
        says = (Say(N_("All right. I speak English now.")),)
        return Turn(talk, [Reply((*says,), menu_buttons(facts, now))])
    turn = _turn(talk, wished, facts, now)
    return replace(turn, replies=[care.introduce(facts), *turn.replies])


def _stale(talk: Talk, facts: Facts, now: datetime) -> Turn:
    """An old yes must not answer a new question: say so and ask the open one again."""
    asked = question(talk, facts, now)
    says = (Say(N_("That button belongs to an older question.")), *asked.says)
    return Turn(talk, [replace(asked, says=says)])


def _too_long(talk: Talk, facts: Facts, now: datetime) -> Turn:
    says = (
        Say(N_("Your message is too long for me.")),
        Say(N_("Please tell it in shorter parts, or say it.")),
    )
    asked = question(talk, facts, now)
    return Turn(talk, [Reply((*says, *asked.says), asked.buttons, secret=asked.secret)])


def _everywhere(
    talk: Talk, message: Message, facts: Facts, now: datetime
) -> Turn | None:
    """Answer the words that work in every state; None if this is none of them."""
    act = message.act
    if act is None or _is_own(talk.state, message):
        return None
    if act in _PLAIN:
        return _PLAIN[act](talk, message, facts, now)
    if act.startswith("lang:"):
        return _choosing_language(talk, message, facts, now)
    if act in {"plan", "support", "follow", "change", "withdraw"}:
        return _with_number(talk, message, facts, now)
    if act in results.NEXT_STEPS:
        return results.next_step(talk, act, facts.about, facts, now)
    if act in results.CHECK_INS:
        return results.check_in(talk, act, facts.about, facts, now)
    return None


def _is_own(state: State, message: Message) -> bool:
    """Tell whether the state itself knows what to do with this act."""
    act = message.act or ""
    if act in {"plan", "menu:vote"} and message.numbers:
        return isinstance(state, Voting | Browsing | ConfirmingVote)
    if act in {"person", "repeat"} or isinstance(state, Menu):
        return False
    if isinstance(state, TellingMore) and not message.tapped:
        return act in results.CHECK_INS | results.NEXT_STEPS | {"greeting", "thanks"}
    return act in expects(state)


def _with_number(talk: Talk, message: Message, facts: Facts, now: datetime) -> Turn:
    act = message.act
    if act == "support":
        return support.support(talk, message, facts, now)
    if act == "follow":
        return support.follow(talk, message, facts, now)
    if not message.numbers:
        return submit.begin(talk, facts, now)
    number = message.numbers[0]
    if act == "change":
        return owned.change(talk, number, facts, now)
    if act == "withdraw":
        return owned.withdraw(talk, number, facts, now)
    return support.show(talk, number, facts, now)


def _repeat(talk: Talk, _: Message, facts: Facts, now: datetime) -> Turn:
    return Turn(talk, [question(talk, facts, now)])


def _explain(talk: Talk, _: Message, facts: Facts, now: datetime) -> Turn:
    says = [
        Say(N_("This is how we count the votes.")),
        Say(N_("Every vote for a plan counts once.")),
        Say(N_("Plans with the most votes go first.")),
        Say(N_("A plan gets money if there is enough left.")),
    ]
    says += [
        Say(N_("%(decides)s"), {"decides": Local(each.decides)})
        for each in facts.voting(now)
        if each.decides
    ]
    return Turn(rest(talk), [Reply(tuple(says), menu_buttons(facts, now))])


def _greeted(talk: Talk, _: Message, facts: Facts, now: datetime) -> Turn:
    return Turn(talk, [question(talk, facts, now)])


def _thanked(talk: Talk, _: Message, facts: Facts, now: datetime) -> Turn:
    says = (Say(N_("You are welcome.")),)
    asked = question(talk, facts, now)
    return Turn(talk, [Reply((*says, *asked.says), asked.buttons, secret=asked.secret)])


_PLAIN: Mapping[str, Answer] = {
    "stop": lambda t, _, f, n: care.stop(t),
    "forget": lambda t, _, f, n: care.forget(t, f),
    "lang": lambda t, _, f, n: welcome.change_language(t),
    "menu:plan": lambda t, _, f, n: submit.begin(t, f, n),
    "menu:vote": vote.begin,
    "menu:status": lambda t, _, f, n: status.status(t, f, n),
    "menu:help": lambda t, _, f, n: care.help_me(t, f, n),
    "vote:help": vote.begin,
    "vote:numbers": vote.begin,
    "person": lambda t, _, f, n: care.person(t, f, n),
    "repeat": _repeat,
    "listen": _repeat,
    "privacy": lambda t, _, f, n: care.privacy(t, f),
    "mydata": lambda t, _, f, n: care.my_data(t, f),
    "rules": lambda t, _, f, n: care.rules(t, f, n),
    "explain": _explain,
    "result": lambda t, _, f, n: status.result(t, f, n),
    "greeting": _greeted,
    "thanks": _thanked,
}


def _at_menu(talk: Talk, message: Message, facts: Facts, now: datetime) -> Turn | None:
    """At rest: a number is a plan; words may answer a check-in, or be a plan."""
    if message.only_numbers and message.numbers[0] >= 10:  # noqa: PLR2004
        return support.show(talk, message.numbers[0], facts, now)
    about = facts.about
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
    slug = rounds.chosen_round(talk, message, facts, now)
    if slug is None:
        return None
    assert isinstance(talk.state, ChoosingRound)  # noqa: S101 - narrows the type
    if talk.state.goal == "vote":
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
    ChoosingLanguage: _choosing_language,
    ChoosingRound: _choosing_round,
    DescribingPlan: submit.describe,
    ConfirmingPlan: submit.confirm,
    PlacingPlan: placing.place,
    AskingConsent: placing.consent,
    Withdrawing: owned.withdrawing,
    Voting: vote.vote,
    Browsing: vote.browsing,
    ConfirmingVote: vote.confirm,
    LeavingNumber: results.number_left,
    TellingMore: _more_told,
    Forgetting: care.forgetting,
}
_ASKS: Mapping[type[State], Ask] = {
    ChoosingLanguage: lambda t, f, n: welcome.ask_language(),
    ChoosingRound: rounds.ask_round,
    DescribingPlan: submit.ask_plan,
    ConfirmingPlan: submit.ask_confirm,
    PlacingPlan: placing.ask_place,
    AskingConsent: placing.ask_consent,
    Withdrawing: owned.ask_withdraw,
    Voting: vote.ask_vote,
    Browsing: ask_browse,
    ConfirmingVote: vote.ask_confirm,
    LeavingNumber: results.ask_number,
    Forgetting: lambda t, f, n: care.ask_forget(t, f),
}
