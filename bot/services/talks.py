"""The row of a talk: found, begun, and written back after a turn."""

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Select,
    and_,
    bindparam,
    exists,
    func,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.exc import NoResultFound

from bot.domain.messages import Inbound
from bot.services.house import Scene
from bot.store.civic import Catalog
from bot.store.prepared import Prepared
from bot.store.talks import OutboundMessage, Resident, Talk

_VERSION = select(Catalog.version).where(Catalog.id == 1).scalar_subquery()
_OWED_ELSEWHERE = exists().where(
    and_(
        OutboundMessage.talk_id == Talk.id,
        OutboundMessage.delivery == "queued",
        OutboundMessage.priority == 0,
        or_(
            OutboundMessage.leased_by.is_(None),
            OutboundMessage.leased_by != bindparam("me"),
        ),
    )
)
_KEPT_FOR_HER = exists().where(
    and_(
        OutboundMessage.talk_id == Talk.id,
        OutboundMessage.delivery == "queued",
        OutboundMessage.priority == 1,
    )
)
_LAST_OF_OURS = (
    select(func.max(OutboundMessage.id))
    .where(
        OutboundMessage.talk_id == Talk.id,
        OutboundMessage.delivery == "queued",
        OutboundMessage.priority == 0,
        OutboundMessage.leased_by == bindparam("me"),
    )
    .scalar_subquery()
)
_FIND = select(
    Talk.id,
    Talk.resident_id,
    Talk.channel,
    Talk.address,
    Talk.phone,
    Talk.language,
    Talk.state,
    Talk.picks,
    Talk.asked_id,
    Talk.about_id,
    Talk.listening_until,
    Talk.stopped_at,
    Talk.closed_at,
    Talk.forgotten_at,
    Talk.window_until,
    Talk.heard_by,
    Resident.may_write,
    Resident.may_record,
    Resident.word_hash.is_not(None).label("has_word"),
    _VERSION.label("version"),
    _OWED_ELSEWHERE.label("owed_elsewhere"),
    _KEPT_FOR_HER.label("kept_for_her"),
    _LAST_OF_OURS.label("last_of_ours"),
).where(
    Resident.id == Talk.resident_id,
    Talk.channel == bindparam("channel"),
    Talk.address == bindparam("address"),
)
_FIND_ONE = Prepared(_FIND)
_OWED = Prepared(
    select(OutboundMessage.id).where(
        OutboundMessage.id == bindparam("row"), OutboundMessage.delivery == "queued"
    )
)
_LOCK = Prepared(
    select(Talk.id)
    .where(Talk.channel == bindparam("channel"), Talk.address == bindparam("address"))
    .with_for_update()
)
_BY_ID = Prepared(select(Talk.channel, Talk.address).where(Talk.id == bindparam("id")))
_BEGIN_PERSON = Prepared(
    insert(Resident).values(created_at=bindparam("now")).returning(Resident.id)
)
_BEGIN = Prepared(
    insert(Talk).values(
        resident_id=bindparam("resident"),
        channel=bindparam("channel"),
        address=bindparam("address"),
        phone=bindparam("phone"),
        created_at=bindparam("now"),
    )
)
_WRITE = Prepared(
    update(Talk)
    .where(Talk.id == bindparam("talk"))
    .values(
        state=bindparam("new_state"),
        picks=bindparam("new_picks"),
        language=bindparam("new_language"),
        asked_id=bindparam("new_asked"),
        aloud=bindparam("new_aloud"),
        last_inbound_at=bindparam("heard_at"),
        closed_at=None,
    )
)


@dataclass(frozen=True, slots=True)
class TalkRow:
    """A talk as a turn finds it, with her answers to what we asked her consent for.

    `has_word` tells that she has chosen a word to be known by in another app.

    `version` is the catalogue's in the same instant.

    `owed_elsewhere` tells that there are replies for it which our sender does not have,
    so that new ones must wait for them: another process has them, or a thread of ours
    that has committed and not yet handed them over. `kept_for_her` tells that news of
    ours waits for its time.
    """

    id: int
    resident_id: int
    channel: str
    address: str
    phone: str | None
    language: str | None
    state: str | None
    picks: bytes | None
    asked_id: int | None
    about_id: int | None
    listening_until: datetime | None
    stopped_at: datetime | None
    closed_at: datetime | None
    forgotten_at: datetime | None
    window_until: datetime | None
    heard_by: str | None
    may_write: bool | None
    may_record: bool | None
    has_word: bool
    version: int | None
    owed_elsewhere: bool
    kept_for_her: bool


def find_talk(scene: Scene, channel: str, address: str) -> TalkRow | None:
    """Return the talk with this address, locked on PostgreSQL; None for a stranger.

    The lock comes first, in a statement of its own: what is read after it was committed
    by whoever held the talk before us.
    """
    given = {"channel": channel, "address": address, "me": scene.me}
    if scene.db.dialect.name != "sqlite":
        _LOCK.one(scene.db, given)
    row = _FIND_ONE.one(scene.db, given)
    if row is None:
        return None
    *columns, last = row
    found = TalkRow(*columns)
    if last is None or scene.house.postman.holds(last):
        return found
    return replace(found, owed_elsewhere=_is_owed(scene, last))


def _is_owed(scene: Scene, row: int) -> bool:
    """Look again whether a message of ours is still owed.

    Its sender may have written down that it went between our look at the row and our
    question to the sender; nobody but a claim would ever send what waited for it then.
    """
    return _OWED.one(scene.db, {"row": row}) is not None


def talk_by_id(scene: Scene, talk_id: int) -> TalkRow:
    """Return the talk with this id. Raises NoResultFound if there is none."""
    row = _BY_ID.one(scene.db, {"id": talk_id})
    found = row and find_talk(scene, row[0], row[1])
    if not found:
        raise NoResultFound(talk_id)
    return found


def begin_talk(scene: Scene, inbound: Inbound) -> TalkRow:
    """Begin a talk with somebody new; her phone number only where it is shown.

    While a key is changed two processes may write the same address in two ways, which
    no unique key would refuse: on PostgreSQL they wait for each other.
    """
    if scene.db.dialect.name != "sqlite":
        scene.db.execute(_alone_with(inbound.channel, inbound.sender.user_id))
        found = find_talk(scene, inbound.channel, inbound.sender.user_id)
        if found is not None:
            return found
    talk = {
        "resident": _BEGIN_PERSON.value(scene.db, {"now": scene.now}),
        "channel": inbound.channel,
        "address": inbound.sender.user_id,
        "phone": inbound.sender.phone,
        "now": scene.now,
    }
    _BEGIN.run(scene.db, talk)
    found = find_talk(scene, inbound.channel, inbound.sender.user_id)
    assert found is not None  # noqa: S101 - inserted in the same transaction
    return found


def _alone_with(channel: str, address: str) -> Select[Any]:
    """Return the statement that waits for whoever begins a talk with this address."""
    digest = hashlib.sha256(f"{channel}\x1f{address}".encode()).digest()
    number = int.from_bytes(digest[:8], "big", signed=True)
    return select(func.pg_advisory_xact_lock(number))


_OPEN_WINDOW = Prepared(
    update(Talk)
    .where(Talk.id == bindparam("talk"))
    .values(window_until=bindparam("until"), heard_by=bindparam("ours"))
)


def open_window(
    scene: Scene, talk: TalkRow, inbound: Inbound, written_at: datetime | None
) -> None:
    """Note until when we may write freely to whoever wrote to us, if that is limited.

    It counts from her message: `written_at`, for one that comes late.
    """
    channel = scene.house.channels.get(inbound.channel)
    if channel is None or channel.window is None:
        return
    until = (written_at or scene.now) + channel.window
    if talk.window_until is None or talk.window_until < until:
        opened = {"talk": talk.id, "until": until, "ours": inbound.to or channel.ours}
        _OPEN_WINDOW.run(scene.db, opened)


@dataclass(frozen=True, slots=True)
class After:
    """What a turn leaves of a talk. `picks` are encrypted."""

    state: str
    picks: bytes | None
    language: str | None
    asked_id: int | None
    aloud: bool | None = None


def write_talk(scene: Scene, talk: TalkRow, after: After) -> None:
    """Write the talk after a turn. Whoever writes to us can be reached again."""
    values = {
        "talk": talk.id,
        "new_state": after.state,
        "new_picks": after.picks,
        "new_language": after.language,
        "new_asked": after.asked_id,
        "new_aloud": after.aloud,
        "heard_at": scene.now,
    }
    _WRITE.run(scene.db, values)
