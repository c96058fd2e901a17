"""Tries at the door: after a few that failed, each further one has to wait longer.

Counted in the database, so that all processes count together, and before anything is
looked at, so that many tries at once are one. Who tries is kept as a keyed hash only:
an e-mail address, whether we know it or not, and the address of the machine.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address

from sqlalchemy import Connection, delete, select, update

from bot.keys import Keys, keyed_hash
from bot.services.house import Scene
from bot.store.dialect import insert_once
from bot.store.logins import DoorTry

KEPT = timedelta(hours=1)
FREE, FREE_PER_MACHINE = 5, 40
"""Tries before the first pause: a town hall may have one address for all."""

PAUSES = tuple(timedelta(seconds=each) for each in (15, 30, 60, 120, 300, 600))
_V6_NETWORK = 64
_PLACE_LENGTH = 12


@dataclass(frozen=True, slots=True)
class Knocker:
    """Somebody who tries, and how often before the first pause."""

    who: str
    free: int = FREE


def by_email(keys: Keys, email: str) -> Knocker:
    """Return who tries with this e-mail address."""
    return Knocker(keyed_hash(keys.doors, "email", email.strip().casefold()))


def by_official(keys: Keys, official_id: int) -> Knocker:
    """Return an official of whom a code is asked."""
    return Knocker(keyed_hash(keys.doors, "official", str(official_id)))


def by_machine(keys: Keys, address: str | None) -> list[Knocker]:
    """Return the machine that tries, none for our own: that is a proxy of ours.

    A household has a whole network of IPv6 addresses, and counts once.
    """
    try:
        found = ip_address(address or "")
    except ValueError:
        return []
    if found.is_loopback:
        return []
    if isinstance(found, IPv6Address):
        found = ip_address(int(found) >> _V6_NETWORK << _V6_NETWORK)
    hashed = keyed_hash(keys.doors, "machine", str(found))
    return [Knocker(hashed, FREE_PER_MACHINE)]


def place_of(keys: Keys, address: str | None) -> str:
    """Return a short keyed hash of the network that somebody comes from, "" for ours.

    Enough to tell a place from another; nobody can tell from it where that is.
    """
    return next((each.who[:_PLACE_LENGTH] for each in by_machine(keys, address)), "")


def knock(scene: Scene, knockers: Sequence[Knocker]) -> datetime | None:
    """Count a try of these together; return until when they have to wait, if so.

    While they wait nothing is counted, so that nobody is kept out for longer by trying.
    """
    rows = [
        (each, *_row(scene, each)) for each in sorted(knockers, key=lambda k: k.who)
    ]
    waits = [until for _, _, until in rows if until > scene.now]
    if waits:
        return max(waits)
    for each, tries, _ in rows:
        until = scene.now + _pause(tries + 1, each.free)
        values = {"tries": tries + 1, "last_at": scene.now, "until": until}
        scene.db.execute(update(DoorTry).where(DoorTry.who == each.who).values(values))
    return None


def forgive(scene: Scene, own: Knocker, machine: Sequence[Knocker] = ()) -> None:
    """Forget the tries of who got in; of her machine only the one that was right."""
    scene.db.execute(delete(DoorTry).where(DoorTry.who == own.who))
    hers = DoorTry.who.in_([each.who for each in machine])
    right = update(DoorTry).where(hers, DoorTry.tries > 0)
    scene.db.execute(right.values(tries=DoorTry.tries - 1, until=scene.now))


def sweep_door(db: Connection, now: datetime) -> int:
    """Forget who has not tried for an hour; return how many."""
    old = delete(DoorTry).where(DoorTry.last_at < now - KEPT)
    return db.execute(old).rowcount


def _row(scene: Scene, knocker: Knocker) -> tuple[int, datetime]:
    """Return tries and pause of a knocker, locked until the commit."""
    fresh = {"tries": 0, "last_at": scene.now, "until": scene.now}
    scene.db.execute(insert_once(scene.db, DoorTry).values(who=knocker.who, **fresh))
    columns = select(DoorTry.tries, DoorTry.last_at, DoorTry.until)
    found = columns.where(DoorTry.who == knocker.who).with_for_update()
    row = scene.db.execute(found).one()
    is_old = row.last_at < scene.now - KEPT
    return (0, scene.now) if is_old else (row.tries, row.until)


def _pause(tries: int, free: int) -> timedelta:
    if tries < free:
        return timedelta(0)
    return PAUSES[min(tries - free, len(PAUSES) - 1)]
