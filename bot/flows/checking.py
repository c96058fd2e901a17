"""What a voice note seemed to say is read back, and counts only after yes.

Asked only where a mistake would do something: a turn without effects that takes nothing
from her is its own read-back.
"""

from dataclasses import replace

from bot.domain.effects import (
    DropMedia,
    Effect,
    ListenAgain,
    RaiseTask,
    ResumeMessages,
    TaskKind,
)
from bot.domain.say import N_, Button, Free, Local, Reply, Say
from bot.flows.state import (
    Checking,
    Draft,
    Kind,
    Message,
    NamingPlan,
    Talk,
    Turn,
    is_secret,
)
from bot.flows.talks import at
from bot.flows.vocabulary import WORDS

YES = Button("yes", Say(N_("Yes")))
NO = Button("no", Say(N_("No")))
_BESIDE = frozenset("repeat listen lang privacy mydata rules greeting thanks".split())
"""Words that leave the question open: what they ask for is answered beside it."""


def must_check(before: Talk, message: Message, turn: Turn) -> bool:
    """Tell whether what was heard by half would do something that she must confirm."""
    if message.kind is not Kind.NOTE or message.sure or not _answers(before, message):
        return False
    return any(map(_counts, turn.effects)) or _loses(before, turn.talk)


def _answers(before: Talk, message: Message) -> bool:
    """Tell a small answer from free words, which are read back or kept as they are."""
    names = isinstance(before.state, NamingPlan) and bool(message.numbers)
    return message.act is not None or message.only_numbers or names


def _counts(effect: Effect) -> bool:
    """Tell whether an effect matters. A person is never out of reach by a question."""
    if isinstance(effect, RaiseTask):
        return effect.kind == TaskKind.CALL
    return not isinstance(effect, DropMedia | ListenAgain | ResumeMessages)


def _loses(before: Talk, after: Talk) -> bool:
    """Tell whether words or notes of a plan under way would be gone."""
    drafts = ((before.draft, after.draft), (before.revision, after.revision))
    return any(_lost(was or Draft(), now or Draft()) for was, now in drafts)


def _lost(was: Draft, now: Draft) -> bool:
    return not (now.text.startswith(was.text) and set(was.notes) <= set(now.notes))


def check(before: Talk, message: Message, act: str | None) -> Talk | None:
    """Return the talk that asks whether this was said; None if it cannot be kept.

    On a ballot, and where her word is asked for, nothing but the act is kept.
    """
    if not is_secret(before.state):
        words = message.near or message.text.strip()
        heard = Checking(before.state, act, message.numbers, words, message.media)
        return at(before, heard)
    if act is None or message.numbers:
        return None
    return at(before, Checking(before.state, act))


def ask_check(state: Checking) -> Reply:
    """Say what was heard and ask whether it is right."""
    says = (heard_row(state), Say(N_("Is that right?")))
    return Reply(says, (YES, NO), secret=is_secret(state))


def heard_row(state: Checking) -> Say:
    """Return the row that says what was heard: words, or the word of the act."""
    answer: Free | Local = Free(state.words)
    if not state.words:
        ways = WORDS.get(state.act or "", {})
        answer = Local({lang: row.split("|")[0] for lang, row in ways.items()})
    return Say(N_("I heard: %(answer)s."), {"answer": answer})


def asks_again(state: Checking) -> bool:
    """Tell whether the ballot itself is read back, so that a yes is a yes to it."""
    return is_secret(state) and state.act == "yes"


def not_sure() -> tuple[Say, ...]:
    """Return rows that ask for the same once more, where nothing may be kept."""
    return (
        Say(N_("I am not sure that I heard you well.")),
        Say(N_("Please say it once more.")),
    )


def said_no() -> tuple[Say, ...]:
    """Return rows that take back what was heard."""
    return (Say(N_("All right.")), Say(N_("Please say it once more.")))


def resolved(talk: Talk, message: Message) -> tuple[Talk, Message]:
    """Return where a message belongs while something heard is checked.

    Yes stands for what was heard, said for sure. What else is understood is for the
    state before. Anything else leaves the question open.
    """
    state = talk.state
    if not isinstance(state, Checking) or _stays(state, message):
        return talk, message
    back = replace(talk, state=state.before)
    return back, heard(state) if message.act == "yes" else message


def _stays(state: Checking, message: Message) -> bool:
    if message.kind is Kind.NOTE_ARRIVED or message.stale or message.too_long:
        return True
    if message.unheard or message.near or message.act in _BESIDE:
        return True
    return message.act == "no" and not asks_again(state)


def heard(state: Checking) -> Message:
    """Return what was heard as if it had been said clearly."""
    if state.act is None and not state.numbers:
        return Message(text=state.words)
    return Message(
        Kind.NOTE,
        state.words,
        act=state.act,
        acts=(state.act,) if state.act else (),
        numbers=state.numbers,
        only_numbers=state.act is None,
        media=state.media,
    )
