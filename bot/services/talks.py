"""The row of a talk: found, begun, and written back after a turn."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import (
    Connection,
    Select,
    and_,
    bindparam,
    exists,
    insert,
    or_,
    select,
    update,
)

from bot.domain.messages import Inbound
from bot.store.civic import Catalog
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
_FIND: Select[tuple[object, ...]] = select(
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
    _VERSION.label("version"),
    _OWED_ELSEWHERE.label("owed_elsewhere"),
).where(Talk.channel == bindparam("channel"), Talk.address == bindparam("address"))
_FIND_LOCKED = _FIND.with_for_update(of=Talk)
_BY_ID = select(Talk.channel, Talk.address).where(Talk.id == bindparam("id"))
_WRITE = (
    update(Talk)
    .where(Talk.id == bindparam("talk"))
    .values(
        state=bindparam("new_state"),
        picks=bindparam("new_picks"),
        language=bindparam("new_language"),
        asked_id=bindparam("new_asked"),
        last_inbound_at=bindparam("heard_at"),
        closed_at=None,
    )
)


@dataclass(frozen=True, slots=True)
class TalkRow:
    """A talk as a turn finds it. `version` is the catalogue's in the same instant.

    `owed_elsewhere` tells that another process still has replies for it, so that ours
    must wait for them.
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
    version: int | None
    owed_elsewhere: bool


def find_talk(db: Connection, channel: str, address: str, me: str) -> TalkRow | None:
    """Return the talk with this address, locked on PostgreSQL; None for a stranger."""
    statement = _FIND if db.dialect.name == "sqlite" else _FIND_LOCKED
    found = {"channel": channel, "address": address, "me": me}
    row = db.execute(statement, found).one_or_none()
    return None if row is None else TalkRow(*row)


def talk_by_id(db: Connection, talk_id: int, me: str) -> TalkRow:
    """Return the talk with this id. Raises NoResultFound if there is none."""
    row = db.execute(_BY_ID, {"id": talk_id}).one()
    found = find_talk(db, row.channel, row.address, me)
    assert found is not None  # noqa: S101 - read in the same transaction
    return found


def begin_talk(db: Connection, inbound: Inbound, me: str, now: datetime) -> TalkRow:
    """Begin a talk with somebody new; her phone number only where it is shown."""
    person = db.execute(insert(Resident).values(created_at=now))
    db.execute(
        insert(Talk).values(
            resident_id=person.inserted_primary_key[0],
            channel=inbound.channel,
            address=inbound.sender.user_id,
            phone=inbound.sender.phone,
            created_at=now,
        )
    )
    found = find_talk(db, inbound.channel, inbound.sender.user_id, me)
    assert found is not None  # noqa: S101 - inserted in the same transaction
    return found


def write_talk(
    db: Connection,
    talk: TalkRow,
    *,
    state: str,
    picks: bytes | None,
    language: str | None,
    asked_id: int | None,
    now: datetime,
) -> None:
    """Write the talk after a turn. Whoever writes to us can be reached again."""
    db.execute(
        _WRITE,
        {
            "talk": talk.id,
            "new_state": state,
            "new_picks": picks,
            "new_language": language,
            "new_asked": asked_id,
            "heard_at": now,
        },
    )
