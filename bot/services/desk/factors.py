"""The second factor: a code of six digits from her phone (TOTP), or a recovery code.

The secret is encrypted where it is kept. A code counts once: the step it belongs to is
written in the same statement that looks whether it was used. The clock of a phone may
be half a minute off.
"""

import hmac
import secrets
from datetime import datetime, timedelta
from typing import Any

import pyotp
from cryptography.fernet import InvalidToken
from sqlalchemy import Connection, delete, func, insert, or_, select, update

from bot.keys import Keys, keyed_hash
from bot.services.house import House, Scene
from bot.services.officials import Person
from bot.store.dialect import insert_once
from bot.store.logins import OfficialLogin, RecoveryCode

STEP = 30
OFF_STEPS = (-1, 0, 1)
RECOVERY_CODES = 10
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  # no l, o, 0, 1: they are misread
_GROUPS, _IN_GROUP = 6, 4
"""118 bits: what is kept of a code cannot be tried out, with or without our key."""

_NAME = "Buurtstem"
_DIGITS = 6


def keep_row(db: Connection, official_id: int) -> None:
    """See to it that there is a row for what an official logs in with."""
    row = insert_once(db, OfficialLogin).values(official_id=official_id)
    db.execute(row)


def begin(scene: Scene, official_id: int) -> None:
    """Make a secret that becomes her second factor once she has typed its code."""
    keep_row(scene.db, official_id)
    sealed = _seal(scene.house.keys, official_id, pyotp.random_base32())
    scene.db.execute(_of(official_id).values(factor_new=sealed))


def pending(house: House, db: Connection, person: Person) -> tuple[str, str] | None:
    """Return what the QR code holds and the secret to type; None if none is set up."""
    column = select(OfficialLogin.factor_new)
    sealed = db.scalar(column.where(OfficialLogin.official_id == person.id))
    secret = _open(house.keys, person.id, sealed)
    if secret is None:
        return None
    uri = pyotp.TOTP(secret).provisioning_uri(name=person.email, issuer_name=_NAME)
    return uri, secret


def confirm(scene: Scene, person: Person, code: str) -> list[str] | None:
    """Turn the second factor on if its first code is right; return recovery codes."""
    column = select(OfficialLogin.factor_new)
    sealed = scene.db.scalar(column.where(OfficialLogin.official_id == person.id))
    step = _step_of(_open(scene.house.keys, person.id, sealed), code, scene.now)
    if step is None:
        return None
    kept = {"factor": sealed, "factor_new": None, "factor_at": scene.now}
    scene.db.execute(_of(person.id).values(**kept, factor_step=step))
    return make_recovery_codes(scene, person.id)


def use_code(scene: Scene, official_id: int, text: str) -> str | None:
    """Use a code up: "code" or "recovery" for what it was, None if it is not right."""
    columns = select(OfficialLogin.factor)
    sealed = scene.db.scalar(columns.where(OfficialLogin.official_id == official_id))
    step = _step_of(_open(scene.house.keys, official_id, sealed), text, scene.now)
    if step is not None:
        return "code" if _use_step(scene.db, official_id, step) else None
    return "recovery" if sealed and _use_recovery(scene, official_id, text) else None


def turn_off(db: Connection, official_id: int) -> bool:
    """Take second factor and recovery codes away; False if there was none."""
    nothing = {"factor": None, "factor_new": None, "factor_at": None}
    had = _of(official_id).where(OfficialLogin.factor.is_not(None))
    gone = db.execute(had.values(nothing)).rowcount > 0
    codes = delete(RecoveryCode).where(RecoveryCode.official_id == official_id)
    db.execute(codes)
    return gone


def make_recovery_codes(scene: Scene, official_id: int) -> list[str]:
    """Return ten new recovery codes, shown once; earlier ones no longer count."""
    codes = [_new_code() for _ in range(RECOVERY_CODES)]
    gone = delete(RecoveryCode).where(RecoveryCode.official_id == official_id)
    scene.db.execute(gone)
    keys = scene.house.keys
    rows = [
        {"official_id": official_id, "code_hash": _hashed(keys, official_id, each)}
        for each in codes
    ]
    scene.db.execute(insert(RecoveryCode), rows)
    return codes


def codes_left(db: Connection, official_id: int) -> int:
    """Return how many recovery codes are unused."""
    unused = select(func.count()).where(
        RecoveryCode.official_id == official_id, RecoveryCode.used_at.is_(None)
    )
    return db.scalar(unused) or 0


def _of(official_id: int) -> Any:  # noqa: ANN401 - an update
    return update(OfficialLogin).where(OfficialLogin.official_id == official_id)


def _step_of(secret: str | None, text: str, now: datetime) -> int | None:
    """Return the step whose code this is; None if it is none of now."""
    digits = "".join(str(int(each)) for each in text if each.isdecimal())
    if secret is None or len(digits) != _DIGITS:
        return None
    if any(each.isalpha() for each in text):
        return None
    generator, this = pyotp.TOTP(secret), int(now.timestamp()) // STEP
    fits = [
        this + off
        for off in OFF_STEPS
        if hmac.compare_digest(
            generator.at(now + timedelta(seconds=off * STEP)), digits
        )
    ]
    return max(fits, default=None)


def _use_step(db: Connection, official_id: int, step: int) -> bool:
    """Keep that the code of a step was used; False if it, or a later one, was."""
    earlier = or_(OfficialLogin.factor_step.is_(None), OfficialLogin.factor_step < step)
    used = _of(official_id).where(earlier).values(factor_step=step)
    return bool(db.execute(used).rowcount > 0)


def _use_recovery(scene: Scene, official_id: int, text: str) -> bool:
    hashed = _hashed(scene.house.keys, official_id, text)
    used = update(RecoveryCode).where(
        RecoveryCode.official_id == official_id,
        RecoveryCode.code_hash == hashed,
        RecoveryCode.used_at.is_(None),
    )
    return scene.db.execute(used.values(used_at=scene.now)).rowcount > 0


def _new_code() -> str:
    groups = (
        "".join(secrets.choice(_ALPHABET) for _ in range(_IN_GROUP))
        for _ in range(_GROUPS)
    )
    return "-".join(groups)


def _hashed(keys: Keys, official_id: int, code: str) -> str:
    letters = "".join(each for each in code.casefold() if each in _ALPHABET)
    return keyed_hash(keys.recovery, str(official_id), letters)


def _seal(keys: Keys, official_id: int, secret: str) -> bytes:
    """Seal a secret for one official: in another's row it opens nothing."""
    return keys.seal_factor(f"{official_id}:{secret}")


def _open(keys: Keys, official_id: int, sealed: bytes | None) -> str | None:
    """Open it; None if there is none, or SECRET_KEY has changed since."""
    try:
        owner, _, secret = keys.open_factor(sealed or b"").partition(":")
    except InvalidToken:
        return None
    return secret if owner == str(official_id) else None
