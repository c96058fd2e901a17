"""First contact: the language before all else, and then what she came for."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from bot.domain.effects import Effect
from bot.domain.facts import Facts
from bot.domain.languages import LANGUAGES, Language
from bot.domain.say import N_, Reply, Say
from bot.flows import care, welcome
from bot.flows.expecting import expects
from bot.flows.reading import answers
from bot.flows.state import ChoosingLanguage, Kind, Menu, Message, Talk, Turn

Step = Callable[[Talk, Message, Facts, datetime], Turn]
"""One turn of the engine, for what was wished before the language was known."""


def without_language(
    talk: Talk, message: Message, facts: Facts, now: datetime, step: Step
) -> Turn:
    """Offer the languages; a word for stop works before any of it."""
    if message.act in {"stop", "forget"} and message.language:
        spoken = replace(talk, language=message.language, state=Menu())
        return step(spoken, message, facts, now)
    if message.kind is Kind.NOTE_ARRIVED:
        return Turn(talk, [_thanks()] if facts.can_listen else [])
    if message.kind is Kind.NOTE and message.language:
        return _speaks(talk, message, facts, now, step)
    return choosing_language(talk, message, facts, now, step)


def _thanks() -> Reply:
    """Thank for a first voice note in all four languages; we listen to it now."""
    row = N_("Thank you. I have your message.")
    return Reply(tuple(Say(row, language=each) for each in LANGUAGES))


def _speaks(
    talk: Talk, message: Message, facts: Facts, now: datetime, step: Step
) -> Turn:
    """Answer a first note in the language it was clearly spoken in.

    What was wished before it is done first. The note answers none of the questions that
    follow from that: she has not seen them yet.
    """
    state = talk.state
    wish = state.wish if isinstance(state, ChoosingLanguage) else None
    spoken = replace(talk, language=message.language, state=Menu())
    # What she told before is read back in this same turn: she has not heard it yet.
    wished = welcome.wished(wish)
    last = replace(message, stale=bool(wished) and answers(message))
    messages = [*wished, last]
    turn = _one_after_another(spoken, messages, facts, now, step)
    return replace(turn, replies=[care.introduce(facts), *turn.replies])


def choosing_language(
    talk: Talk, message: Message, facts: Facts, now: datetime, step: Step
) -> Turn:
    """Take the choice and go on with what she wanted before it."""
    state = talk.state
    if not isinstance(state, ChoosingLanguage):
        state = ChoosingLanguage(before=state if talk.language else None)
    language = welcome.chosen_language(message)
    if language is None:
        return _no_choice(talk, state, message, facts, now, step)
    if talk.language is not None:
        return _changed(talk, state, language, facts, now, step)
    chosen = replace(talk, language=language, state=Menu(), misses=0)
    messages = welcome.wished(state.wish)
    if not messages:
        return Turn(chosen, [care.greet(facts, now)])
    turn = _one_after_another(chosen, messages, facts, now, step)
    return replace(turn, replies=[care.introduce(facts), *turn.replies])


def _no_choice(
    talk: Talk,
    state: ChoosingLanguage,
    message: Message,
    facts: Facts,
    now: datetime,
    step: Step,
) -> Turn:
    """Keep the language there is if she goes on with something else.

    A yes here answers nothing: the question it could mean is asked again. A person can
    be asked for here too.
    """
    if talk.language is None:
        return welcome.first_contact(talk, message)
    if message.act == "repeat":
        return Turn(talk, [welcome.ask_language()])
    if message.act and message.act.startswith("lang:"):  # none of ours: ask again
        return care.misunderstood(talk, message, welcome.ask_language())
    back = replace(talk, state=state.before or Menu())
    if message.code:
        return step(back, message, facts, now)
    if message.act in (expects(back.state) | {"yes", "no"}) - {"person"}:
        return step(back, Message(act="repeat"), facts, now)
    if message.act or not (message.kind is Kind.TEXT or message.only_numbers):
        return step(back, message, facts, now)
    return care.misunderstood(talk, message, welcome.ask_language())


def _changed(
    talk: Talk,
    state: ChoosingLanguage,
    language: Language,
    facts: Facts,
    now: datetime,
    step: Step,
) -> Turn:
    """Say it in the new language, and ask the open question in it."""
    back = replace(talk, language=language, state=state.before or Menu(), misses=0)
    turn = step(back, Message(act="repeat"), facts, now)
    said = Reply((Say(N_("All right. I speak English now.")),))
    return replace(turn, replies=[said, *turn.replies])


def _one_after_another(
    talk: Talk, messages: Sequence[Message], facts: Facts, now: datetime, step: Step
) -> Turn:
    """Take several messages in one turn: all that was wished before."""
    replies: list[Reply] = []
    effects: list[Effect] = []
    for message in messages:
        turn = step(talk, message, facts, now)
        talk = turn.talk
        replies += turn.replies
        effects += turn.effects
    return Turn(talk, replies, effects)
