"""The turn of a voice note, from the sound to what it leads to."""

import logging
from dataclasses import replace
from datetime import timedelta
from typing import Any

from sqlalchemy import update

from bot.channels.base import ChannelError
from bot.domain.effects import TaskKind
from bot.domain.say import Say
from bot.domain.text import clean
from bot.flows.reading import answers, read_note
from bot.flows.state import OTHER, Heard, Message, is_at_pass
from bot.flows.state import Talk as TalkState
from bot.meters import Lapsed
from bot.services.arriving import Arrived, reveals
from bot.services.behind import catch_up, guarded, let_go
from bot.services.counting import count_noted
from bot.services.faults import where
from bot.services.house import House, Scene
from bot.services.outbox import Owed
from bot.services.questions import is_asked_since
from bot.services.scanning import HARMFUL, TOLD, report
from bot.services.talks import talk_by_id
from bot.services.task_rows import open_task
from bot.services.turning import load_state, take_turn
from bot.services.voice import (
    MOST_TRIES,
    Hearing,
    Note,
    claim_note,
    hear,
    keep_note,
    try_later,
    wait_for_store,
)
from bot.store.media import MediaUnavailableError
from bot.store.talks import InboundMessage, Media

log = logging.getLogger(__name__)


def listen_once(house: House) -> bool:
    """Take one waiting voice note through to its turn; False if there was none."""
    note = house.db.run(lambda db: claim_note(db, house.clock()))
    if note is None:
        return False
    if note.lapsed:
        count_noted(house.meters, [Lapsed("note", note.inbound)])
    try:
        note = keep_note(house, note)
        hearing = _heard(house, note)
    except MediaUnavailableError as error:
        wait_for_store(house, note, error)
        return True
    except ChannelError as error:
        if try_later(house, note, error):
            return True
        too_long = error.code == "too_large"
        hearing = Hearing("", Heard.NOTHING, problem=error.code, too_long=too_long)
    finish_note(house, note, hearing)
    return True


def _heard(house: House, note: Note) -> Hearing:
    """Recognise a note; one that breaks the recogniser waits for a person instead.

    Raises MediaUnavailableError.
    """
    if note.attempts > MOST_TRIES:
        return Hearing(problem="gave_up")
    try:
        return hear(house, note)
    except MediaUnavailableError:
        raise
    except Exception as error:  # noqa: BLE001 - her note is kept, whatever broke
        log.error("recogniser failed media=%s %s", note.media, where(error))
        return Hearing(problem="not_recognised")


def finish_note(house: House, note: Note, hearing: Hearing) -> None:
    """Take the note's turn, then the turns of what waited behind it."""
    key = f"in:{note.inbound}"
    guarded(
        house, note.talk, key, lambda scene, said: _turn(scene, note, hearing, said)
    )
    catch_up(house, note.talk)


def _turn(
    scene: Scene, note: Note, hearing: Hearing, refused: Say | None
) -> list[Owed] | None:
    """Write what was heard and take the turn; None if somebody else has done it."""
    done = update(InboundMessage).where(
        InboundMessage.id == note.inbound, InboundMessage.stage == "listening"
    )
    if not scene.db.execute(done.values(stage="done", leased_until=None)).rowcount:
        return None
    talk = talk_by_id(scene, note.talk)
    before = load_state(scene.house, talk)
    since = is_asked_since(scene.db, talk.asked_id, note.since)
    message = _as_message(before, note, hearing, stale=note.stale or since)
    secret = reveals(before, message)
    _write_hearing(scene, note, hearing, message, secret=secret)
    let_go(scene, note.talk)
    if hearing.problem == HARMFUL:
        refused = TOLD
        report(scene, note.talk, note.media, hearing.found)
    elif hearing.problem not in {None, "empty"} and not secret:
        _ask_person(scene, note)
    arrived = Arrived(note.inbound, message, heard_at=scene.now)
    return take_turn(scene, talk, before, arrived, refused)


def _as_message(
    before: TalkState, note: Note, hearing: Hearing, *, stale: bool
) -> Message:
    """Read what was heard. `stale`: said before the open question was asked."""
    cleaned = clean(hearing.text, masks=not is_at_pass(before.state))
    clear = hearing.clear if before.language is None else None
    message = read_note(before, cleaned.text, note.media, hearing.heard, clear)
    too_long = hearing.too_long and not cleaned.text
    return replace(
        message,
        masked=cleaned.masked,
        too_long=too_long,
        stale=stale and answers(message),
        tongue=_tongue(before, hearing),
    )


def _tongue(before: TalkState, hearing: Hearing) -> str | None:
    """Return the language she spoke, where it is clearly not that of her talk."""
    if hearing.language == OTHER:
        return OTHER
    return hearing.clear if before.language not in {None, hearing.clear} else None


def _write_hearing(
    scene: Scene, note: Note, hearing: Hearing, message: Message, *, secret: bool
) -> None:
    """Keep what was heard; a spoken vote is neither kept as words nor as sound."""
    heard: dict[str, Any] = {
        "transcript": None if secret else message.text or None,
        "heard": hearing.heard.value,
        "language": hearing.language,
        "problem": hearing.problem,
        **hearing.by,
    }
    if hearing.seconds is not None:
        heard["seconds"] = hearing.seconds
    if secret:
        heard["delete_after"] = scene.now
    scene.db.execute(update(Media).where(Media.id == note.media).values(heard))


def _ask_person(scene: Scene, note: Note) -> None:
    task = {"kind": TaskKind.FAILED_NOTE, "talk_id": note.talk, "media_id": note.media}
    due = scene.now + timedelta(days=1)
    open_task(scene.db, task | {"due_at": due, "created_at": scene.now})
