"""The ballots of a round for its observers: a link that expires, and a trail of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy import Connection, insert, select

from bot.services.freezing import lock_round
from bot.services.house import House, Scene
from bot.services.publishing import PublishError, published
from bot.services.tallying import Counted, count_round
from bot.store.results import ObserverAct

LINK_DAYS = 7
MOST_NAME = 120
GIVEN, USED = "link", "file"


@dataclass(frozen=True, slots=True)
class Observer:
    """Who may see the ballots of which round, until when (aware UTC)."""

    slug: str
    name: str
    until: datetime


@dataclass(frozen=True, slots=True)
class Seen:
    """A line of the trail: who was given a link, or fetched the ballots."""

    at: datetime
    act: str
    observer: str
    by: str


def observer_link(scene: Scene, slug: str, name: str, by: str) -> str:
    """Return a link to the ballots for a named observer, for a week; note who gave it.

    Raises RoundError for an unknown round, PublishError for no name or a long one.
    """
    name = " ".join(name.split())
    if not 0 < len(name) <= MOST_NAME:
        raise PublishError(f"Name the observer, in at most {MOST_NAME} characters.")
    round_id = lock_round(scene.db, slug).id
    until = scene.now + timedelta(days=LINK_DAYS)
    key = _box(scene.house).dumps([slug, name, int(until.timestamp())])
    _note(scene, round_id, GIVEN, name, by)
    place = f"{scene.house.settings.public_url}/open/rounds/{slug}/export.pb"
    return f"{place}?key={key}"


def open_observer_link(house: House, slug: str, key: str) -> Observer | None:
    """Return whose link this is; None if it is forged, over, or of another round."""
    try:
        of, name, until = _box(house).loads(key)
    except (BadSignature, TypeError, ValueError):
        return None
    ends = datetime.fromtimestamp(until, UTC)
    return Observer(of, name, ends) if of == slug and house.clock() < ends else None


def ballots_for(house: House, observer: Observer) -> Counted:
    """Count the round for an observer, and note that she fetched its ballots.

    By the lot that was drawn, if the result is published. Raises TallyError as
    `count_round`: before closing nobody sees a ballot.
    """

    def lot(db: Connection) -> str | None:
        kept = published(db, house.catalog.view(db).round_id(observer.slug))
        return kept.data["lot"] if kept else None

    counted = count_round(house, observer.slug, house.db.read(lot))
    now = house.clock()

    def note(db: Connection) -> None:
        round_id = house.catalog.view(db).round_id(observer.slug)
        _note(Scene(house, db, now), round_id, USED, observer.name, observer.name)

    house.db.run(note)
    return counted


def observer_trail(db: Connection, round_id: int) -> Iterable[Seen]:
    """Return who was given a round's ballots and who fetched them, oldest first."""
    columns = (ObserverAct.at, ObserverAct.act, ObserverAct.observer, ObserverAct.by)
    rows = select(*columns).where(ObserverAct.round_id == round_id)
    return [Seen(*row) for row in db.execute(rows.order_by(ObserverAct.id))]


def _note(scene: Scene, round_id: int, act: str, name: str, by: str) -> None:
    line = {"round_id": round_id, "act": act, "observer": name, "by": by}
    scene.db.execute(insert(ObserverAct).values(line | {"at": scene.now}))


def _box(house: House) -> URLSafeSerializer:
    return URLSafeSerializer(house.keys.sessions, salt="observer")
