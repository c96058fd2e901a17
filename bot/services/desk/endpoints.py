"""The city's own systems are connected: added, tried, given new secrets, taken away."""

import base64
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, select, update
from sqlalchemy.orm import aliased

from bot.domain.effects import TaskKind
from bot.domain.events import TEST, Kind, Reach
from bot.services.desk.audit import note
from bot.services.events import IS_OWED, OWED, new_uid
from bot.services.house import House, Scene
from bot.services.outgoing import FAILING, GONE
from bot.services.task_rows import finish_tasks
from bot.store.civic import Task
from bot.store.dialect import insert_once
from bot.store.outhooks import (
    HookDispatch,
    HookEndpoint,
    HookEvent,
    HookTry,
    HookWish,
)

KINDS: tuple[str, ...] = tuple(Kind)
BY_HAND = "by_hand"
WHY_OFF = frozenset({BY_HAND, FAILING, GONE})
OVERLAP = timedelta(hours=24)
"""How long the old secret signs beside a new one."""

MOST_ENDPOINTS = 20
SHOWN = 50
SYSTEM = "system"
_SECRET_BYTES = 24
_tried = aliased(HookTry)


class EndpointError(ValueError):
    """An endpoint cannot be had like this; the message is a machine word."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A system that is told of events. `waiting` counts what it is still owed.

    `off_for` is one of `WHY_OFF`, None while events go out to it.
    """

    id: int
    url: str
    kinds: tuple[str, ...]
    secret_at: datetime
    old_until: datetime | None
    failing_since: datetime | None
    off_for: str | None
    waiting: int


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of one event at one endpoint; the last try, if there was any."""

    id: int
    uid: str
    kind: str
    at: datetime
    state: str
    tries: int
    due_at: datetime
    status: int | None
    milliseconds: int | None
    fault: str
    said: str


def reach(house: House) -> Reach:
    """Return where this installation may post to."""
    return house.settings.reach


def add_endpoint(scene: Scene, url: str, kinds: Sequence[str], by: str) -> str:
    """Connect a system and return its secret, which is never shown again.

    Raises UrlError for an address that may not be posted to, EndpointError for no
    kinds, an unknown one, an address that is there, or too many.
    """
    reach(scene.house).check(url)
    wanted = _known(kinds)
    if (scene.db.scalar(select(func.count(HookEndpoint.id))) or 0) >= MOST_ENDPOINTS:
        raise EndpointError("too_many")
    secret = new_secret()
    sealed = scene.house.keys.seal_hook(secret)
    values: dict[str, Any] = {"url": url, "secret": sealed}
    values |= {"secret_at": scene.now, "created_at": scene.now, "created_by": by}
    made = insert_once(scene.db, HookEndpoint).values(values)
    number = scene.db.scalar(made.returning(HookEndpoint.id))
    if number is None:
        raise EndpointError("there_already")
    wishes = [{"kind": kind, "endpoint_id": number} for kind in wanted]
    scene.db.execute(insert(HookWish), wishes)
    note(scene, by, "hooks.add", f"endpoint:{number}", kinds=list(wanted))
    return secret


def _known(kinds: Sequence[str]) -> tuple[str, ...]:
    if not kinds:
        raise EndpointError("no_kinds")
    if not set(kinds) <= set(KINDS):
        raise EndpointError("unknown_kind")
    return tuple(kind for kind in KINDS if kind in kinds)


def new_secret() -> str:
    """Return a secret as Standard Webhooks writes it."""
    return "whsec_" + base64.b64encode(secrets.token_bytes(_SECRET_BYTES)).decode()


def endpoints(db: Connection) -> list[Endpoint]:
    """Return all endpoints, oldest first."""
    rows = db.execute(select(HookEndpoint.__table__).order_by(HookEndpoint.id)).all()
    wishes: dict[int, set[str]] = {row.id: set() for row in rows}
    for wish in db.execute(select(HookWish.endpoint_id, HookWish.kind)):
        wishes.setdefault(wish.endpoint_id, set()).add(wish.kind)
    owed = select(HookDispatch.endpoint_id, func.count()).where(IS_OWED)
    waiting = {each[0]: each[1] for each in db.execute(_grouped(owed))}
    return [_endpoint(row, wishes[row.id], waiting.get(row.id, 0)) for row in rows]


def _grouped(owed: Any) -> Any:  # noqa: ANN401 - a statement
    return owed.group_by(HookDispatch.endpoint_id)


def _endpoint(row: Row[Any], kinds: set[str], waiting: int) -> Endpoint:
    return Endpoint(
        id=row.id,
        url=row.url,
        kinds=tuple(kind for kind in KINDS if kind in kinds),
        secret_at=row.secret_at,
        old_until=row.old_until,
        failing_since=row.failing_since,
        off_for=row.off_for,
        waiting=waiting,
    )


def change_kinds(scene: Scene, number: int, kinds: Sequence[str], by: str) -> None:
    """Let an endpoint hear of these kinds from now on. Raises EndpointError."""
    wanted = _known(kinds)
    _locked(scene.db, number)
    scene.db.execute(delete(HookWish).where(HookWish.endpoint_id == number))
    wishes = [{"kind": kind, "endpoint_id": number} for kind in wanted]
    scene.db.execute(insert(HookWish), wishes)
    note(scene, by, "hooks.kinds", f"endpoint:{number}", kinds=list(wanted))


def rotate(scene: Scene, number: int, made_at: datetime, by: str) -> str:
    """Give an endpoint a new secret and return it; the old one signs for a day more.

    `made_at` is when the secret was made that is to be replaced: a form that is sent
    twice must not replace the new one. Raises EndpointError("changed") then.
    """
    row = _locked(scene.db, number)
    if row.secret_at != made_at:
        raise EndpointError("changed")
    secret = new_secret()
    values = {"secret": scene.house.keys.seal_hook(secret), "secret_at": scene.now}
    values |= {"old_secret": row.secret, "old_until": scene.now + OVERLAP}
    scene.db.execute(_this(number).values(values))
    note(scene, by, "hooks.rotate", f"endpoint:{number}")
    return secret


def switch_off(scene: Scene, number: int, by: str) -> bool:
    """Send nothing to an endpoint for now; what happens is kept for it."""
    is_on = _this(number).where(HookEndpoint.off_at.is_(None))
    off = is_on.values(off_at=scene.now, off_for=BY_HAND)
    if not scene.db.execute(off).rowcount:
        return False
    note(scene, by, "hooks.off", f"endpoint:{number}")
    return True


def switch_on(scene: Scene, number: int, by: str) -> bool:
    """Send to an endpoint again, first what was kept for it."""
    is_off = _this(number).where(HookEndpoint.off_at.is_not(None))
    on = {"off_at": None, "off_for": None, "failing_since": None}
    if not scene.db.execute(is_off.values(on)).rowcount:
        return False
    mine = update(HookDispatch).where(HookDispatch.endpoint_id == number, IS_OWED)
    scene.db.execute(mine.values(tries=0, due_at=scene.now))
    _finish_task(scene)
    note(scene, by, "hooks.on", f"endpoint:{number}")
    return True


def remove(scene: Scene, number: int, by: str) -> bool:
    """Take an endpoint away, with what it is owed and what was tried."""
    db, mine = scene.db, HookDispatch.endpoint_id == number
    dispatches = select(HookDispatch.id).where(mine)
    db.execute(_this(number).values(off_at=scene.now))  # locks it against senders
    db.execute(delete(HookTry).where(HookTry.dispatch_id.in_(dispatches)))
    db.execute(delete(HookDispatch).where(mine))
    db.execute(delete(HookWish).where(HookWish.endpoint_id == number))
    gone = delete(HookEndpoint).where(HookEndpoint.id == number)
    if not db.execute(gone).rowcount:
        return False
    _finish_task(scene)
    note(scene, by, "hooks.remove", f"endpoint:{number}")
    return True


def _finish_task(scene: Scene) -> None:
    """Finish the task about endpoints that went off, once none is any more."""
    off = select(HookEndpoint.id).where(HookEndpoint.off_for.in_((FAILING, GONE)))
    if scene.db.scalar(off.limit(1)) is None:
        asked = Task.kind == TaskKind.HOOK_OFF
        finish_tasks(scene.db, SYSTEM, scene.now, asked)


def send_test(scene: Scene, number: int, by: str) -> None:
    """Owe an endpoint an event that says nothing. Raises EndpointError("gone")."""
    _locked(scene.db, number)
    event = insert(HookEvent).values(
        uid=new_uid(), kind=TEST, at=scene.now, data={"endpoint": number}
    )
    made = scene.db.execute(event.returning(HookEvent.id)).scalar_one()
    owed = _owed_anew(scene) | {"event_id": made, "endpoint_id": number}
    scene.db.execute(insert(HookDispatch).values(owed))
    note(scene, by, "hooks.test", f"endpoint:{number}")


def send_again(scene: Scene, dispatch: int, by: str) -> int | None:
    """Owe an event anew, under its own id; return whose it is, None if it is gone."""
    anew = update(HookDispatch).where(HookDispatch.id == dispatch)
    owed = anew.values(_owed_anew(scene)).returning(HookDispatch.endpoint_id)
    number = scene.db.scalar(owed)
    if number is not None:
        note(scene, by, "hooks.again", f"endpoint:{number}", dispatch=dispatch)
    return number


def send_since(scene: Scene, number: int, since: datetime, by: str) -> int:
    """Owe an endpoint all it wants that happened since then; return how many.

    What it has taken already is sent again as well, under the same ids. Raises
    EndpointError("gone").
    """
    _locked(scene.db, number)
    wanted = select(HookWish.kind).where(HookWish.endpoint_id == number)
    lately = (HookEvent.at >= since, HookEvent.kind.in_(wanted))
    events = list(scene.db.scalars(select(HookEvent.id).where(*lately)))
    happened = select(HookEvent.id).where(*lately)
    mine = (HookDispatch.endpoint_id == number, HookDispatch.event_id.in_(happened))
    scene.db.execute(update(HookDispatch).where(*mine).values(_owed_anew(scene)))
    owed = _owed_anew(scene) | {"endpoint_id": number}
    for event in events:
        once = insert_once(scene.db, HookDispatch)
        scene.db.execute(once.values(owed | {"event_id": event}))
    note(scene, by, "hooks.since", f"endpoint:{number}", events=len(events))
    return len(events)


def _owed_anew(scene: Scene) -> dict[str, Any]:
    return {"state": OWED, "tries": 0, "due_at": scene.now, "leased_until": None}


def lately_sent(db: Connection, number: int, most: int = SHOWN) -> list[Sent]:
    """Return what an endpoint was told last, newest first, each with its last try."""
    last = (
        select(func.max(_tried.id))
        .where(_tried.dispatch_id == HookDispatch.id)
        .correlate(HookDispatch)
        .scalar_subquery()
    )
    rows = (
        select(
            HookDispatch.id,
            HookEvent.uid,
            HookEvent.kind,
            HookEvent.at,
            HookDispatch.state,
            HookDispatch.tries,
            HookDispatch.due_at,
            HookTry.status,
            HookTry.milliseconds,
            func.coalesce(HookTry.fault, ""),
            func.coalesce(HookTry.said, ""),
        )
        .join(HookEvent, HookEvent.id == HookDispatch.event_id)
        .outerjoin(HookTry, HookTry.id == last)
        .where(HookDispatch.endpoint_id == number)
        .order_by(HookDispatch.id.desc())
        .limit(most)
    )
    return [Sent(*row) for row in db.execute(rows)]


def _this(number: int) -> Any:  # noqa: ANN401 - a statement
    return update(HookEndpoint).where(HookEndpoint.id == number)


def _locked(db: Connection, number: int) -> Row[Any]:
    """Return an endpoint, for us alone. Raises EndpointError("gone")."""
    found = select(HookEndpoint.__table__).where(HookEndpoint.id == number)
    row: Row[Any] | None = db.execute(found.with_for_update()).one_or_none()
    if row is None:
        raise EndpointError("gone")
    return row
