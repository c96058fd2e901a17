"""As whom the city's sign-on knows an official: issuer and subject, bound once.

An address may be given to somebody else one day; a subject never is. So her first
coming in binds the two, and whoever comes with her address and another subject is
refused until an admin has looked.
"""

import logging
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, or_, select, update

from bot.services.desk.asking import Vouched
from bot.services.desk.audit import note
from bot.services.desk.factors import keep_row
from bot.services.house import Scene
from bot.store.civic import Official
from bot.store.logins import OfficialLogin

log = logging.getLogger(__name__)
CITY = "city"


class Named(NamedTuple):
    """An official whom the sign-on knows."""

    official_id: int
    suspended_at: datetime | None


def by_name(db: Connection, vouched: Vouched) -> Named | None:
    """Return whom the sign-on means; None if it has not vouched for her before."""
    columns = select(OfficialLogin.official_id, OfficialLogin.suspended_at)
    found = columns.where(
        OfficialLogin.city_issuer == vouched.issuer,
        OfficialLogin.city_subject == vouched.subject,
    )
    row = db.execute(found).one_or_none()
    return Named(*row) if row else None


def bind(scene: Scene, official_id: int, vouched: Vouched) -> bool:
    """Tie an official to her name there, if she is not; False if it is another one.

    A name of an earlier sign-on counts no more: whoever runs the server changed it.
    """
    login, db = OfficialLogin, scene.db
    keep_row(db, official_id)
    mine = login.official_id == official_id
    name = {"city_issuer": vouched.issuer, "city_subject": vouched.subject}
    free = or_(login.city_subject.is_(None), login.city_issuer != vouched.issuer)
    bound = update(login).where(mine, free).values(**name, city_at=scene.now)
    if db.execute(bound).rowcount:
        by = db.scalar(select(Official.email).where(Official.id == official_id))
        note(scene, by or "", "official.bind", f"official:{official_id}")
        return True
    held = db.scalar(select(login.city_subject).where(mine))
    return bool(held == vouched.subject)


def raise_alarm(scene: Scene, official_id: int) -> None:
    """Keep that somebody else came with an official's address, for admins to see."""
    mine = update(OfficialLogin).where(OfficialLogin.official_id == official_id)
    scene.db.execute(mine.values(city_refused_at=scene.now))
    told = {"how": CITY, "why": "other"}
    note(scene, "unknown", "login.failed", f"official:{official_id}", **told)
    log.warning("sign on knows another official=%s", official_id)


def unbind(db: Connection, official_id: int) -> bool:
    """Let her next coming in bind anew; False if nothing was bound."""
    login = OfficialLogin
    bound = or_(login.city_subject.is_not(None), login.city_refused_at.is_not(None))
    mine = update(login).where(login.official_id == official_id, bound)
    empty = ("city_issuer", "city_subject", "city_at", "city_refused_at")
    return db.execute(mine.values(dict.fromkeys(empty))).rowcount > 0


def alarms(db: Connection) -> list[tuple[int, str]]:
    """Return officials with whose address somebody else came: id and address."""
    found = (
        select(Official.id, Official.email)
        .join(OfficialLogin, OfficialLogin.official_id == Official.id)
        .where(OfficialLogin.city_refused_at.is_not(None))
        .order_by(Official.id)
    )
    return [(row.id, row.email) for row in db.execute(found)]
