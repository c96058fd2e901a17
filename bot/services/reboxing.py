"""What lies in a box of its own gets the newest key of its ring, while all runs.

Boxes are unfinished ballots, officials' second factors, the secrets of the city's
systems and what is about to be read aloud (`bot.keys`). A box that is opened or sealed
by somebody else at the same moment is left to a later pass.
"""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from cryptography.fernet import InvalidToken
from sqlalchemy import Connection, and_, func, select, update
from sqlalchemy.orm import InstrumentedAttribute

from bot.keys import Keys, beginning, box_key_of
from bot.rings import RingKey
from bot.services.arriving import SEALED
from bot.services.house import House
from bot.store.logins import OfficialLogin
from bot.store.outhooks import HookEndpoint
from bot.store.talks import InboundMessage, Talk, is_open
from bot.store.voices import Speech

AT_ONCE = 100
PAUSE_SECONDS = 0.05
"""Between portions, so that messages come first."""

LOOKED_AT = 1_000
WAITING = "picks"
"""The key of messages too that show a vote and have to wait behind a voice note."""

Column = InstrumentedAttribute[Any]
PLACES: Mapping[str, Sequence[Column]] = {
    "picks": (Talk.picks,),
    "factors": (OfficialLogin.factor, OfficialLogin.factor_new),
    "hooks": (HookEndpoint.secret, HookEndpoint.old_secret),
    "speech": (Speech.words,),
}
"""Where the boxes of each purpose stand."""


def reseal_boxes(
    house: House, purpose: str, pause: Callable[[float], object] = time.sleep
) -> Iterator[int]:
    """Seal every box of a purpose with the newest key; yield how many each time.

    Ends when nothing is left that another key seals. What no key here opens stays as it
    is: it is lost already.
    """
    for column in PLACES[purpose]:
        after: Any = 0
        while after is not None:
            job = partial(_portion, house.keys, purpose, column, after)
            done, after = house.db.run(job)
            if done:
                yield done
                pause(PAUSE_SECONDS)
    if purpose == WAITING:
        yield house.db.run(partial(_waiting, house.keys))


def boxes_need(house: House, purpose: str) -> bool:
    """Tell whether a box that can be opened needs a key that is not the newest."""
    keys = house.keys
    newest = keys.rings[purpose].newest()

    def look(db: Connection) -> bool:
        found = (
            each
            for column in PLACES[purpose]
            for each in db.scalars(select(column).where(_stale(column, newest)))
        )
        return any(_opens(keys, purpose, each) for each in found) or (
            purpose == WAITING and bool(_stale_bodies(db, newest, lock=False))
        )

    return house.db.read(look)


def missing_keys(house: House, purpose: str) -> list[str]:
    """Return the ids of keys that boxes need and nobody here has.

    Of the newest boxes; what the derived key once sealed has no id.
    """
    every = house.keys.rings[purpose].keys()
    known = {each.id for each in every}

    def look(db: Connection) -> set[str | None]:
        found: set[str | None] = set()
        for column in PLACES[purpose]:
            boxes = select(column).where(column.is_not(None))
            rows = db.scalars(boxes.order_by(_key(column).desc()).limit(LOOKED_AT))
            found |= {box_key_of(each) for each in rows}
        return found

    return sorted(each for each in house.db.read(look) if each and each not in known)


def _key(column: Column) -> Any:  # noqa: ANN401 - a column
    (key,) = column.class_.__table__.primary_key
    return key


def _stale(column: Column, newest: RingKey) -> Any:  # noqa: ANN401 - a condition
    fresh = beginning(newest)
    return and_(column.is_not(None), func.substr(column, 1, len(fresh)) != fresh)


def _portion(
    keys: Keys, purpose: str, column: Column, after: int, db: Connection
) -> tuple[int, int | None]:
    """Seal some boxes anew; return how many, and the row of the last, None at the end.

    A row that somebody has locked is passed over.
    """
    key, newest = _key(column), keys.rings[purpose].newest()
    found = select(key, column).where(key > after, _stale(column, newest))
    ordered = found.order_by(key).limit(AT_ONCE).with_for_update(skip_locked=True)
    rows = db.execute(ordered).all()
    done = 0
    for row_id, sealed in rows:
        if (made := _sealed_anew(keys, purpose, sealed)) is not None:
            this = update(column.class_).where(key == row_id, column == sealed)
            done += db.execute(this.values({column.key: made})).rowcount
    return done, rows[-1][0] if rows else None


def _sealed_anew(keys: Keys, purpose: str, sealed: bytes) -> bytes | None:
    try:
        return keys.seal_anew(purpose, sealed)
    except InvalidToken:
        return None


def _opens(keys: Keys, purpose: str, sealed: bytes) -> bool:
    return _sealed_anew(keys, purpose, sealed) is not None


def _stale_bodies(db: Connection, newest: RingKey, *, lock: bool) -> Mapping[int, str]:
    """Return the boxes of messages that wait, by row, which another key seals."""
    waits = select(InboundMessage.id, InboundMessage.body).where(
        is_open(InboundMessage)
    )
    rows = db.execute(waits.with_for_update(skip_locked=True) if lock else waits).all()
    fresh = beginning(newest).decode()
    boxes = {row.id: row.body.get(SEALED) for row in rows if row.body}
    return {row: box for row, box in boxes.items() if box and not box.startswith(fresh)}


def _waiting(keys: Keys, db: Connection) -> int:
    """Seal messages anew that show a vote and wait; there are a few at most."""
    done = 0
    newest = keys.rings[WAITING].newest()
    for row, box in _stale_bodies(db, newest, lock=True).items():
        if (made := _sealed_anew(keys, WAITING, box.encode())) is not None:
            this = update(InboundMessage).where(InboundMessage.id == row)
            db.execute(this.values(body={SEALED: made.decode()}))
            done += 1
    return done
