"""Getting in: by a link, by a password, with a second factor, by the city's sign-on.

What is refused is refused in the same words and the same time, whether we know an
address or not.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, update

from bot.services.desk import door, passwords, sessions
from bot.services.desk.asking import SignOnError, Vouched
from bot.services.desk.audit import note
from bot.services.desk.city_names import bind, by_name, raise_alarm
from bot.services.desk.factors import keep_row, use_code
from bot.services.desk.sessions import CITY, LINK, PASSWORD, Session, open_session
from bot.services.house import House, Scene
from bot.services.officials import Person, find_official, log_in
from bot.store.civic import Official
from bot.store.logins import OfficialLogin

UNKNOWN = "unknown"
"""Who failed to log in, in the trail: anybody can type an address."""


@dataclass(frozen=True, slots=True)
class Visitor:
    """Where somebody logs in from: roughly which browser, and which machine."""

    browser: str
    machine: str | None = None


@dataclass(frozen=True, slots=True)
class _Kept:
    """What is kept of an official at the door."""

    official_id: int
    password_hash: str | None
    suspended_at: datetime | None


@dataclass(frozen=True, slots=True)
class Entered:
    """She is known: `token` is for her browser. `is_half`: a code is asked for next."""

    token: str
    is_half: bool


@dataclass(frozen=True, slots=True)
class Turned:
    """She is turned away; where `wait` is there, nothing was looked at until then."""

    wait: datetime | None = None


def by_link(house: House, token: str, visitor: Visitor) -> Entered | None:
    """Use a login link up; None if it is unknown, used or over. Commits."""
    now = house.clock()

    def enter(scene: Scene) -> Entered | None:
        person = log_in(scene.house, scene.db, token, scene.now)
        if person is None:
            return None
        return _let_in(scene, person.id, LINK, visitor)

    entered = house.db.run(lambda db: enter(Scene(house, db, now)))
    house.meters.logged_in(LINK, _told(entered))
    return entered


def by_password(
    house: House, email: str, password: str, visitor: Visitor
) -> Entered | Turned:
    """Look at an address and a password. Commits."""
    now = house.clock()
    own = door.by_email(house.keys, email)
    machine = door.by_machine(house.keys, visitor.machine)
    wait = house.db.run(lambda db: door.knock(Scene(house, db, now), (own, *machine)))
    if wait is not None:
        house.meters.logged_in(PASSWORD, "paused")
        return Turned(wait)
    known = _kept(house, email)
    right = passwords.is_right(password, known.password_hash if known else None)
    if known is None or not right or known.suspended_at is not None:
        _refuse(house, known.official_id if known else None, PASSWORD)
        return Turned()
    _renew(house, known, password)

    def enter(scene: Scene) -> Entered:
        door.forgive(scene, own, machine)
        return _let_in(scene, known.official_id, PASSWORD, visitor)

    entered = house.db.run(lambda db: enter(Scene(house, db, now)))
    house.meters.logged_in(PASSWORD, _told(entered))
    return entered


def by_code(
    house: House, session: Session, code: str, visitor: Visitor
) -> Entered | Turned:
    """Look at the second factor of who is half in. Commits; a new id on the way in."""
    checked = check_code(house, session.person, code, visitor.machine)
    if isinstance(checked, Turned):
        return checked
    now = house.clock()

    def enter(scene: Scene) -> Entered:
        sessions.end_session(scene.db, session.id, session.person.id)
        return _enter(scene, session.person.id, session.how, visitor, code=checked)

    entered = house.db.run(lambda db: enter(Scene(house, db, now)))
    house.meters.logged_in(session.how, _told(entered))
    return entered


def check_code(
    house: House, person: Person, code: str, machine: str | None
) -> str | Turned:
    """Use a code of hers up: "code" or "recovery". Commits; wrong ones are counted."""
    now = house.clock()
    own = door.by_official(house.keys, person.id)
    hers = door.by_machine(house.keys, machine)
    wait = house.db.run(lambda db: door.knock(Scene(house, db, now), (own, *hers)))
    if wait is not None:
        house.meters.logged_in("code", "paused")
        return Turned(wait)

    def use(scene: Scene) -> str | None:
        used = use_code(scene, person.id, code)
        if used is not None:
            door.forgive(scene, own, hers)
        return used

    used = house.db.run(lambda db: use(Scene(house, db, now)))
    if used is None:
        _refuse(house, person.id, "code")
        return Turned()
    return used


def by_city(house: House, vouched: Vouched, visitor: Visitor) -> Entered:
    """Let in whom the city's sign-on vouches for. Commits. Raises SignOnError.

    Who came before is known by issuer and subject, whatever her address is by now; the
    first time she is known by her address. The city has asked for its own second
    factor, so we ask for none.
    """
    named = house.db.read(lambda db: by_name(db, vouched))
    if named is None and not vouched.email:
        raise SignOnError("email")
    known = named or _kept(house, vouched.email)
    if known is None or known.suspended_at is not None:
        _refuse(house, known.official_id if known else None, CITY)
        raise SignOnError("unknown")
    now, official_id = house.clock(), known.official_id

    def enter(scene: Scene) -> Entered | None:
        if not bind(scene, official_id, vouched):
            raise_alarm(scene, official_id)
            return None
        return _enter(scene, official_id, CITY, visitor)

    entered = house.db.run(lambda db: enter(Scene(house, db, now)))
    house.meters.logged_in(CITY, _told(entered))
    if entered is None:
        raise SignOnError("other")
    return entered


def log_out(house: House, session: Session) -> None:
    """End a session. Commits."""
    now = house.clock()

    def leave(scene: Scene) -> None:
        sessions.end_session(scene.db, session.id, session.person.id)
        note(scene, session.person.email, "logout", f"official:{session.person.id}")

    house.db.run(lambda db: leave(Scene(house, db, now)))


def _kept(house: House, email: str) -> _Kept | None:
    """Return what is kept of who has this address: its id, password, suspension."""

    def find(scene: Scene) -> _Kept | None:
        official_id = find_official(scene.db, email)
        columns = (
            Official.id,
            OfficialLogin.password_hash,
            OfficialLogin.suspended_at,
        )
        found = select(*columns).outerjoin(
            OfficialLogin, OfficialLogin.official_id == Official.id
        )
        row = scene.db.execute(found.where(Official.id == official_id)).one_or_none()
        return None if row is None else _Kept(*row)

    return house.db.read(lambda db: find(Scene(house, db, house.clock())))


def _let_in(scene: Scene, official_id: int, how: str, visitor: Visitor) -> Entered:
    """Open a session; a half one where she has a second factor."""
    column = select(func.count()).where(
        OfficialLogin.official_id == official_id, OfficialLogin.factor.is_not(None)
    )
    if not scene.db.scalar(column):
        return _enter(scene, official_id, how, visitor)
    token = open_session(scene, official_id, how, visitor.browser, half=True)
    return Entered(token, is_half=True)


def _enter(
    scene: Scene, official_id: int, how: str, visitor: Visitor, **data: str
) -> Entered:
    token = open_session(scene, official_id, how, visitor.browser, half=False)
    keep_row(scene.db, official_id)
    hers = update(OfficialLogin).where(OfficialLogin.official_id == official_id)
    scene.db.execute(hers.values(last_login_at=scene.now))
    column = select(Official.email).where(Official.id == official_id)
    email = scene.db.scalar(column) or UNKNOWN
    place = door.place_of(scene.house.keys, visitor.machine)
    data |= {"browser": visitor.browser, "place": place}
    told = {name: value for name, value in data.items() if value}
    note(scene, email, "login", f"official:{official_id}", how=how, **told)
    return Entered(token, is_half=False)


def _refuse(house: House, official_id: int | None, how: str) -> None:
    """Write down that somebody failed, where it was about an official of ours.

    An address we do not know is not kept: people type passwords into wrong fields.
    """
    house.meters.logged_in(how, "refused")
    if official_id is None:
        return
    now, subject = house.clock(), f"official:{official_id}"
    house.db.run(
        lambda db: note(
            Scene(house, db, now), UNKNOWN, "login.failed", subject, how=how
        )
    )


def _renew(house: House, known: _Kept, password: str) -> None:
    """Keep a password by today's measures, if it was kept by weaker ones."""
    if known.password_hash is None or not passwords.is_outdated(known.password_hash):
        return
    hers = update(OfficialLogin).where(
        OfficialLogin.official_id == known.official_id,
        OfficialLogin.password_hash == known.password_hash,
    )
    renewed = hers.values(password_hash=passwords.hash_password(password))
    house.db.run(lambda db: db.execute(renewed))


def _told(entered: Entered | None) -> str:
    if entered is None:
        return "refused"
    return "half" if entered.is_half else "entered"
