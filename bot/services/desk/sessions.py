"""Sessions of the desk: one browser from login to logout, as a row of the database.

The browser holds a random id, the row only a keyed hash of it. A session ends after an
hour without use, twelve hours after login, at logout, and whenever what the official
may do has changed.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, case, delete, insert, or_, select, update

from bot.keys import Keys, keyed_hash
from bot.services.house import House, Scene
from bot.services.officials import Person
from bot.store.civic import Official
from bot.store.logins import DeskSession, OfficialLogin

IDLE, LIFE, HALF_LIFE = timedelta(hours=1), timedelta(hours=12), timedelta(minutes=10)
PROVED_FOR = timedelta(minutes=5)
"""How long it counts that she has just proved who she is."""

TOUCHED = timedelta(minutes=1)
"""How exactly we know when a session was last used: no write for every request."""

MOST_POSTS, POSTS_WITHIN = 120, timedelta(minutes=1)
LINK, PASSWORD, CITY = "link", "password", "city"
IN, HALF = "in", "half"
_BROWSER_LENGTH = 40


@dataclass(frozen=True, slots=True)
class Session:
    """Who is at the desk in this browser, and how she got in.

    `is_half` is true as long as her second factor is still asked for. `has_password`
    and `has_factor` tell what she has set up. `proved_at` is when she last logged in at
    the city's sign-on once more.
    """

    id: int
    person: Person
    how: str
    is_half: bool
    used_at: datetime
    has_password: bool
    has_factor: bool
    created_at: datetime
    proved_at: datetime | None


@dataclass(frozen=True, slots=True)
class Browser:
    """A session as its official sees it on her own page."""

    id: int
    browser: str
    how: str
    created_at: datetime
    used_at: datetime


def open_session(
    scene: Scene, official_id: int, how: str, browser: str, *, half: bool
) -> str:
    """Begin a session and return the id that its browser keeps."""
    token = secrets.token_urlsafe(32)
    values = {
        "token_hash": _hashed(scene.house.keys, token),
        "official_id": official_id,
        "how": how,
        "stage": HALF if half else IN,
        "browser": browser[:_BROWSER_LENGTH],
        "created_at": scene.now,
        "used_at": scene.now,
        "until": scene.now + (HALF_LIFE if half else LIFE),
        "posts": 0,
        "posts_from": scene.now,
    }
    scene.db.execute(insert(DeskSession).values(values))
    return token


_FOUND = (
    select(
        DeskSession.id,
        DeskSession.how,
        DeskSession.stage,
        DeskSession.used_at,
        DeskSession.until,
        DeskSession.created_at,
        DeskSession.proved_at,
        Official.id.label("official"),
        Official.email,
        Official.name,
        Official.role,
        OfficialLogin.suspended_at,
        OfficialLogin.password_hash.is_not(None).label("has_password"),
        OfficialLogin.factor.is_not(None).label("has_factor"),
    )
    .join(Official, Official.id == DeskSession.official_id)
    .outerjoin(OfficialLogin, OfficialLogin.official_id == DeskSession.official_id)
)


def find_session(
    db: Connection, keys: Keys, token: str, now: datetime
) -> Session | None:
    """Return the session with this id; None if there is none, or it has ended."""
    found = _FOUND.where(DeskSession.token_hash == _hashed(keys, token))
    row = db.execute(found).one_or_none()
    if row is None or row.suspended_at is not None or now >= row.until:
        return None
    if now - row.used_at >= IDLE:
        return None
    return Session(
        id=row.id,
        person=Person(row.official, row.email, row.name, row.role),
        how=row.how,
        is_half=row.stage == HALF,
        used_at=row.used_at,
        has_password=bool(row.has_password),
        has_factor=bool(row.has_factor),
        created_at=row.created_at,
        proved_at=row.proved_at,
    )


def touch(house: House, session: Session, now: datetime) -> None:
    """Keep that a session is in use, at most once a minute. Commits."""
    if now - session.used_at < TOUCHED:
        return
    used = update(DeskSession).where(DeskSession.id == session.id)
    house.db.run(lambda db: db.execute(used.values(used_at=now)))


def count_post(house: House, session: Session, now: datetime) -> bool:
    """Count a form that was sent; False if nobody sends so many by hand. Commits."""
    is_over = DeskSession.posts_from <= now - POSTS_WITHIN
    counted = update(DeskSession).where(DeskSession.id == session.id)
    values = {
        "posts": case((is_over, 1), else_=DeskSession.posts + 1),
        "posts_from": case((is_over, now), else_=DeskSession.posts_from),
        "used_at": now,
    }
    row = counted.values(values).returning(DeskSession.posts)
    posts = house.db.run(lambda db: db.scalar(row))
    return posts is not None and posts <= MOST_POSTS


def prove(scene: Scene, session_id: int, official_id: int) -> bool:
    """Keep that an official has just proved who she is; False if she is out by now."""
    one = update(DeskSession).where(
        DeskSession.id == session_id,
        DeskSession.official_id == official_id,
        DeskSession.stage == IN,
        DeskSession.until > scene.now,
    )
    return scene.db.execute(one.values(proved_at=scene.now)).rowcount > 0


def end_session(db: Connection, session_id: int, official_id: int) -> bool:
    """End one session of an official; False if there is none."""
    one = delete(DeskSession).where(
        DeskSession.id == session_id, DeskSession.official_id == official_id
    )
    return db.execute(one).rowcount > 0


def end_sessions(db: Connection, official_id: int, but: int | None = None) -> int:
    """End all sessions of an official, `but` one; return how many."""
    hers = delete(DeskSession).where(DeskSession.official_id == official_id)
    if but is not None:
        hers = hers.where(DeskSession.id != but)
    return db.execute(hers).rowcount


def browsers(db: Connection, official_id: int, now: datetime) -> list[Browser]:
    """Return the sessions of an official that have not ended, newest use first."""
    columns = (
        DeskSession.id,
        DeskSession.browser,
        DeskSession.how,
        DeskSession.created_at,
        DeskSession.used_at,
    )
    hers = select(*columns).where(
        DeskSession.official_id == official_id,
        DeskSession.stage == IN,
        DeskSession.until > now,
        DeskSession.used_at > now - IDLE,
    )
    newest = hers.order_by(DeskSession.used_at.desc(), DeskSession.id.desc())
    return [Browser(*row) for row in db.execute(newest.limit(50))]


def sweep_sessions(db: Connection, now: datetime) -> int:
    """Delete sessions that have ended; return how many."""
    over = or_(DeskSession.until <= now, DeskSession.used_at <= now - IDLE)
    return db.execute(delete(DeskSession).where(over)).rowcount


def _hashed(keys: Keys, token: str) -> str:
    return keyed_hash(keys.desks, "session", token)
