"""What an official asks one person: her answer goes back to whoever asked.

She is never held in it: words of the menu begin something else, as always.
"""

from datetime import datetime

from bot.domain.effects import AddPhoto, AnswerOfficial, Effect, PlacePlan
from bot.domain.facts import About, Facts
from bot.domain.say import N_, Button, Reply, Say
from bot.flows.checking import NO, YES
from bot.flows.parts import menu_buttons
from bot.flows.questions import question
from bot.flows.state import Kind, Menu, Message, State, Talk, Turn
from bot.flows.talks import rest

ASKED = "desk"
"""The kind of `About` that an official's question has."""

ANSWER_YES = Button("answer:yes", YES.label)
ANSWER_NO = Button("answer:no", NO.label)
TAPS = frozenset({ANSWER_YES.id, ANSWER_NO.id})
_LOOSE = frozenset("yes no done back more skip later good stuck join keep next".split())
"""Words that mean something only where they are asked for: here they are an answer."""


def answer(talk: Talk, message: Message, facts: Facts, now: datetime) -> Turn | None:
    """Pass on what answers an official's question; None for anything else."""
    if facts.about is None or not _answers(talk.state, message, facts):
        return None
    return _answered(talk, message, facts.about, facts, now)


def _answers(state: State, message: Message, facts: Facts) -> bool:
    if facts.about is None or facts.about.kind != ASKED:
        return False
    if message.act in TAPS:
        return True
    if not isinstance(state, Menu) or message.tapped:
        return False
    return message.act in _LOOSE or (message.act is None and _tells(message, facts))


def _answered(
    talk: Talk, message: Message, about: About, facts: Facts, now: datetime
) -> Turn:
    """Keep her answer for the official. She stays where she was."""
    thanks = Say(N_("Thank you. A person will read or hear this."))
    effects = [*_shown(about, message), _answer(about, message)]
    if isinstance(talk.state, Menu):
        reply = Reply((thanks,), menu_buttons(facts, now))
        return Turn(rest(talk), [reply], effects)
    return Turn(talk, [question(talk, facts, now).after(thanks)], effects)


def _tells(message: Message, facts: Facts) -> bool:
    """Tell whether there is something to pass on: words, sound, a place, a photo."""
    shows = message.pin is not None or message.kind is Kind.PHOTO
    if shows:
        return bool(facts.about and facts.about.plan)
    return message.is_words or message.unheard


def _answer(about: About, message: Message) -> AnswerOfficial:
    tapped = {ANSWER_YES.id: "yes", ANSWER_NO.id: "no"}.get(message.act or "", "")
    words = "" if message.unheard else message.text.strip()
    note = message.media if message.kind is Kind.NOTE else None
    return AnswerOfficial(about.asked, tapped or words, note)


def _shown(about: About, message: Message) -> list[Effect]:
    """Return what becomes of a place or a photo of the plan that was asked about."""
    if message.pin is not None:
        return [PlacePlan(about.plan, pin=message.pin)]
    if message.kind is Kind.PHOTO and message.media:
        return [AddPhoto(about.plan, message.media)]
    return []
