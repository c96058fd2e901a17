"""Reading aloud: to whom, and what of a turn.

Text always goes out too. Sound goes to whoever has spoken once, or asks for it, until
she asks for it to stop; and the very first question is heard by everybody. All that a
turn says is one voice note, so that she has one thing to play.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from bot.domain.say import N_, Brief, Button, Free, Param, Ready, Reply, Say
from bot.domain.script import FOR_LABEL
from bot.flows.expecting import LAST_DIGIT
from bot.flows.state import Kind, Message, Talk, Turn, Walking

_NOTES = frozenset({Kind.NOTE, Kind.NOTE_ARRIVED})


def decide(message: Message, turn: Turn) -> Turn:
    """Note who wants to hear us, and whether this turn is read aloud.

    The thanks for a voice note or a photo is not: its answer follows in seconds.
    """
    talk = turn.talk
    if talk.aloud is None and message.kind in _NOTES:
        talk = replace(talk, aloud=True)
    # "Listen again" at a plan is for who cannot read it, and has not spoken yet.
    asked = {"listen", "repeat"} if isinstance(talk.state, Walking) else {"listen"}
    wanted = bool(talk.aloud) or message.act in asked or talk.language is None
    arrived = message.kind in {Kind.NOTE_ARRIVED, Kind.PHOTO_ARRIVED}
    aloud = wanted and not arrived and bool(turn.replies)
    return replace(turn, talk=talk, aloud=aloud)


def begin(talk: Talk, asked: Reply) -> Turn:
    """Read everything aloud from now on, beginning with the open question."""
    said = Say(N_("From now on I read everything aloud."))
    return Turn(replace(talk, aloud=True), [asked.after(said)])


def end(talk: Talk, asked: Reply) -> Turn:
    """Read nothing aloud from now on."""
    says = (
        Say(N_("All right. I will not read aloud any more.")),
        Say(N_("Do you want it back? Type or say: read aloud.")),
    )
    return Turn(replace(talk, aloud=False), [asked.after(*says)])


def script(replies: Sequence[Reply]) -> tuple[list[Say], list[Say]]:
    """Return what is read aloud of a turn: all its rows, then the choices."""
    said = [reply for reply in replies if reply.says]
    rows = [row for reply in said for row in _rows(reply)]
    asked = next((reply for reply in reversed(said) if reply.buttons), None)
    if asked is None or asked.aloud is not None:
        return rows, []
    return rows, list(_choices(asked))


def _rows(reply: Reply) -> tuple[Say, ...]:
    return reply.says if reply.aloud is None else reply.aloud


def _choices(asked: Reply) -> Iterator[Say]:
    """Say how each button is chosen by voice: first what it does, then its digit.

    A plan that stands in a row already is chosen by its own number.
    """
    for place, button in enumerate(asked.buttons, 1):
        if button.label in asked.says:
            continue
        yield choice(button, place)


def choice(button: Button, place: int) -> Say:
    """Return how a button is chosen by voice; from ten on, only what it does."""
    if place > LAST_DIGIT:
        return button.label
    how: dict[str, Param] = {"label": button.label, "n": place}
    return Say(FOR_LABEL, how)


def is_brief(say: Say) -> bool:
    """Tell whether a row is read aloud only as far as there is time for it."""
    return any(isinstance(value, Brief) for value in say.params.values())


def is_personal(says: Sequence[Say]) -> bool:
    """Tell whether rows hold what somebody wrote, or what only one person is told.

    Sound of such rows is not kept for others.
    """
    return any(_holds_own(say) for say in says)


def _holds_own(say: Say) -> bool:
    return any(
        _holds_own(value) if isinstance(value, Say) else _is_own(value)
        for value in say.params.values()
    )


def _is_own(value: object) -> bool:
    return isinstance(value, Free | Ready | str)
