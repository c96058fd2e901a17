"""What officials do with their own logins: password, second factor, sessions."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import select, update

from bot.config import ON
from bot.services.desk import door, factors, passwords, sessions
from bot.services.desk.audit import note
from bot.services.desk.logins import Turned, check_code
from bot.services.desk.sessions import CITY, LINK, PROVED_FOR, Session
from bot.services.house import House, Scene
from bot.store.logins import OfficialLogin


class Proof(StrEnum):
    """How an official proves anew that it is she at the desk."""

    CODE = "code"
    PASSWORD = "password"  # noqa: S105 - a word for the way
    CITY = "city"
    LINK = "link"
    NOTHING = "nothing"


def proof_of(house: House, session: Session, now: datetime) -> Proof:
    """Return what she has to prove who she is with; NOTHING if she has just done so.

    A link that she came in by proves it for as long as a fresh sign-on does; after that
    (LINK) she has nothing to prove it with.
    """
    if session.has_factor:
        return Proof.CODE
    by_city = session.how == CITY and house.sign_on is not None
    if not by_city and session.has_password and house.settings.desk_passwords == ON:
        return Proof.PASSWORD
    since = session.proved_at if by_city else session.created_at
    if since is not None and now - since < PROVED_FOR:
        return Proof.NOTHING
    return Proof.CITY if by_city else Proof.LINK


def prove(
    house: House, session: Session, typed: str, machine: str | None
) -> Turned | None:
    """Look at what she proves herself with; None when it is she. Commits."""
    match proof_of(house, session, house.clock()):
        case Proof.CODE:
            checked = check_code(house, session.person, typed, machine)
            return checked if isinstance(checked, Turned) else None
        case Proof.PASSWORD:
            return _check_old(house, session, typed)
        case Proof.NOTHING:
            return None
    return Turned()


def prove_by_city(house: House, official_id: int, session_id: int) -> bool:
    """Keep that she logged in at the city's sign-on once more. Commits.

    False if that session of hers has ended.
    """
    now = house.clock()
    return house.db.run(
        lambda db: sessions.prove(Scene(house, db, now), session_id, official_id)
    )


def needs_old_password(session: Session) -> bool:
    """Tell whether the password she has is asked for before a new one.

    Whoever came by a link may have forgotten it: the link stands for it.
    """
    return session.has_password and session.how != LINK


def set_password(house: House, session: Session, old: str, new: str) -> Turned | None:
    """Give her a new password; her other sessions end. Commits.

    Returns why she is turned away, None when it is done. Raises WeakPasswordError.
    """
    person, now = session.person, house.clock()
    passwords.check_strength(new, person.email)
    if needs_old_password(session):
        turned = _check_old(house, session, old)
        if turned is not None:
            return turned
    kept = passwords.hash_password(new)

    def change(scene: Scene) -> None:
        factors.keep_row(scene.db, person.id)
        hers = update(OfficialLogin).where(OfficialLogin.official_id == person.id)
        values = {"password_hash": kept, "password_at": scene.now}
        scene.db.execute(hers.values(values))
        ended = sessions.end_sessions(scene.db, person.id, but=session.id)
        _note(scene, session, "account.password", ended=ended)

    house.db.run(lambda db: change(Scene(house, db, now)))
    return None


def _check_old(house: House, session: Session, old: str) -> Turned | None:
    now, own = house.clock(), door.by_official(house.keys, session.person.id)
    wait = house.db.run(lambda db: door.knock(Scene(house, db, now), (own,)))
    if wait is not None:
        return Turned(wait)
    column = select(OfficialLogin.password_hash)
    hers = column.where(OfficialLogin.official_id == session.person.id)
    kept = house.db.read(lambda db: db.scalar(hers))
    if not passwords.is_right(old, kept):
        return Turned()
    house.db.run(lambda db: door.forgive(Scene(house, db, now), own))
    return None


def begin_factor(house: House, session: Session) -> bool:
    """Make a secret for a second factor; False if she has one already. Commits."""
    if session.has_factor:
        return False
    now = house.clock()
    house.db.run(lambda db: factors.begin(Scene(house, db, now), session.person.id))
    return True


def confirm_factor(house: House, session: Session, code: str) -> list[str] | Turned:
    """Turn her second factor on; return the recovery codes to be shown once. Commits.

    Her other sessions, which came in without it, end.
    """
    person, now = session.person, house.clock()
    own = door.by_official(house.keys, person.id)
    wait = house.db.run(lambda db: door.knock(Scene(house, db, now), (own,)))
    if wait is not None:
        return Turned(wait)

    def turn_on(scene: Scene) -> list[str] | None:
        codes = factors.confirm(scene, person, code)
        if codes is not None:
            door.forgive(scene, own)
            ended = sessions.end_sessions(scene.db, person.id, but=session.id)
            _note(scene, session, "account.factor_on", ended=ended)
        return codes

    codes = house.db.run(lambda db: turn_on(Scene(house, db, now)))
    return codes if codes is not None else Turned()


def turn_factor_off(
    house: House, session: Session, code: str, machine: str | None
) -> Turned | None:
    """Take her second factor away, for a code of it. Commits; None when it is done."""
    checked = check_code(house, session.person, code, machine)
    if isinstance(checked, Turned):
        return checked
    now = house.clock()

    def turn_off(scene: Scene) -> None:
        factors.turn_off(scene.db, session.person.id)
        _note(scene, session, "account.factor_off")

    house.db.run(lambda db: turn_off(Scene(house, db, now)))
    return None


def renew_codes(
    house: House, session: Session, code: str, machine: str | None
) -> list[str] | Turned:
    """Make new recovery codes, for a code of hers; earlier ones end. Commits."""
    checked = check_code(house, session.person, code, machine)
    if isinstance(checked, Turned):
        return checked
    now = house.clock()

    def renew(scene: Scene) -> list[str]:
        _note(scene, session, "account.codes")
        return factors.make_recovery_codes(scene, session.person.id)

    return house.db.run(lambda db: renew(Scene(house, db, now)))


def end_browser(house: House, session: Session, wanted: int | None) -> bool:
    """End another session of hers, or with None all others. Commits; False if none.

    Whoever calls this has seen to `prove`.
    """
    person, now = session.person, house.clock()

    def end(scene: Scene) -> bool:
        if wanted is None:
            ended = sessions.end_sessions(scene.db, person.id, but=session.id)
        else:
            ended = int(sessions.end_session(scene.db, wanted, person.id))
        if ended:
            _note(scene, session, "account.sessions_ended", ended=ended)
        return ended > 0

    return house.db.run(lambda db: end(Scene(house, db, now)))


def _note(scene: Scene, session: Session, act: str, **data: int) -> None:
    person = session.person
    note(scene, person.email, act, f"official:{person.id}", **data)
