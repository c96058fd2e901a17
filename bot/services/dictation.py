"""What a person wrote down from a voice note, put into the talk it came from.

Pure: the talk before and the words give the talk after and what is said to her. She
confirms the words like any read-back; nothing is stored on an official's word.
"""

from dataclasses import dataclass, replace
from enum import StrEnum

from bot.domain.effects import TaskKind
from bot.domain.say import N_, Free, Reply, Say
from bot.flows.drafts import changing, has_words
from bot.flows.parts import HAVE_PLAN
from bot.flows.state import ConfirmingPlan, DescribingPlan, Draft, Menu, Talk
from bot.flows.submit import CHANGE_IT, QUESTION, THIS_IS_IT
from bot.flows.talks import rest
from bot.services.stories import CALL


class Outcome(StrEnum):
    """What became of the words."""

    READ_BACK = "read_back"
    """She was asked for her yes."""
    KEPT = "kept"
    """She is in the middle of something: they wait in her draft, and she knows."""
    MORE = "more"
    """Other notes of the same plan are still to be written down."""
    STORED = "stored"
    """Her plan was stored already and has its words now."""
    MOVED_ON = "moved_on"
    """She has told her plan anew: nothing was sent."""
    ASKED_AGAIN = "asked_again"
    """Nobody could make it out: she was asked to say it once more, or to be called."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """What a note belongs to: `others` are the notes of its talk without words yet.

    `kind` is that of the task. `elsewhere` says where plans are told, if that is not in
    this chat: then they are neither asked for nor offered here.
    """

    others: frozenset[int]
    kind: str
    elsewhere: Reply | None = None


@dataclass(frozen=True, slots=True)
class Dictated:
    """The talk after the words, what she is told, and what became of them.

    `asks` tells that the reply is the question which is open in the talk now.
    """

    talk: Talk
    outcome: Outcome
    reply: Reply | None = None
    asks: bool = False


def dictate(talk: Talk, note: int, words: str, waiting: Waiting) -> Dictated:
    """Put the words of a note into the draft it belongs to, and read them back.

    A note that failed before it could join a draft begins one.
    """
    draft = _draft_with(talk, note, waiting.kind)
    if draft is None:
        return Dictated(talk, Outcome.MOVED_ON)
    unheard = bool(waiting.others & set(draft.notes))
    told = replace(draft, text=joined(draft.text, words), unheard=unheard)
    revises = _revises(talk, note)
    after = replace(talk, revision=told) if revises else replace(talk, draft=told)
    if unheard:
        return Dictated(after, Outcome.MORE)
    if waiting.elsewhere is not None and not revises:
        told_where = waiting.elsewhere.after(*_written(told))
        return Dictated(_off_plans(after), Outcome.KEPT, told_where)
    if _is_busy(talk, note):
        return Dictated(after, Outcome.KEPT, _later(told))
    reply = _read_back(told)
    offered = tuple(each.id for each in reply.buttons)
    state = ConfirmingPlan(changing(talk))
    asked = replace(after, state=state, offered=offered, misses=0)
    return Dictated(asked, Outcome.READ_BACK, reply, asks=True)


def ask_again(talk: Talk, note: int, waiting: Waiting) -> Dictated:
    """Take a note that nobody can make out from its draft, and ask for it once more.

    What else she told stays in the draft. Where plans are told elsewhere she is only
    offered a call.
    """
    draft = _draft_with(talk, note, waiting.kind)
    if draft is None:
        return Dictated(talk, Outcome.MOVED_ON)
    notes = tuple(each for each in draft.notes if each != note)
    left = replace(draft, notes=notes, unheard=bool(waiting.others & set(notes)))
    revises, busy = _revises(talk, note), _is_busy(talk, note)
    after = replace(talk, revision=left) if revises else replace(talk, draft=left)
    off = waiting.elsewhere is not None and not revises
    if busy or off:
        buttons = (CALL,) if off else (HAVE_PLAN, CALL)
        later = Reply((*unclear_rows(), call_row()), buttons)
        left_off = _off_plans(after) if off else after
        return Dictated(left_off, Outcome.ASKED_AGAIN, later)
    reply = Reply((*unclear_rows(), _SAY_AGAIN, call_row()), (CALL,))
    offered = tuple(each.id for each in reply.buttons)
    state = DescribingPlan(changing(talk))
    asked = replace(after, state=state, offered=offered, misses=0)
    return Dictated(asked, Outcome.ASKED_AGAIN, reply, asks=True)


_SAY_AGAIN = Say(N_("Please say it once more, or type it."))


def unclear_rows() -> tuple[Say, ...]:
    """Return the rows that say, without blame, that nobody could make it out."""
    return (
        Say(N_("A person has listened to your message.")),
        Say(N_("Sorry, we could not understand it well.")),
    )


def call_row() -> Say:
    """Return the row that offers a call instead."""
    return Say(N_("Shall we call you? Tap: Call me."))


def joined(before: str, after: str) -> str:
    """Return the words of a plan with those of one more note."""
    return "\n".join(part for part in (before, after) if part)


def _draft_with(talk: Talk, note: int, kind: str) -> Draft | None:
    """Return the draft that holds a note; None if she has gone on without it."""
    if _revises(talk, note):
        return talk.revision
    if talk.draft and note in talk.draft.notes:
        return talk.draft
    if kind == TaskKind.FAILED_NOTE and not has_words(talk.draft):
        return replace(talk.draft or Draft(), notes=(note,), spoken=True)
    return None


def _revises(talk: Talk, note: int) -> bool:
    """Tell whether a note is new words for a stored plan, and she is still at it."""
    held = talk.revision is not None and note in talk.revision.notes
    return held and changing(talk) is not None


def _off_plans(talk: Talk) -> Talk:
    """Return the talk at rest if it was about a new plan: that goes on elsewhere."""
    at_plan = isinstance(talk.state, DescribingPlan | ConfirmingPlan)
    return rest(talk) if at_plan and changing(talk) is None else talk


def _is_busy(talk: Talk, note: int) -> bool:
    """Tell whether she is asked something else than what this note is about."""
    if isinstance(talk.state, DescribingPlan | ConfirmingPlan):
        return talk.state.changing is not None and not _revises(talk, note)
    return not isinstance(talk.state, Menu)


def _written(draft: Draft) -> tuple[Say, ...]:
    return (
        Say(N_("A person has written your plan down:")),
        Say(N_("%(plan_text)s"), {"plan_text": Free(draft.text)}),
    )


def _read_back(draft: Draft) -> Reply:
    question = Say(N_("Is this your plan for the neighbourhood?"))
    return Reply((*_written(draft), question), (THIS_IS_IT, CHANGE_IT, QUESTION))


def _later(draft: Draft) -> Reply:
    go_on = Say(N_("Do you want to go on with it? Type or say: plan."))
    return Reply((*_written(draft), go_on), (HAVE_PLAN,))
