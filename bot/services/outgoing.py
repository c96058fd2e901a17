"""Events go out to the city's own systems: claimed, signed, posted, written down.

The database is the queue. Whoever claims a dispatch has a lease that is longer than a
try can last; if the process dies, somebody else tries again, under the same
`webhook-id`, so that the other side can tell. No transaction is open while we wait.
"""

import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from cryptography.fernet import InvalidToken
from sqlalchemy import Connection, Row, exists, insert, select, update
from standardwebhooks.webhooks import Webhook

from bot.domain.effects import TaskKind
from bot.domain.events import DELAYS, MOST_TRIES, Fault, Kind, Parcel, Posted
from bot.keys import Keys
from bot.services.events import GIVEN_UP, IS_OWED, TAKEN
from bot.services.house import House
from bot.services.task_rows import open_task
from bot.store.civic import PlanRow, Task
from bot.store.leases import is_free
from bot.store.outhooks import HookDispatch, HookEndpoint, HookEvent, HookTry

log = logging.getLogger(__name__)
LEASE = timedelta(seconds=30)
AT_ONCE = 8
"""Tries at the same time for each endpoint: one that hangs holds up no other."""

PATIENCE = timedelta(days=5)
"""How long every try may fail before an endpoint is switched off."""

LOOK_DAYS = 3
FAILING, GONE = "failing", "gone"
"""Why an endpoint is off, besides the word of who switched it off."""


@dataclass(frozen=True, slots=True)
class Claimed:
    """A dispatch that is ours for a while. `attempt` counts from 1."""

    id: int
    endpoint: int
    attempt: int
    parcel: Parcel | None
    """What to post; None where its secret cannot be opened."""
    kind: str


def post_events(house: House) -> bool:
    """Post what is due to each endpoint, once; False if there was nothing to do."""
    if house.post is None or not house.db.read(lambda db: _any_due(db, house.clock())):
        return False
    claimed = house.db.run(lambda db: claim_events(house, db, house.clock()))
    ready = [each.parcel for each in claimed if each.parcel]
    answers = iter(house.post.post_all(ready))
    ended = [
        (each, next(answers) if each.parcel else Posted(0, fault=Fault.NO_KEY))
        for each in claimed
    ]
    house.db.run(lambda db: _record_all(db, ended, house.clock()))
    for each, told in ended:
        house.meters.event_tried(each.kind, _outcome(each, told))
    return bool(claimed)


def _record_all(
    db: Connection, ended: Sequence[tuple[Claimed, Posted]], now: datetime
) -> None:
    for claimed, told in ended:
        record(db, claimed, told, now)


def _any_due(db: Connection, now: datetime) -> bool:
    return bool(db.scalar(select(exists().where(*_due(now)))))


def _due(now: datetime) -> tuple[Any, ...]:
    """Return what holds for a dispatch that may be tried now."""
    is_on = HookEndpoint.off_at.is_(None)
    return (
        HookDispatch.endpoint_id == HookEndpoint.id,
        is_on,
        IS_OWED,
        HookDispatch.due_at <= now,
        is_free(HookDispatch.leased_until, now, LEASE),
    )


def claim_events(house: House, db: Connection, now: datetime) -> list[Claimed]:
    """Lease what is due, oldest first, up to `AT_ONCE` for each endpoint that is on."""
    endpoints = select(HookEndpoint.__table__).where(HookEndpoint.off_at.is_(None))
    return [
        _claimed(house, db, endpoint, row, now)
        for endpoint in db.execute(endpoints.order_by(HookEndpoint.id)).all()
        for row in _lease(db, endpoint.id, now)
    ]


def _lease(db: Connection, endpoint_id: int, now: datetime) -> Sequence[Row[Any]]:
    columns = (
        HookDispatch.id,
        HookDispatch.tries,
        HookEvent.uid,
        HookEvent.kind,
        HookEvent.at,
        HookEvent.data,
    )
    due: Any = (
        select(*columns)
        .join(HookEvent, HookEvent.id == HookDispatch.event_id)
        .join(HookEndpoint, HookEndpoint.id == HookDispatch.endpoint_id)
        .where(HookDispatch.endpoint_id == endpoint_id, *_due(now)[1:])
        .order_by(HookDispatch.due_at, HookDispatch.id)
        .limit(AT_ONCE)
    )
    if db.dialect.name != "sqlite":
        due = due.with_for_update(of=HookDispatch, skip_locked=True)
    rows = db.execute(due).all()
    taken = update(HookDispatch).where(HookDispatch.id.in_([row.id for row in rows]))
    until = {"leased_until": now + LEASE, "tries": HookDispatch.tries + 1}
    db.execute(taken.values(until))
    return rows


def _claimed(
    house: House, db: Connection, endpoint: Row[Any], row: Row[Any], now: datetime
) -> Claimed:
    data = row.data | shown(house, db, row.kind, row.data)
    told = {"type": row.kind, "timestamp": row.at.isoformat(), "data": data}
    body = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
    try:
        signature = sign(house.keys, endpoint, row.uid, body, now)
    except InvalidToken:
        log.error("endpoint has no key endpoint=%s", endpoint.id)
        return Claimed(row.id, endpoint.id, row.tries + 1, None, row.kind)
    headers = {
        "content-type": "application/json",
        "webhook-id": row.uid,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": signature,
    }
    parcel = Parcel(endpoint.url, headers, body.encode())
    return Claimed(row.id, endpoint.id, row.tries + 1, parcel, row.kind)


def sign(keys: Keys, endpoint: Row[Any], uid: str, body: str, now: datetime) -> str:
    """Sign a body with the endpoint's secret, and with the old one while it holds.

    Raises InvalidToken if SECRET_KEY has changed since the secret was made.
    """
    secrets = [endpoint.secret]
    if endpoint.old_secret and endpoint.old_until > now:
        secrets.append(endpoint.old_secret)
    opened = [keys.open_hook(each) for each in secrets]
    return " ".join(Webhook(each).sign(uid, now, body) for each in opened)


def shown(
    house: House, db: Connection, kind: str, data: Mapping[str, Any]
) -> Mapping[str, Any]:
    """Return what is added when an event goes out: public titles, public addresses.

    They are looked up now and not kept with the event, so that a title which is no
    longer public leaves the house no more.
    """
    if kind == Kind.RESULT_PUBLISHED:
        place = f"{house.settings.public_url}/open/rounds/{data['round']}/results.json"
        return {"results_url": place}
    if data.get("plan") is None:
        return {}
    is_public = PlanRow.public_at.is_not(None)
    title = select(PlanRow.title).where(PlanRow.number == data["plan"], is_public)
    return {"title": db.scalar(title)}


def record(db: Connection, claimed: Claimed, told: Posted, now: datetime) -> None:
    """Write how a try ended, and when the next one is due.

    A try whose lease ran out is written down, and changes nothing else: somebody else
    has the dispatch by now.
    """
    dispatch = HookDispatch.id == claimed.id
    if db.scalar(select(HookDispatch.id).where(dispatch)) is None:
        return  # the endpoint was removed meanwhile
    values: dict[str, Any] = {"status": told.status, "at": now}
    values["milliseconds"] = told.milliseconds
    values |= {"fault": told.fault or "", "said": told.said}
    db.execute(insert(HookTry).values(dispatch_id=claimed.id, **values))
    ours = (dispatch, IS_OWED, HookDispatch.tries == claimed.attempt)
    after = update(HookDispatch).where(*ours).values(_after(claimed, told, now))
    if db.execute(after).rowcount:
        _judge(db, claimed.endpoint, told, now)


def _after(claimed: Claimed, told: Posted, now: datetime) -> Mapping[str, Any]:
    """Return what becomes of a dispatch after a try."""
    if told.fault is None:
        return {"state": TAKEN, "leased_until": None}
    if claimed.attempt >= MOST_TRIES:
        return {"state": GIVEN_UP, "leased_until": None}
    return {"due_at": now + DELAYS[claimed.attempt - 1], "leased_until": None}


def _outcome(claimed: Claimed, told: Posted) -> str:
    """Return the word for the figures."""
    if told.fault is None:
        return "sent"
    return "given_up" if claimed.attempt >= MOST_TRIES else "retry"


def _judge(db: Connection, endpoint_id: int, told: Posted, now: datetime) -> None:
    """Keep since when an endpoint fails; switch it off when that is for too long."""
    endpoint = update(HookEndpoint).where(HookEndpoint.id == endpoint_id)
    if told.fault is None:
        failing = HookEndpoint.failing_since.is_not(None)
        db.execute(endpoint.where(failing).values(failing_since=None))
        return
    fresh = endpoint.where(HookEndpoint.failing_since.is_(None))
    db.execute(fresh.values(failing_since=now))
    if told.fault is Fault.GONE:
        _switch_off(db, endpoint_id, GONE, now)
        return
    long = HookEndpoint.failing_since <= now - PATIENCE
    if db.scalar(select(HookEndpoint.id).where(HookEndpoint.id == endpoint_id, long)):
        _switch_off(db, endpoint_id, FAILING, now)


def _switch_off(db: Connection, endpoint_id: int, why: str, now: datetime) -> None:
    """Send nothing more to an endpoint, and ask officials to look at it."""
    is_on = (HookEndpoint.id == endpoint_id, HookEndpoint.off_at.is_(None))
    off = update(HookEndpoint).where(*is_on).values(off_at=now, off_for=why)
    if not db.execute(off).rowcount:
        return
    log.error("endpoint switched off endpoint=%s reason=%s", endpoint_id, why)
    asked = (Task.kind == TaskKind.HOOK_OFF) & Task.done_at.is_(None)
    if db.scalar(select(Task.id).where(asked).limit(1)) is None:
        due = now + timedelta(days=LOOK_DAYS)
        task = {"kind": TaskKind.HOOK_OFF, "due_at": due, "created_at": now}
        open_task(db, task)
