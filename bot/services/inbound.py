"""The one transaction that turns a message into state, effects and replies.

A written or tapped message is answered in the webhook's own transaction. A voice note
is stored and thanked for; its turn follows when it has been recognised. What arrives
behind it waits, at most a minute, so that nothing overtakes.
"""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from cryptography.fernet import InvalidToken
from sqlalchemy import Connection, func, insert, select, update

from bot.domain.effects import TaskKind
from bot.domain.errors import RefusedError
from bot.domain.messages import (
    Inbound,
    MediaRef,
    Photo,
    Pin,
    Reach,
    Tap,
    Text,
    Unknown,
    Voice,
)
from bot.domain.say import N_, Reply, Say
from bot.domain.text import clean
from bot.flows.engine import advance, needs
from bot.flows.reading import read_start, read_tap, read_text
from bot.flows.saved import dump_picks, dump_talk, load_talk
from bot.flows.state import (
    Browsing,
    ConfirmingVote,
    Kind,
    Message,
    Talk as TalkState,
    Turn,
    Voting,
)
from bot.services.effects import Doing, apply_effect
from bot.services.facts import load_facts
from bot.services.forget import finish_forgetting
from bot.services.house import House
from bot.services.outbox import Owed, owe
from bot.services.talks import TalkRow, begin_talk, find_talk, write_talk
from bot.store.civic import Task
from bot.store.dialect import insert_once
from bot.store.talks import InboundMessage, Media, OutboundMessage, Talk

log = logging.getLogger(__name__)
LISTEN_SECONDS = 60
_VOTE_STATES = Voting | Browsing | ConfirmingVote


def take_in(house: House, inbound: Inbound) -> bool:
    """Store a message and answer it; False if it was here before.

    Commits. The replies are on their way when this returns, but nothing has waited for
    them. If the turn fails, the message stays, marked failed; she gets an apology and
    staff a task. Raises only if storing failed: then the provider must repeat it.
    """
    now = house.clock()
    try:
        owed = house.db.run(lambda db: _take(house, db, inbound, now))
    except RefusedError as refusal:
        said = refusal.say
        owed = house.db.run(lambda db: _take(house, db, inbound, now, refused=said))
    except Exception:
        log.exception("turn failed channel=%s", inbound.channel)
        owed = house.db.run(lambda db: _set_aside(house, db, inbound, now))
    if owed is None:
        return False
    house.postman.push(owed)
    return True


def _take(
    house: House,
    db: Connection,
    inbound: Inbound,
    now: datetime,
    refused: Say | None = None,
) -> list[Owed] | None:
    """Store the message and take its turn; None if it was here before."""
    me = house.postman.name
    talk = find_talk(db, inbound.channel, inbound.sender.user_id, me)
    if isinstance(inbound.content, Reach):
        return _reach(db, talk, inbound.content, now)
    if talk is not None and talk.forgotten_at is not None:
        finish_forgetting(db, talk.id)
        talk = None
    talk = talk or begin_talk(db, inbound, me, now)
    before = load_state(house, talk)
    arrived = _arrive(db, talk, before, inbound, now)
    if arrived is None:
        return None
    if arrived.waits:
        return []
    message = arrived.message
    return turn(house, db, talk, before, message, arrived, now, refused)


@dataclass(frozen=True, slots=True)
class Arrived:
    """A stored message: its row, what it means, and which of our messages it is on."""

    row: int
    message: Message
    waits: bool = False
    about_id: int | None = None


def load_state(house: House, talk: TalkRow) -> TalkState:
    """Return the talk's state; an unfinished ballot that cannot be opened is dropped."""
    picks = None
    if talk.picks is not None:
        try:
            picks = house.keys.open(talk.picks)
        except InvalidToken:
            log.warning("picks cannot be opened talk=%s", talk.id)
    return load_talk(talk.state, picks)


def _arrive(
    db: Connection, talk: TalkRow, before: TalkState, inbound: Inbound, now: datetime
) -> Arrived | None:
    """Store the message once; None if its key is taken."""
    on = _tapped(db, talk, inbound.content)
    message, kind, body = _understood(before, talk, inbound.content, on)
    behind = talk.listening_until is not None and talk.listening_until > now
    voice = isinstance(inbound.content, Voice)
    stage = "listening" if voice else "waiting" if behind else "done"
    if stage == "done" and _reveals(before, message):
        body = {}
    row = _insert(db, talk, inbound, stage, kind, body, now)
    if row is None:
        return None
    if isinstance(inbound.content, Voice | Photo):
        media = _insert_media(db, talk, inbound, row, now)
        message = replace(message, media=media)
    if voice:
        listen = now + timedelta(seconds=LISTEN_SECONDS)
        held = update(Talk).where(Talk.id == talk.id).values(listening_until=listen)
        db.execute(held)
    return Arrived(row, message, waits=stage == "waiting", about_id=on)


def _tapped(db: Connection, talk: TalkRow, content: object) -> int | None:
    """Return the row of our message that was tapped, if we know it."""
    if not isinstance(content, Tap) or not content.on:
        return None
    return db.scalar(
        select(OutboundMessage.id).where(
            OutboundMessage.channel == talk.channel,
            OutboundMessage.external_id == content.on,
            OutboundMessage.talk_id == talk.id,
        )
    )


def _understood(
    before: TalkState, talk: TalkRow, content: object, on: int | None
) -> tuple[Message, str, dict[str, Any]]:
    """Return what the content means, its kind, and what of it is kept."""
    match content:
        case Text(start=start) if start is not None:
            return read_start(start), "start", {"start": start[:64]}
        case Text(text=text):
            cleaned = clean(text)
            message = read_text(
                before, cleaned.text, masked=cleaned.masked, too_long=cleaned.too_long
            )
            return message, "text", {"text": cleaned.text}
        case Tap(id=button):
            stale = on is not None and talk.asked_id is not None and on < talk.asked_id
            return read_tap(button[:64], stale=stale), "tap", {"tap": button[:64]}
        case Photo(caption=caption):
            cleaned = clean(caption)
            message = Message(Kind.PHOTO, cleaned.text, masked=cleaned.masked)
            return message, "photo", {"text": cleaned.text}
        case Pin():
            return Message(Kind.PIN, pin=content), "pin", {}
        case Voice():
            return Message(Kind.NOTE_ARRIVED), "voice", {}
        case _:
            kind = content.kind if isinstance(content, Unknown) else "unknown"
            return Message(Kind.UNKNOWN), "unknown", {"kind": kind[:40]}


def _reveals(before: TalkState, message: Message) -> bool:
    """Tell whether words or taps would show what somebody votes for."""
    on_ballot = isinstance(before.state, _VOTE_STATES)
    return on_ballot or (message.act == "menu:vote" and bool(message.numbers))


def _insert(
    db: Connection,
    talk: TalkRow,
    inbound: Inbound,
    stage: str,
    kind: str,
    body: Mapping[str, Any],
    now: datetime,
) -> int | None:
    """Insert the message unless it is there; return its row."""
    statement = insert_once(db, InboundMessage).returning(InboundMessage.id)
    return db.scalar(
        statement,
        {
            "talk_id": talk.id,
            "channel": inbound.channel,
            "external_id": inbound.external_id[:80],
            "stage": stage,
            "kind": kind,
            "body": dict(body),
            "received_at": now,
            "attempts": 0,
        },
    )


def _insert_media(
    db: Connection, talk: TalkRow, inbound: Inbound, row: int, now: datetime
) -> int:
    content = inbound.content
    assert isinstance(content, Voice | Photo)  # noqa: S101 - narrows the type
    ref = content.ref
    stored = ref.place if inbound.channel == "web" else None
    media = db.execute(
        insert(Media).values(
            talk_id=talk.id,
            channel=inbound.channel,
            kind="voice" if isinstance(content, Voice) else "photo",
            source={"place": ref.place, "size": ref.size_bytes},
            key=stored,
            mime=ref.mime[:80],
            seconds=ref.seconds,
            created_at=now,
        )
    ).inserted_primary_key[0]
    tie = update(InboundMessage).where(InboundMessage.id == row)
    db.execute(tie.values(media_id=media))
    return int(media)


def turn(
    house: House,
    db: Connection,
    talk: TalkRow,
    before: TalkState,
    message: Message,
    arrived: Arrived,
    now: datetime,
    refused: Say | None = None,
) -> list[Owed]:
    """Take one turn and write all that follows; return what can be sent at once.

    `refused` is what a rule said when the effects were tried: it is told instead, and
    the talk stays where it was.
    """
    view = house.catalog.view(db, talk.version or 0)
    need = needs(before, message)
    facts = load_facts(
        house, db, talk, view, need, message.numbers, now, arrived.about_id
    )
    after = advance(before, message, facts, now)
    if refused is not None:
        after = Turn(before, [Reply((refused,))])
    spoken = replace(talk, language=after.talk.language)
    doing = Doing(house, db, spoken, view, now)
    for effect in after.effects:
        apply_effect(doing, effect)
    owed = _owe(house, db, spoken, after.replies, f"in:{arrived.row}", now)
    _keep(house, db, spoken, after.talk, owed, now)
    return [] if talk.owed_elsewhere else owed


def _owe(
    house: House,
    db: Connection,
    talk: TalkRow,
    replies: Sequence[Reply],
    key: str,
    now: datetime,
) -> list[Owed]:
    """Write the replies' rows, leased to us unless another process goes first."""
    mine = None if talk.owed_elsewhere else house.postman.name
    return [
        owe(db, talk, reply, f"{key}:{n}", now, leased_by=mine)
        for n, reply in enumerate(replies)
    ]


def _keep(
    house: House,
    db: Connection,
    talk: TalkRow,
    after: TalkState,
    owed: Sequence[Owed],
    now: datetime,
) -> None:
    """Write the talk after the turn, the unfinished ballot encrypted."""
    asked = next((o.row for o in reversed(owed) if o.out.choices), talk.asked_id)
    picks = dump_picks(after.picks)
    write_talk(
        db,
        talk,
        state=dump_talk(after),
        picks=None if picks is None else house.keys.seal(picks),
        language=after.language,
        asked_id=asked,
        now=now,
    )


def _reach(
    db: Connection, talk: TalkRow | None, reach: Reach, now: datetime
) -> list[Owed]:
    """Note that somebody blocked or unblocked us."""
    if talk is not None:
        closed = None if reach.open else now
        db.execute(update(Talk).where(Talk.id == talk.id).values(closed_at=closed))
    return []


def _set_aside(
    house: House, db: Connection, inbound: Inbound, now: datetime
) -> list[Owed] | None:
    """Keep a message whose turn failed: an apology for her, a task for staff."""
    me = house.postman.name
    talk = find_talk(db, inbound.channel, inbound.sender.user_id, me)
    talk = talk or begin_talk(db, inbound, me, now)
    before = load_state(house, talk)
    message, kind, body = _understood(before, talk, inbound.content, None)
    body = {} if _reveals(before, message) else body
    row = _insert(db, talk, inbound, "failed", kind, body, now)
    if row is None:
        return None
    failed_task(db, talk.id, now)
    said = _owe(house, db, talk, [apology()], f"in:{row}", now)
    return [] if talk.owed_elsewhere else said


def failed_task(db: Connection, talk_id: int, now: datetime) -> None:
    """Ask staff to look at a message that could not be answered."""
    soon = now + timedelta(days=1)
    task = {"kind": TaskKind.FAILED_TURN, "talk_id": talk_id, "note": ""}
    db.execute(insert(Task).values(**task, due_at=soon, created_at=now))


def apology() -> Reply:
    """Say that it is our fault, that nothing is lost, and that a person looks."""
    return Reply(
        (
            Say(N_("Sorry, something went wrong with us.")),
            Say(N_("Your message is kept. A person will look at it.")),
        )
    )


def count_open(db: Connection, talk_id: int) -> int:
    """Return how many voice notes of a talk are still being recognised."""
    found = select(func.count()).where(
        InboundMessage.talk_id == talk_id, InboundMessage.stage == "listening"
    )
    return db.scalar(found) or 0


def media_ref(source: Mapping[str, Any], mime: str, seconds: float | None) -> MediaRef:
    """Return the provider's reference of a stored media row."""
    return MediaRef(source["place"], mime, source.get("size"), seconds)
