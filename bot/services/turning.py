"""One turn inside its transaction: facts, the pure step, effects, replies, the talk."""

import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from cryptography.fernet import InvalidToken

from bot.domain.effects import TaskKind
from bot.domain.say import N_, Reply, Say
from bot.flows.engine import advance
from bot.flows.needs import guessed, named, needs, pass_shown
from bot.flows.saved import dump_picks, dump_talk, load_talk
from bot.flows.state import Menu, Talk, Turn
from bot.services.arriving import Arrived
from bot.services.doing import Doing
from bot.services.effects import apply_effect
from bot.services.facts import Asking, load_facts
from bot.services.house import House, Scene
from bot.services.outbox import Owed, owe
from bot.services.pulling import pull
from bot.services.reading import read_replies
from bot.services.speaking import owe_speech, sound_of, with_sound
from bot.services.talks import After, TalkRow, write_talk
from bot.services.task_rows import open_task

log = logging.getLogger(__name__)
LOOK_DAYS = 1


def load_state(house: House, talk: TalkRow) -> Talk:
    """Return the talk's state; a ballot that cannot be opened any more is dropped."""
    return open_state(house, talk.id, talk.state, talk.picks)


def open_state(
    house: House, talk_id: int, state: str | None, sealed: bytes | None
) -> Talk:
    """Return the state of a talk from its columns, as `load_state`."""
    picks = None
    if sealed is not None:
        try:
            picks = house.keys.open(sealed)
        except InvalidToken:
            log.warning("picks cannot be opened talk=%s", talk_id)
    return load_talk(state, picks)


def take_turn(
    scene: Scene,
    talk: TalkRow,
    before: Talk,
    arrived: Arrived,
    refused: Say | None = None,
) -> list[Owed]:
    """Take one turn and write all that follows; return what can be sent at once.

    `refused` is what a rule said when the effects were tried: it is told instead, and
    the talk stays where it was. Raises RefusedError if a rule says no.
    """
    view = scene.house.catalog.view(scene.db, talk.version or 0)
    message = arrived.message
    asking = Asking(
        needs(before, message),
        named(before, message),
        arrived.about_id,
        guessed(before, message),
        pass_shown(before, message),
        before.picks.ticket if before.picks else "",
    )
    facts = load_facts(scene, talk, view, asking)
    turn = advance(before, message, facts, scene.now)
    if refused is not None:
        turn = Turn(before, [Reply((refused,))], aloud=turn.aloud)
    spoken = replace(talk, language=turn.talk.language)
    doing = Doing(scene, spoken, view)
    for effect in turn.effects:
        apply_effect(doing, effect)
    owed = say_replies(scene, spoken, turn, arrived.key)
    _keep(scene, spoken, turn.talk, owed)
    if talk.kept_for_her and isinstance(turn.talk.state, Menu):
        owed += pull(scene, spoken)
    return [] if talk.owed_elsewhere else owed


def say_replies(scene: Scene, talk: TalkRow, turn: Turn, key: str) -> list[Owed]:
    """Owe the replies of a turn, and that they are read aloud where she wants it.

    Sound that was made before goes along; other sound is made by a worker, and the
    text does not wait for it.
    """
    if not turn.aloud or scene.house.voice is None:
        return owe_replies(scene, talk, turn.replies, key)
    first = turn.talk.language is None
    reading = read_replies(turn.replies, turn.talk.language, first=first)
    replies, complete = with_sound(turn.replies, sound_of(scene, reading))
    owed = owe_replies(scene, talk, replies, key)
    if not complete:
        owe_speech(scene, talk.id, owed[-1].row, reading)
    return owed


def owe_replies(
    scene: Scene, talk: TalkRow, replies: Sequence[Reply], key: str
) -> list[Owed]:
    """Write the replies' rows, leased to us unless another process goes first."""
    mine = None if talk.owed_elsewhere else scene.me
    return [
        owe(scene, talk, reply, f"{key}:{n}", leased_by=mine)
        for n, reply in enumerate(replies)
    ]


def _keep(scene: Scene, talk: TalkRow, after: Talk, owed: Sequence[Owed]) -> None:
    """Write the talk after the turn, the unfinished ballot encrypted."""
    picks = dump_picks(after.picks)
    kept = After(
        state=dump_talk(after),
        picks=None if picks is None else scene.house.keys.seal(picks),
        language=after.language,
        asked_id=next((o.row for o in reversed(owed) if o.out.choices), talk.asked_id),
        aloud=after.aloud,
    )
    write_talk(scene, talk, kept)


def put_aside(scene: Scene, talk: TalkRow, key: str) -> list[Owed]:
    """Apologise for a turn that failed, and ask staff to look at the message."""
    due = scene.now + timedelta(days=LOOK_DAYS)
    task = {"kind": TaskKind.FAILED_TURN, "talk_id": talk.id}
    open_task(scene.db, task | {"due_at": due, "created_at": scene.now})
    before = load_state(scene.house, talk)
    turn = Turn(before, [_apology()], aloud=bool(before.aloud))
    said = say_replies(scene, talk, turn, key)
    return [] if talk.owed_elsewhere else said


def _apology() -> Reply:
    """Say that it is our fault, that nothing is lost, and that a person looks."""
    return Reply(
        (
            Say(N_("Sorry, something went wrong with us.")),
            Say(N_("Your message is kept. A person will look at it.")),
        )
    )
