"""A small neighbourhood for tests: a real database, the demo, people who write.

Nothing is patched: the clock, the postman and the settings are handed in.
"""

import base64
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any, cast
from uuid import uuid4

from sqlalchemy import insert, make_url, select, update
from standardwebhooks.webhooks import Webhook

from bot.channels.web import Web
from bot.config import Settings
from bot.domain.languages import Language
from bot.domain.messages import Inbound, MediaRef, Sender, Tap, Text, Voice
from bot.domain.plans import Status, next_number
from bot.flows.saved import dump_talk
from bot.flows.state import Talk as TalkState
from bot.keys import derive_keys
from bot.rings import Ring, open_rings
from bot.services.catalog import CatalogCache
from bot.services.claims import claim
from bot.services.demo import load_demo
from bot.services.house import House, Scene
from bot.services.inbound import take_in
from bot.services.outbox import Owed
from bot.services.plans import add_stage
from bot.services.spreading import spread_broadcasts
from bot.store.civic import (
    CheckIn,
    Decision,
    Follow,
    Mark,
    PlanRow,
    PlanStage,
    RoundRow,
    Task,
)
from bot.store.database import Database
from bot.store.media import FolderMedia, MovableStore
from bot.store.sealed import Safe
from bot.store.sealed_media import SealedMedia
from bot.store.talks import InboundMessage, OutboundMessage, Resident, Talk
from synthesis import Voice as ReadingVoice
from tests.ready import OURS, Fill, create_postgres, drop_postgres, make_ready

NOON = datetime(2026, 11, 18, 11, 0, tzinfo=UTC)
HOOK_SECRET = "whsec_" + base64.b64encode(b"an invented city's hook").decode()
VOTING, COLLECTING = "slotermeer-2026", "slotermeer-2027"
SECRET_KEY = "an invented city keeps no secrets here"


def table(model: Any) -> Any:
    """Return a query of all columns of a table."""
    return select(model.__table__)


def new_id(result: Any) -> int:
    """Return the id of a row that was inserted."""
    return int(result.inserted_primary_key[0])


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self, now: datetime = NOON) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def pass_time(self, **kwargs: float) -> None:
        self.now += timedelta(**kwargs)


@dataclass
class Postman:
    """Takes what is to be sent and keeps it."""

    name: str = "test"
    taken: list[Owed] = field(default_factory=list)

    def push(self, owed: list[Owed]) -> None:
        self.taken += owed

    def room(self) -> int:
        return 500

    def holds(self, row: int) -> bool:
        return any(each.row == row for each in self.taken)

    def close(self) -> None:
        """Nothing is on its way."""


@dataclass(frozen=True)
class Person:
    """Somebody who writes to us, by the ids of her rows."""

    talk: int
    resident: int
    channel: str
    address: str


@dataclass
class World:
    """A house with people in it, and eyes on its tables."""

    house: House
    clock: Clock
    postman: Postman
    serial: Iterator[int] = field(default_factory=count)

    def person(
        self, language: str = "nl", channel: str = "telegram", **talk: Any
    ) -> Person:
        """Add somebody who has chosen her language and is at rest."""
        now, address = self.clock(), f"somebody-{next(self.serial)}"
        state = dump_talk(TalkState(language=cast("Language", language)))
        values = {
            "channel": channel,
            "address": address,
            "language": language,
            "state": state,
            "created_at": now,
            "last_inbound_at": now,
        } | talk
        with self.house.db.engine.begin() as db:
            made = db.execute(insert(Resident).values(created_at=now))
            resident = new_id(made)
            row = insert(Talk).values(resident_id=resident, **values)
            talk_id = new_id(db.execute(row))
        return Person(talk_id, resident, channel, str(values["address"]))

    def stranger(self, words: str = "hallo", channel: str = "web") -> Person:
        """Let somebody new write, and return who she is to us."""
        address = f"somebody-{next(self.serial)}"
        sender = Sender(address)
        assert take_in(self.house, Inbound(channel, uuid4().hex, sender, Text(words)))
        row = self.one(table(Talk).where(Talk.address == address))
        return Person(row.id, row.resident_id, channel, address)

    def plan(
        self,
        author: Person | None,
        text: str = "Een bank onder de bomen.",
        a_round: str = VOTING,
        **plan: Any,
    ) -> int:
        """Add a plan and return its number."""
        now = self.clock()
        with self.house.db.engine.begin() as db:
            last = db.scalar(select(PlanRow.number).order_by(PlanRow.number.desc()))
            values = {
                "number": next_number(last),
                "round_id": db.scalar(
                    select(RoundRow.id).where(RoundRow.slug == a_round)
                ),
                "resident_id": author and author.resident,
                "talk_id": author and author.talk,
                "status": Status.RECEIVED.value,
                "text": text,
                "language": "nl",
                "created_at": now,
            } | plan
            row = db.execute(insert(PlanRow).values(values))
            status = Status(values["status"])
            plan_id = new_id(row)
            add_stage(db, plan_id, status, {}, "author", now)
        return int(values["number"])

    def follow(self, person: Person, number: int) -> None:
        values = {"plan_id": self.plan_row(number).id, "at": self.clock()}
        with self.house.db.engine.begin() as db:
            db.execute(insert(Follow).values(resident_id=person.resident, **values))

    def vote(self, person: Person, a_round: str = VOTING) -> None:
        with self.house.db.engine.begin() as db:
            slug = select(RoundRow.id).where(RoundRow.slug == a_round)
            values = {"round_id": db.scalar(slug), "day": "2026-11-18"}
            db.execute(insert(Mark).values(resident_id=person.resident, **values))

    def change_talk(self, person: Person, **values: Any) -> None:
        with self.house.db.engine.begin() as db:
            db.execute(update(Talk).where(Talk.id == person.talk).values(values))

    def change_resident(self, person: Person, **values: Any) -> None:
        row = update(Resident).where(Resident.id == person.resident)
        with self.house.db.engine.begin() as db:
            db.execute(row.values(values))

    def change_plan(self, number: int, **values: Any) -> None:
        with self.house.db.engine.begin() as db:
            db.execute(update(PlanRow).where(PlanRow.number == number).values(values))

    def says(self, person: Person, words: str) -> None:
        self._in(person, Text(words))

    def taps(self, person: Person, button: str) -> None:
        self._in(person, Tap(button))

    def sends_note(self, person: Person, sound: bytes, mime: str = "audio/ogg") -> None:
        """Send a voice note whose file is here already, as from the web page."""
        key = self.house.media.save(sound, mime)
        self._in(person, Voice(MediaRef(key, mime, len(sound), 2.0)))

    def _in(self, person: Person, content: Any) -> None:
        sender = Sender(person.address)
        assert take_in(
            self.house, Inbound(person.channel, uuid4().hex, sender, content)
        )

    def told(self, person: Person) -> list[Any]:
        """Return all we owe or sent to somebody, oldest first."""
        rows = table(OutboundMessage).where(OutboundMessage.talk_id == person.talk)
        return self.rows(rows.order_by(OutboundMessage.id))

    def pushes(self, person: Person) -> list[Any]:
        return [row for row in self.told(person) if row.priority == 1]

    def texts(self, person: Person) -> list[str]:
        return [row.text for row in self.told(person)]

    def spread(self) -> None:
        """Write what broadcasts owe to each person, as the worker does."""
        while spread_broadcasts(self.house):
            pass

    def send_due(self) -> list[Owed]:
        """Claim what is due now, as the worker does."""
        return self.claim()

    def claim(self, **how: Any) -> list[Owed]:
        """Claim what is due on every channel."""
        how.setdefault("channels", ["telegram", "whatsapp", "web"])
        now = self.clock()
        return self.house.db.run(lambda db: claim(Scene(self.house, db, now), **how))

    def plan_row(self, number: int) -> Any:
        return self.one(table(PlanRow).where(PlanRow.number == number))

    def one_plan(self, plan_id: int) -> Any:
        return self.one(table(PlanRow).where(PlanRow.id == plan_id))

    def stages(self, number: int) -> list[tuple[str, dict[str, str], str]]:
        plan_id = self.plan_row(number).id
        columns = (PlanStage.status, PlanStage.note, PlanStage.by)
        rows = select(*columns).where(PlanStage.plan_id == plan_id)
        return [tuple(row) for row in self.rows(rows.order_by(PlanStage.id))]

    def decision(self, number: int) -> Any:
        plan_id = self.plan_row(number).id
        columns = table(Decision)
        return next(iter(self.rows(columns.where(Decision.plan_id == plan_id))), None)

    def tasks(self) -> list[Any]:
        return self.rows(table(Task).order_by(Task.id))

    def checkins(self) -> list[Any]:
        return self.rows(table(CheckIn).order_by(CheckIn.id))

    def talk(self, person: Person) -> Any:
        return self.one(table(Talk).where(Talk.id == person.talk))

    def inbound(self) -> list[Any]:
        return self.rows(table(InboundMessage))

    def rows(self, statement: Any) -> list[Any]:
        with self.house.db.engine.connect() as db:
            return list(db.execute(statement))

    def one(self, statement: Any) -> Any:
        (row,) = self.rows(statement)
        return row

    def with_settings(self, **values: Any) -> "World":
        """Return the same world under other settings."""
        house = replace(self.house, settings=replace(self.house.settings, **values))
        return World(house, self.clock, self.postman, self.serial)


@contextmanager
def open_world(  # noqa: PLR0913 - what a test wants otherwise
    url: str,
    folder: Path,
    media: MovableStore | None = None,
    voice: ReadingVoice | None = None,
    eligibility: str = "address",
    *,
    demo: bool = True,
    rings: Mapping[str, Ring] | None = None,
    **settings: Any,
) -> Iterator[World]:
    """Build the house, and load the demo into its empty database.

    Files lie in `media`, in `folder` without one. Without `voice` all is text alone.
    With `eligibility` "pass" one votes with the demo's passes.
    """
    is_filled = make_ready(url, *_filling(eligibility, demo=demo))
    safe = Safe(rings or open_rings(SECRET_KEY, None, {}))
    kept = {"hook_secret": HOOK_SECRET, "desk_second_factor": "offered"}
    kept |= {"erasures_file": str(folder.with_name("erasures.jsonl"))}
    house = _house(url, safe, media or FolderMedia(folder), **(kept | settings))
    house = replace(house, voice=voice)
    if demo and not is_filled:
        load_demo(house, eligibility)
    world = World(house, cast("Clock", house.clock), cast("Postman", house.postman))
    yield world
    house.media.close()
    house.db.close()
    world.house.db.close()


def _house(url: str, safe: Safe, media: MovableStore, **settings: Any) -> House:
    """Build a house that has the web chat only, at noon."""
    keys = derive_keys(SECRET_KEY, rings=safe.rings)
    files = SealedMedia(media, safe)
    return House(
        settings=Settings(secret_key=SECRET_KEY, database_url=url, **settings),
        keys=keys,
        db=Database(url, safe),
        media=files,
        channels={"web": Web("http://127.0.0.1:8080", keys.sessions, files.load)},
        clock=Clock(),
        postman=Postman(),
        catalog=CatalogCache(),
    )


def _filling(eligibility: str, *, demo: bool) -> tuple[str, Fill]:
    """Return the name of what a world begins with, and what fills it in."""
    return (f"demo_{eligibility}", _FILL[eligibility]) if demo else ("bare", _leave)


def _fill_in(eligibility: str, url: str) -> None:
    """Load the demo; it brings no files."""
    safe = Safe(open_rings(SECRET_KEY, None, {}))
    house = _house(url, safe, FolderMedia(Path(os.devnull)))
    load_demo(house, eligibility)
    house.db.close()


def _leave(url: str) -> None:
    """Leave a database empty."""


_FILL: Mapping[str, Fill] = {
    each: partial(_fill_in, each) for each in ("address", "pass")
}


@contextmanager
def own_postgres(server: str) -> Iterator[str]:
    """Name a database on a server, for `open_world` to make; drop it afterwards."""
    address = make_url(server).set(database=f"{OURS}{uuid4().hex[:12]}")
    url = address.render_as_string(hide_password=False)
    try:
        yield url
    finally:
        drop_postgres(url)


@contextmanager
def empty_postgres(server: str) -> Iterator[str]:
    """Create a database of its own on a server, and drop it afterwards."""
    with own_postgres(server) as url:
        create_postgres(url)
        yield url


def signed(
    body: Mapping[str, Any] | bytes,
    call: str | None = None,
    at: datetime | None = None,
    secret: str = HOOK_SECRET,
) -> dict[str, Any]:
    """Return body and headers of a hook call, signed as the officials' system does."""
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    call = call or f"msg_{uuid4().hex}"
    moment = at or datetime.now(UTC)
    signature = Webhook(secret).sign(call, moment, data.decode())
    return {
        "data": data,
        "headers": {
            "webhook-id": call,
            "webhook-timestamp": str(int(moment.timestamp())),
            "webhook-signature": signature,
        },
    }


def hook(kind: str, **data: Any) -> dict[str, Any]:
    """Return the body of a hook call."""
    return {"type": kind, "timestamp": "2026-11-18T11:00:00Z", "data": data}
