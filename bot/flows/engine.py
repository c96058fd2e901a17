"""One turn of a talk: words of everywhere first, then the state's own flow.

`advance` is total: whatever comes in, it answers and does not raise. What it needs to
know is told by `bot.flows.needs`.
"""

from collections.abc import Callable, Mapping
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
from bot.domain.plans import FIRST_NUMBER
from bot.domain.say import N_, Button, Local, Ready, Reply, Say
from bot.flows import (
    aloud,
    care,
    checking,
    link,
    marking,
    opening,
    owned,
    passes,
    placing,
    results,
    rounds,
    status,
    submit,
    support,
    vote,
    welcome,
)
from bot.flows.ballot import is_closed
from bot.flows.browse import ask_browse
from bot.flows.expecting import expects, picked
from bot.flows.parts import menu_buttons
from bot.flows.state import (
    AskingConsent,
    AskingPass,
    AskingRecording,
    Browsing,
    Checking,
    CheckingPass,
    ChoosingLanguage,
    ChoosingRound,
    ChoosingTheme,
    ChoosingWord,
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
    SeeingVote,
    State,
    Talk,
    TellingMore,
    Turn,
    Voting,
    Walking,
    Withdrawing,
    is_at_pass,
    is_on_ballot,
    is_secret,
)
from bot.flows.talks import at, rest
from bot.flows.tongues import beside
from bot.flows.walk import ask_walk

Ask = Callable[[Talk, Facts, datetime], Reply]
Answer = Callable[[Talk, Message, Facts, datetime], Turn | None]


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
    talk, message = checking.resolved(talk, message)
    turn = _everywhere(talk, message, facts, now)
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
    act = _meant(talk.state, message, facts)
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


def _ask_check(talk: Talk, facts: Facts, now: datetime) -> Reply:
    state = talk.state
    assert isinstance(state, Checking)  # noqa: S101 - narrows the type
    if not checking.asks_again(state):
        return checking.ask_check(state)
    reply = question(at(talk, state.before), facts, now)
    return reply.after(checking.heard_row(state))


def question(talk: Talk, facts: Facts, now: datetime) -> Reply:
    """Return the question that is open, to be asked again."""
    on_ballot = is_on_ballot(talk.state)
    if on_ballot and is_closed(talk, facts, now):
        return marking.say_closed(facts, now)
    return _ASKS.get(type(talk.state), care.menu_again)(talk, facts, now)


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


def _everywhere(
    talk: Talk, message: Message, facts: Facts, now: datetime
) -> Turn | None:
    """Answer the words that work in every state; None if this is none of them."""
    act = _meant(talk.state, message, facts)
    if act is None and _names_a_plan(talk.state, message):
        return support.show(talk, message.numbers[0], facts, now)
    if act is None or _is_own(talk.state, message):
        return None
    if act in _PLAIN:
        return _PLAIN[act](talk, message, facts, now)
    if act.startswith("lang:"):
        return opening.choosing_language(talk, message, facts, now, _turn)
    if act in {"plan", "support", "follow", "change", "withdraw", "about"}:
        return _with_number(talk, message, facts, now)
    if act in results.NEXT_STEPS:
        return results.next_step(talk, act, facts.about, facts, now)
    if act in results.CHECK_INS:
        return results.check_in(talk, act, facts.about, facts, now)
    return None


def _meant(state: State, message: Message, facts: Facts) -> str | None:
    """Return the act meant: at rest, an answer to our open question goes first.

    "Hulp" is help, unless we have just asked how her plan goes.
    """
    if isinstance(state, Menu) and facts.about and not message.tapped:
        open_for = {"results": results.NEXT_STEPS, "checkin": results.CHECK_INS}
        answers = open_for.get(facts.about.kind, frozenset())
        return next((act for act in message.acts if act in answers), message.act)
    return message.act


_FREE = Menu | ConfirmingPlan | Withdrawing | AskingConsent | AskingRecording


def _names_a_plan(state: State, message: Message) -> bool:
    """Tell whether a bare number asks to see that plan, where it can mean no more."""
    named = message.only_numbers and message.numbers[0] >= FIRST_NUMBER
    return named and isinstance(state, _FREE)


def _is_own(state: State, message: Message) -> bool:
    """Tell whether the state itself knows what to do with this act."""
    act = message.act or ""
    if act == "plan" and isinstance(state, Linking):
        return True
    if act == "pass":
        return is_at_pass(state)
    if act in {"plan", "menu:vote"} and message.numbers:
        return is_on_ballot(state)
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
    if act == "about":
        return owned.choose_theme(talk, number, facts, now)
    return support.show(talk, number, facts, now)


def _repeat(talk: Talk, _: Message, facts: Facts, now: datetime) -> Turn:
    return Turn(talk, [question(talk, facts, now)])


def _listen(talk: Talk, _: Message, facts: Facts, now: datetime) -> Turn:
    """Give her the whole of what a template announced, else the open question."""
    if facts.pushed is None:
        return Turn(talk, [question(talk, facts, now)])
    words = Say(N_("%(words)s"), {"words": Ready(facts.pushed.text)})
    buttons = tuple(
        Button(each, Say(N_("%(words)s"), {"words": Ready(label)}))
        for each, label in facts.pushed.buttons
    )
    return Turn(talk, [Reply((words,), buttons, sound=facts.pushed.sound)])


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
    asked = question(talk, facts, now)
    return Turn(talk, [asked.after(Say(N_("You are welcome.")))])


_PLAIN: Mapping[str, Answer] = {
    "stop": lambda t, _, f, n: care.stop(t),
    "forget": lambda t, _, f, n: care.forget(t, f),
    "lang": lambda t, _, f, n: welcome.change_language(t),
    "menu:plan": lambda t, _, f, n: submit.begin(t, f, n),
    "menu:vote": vote.begin,
    "menu:status": lambda t, _, f, n: placing.then_ask(status.status(t, f, n), f),
    "menu:help": lambda t, _, f, n: care.help_me(t, f, n),
    "vote:help": vote.begin,
    "vote:numbers": vote.begin,
    "vote:other": vote.another_person,
    "pass": vote.show_pass,
    "person": lambda t, _, f, n: care.person(t, f, n),
    "repeat": _repeat,
    "listen": _listen,
    "aloud": lambda t, _, f, n: aloud.begin(t, question(t, f, n)),
    "quiet": lambda t, _, f, n: aloud.end(t, question(t, f, n)),
    "privacy": lambda t, _, f, n: care.privacy(t, f),
    "recording:no": lambda t, _, f, n: care.stop_recording(t, f),
    "mydata": lambda t, _, f, n: care.my_data(t, f),
    "link": lambda t, _, f, n: link.begin(t, f),
    "link:there": lambda t, _, f, n: link.say_both(t),
    "rules": lambda t, _, f, n: care.rules(t, f, n),
    "explain": _explain,
    "result": lambda t, _, f, n: status.result(t, f, n),
    "greeting": _greeted,
    "thanks": _thanked,
}


def _at_menu(talk: Talk, message: Message, facts: Facts, now: datetime) -> Turn | None:
    """At rest: a number is a plan; words may answer a check-in, or be a plan."""
    about = facts.about
    if message.kind is Kind.NOTE and message.heard is Heard.NOTHING:
        return None
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
    ChoosingWord: link.choose,
    Linking: link.link,
    Forgetting: care.forgetting,
    Checking: _answers_check,
}
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
    ChoosingWord: lambda t, f, n: link.ask_word(f),
    Linking: lambda t, f, n: link.ask_link(t),
    Forgetting: lambda t, f, n: care.ask_forget(t, f),
    Checking: _ask_check,
}
