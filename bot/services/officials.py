"""Officials and their one-time login links."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, exists, func, insert, select, update

from bot.keys import Keys, keyed_hash
from bot.services.house import House
from bot.store.civic import Official
from bot.store.logins import OfficialLogin

ROLES = (
    "viewer",
    "reviewer",
    "communicator",
    "counter",
    "volunteer",
    "helper",
    "admin",
)
LINK_HOURS = 24


@dataclass(frozen=True, slots=True)
class Person:
    """An official who is at the desk."""

    id: int
    email: str
    name: str
    role: str


def add_official(
    db: Connection, email: str, role: str, name: str, now: datetime
) -> int:
    """Add an official, or give one who is there another role; return the id.

    Upper and lower case make no difference in an address.
    """
    known = find_official(db, email)
    if known is not None:
        changed = update(Official).where(Official.id == known)
        db.execute(changed.values(role=role))
        return known
    row = insert(Official).values(email=email, role=role, name=name, created_at=now)
    return int(db.execute(row.returning(Official.id)).scalar_one())


def find_official(db: Connection, email: str) -> int | None:
    """Return the id of who has this e-mail address, in whatever case."""
    if "\0" in email:  # PostgreSQL cannot even look for it
        return None
    wanted = func.lower(Official.email) == email.strip().lower()
    return db.scalar(select(Official.id).where(wanted).order_by(Official.id).limit(1))


def login_link(house: House, db: Connection, official_id: int, now: datetime) -> str:
    """Return a link that logs this official in once, within a day.

    The secret stands behind "#": it reaches the server in a form, never in an address.
    """
    token = secrets.token_urlsafe(32)
    until = now + timedelta(hours=LINK_HOURS)
    values = {"login_hash": _hashed(house.keys, token), "login_until": until}
    db.execute(update(Official).where(Official.id == official_id).values(values))
    return f"{house.settings.public_url}/desk/login#{token}"


def log_in(house: House, db: Connection, token: str, now: datetime) -> Person | None:
    """Use a login link up; None if it is unknown, used or over, or she is suspended."""
    hashed = _hashed(house.keys, token)
    suspended = exists().where(
        OfficialLogin.official_id == Official.id,
        OfficialLogin.suspended_at.is_not(None),
    )
    used = (
        update(Official)
        .where(Official.login_hash == hashed, Official.login_until > now, ~suspended)
        .values(login_hash=None, login_until=None)
        .returning(Official.id, Official.email, Official.name, Official.role)
    )
    row = db.execute(used).one_or_none()
    return None if row is None else Person(*row)


def official(db: Connection, official_id: int) -> Person | None:
    """Return an official by id."""
    columns = (Official.id, Official.email, Official.name, Official.role)
    row = db.execute(select(*columns).where(Official.id == official_id)).one_or_none()
    return None if row is None else Person(*row)


def officials(db: Connection) -> list[Person]:
    """Return all officials, by e-mail address."""
    columns = (Official.id, Official.email, Official.name, Official.role)
    return [
        Person(*row) for row in db.execute(select(*columns).order_by(Official.email))
    ]


def _hashed(keys: Keys, token: str) -> str:
    return keyed_hash(keys.logins, token)
