"""The words that work in every state: stop, help, status, a person, and others."""

from collections.abc import Callable, Mapping
from datetime import datetime

from bot.domain.facts import Facts
from bot.domain.plans import FIRST_NUMBER
from bot.domain.say import N_, Button, Local, Ready, Reply, Say
from bot.flows import (
    aloud,
    care,
    differing,
    link,
    meeting,
    money,
    opening,
    own_data,
    owned,
    placing,
    results,
    status,
    submit,
    support,
    trust,
    vote,
    welcome,
)
from bot.flows.expecting import expects
from bot.flows.parts import menu_buttons
from bot.flows.questions import question
from bot.flows.state import (
    AskingBill,
    AskingConsent,
    AskingRecording,
    ConfirmingPlan,
    Linking,
    Menu,
    Message,
    State,
    Talk,
    TellingMore,
    Turn,
    Withdrawing,
    is_at_pass,
    is_on_ballot,
)
from bot.flows.talks import rest

Answer = Callable[[Talk, Message, Facts, datetime], Turn | None]


def everywhere(
    talk: Talk, message: Message, facts: Facts, now: datetime, turn: opening.Step
) -> Turn | None:
    """Answer the words that work in every state; None if this is none of them.

    `turn` answers what she wanted before she chose a language.
    """
    act = meant(talk.state, message, facts)
    if act is None and _names_a_plan(talk.state, message):
        return support.show(talk, message.numbers[0], facts, now)
    if act is None or _is_own(talk.state, message):
        return None
    if act in _PLAIN:
        return _PLAIN[act](talk, message, facts, now)
    if act.startswith("lang:"):
        return opening.choosing_language(talk, message, facts, now, turn)
    if act in {"plan", "support", "follow", "change", "withdraw", "about"}:
        return _with_number(talk, message, facts, now)
    return _to_push(talk, message, act, facts, now)


def _to_push(
    talk: Talk, message: Message, act: str, facts: Facts, now: datetime
) -> Turn | None:
    """Answer what answers a question of ours that we began."""
    about = facts.about
    if isinstance(talk.state, Menu) and about and about.kind in meeting.OFFERS:
        return meeting.answer_offer(talk, message, about, facts, now)
    if act in results.NEXT_STEPS:
        return results.next_step(talk, act, about, facts, now)
    if act in results.CHECK_INS:
        return results.check_in(talk, act, about, facts, now)
    return None


def meant(state: State, message: Message, facts: Facts) -> str | None:
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
    if act == "plan" and isinstance(state, Linking | AskingBill):
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
    if not facts.pushed.text:
        at_rest = isinstance(talk.state, Menu)
        return Turn(talk, [] if at_rest else [question(talk, facts, now)])
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
    buttons = (*menu_buttons(facts, now), differing.DISAGREE)
    return Turn(rest(talk), [Reply(tuple(says), buttons)])


def _greeted(talk: Talk, _: Message, facts: Facts, now: datetime) -> Turn:
    return Turn(talk, [question(talk, facts, now)])


def _thanked(talk: Talk, _: Message, facts: Facts, now: datetime) -> Turn:
    asked = question(talk, facts, now)
    return Turn(talk, [asked.after(Say(N_("You are welcome.")))])


def _status(talk: Talk, message: Message, facts: Facts, now: datetime) -> Turn:
    """Tell how everything goes; with a number, how that plan goes."""
    if message.numbers:
        return support.show(talk, message.numbers[0], facts, now)
    return placing.then_ask(status.status(talk, facts, now), facts)


_PLAIN: Mapping[str, Answer] = {
    "stop": lambda t, _, f, n: care.stop(t),
    "forget": lambda t, _, f, n: care.forget(t, f),
    "lang": lambda t, _, f, n: welcome.change_language(t),
    "menu:plan": lambda t, _, f, n: submit.begin(t, f, n),
    "menu:vote": vote.begin,
    "menu:status": _status,
    "menu:help": lambda t, _, f, n: care.help_me(t, f, n),
    "vote:help": vote.begin,
    "vote:numbers": vote.begin,
    "vote:other": vote.another_person,
    "pass": vote.show_pass,
    "person": lambda t, _, f, n: care.person(t, f, n),
    "disagree": lambda t, _, f, n: differing.disagree(t, f, n),
    "repeat": _repeat,
    "listen": _listen,
    "aloud": lambda t, _, f, n: aloud.begin(t, question(t, f, n)),
    "quiet": lambda t, _, f, n: aloud.end(t, question(t, f, n)),
    "privacy": lambda t, _, f, n: care.privacy(t, f),
    "recording:no": lambda t, _, f, n: care.stop_recording(t, f),
    "mydata": lambda t, _, f, n: own_data.my_data(t, f, n),
    "link": lambda t, _, f, n: link.begin(t, f),
    "link:there": lambda t, _, f, n: link.say_both(t),
    "unlink": lambda t, _, f, n: link.unlink(t, f, n),
    "join:no": lambda t, _, f, n: meeting.take_back(t, f, n),
    "rules": lambda t, _, f, n: care.rules(t, f, n),
    "explain": _explain,
    "result": lambda t, _, f, n: status.result(t, f, n),
    "money": money.where_it_went,
    "trust": lambda t, _, f, n: trust.begin(t, f, n),
    "greeting": _greeted,
    "thanks": _thanked,
}
