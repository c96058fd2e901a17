"""A note in another language than her talk's: said and offered, never just done."""

from dataclasses import replace
from typing import cast

from bot.domain.effects import RaiseTask
from bot.domain.languages import NAMES, Language
from bot.domain.say import N_, Button, Free, Reply, Say
from bot.flows.state import OTHER, Message, Turn


def beside(turn: Turn, message: Message) -> Turn:
    """Return the turn with a word on the language she spoke, before its own question.

    The question of the turn stays the last one: it is what a digit or a yes answers.
    """
    if message.tongue == OTHER:
        return _welcomed(turn, message)
    if message.tongue in {None, turn.talk.language}:
        return turn
    return replace(
        turn, replies=[_offer(cast("Language", message.tongue)), *turn.replies]
    )


def _offer(spoken: Language) -> Reply:
    """Offer to go on in it; each row is said in that language itself."""
    says = (
        Say(N_("I heard English."), language=spoken),
        Say(N_("Do you want to go on in English? Tap the button."), language=spoken),
    )
    own_name = Say(N_("%(language)s"), {"language": Free(NAMES[spoken])})
    return Reply(says, (Button(f"lang:{spoken}", own_name),))


def _welcomed(turn: Turn, message: Message) -> Turn:
    """Say that her own language is fine, where a person will listen to the note."""
    heard = any(
        isinstance(e, RaiseTask) and e.media == message.media for e in turn.effects
    )
    if not (heard and turn.replies):
        return turn
    first, *others = turn.replies
    fine = Say(N_("You may speak your own language here."))
    return replace(turn, replies=[first.after(fine), *others])
