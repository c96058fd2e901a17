"""One step of a talk as a row of a table: where she is, what she does, what follows."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import pytest

from bot.domain.effects import Effect
from bot.domain.facts import Facts
from bot.domain.languages import Language
from bot.domain.say import Reply
from bot.domain.text import clean
from bot.flows.engine import advance
from bot.flows.reading import read_note, read_tap, read_text
from bot.flows.state import Heard, Kind, Message, State, Talk, Turn
from tests.flows.cast import AUTHOR, FACTS, HERS, NOW

NOTE, PHOTO = 501, 502
"""Media ids of a voice note and a photo."""

ONE_MORE = replace(AUTHOR, me=replace(AUTHOR.me, plans=HERS[:1]))
"""An author who may send another plan."""


@dataclass(frozen=True, slots=True)
class Step:
    """A row: its sentence is its id; `does` is typed words or a message.

    `says` are message ids among the rows that follow, `buttons` the ids of the last
    question's buttons; None where the row does not look at them.
    """

    sentence: str
    before: Talk
    does: str | Message
    state: State
    effects: tuple[Effect, ...] = ()
    says: tuple[str, ...] = ()
    buttons: tuple[str, ...] | None = None
    facts: Facts = FACTS
    now: datetime = NOW


def rows(steps: Sequence[Step]) -> pytest.MarkDecorator:
    """Return the table as a parameter, each row called by its sentence."""
    return pytest.mark.parametrize("step", steps, ids=[each.sentence for each in steps])


def check(step: Step) -> Turn:
    """Take the step and compare everything the row names."""
    turn = take(step.before, step.does, step.facts, step.now)
    assert turn.talk.state == step.state
    assert tuple(turn.effects) == step.effects
    missing = [msgid for msgid in step.says if msgid not in told(turn)]
    assert not missing, f"said instead: {told(turn)}"
    if step.buttons is not None:
        assert offered(turn) == step.buttons
    return turn


def take(
    before: Talk, does: str | Message, facts: Facts = FACTS, now: datetime = NOW
) -> Turn:
    """Return what typed words or a message lead to."""
    return advance(before, typed(before, does), facts, now)


def follow(before: Talk, *does: str | Message) -> Turn:
    """Take several steps, one after another, as an author."""
    turn = Turn(before)
    for each in does:
        turn = take(turn.talk, each, ONE_MORE)
    return turn


def typed(before: Talk, does: str | Message) -> Message:
    """Return typed words as the service hands them in: cleaned, and read."""
    if isinstance(does, Message):
        return does
    cleaned = clean(does)
    return read_text(
        before, cleaned.text, masked=cleaned.masked, too_long=cleaned.too_long
    )


def told(turn: Turn) -> list[str]:
    """Return the message ids of a turn, in speaking order."""
    return [say.msgid for reply in turn.replies for say in reply.says]


def question(turn: Turn) -> Reply:
    """Return the last reply with buttons."""
    return next(reply for reply in reversed(turn.replies) if reply.buttons)


def offered(turn: Turn) -> tuple[str, ...]:
    """Return the ids of the last question's buttons, none if nothing is asked."""
    with_buttons = [reply for reply in turn.replies if reply.buttons]
    return tuple(b.id for b in with_buttons[-1].buttons) if with_buttons else ()


def plan_rows(turn: Turn) -> list[int]:
    """Return the plans that stand as a row "number – title", in order."""
    row = "%(plan)s – %(title)s"
    says = [say for reply in turn.replies for say in reply.says if say.msgid == row]
    return [int(str(say.params["plan"])) for say in says]


def tap(button_id: str, *, stale: bool = False) -> Message:
    """Return a tap on the open question, or on an older one."""
    return read_tap(button_id, stale=stale)


def late(before: Talk, text: str) -> Message:
    """Return words that were typed before the open question was asked."""
    return read_text(before, clean(text).text, stale=True)


def note(
    before: Talk,
    text: str = "",
    *,
    heard: Heard = Heard.WELL,
    language: Language | None = None,
    media: int = NOTE,
    tongue: str | None = None,
) -> Message:
    """Return a recognised voice note."""
    message = read_note(before, text, media, heard, language)
    return replace(message, tongue=tongue)


def photo(caption: str = "", media: int = PHOTO) -> Message:
    """Return a photo."""
    return Message(Kind.PHOTO, caption, media=media)
