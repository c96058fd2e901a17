"""Who works at the desk, as admins see and change it. The last admin stays one."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, exists, func, select, update

from bot.services.desk import city_names, factors, sessions
from bot.services.desk.audit import note
from bot.services.house import House, Scene
from bot.services.officials import (
    ROLES,
    Person,
    add_official,
    find_official,
    login_link,
)
from bot.store.civic import Official
from bot.store.logins import OfficialLogin

ADMIN, COMMAND = "admin", "command"
AT_ONCE = 50
LONGEST = 120
_EMAIL = re.compile(r"[^@\s\0<>,;\"]{1,64}@[^@\s\0<>,;\"]+\.[^@\s\0<>,;\"]+")


class OfficialError(ValueError):
    """It cannot be done, and nothing was changed; the message is a machine word.

    "email" (none), "known" (somebody has that address), "role" (none of ours), "name"
    (too long), "gone" (no such official), "self" (admins leave themselves to other
    admins) or "last_admin".
    """


@dataclass(frozen=True, slots=True)
class Colleague:
    """An official as admins see one."""

    id: int
    email: str
    name: str
    role: str
    last_login_at: datetime | None
    suspended_at: datetime | None
    has_factor: bool
    has_password: bool
    city_at: datetime | None
    city_refused_at: datetime | None


_COLUMNS = (
    Official.id,
    Official.email,
    Official.name,
    Official.role,
    OfficialLogin.last_login_at,
    OfficialLogin.suspended_at,
    OfficialLogin.factor.is_not(None),
    OfficialLogin.password_hash.is_not(None),
    OfficialLogin.city_at,
    OfficialLogin.city_refused_at,
)
_FOUND = select(*_COLUMNS).outerjoin(
    OfficialLogin, OfficialLogin.official_id == Official.id
)


def colleagues(db: Connection, page: int) -> tuple[list[Colleague], int]:
    """Return a page of officials by e-mail address, from 1, and how many there are."""
    rows = _FOUND.order_by(Official.email, Official.id)
    rows = rows.limit(AT_ONCE).offset((page - 1) * AT_ONCE)
    count = db.scalar(select(func.count()).select_from(Official)) or 0
    return [_colleague(row) for row in db.execute(rows)], count


def colleague(db: Connection, official_id: int) -> Colleague | None:
    """Return one official; None if there is none."""
    row = db.execute(_FOUND.where(Official.id == official_id)).one_or_none()
    return None if row is None else _colleague(row)


def _colleague(row: Row[*tuple[Any, ...]]) -> Colleague:
    return Colleague(*row)


def invite(
    house: House, by: Person, email: str, role: str, name: str
) -> tuple[int, str]:
    """Add an official; return the id and a login link to hand over. Commits.

    Raises OfficialError.
    """
    address, called = email.strip(), " ".join(name.split())
    if not _EMAIL.fullmatch(address) or len(address) > LONGEST:
        raise OfficialError("email")
    _check(role, called)
    now = house.clock()

    def add(scene: Scene) -> tuple[int, str]:
        if find_official(scene.db, address) is not None:
            raise OfficialError("known")
        made = add_official(scene.db, address, role, called, scene.now)
        note(scene, by.email, "official.invite", f"official:{made}", role=role)
        return made, login_link(scene.house, scene.db, made, scene.now)

    return house.db.run(lambda db: add(Scene(house, db, now)))


def new_link(house: House, by: Person, official_id: int) -> str:
    """Return a fresh login link of an official to hand over. Commits.

    Raises OfficialError "gone", also for who is suspended: no link would work.
    """
    now = house.clock()

    def make(scene: Scene) -> str:
        if _get(scene.db, official_id).suspended_at is not None:
            raise OfficialError("gone")
        note(scene, by.email, "official.link", f"official:{official_id}")
        return login_link(scene.house, scene.db, official_id, scene.now)

    return house.db.run(lambda db: make(Scene(house, db, now)))


def change(house: House, by: Person, official_id: int, role: str, name: str) -> None:
    """Give an official another role or name; another role ends her sessions. Commits.

    Raises OfficialError.
    """
    called = " ".join(name.split())
    _check(role, called)
    now = house.clock()

    def change_one(scene: Scene) -> None:
        before = _get(scene.db, official_id)
        if before.role != role:
            _not_oneself(by, official_id)
            _keep_an_admin(scene.db, before)
            sessions.end_sessions(scene.db, official_id)
        row = update(Official).where(Official.id == official_id)
        scene.db.execute(row.values(role=role, name=called))
        told = {"was": before.role, "role": role, "renamed": before.name != called}
        note(scene, by.email, "official.change", f"official:{official_id}", **told)

    house.db.run(lambda db: change_one(Scene(house, db, now)))


def suspend(house: House, by: Person, official_id: int) -> None:
    """Let an official in no more, and out at once. Commits. Raises OfficialError."""
    now = house.clock()

    def end(scene: Scene) -> None:
        before = _get(scene.db, official_id)
        _not_oneself(by, official_id)
        _keep_an_admin(scene.db, before)
        factors.keep_row(scene.db, official_id)
        _set(scene.db, official_id, scene.now)
        row = update(Official).where(Official.id == official_id)
        scene.db.execute(row.values(login_hash=None, login_until=None))
        sessions.end_sessions(scene.db, official_id)
        note(scene, by.email, "official.suspend", f"official:{official_id}")

    house.db.run(lambda db: end(Scene(house, db, now)))


def restore(house: House, by: Person, official_id: int) -> None:
    """Let a suspended official log in again. Commits. Raises OfficialError "gone"."""
    now = house.clock()

    def let(scene: Scene) -> None:
        _get(scene.db, official_id)
        _set(scene.db, official_id, None)
        note(scene, by.email, "official.restore", f"official:{official_id}")

    house.db.run(lambda db: let(Scene(house, db, now)))


def reset_factor(scene: Scene, by: str, official_id: int) -> bool:
    """Take an official's second factor away, and end her sessions; False if none."""
    had = factors.turn_off(scene.db, official_id)
    sessions.end_sessions(scene.db, official_id)
    note(scene, by, "official.reset_factor", f"official:{official_id}")
    return had


def reset(house: House, by: Person, official_id: int) -> None:
    """Take the second factor of a colleague away. Commits. Raises OfficialError."""
    now = house.clock()

    def reset_one(scene: Scene) -> None:
        _get(scene.db, official_id)
        _not_oneself(by, official_id)
        reset_factor(scene, by.email, official_id)

    house.db.run(lambda db: reset_one(Scene(house, db, now)))


def unbind(house: House, by: Person, official_id: int) -> None:
    """Let a colleague's next coming in by the city bind anew. Commits.

    Her sessions end. Raises OfficialError.
    """
    now = house.clock()

    def let_go(scene: Scene) -> None:
        _get(scene.db, official_id)
        _not_oneself(by, official_id)
        unbind_official(scene, by.email, official_id)

    house.db.run(lambda db: let_go(Scene(house, db, now)))


def unbind_official(scene: Scene, by: str, official_id: int) -> None:
    """Let go of who an official is at the city's sign-on, and end her sessions."""
    if city_names.unbind(scene.db, official_id):
        sessions.end_sessions(scene.db, official_id)
        note(scene, by, "official.unbind", f"official:{official_id}")


def add_by_hand(scene: Scene, email: str, role: str, name: str) -> str:
    """Add an official by the command line, or change her role; return a login link.

    Whoever runs the server may do what admins may not: change the last of them.
    """
    known = find_official(scene.db, email)
    before = colleague(scene.db, known) if known else None
    made = add_official(scene.db, email.strip(), role, name, scene.now)
    if before is not None:
        _set(scene.db, made, None)
        if before.role != role:
            sessions.end_sessions(scene.db, made)
    note(scene, COMMAND, "official.add", f"official:{made}", role=role)
    return login_link(scene.house, scene.db, made, scene.now)


def reset_by_hand(scene: Scene, email: str) -> None:
    """Take second factor and city name away by the command line.

    Raises OfficialError "gone".
    """
    known = find_official(scene.db, email)
    if known is None:
        raise OfficialError("gone")
    reset_factor(scene, COMMAND, known)
    unbind_official(scene, COMMAND, known)


def _check(role: str, name: str) -> None:
    if role not in ROLES:
        raise OfficialError("role")
    if len(name) > LONGEST:
        raise OfficialError("name")


def _get(db: Connection, official_id: int) -> Colleague:
    found = colleague(db, official_id)
    if found is None:
        raise OfficialError("gone")
    return found


def _not_oneself(by: Person, official_id: int) -> None:
    if by.id == official_id:
        raise OfficialError("self")


def _keep_an_admin(db: Connection, leaving: Colleague) -> None:
    """See that an admin is left; admins are locked, so that two cannot both go."""
    if leaving.role != ADMIN:
        return
    # Looked at only after the lock: what somebody else just committed counts.
    locked = select(Official.id).where(Official.role == ADMIN).order_by(Official.id)
    db.execute(locked.with_for_update()).all()
    suspended = exists().where(
        OfficialLogin.official_id == Official.id,
        OfficialLogin.suspended_at.is_not(None),
    )
    admins = select(Official.id).where(Official.role == ADMIN, ~suspended)
    if not set(db.scalars(admins)) - {leaving.id}:
        raise OfficialError("last_admin")


def _set(db: Connection, official_id: int, suspended_at: datetime | None) -> None:
    row = update(OfficialLogin).where(OfficialLogin.official_id == official_id)
    db.execute(row.values(suspended_at=suspended_at))
