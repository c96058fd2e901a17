"""Changing the keys that encrypt at rest, and writing down that a key was destroyed."""

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import MappingProxyType

from sqlalchemy import Connection, select

from bot.config import Settings
from bot.rings import (
    DERIVED,
    LOOK_SECONDS,
    PURPOSES,
    as_key,
    new_secret,
    read_lines,
    write_lines,
)
from bot.services.desk.audit import note
from bot.services.house import House, Scene
from bot.services.resealing import is_needed, reseal, rings_of
from bot.store.civic import BallotRow
from bot.store.passes import Seal

FIXED: Mapping[str, str] = MappingProxyType(
    {
        "addresses": "the ledger of the forgotten holds hashes of addresses that are "
        "gone, and a restored backup is to be recognised by them",
        "registrar": "it holds hashes of codes, and the codes are kept nowhere",
        "ballots": "it holds hashes of codes, and the codes are kept nowhere; it is "
        "destroyed after the count",
        "words": "the words by which people are known again are kept nowhere",
        "recovery": "officials' recovery codes are kept nowhere",
        "sessions": "it signs what is short-lived; it follows from SECRET_KEY",
        "media": "it signs links of an hour; it follows from SECRET_KEY",
        "logins": "it hashes links that work once; it follows from SECRET_KEY",
        "desks": "it hashes sessions of a day; it follows from SECRET_KEY",
        "doors": "it hashes tries of an hour; it follows from SECRET_KEY",
        "sign_on": "it seals what a browser keeps for minutes; it follows from "
        "SECRET_KEY",
    }
)
"""Keys that are not changed on their own, and why."""

DESTRUCTIBLE = ("ballots", "registrar")
WAIT = timedelta(seconds=5 * LOOK_SECONDS)
"""From when a new key is known until it begins: every process has read it by then."""


class KeyRefusedError(Exception):
    """A key cannot be changed or destroyed so. The text says why, and what to do."""


@dataclass(frozen=True, slots=True)
class KeyLine:
    """One key as people see it: never the key itself. `begins` is None for a fixed one.

    `fixed` says why it is not changed on its own, "" where it can be.
    """

    purpose: str
    id: str
    source: str
    begins: datetime | None
    fixed: str = ""


def list_keys(house: House) -> Iterator[KeyLine]:
    """Return every key there is, by purpose, oldest first."""
    for purpose, ring in rings_of(house).rings.items():
        every = ring.keys()
        for key in every:
            given = key.source != DERIVED
            yield KeyLine(purpose, key.id, key.source, key.begins if given else None)
    for purpose, why in FIXED.items():
        source, secret = _source(house.settings, purpose)
        made = as_key(purpose, secret, source, datetime.min.replace(tzinfo=UTC))
        yield KeyLine(purpose, made.id, source, None, why)


@dataclass(frozen=True, slots=True)
class Standing:
    """How far the change of a key is: the newest key's id, and those before it.

    `needed` tells whether something is still sealed with one of those.
    """

    purpose: str
    newest: str
    older: tuple[str, ...]
    needed: bool


def standings(house: House) -> Iterator[Standing]:
    """Return for every purpose whose key can be changed how far that is."""
    for purpose, ring in rings_of(house).rings.items():
        newest, every = ring.newest(), ring.keys()
        older = tuple(each.id for each in every if each.id != newest.id)
        needed = bool(older) and is_needed(house, purpose)
        yield Standing(purpose, newest.id, older, needed)


def _source(settings: Settings, purpose: str) -> tuple[str, str]:
    given = {
        "registrar": ("REGISTRAR_KEY", settings.registrar_key),
        "ballots": ("BALLOT_BOX_KEY", settings.ballot_box_key),
    }
    name, secret = given.get(purpose, (DERIVED, None))
    return (name, secret) if secret else (DERIVED, settings.secret_key)


def add_key(house: House, purpose: str, by: str, wait: timedelta = WAIT) -> datetime:
    """Add a new key to a ring and return when it begins; go on with one just added.

    Raises KeyRefusedError where this key cannot be changed.
    """
    path = _file(house.settings, purpose)
    rows = read_lines(path) if path.exists() else [(_LONG_AGO, DERIVED)]
    if len(rows) == 1:
        begins = datetime.now(UTC) + wait  # noqa: TID251 - keys begin by this clock
        secret = new_secret()
        made = as_key(purpose, secret, "", begins)
        _write_down(house, by, "key.add", purpose, made.id)
        rows.append((begins.isoformat(timespec="seconds"), secret))
        write_lines(path, rows)
    return datetime.fromisoformat(rows[-1][0])


_LONG_AGO = "1970-01-01T00:00:00+00:00"


def _file(settings: Settings, purpose: str) -> Path:
    if purpose in FIXED:
        raise KeyRefusedError(f"The key {purpose} cannot be changed: {FIXED[purpose]}.")
    if purpose not in PURPOSES:
        raise KeyRefusedError(f"There is no key {purpose}.")
    if settings.keys_dir is None:
        raise KeyRefusedError(
            "Keys are changed while everything runs only if they come from files. Set "
            "KEYS_DIR to a folder that only this user can read, and start all "
            "processes again."
        )
    return Path(settings.keys_dir) / purpose


def rotate(
    house: House,
    purpose: str,
    by: str,
    wait: timedelta = WAIT,
    pause: Callable[[float], object] = time.sleep,
) -> Iterator[int]:
    """Change the key of a purpose: yield how many rows or files were sealed anew.

    Broken off, it goes on when it is run again. The old key stays until `finish`.
    Raises KeyRefusedError.
    """
    begins = add_key(house, purpose, by, wait) + timedelta(seconds=2 * LOOK_SECONDS)
    while (left := (begins - datetime.now(UTC)).total_seconds()) > 0:  # noqa: TID251
        pause(left)
    rings_of(house).rings[purpose].refresh()
    yield from reseal(house, purpose, pause)


def finish(house: House, purpose: str, by: str) -> list[str]:
    """Take away the keys that nothing needs any more; return their ids.

    Raises KeyRefusedError while something does.
    """
    path = _file(house.settings, purpose)
    rows = read_lines(path) if path.exists() else []
    *old, newest = rows or [(_LONG_AGO, DERIVED)]
    if not old:
        return []
    rings_of(house).rings[purpose].refresh()
    begun = datetime.fromisoformat(newest[0]) + WAIT
    if begun > datetime.now(UTC):  # noqa: TID251
        raise KeyRefusedError("The new key is not used by everybody yet. Try again.")
    if is_needed(house, purpose):
        raise KeyRefusedError(
            f"Not everything is sealed with the new key yet. Run: "
            f"buurtstem keys rotate {purpose}"
        )
    every = rings_of(house).rings[purpose].keys()
    ids = [each.id for each in every[:-1]]
    for key_id in ids:
        _write_down(house, by, "key.drop", purpose, key_id)
    write_lines(path, [newest])
    return ids


def destroy(house: House, purpose: str, by: str) -> str:
    """Destroy the key of the register or of the box after the count; return its id.

    A file that holds it is overwritten and deleted; that it was done is on the trail.
    Raises KeyRefusedError before every round with votes is sealed, and for a key that
    is derived.
    """
    if purpose not in DESTRUCTIBLE:
        raise KeyRefusedError(f"Only {' and '.join(DESTRUCTIBLE)} are ever destroyed.")
    source, secret = _source(house.settings, purpose)
    if source == DERIVED:
        raise KeyRefusedError(
            f"The key {purpose} follows from SECRET_KEY: there is none to destroy."
        )
    if house.db.read(_has_open_votes):
        raise KeyRefusedError(
            "A round is not sealed yet. Run: buurtstem passes seal --round SLUG"
        )
    made = as_key(purpose, secret, source, datetime.min.replace(tzinfo=UTC))
    _write_down(house, by, "key.destroy", purpose, made.id)
    file = _held_in(house.settings, purpose)
    if file is not None:
        _shred(Path(file))
    return made.id


def _held_in(settings: Settings, purpose: str) -> str | None:
    if purpose == "ballots":
        return settings.ballot_box_key_file
    return settings.registrar_key_file


def _has_open_votes(db: Connection) -> bool:
    sealed = select(Seal.round_id)
    left = select(BallotRow.id).where(BallotRow.round_id.not_in(sealed)).limit(1)
    return db.scalar(left) is not None


def _shred(path: Path) -> None:
    """Overwrite a small file and delete it; a disk may keep older copies."""
    size = path.stat().st_size
    with path.open("r+b", buffering=0) as file:
        file.write(b"\0" * size)
    path.unlink()


def _write_down(house: House, by: str, act: str, purpose: str, key_id: str) -> None:
    now = house.clock()
    house.db.run(
        lambda db: note(Scene(house, db, now), by, act, f"key:{purpose}", id=key_id)
    )
