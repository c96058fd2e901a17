"""Are the keys strong, readable by us alone, and is everything sealed with them?"""

import stat
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import Connection, String, select, type_coerce

from bot.config import Settings
from bot.domain.findings import Finding, bad, ok, warn
from bot.rings import BOXES, Ring, key_of
from bot.services.house import House
from bot.services.reboxing import missing_keys
from bot.services.resealing import NothingSealedError, rings_of
from bot.store.sealed import Stage, stage_of
from bot.store.talks import Talk

FEWEST_LETTERS = 10
"""Of different ones: 32 random ones have more, words and repetitions often fewer."""

LOOKED_AT = 1_000
_ENV = Path(".env")


def check_keys(house: House) -> Iterator[Finding]:
    """Yield what is wrong with the keys; never a key."""
    yield from _weak(house.settings)
    yield from _readable(house.settings)
    try:
        rings = rings_of(house).rings
    except NothingSealedError:
        yield bad("keys", "nothing is sealed", "Report this.")
        return
    missing = house.db.read(lambda db: _missing(db, rings["people"]))
    if missing:
        seen = f"addresses are sealed with {', '.join(missing)}, which is not here"
        yield bad("keys", seen, "Give back the key they need, in KEYS_DIR or .env.")
    for purpose in BOXES:
        if lost := missing_keys(house, purpose):
            seen = f"{purpose} are sealed with {', '.join(lost)}, which is not here"
            yield bad("keys", seen, "Give back the key they need, in KEYS_DIR.")
    told = [f"{name} {ring.newest().id}" for name, ring in rings.items()]
    yield ok("keys", ", ".join(told))
    if house.db.read(stage_of) is not Stage.DONE:
        seen = "what people wrote, and their addresses, are kept in clear"
        yield warn("keys", seen, "buurtstem keys seal")


def _missing(db: Connection, ring: Ring) -> list[str]:
    """Return the ids of keys that the newest talks need and nobody here has."""
    stands = type_coerce(Talk.address, String)
    newest = select(stands).order_by(Talk.id.desc()).limit(LOOKED_AT)
    needed = {key_of(each) for each in db.scalars(newest)} - {None}
    every = ring.keys()
    return sorted(str(each) for each in needed - {key.id for key in every})


def _weak(settings: Settings) -> Iterator[Finding]:
    given = {
        "SECRET_KEY": settings.secret_key,
        "REGISTRAR_KEY": settings.registrar_key,
        "BALLOT_BOX_KEY": settings.ballot_box_key,
        **{f"{name.upper()}_KEY": each for name, each in settings.ring_keys.items()},
    }
    for name, secret in given.items():
        if secret and len(set(secret)) < FEWEST_LETTERS:
            advice = "python -c 'import secrets; print(secrets.token_urlsafe(48))'"
            yield bad("keys", f"{name} is not random", advice)


def _readable(settings: Settings) -> Iterator[Finding]:
    named = (
        settings.secret_key_file,
        settings.registrar_key_file,
        settings.ballot_box_key_file,
        settings.keys_dir,
    )
    for place in (_ENV, *(Path(each) for each in named if each)):
        if place.exists() and stat.S_IMODE(place.stat().st_mode) & 0o077:
            right = "700" if place.is_dir() else "600"
            advice = f"chmod {right} {place}"
            yield bad("keys", f"others on this machine can read {place}", advice)
