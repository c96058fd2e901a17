"""What is old retires: words of messages and tasks, plans' own words, addresses.

Every hour, in small batches, so that nobody waits for it. How long something is kept is
round data (`bot.domain.round_terms.Retention`); what belongs to no round is kept as
long as the round that keeps it longest. What goes is counted, and nothing else logged.
"""

import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    Connection,
    Text,
    and_,
    cast,
    delete,
    exists,
    func,
    or_,
    select,
    update,
)

from bot.domain.plans import Status
from bot.domain.round_terms import Retention
from bot.domain.rounds import Phase, Round
from bot.flows.keeping import longest
from bot.services.erasures import even_out
from bot.services.forget import KEPT, erase_person, finish_forgetting
from bot.services.house import House, Scene
from bot.services.meetings import forget_meetings
from bot.services.searching import nothing_to_find
from bot.services.trail_checks import adopt
from bot.store.after import MeetingRow
from bot.store.care import CareRow, ContactRow, PlanLine
from bot.store.civic import (
    CheckInAnswer,
    Follow,
    PlanMedia,
    PlanRow,
    Support,
    Task,
)
from bot.store.desk_messages import DeskMessage
from bot.store.spending import Spending
from bot.store.talks import InboundMessage, Media, OutboundMessage, Resident, Talk
from bot.store.trust import TrustAsked
from bot.store.voices import Recording, SoundRow, Speech

log = logging.getLogger(__name__)
AT_ONCE = 200
"""How many rows one transaction lets go of."""

SPEECH_DAYS = 1
Batch = Callable[[Scene, Retention], int]
_CHOSEN = frozenset({*KEPT, Status.STOPPED})


def retire(house: House) -> dict[str, int]:
    """Let go of all that is old; return how much of each kind. Repeating is harmless.

    Whoever asked to be forgotten on another machine comes into our own ledger too, and
    lines of the trail that another version wrote come into its chain.
    """
    even_out(house)
    adopt(house)
    gone: dict[str, int] = {}
    for name, batch in BATCHES.items():
        gone[name] = 0
        while count := _run(house, batch):
            gone[name] += count
    for name, count in gone.items():
        if count:
            log.info("retired what=%s rows=%s", name, count)
    return gone


def _run(house: House, batch: Batch) -> int:
    now = house.clock()

    def job(db: Connection) -> int:
        return batch(Scene(house, db, now), longest(house.catalog.view(db).rounds))

    return house.db.run(job)


def end_of_round(a_round: Round) -> datetime | None:
    """Return when a round is over: closed, or where it never closes, decided."""
    return a_round.start_of(Phase.CLOSED) or a_round.start_of(Phase.DOING)


_BUSY = exists().where(Task.talk_id == Talk.id, Task.done_at.is_(None))


def _ago(scene: Scene, days: int) -> datetime:
    return scene.now - timedelta(days=days)


def _has(column: Any, empty: str) -> Any:  # noqa: ANN401 - a JSON column
    """Return whether a column of JSON is not this text."""
    return cast(column, Text) != empty


def _messages_in(scene: Scene, kept: Retention) -> int:
    message = InboundMessage
    old = (
        select(message.id)
        .join(Talk, Talk.id == message.talk_id)
        .where(
            message.received_at < _ago(scene, kept.messages_days),
            message.stage.in_(("done", "failed")),
            or_(_has(message.body, "{}"), message.media_id.is_not(None)),
            ~_BUSY,
        )
    )
    return _empty(scene.db, message, old, {"body": {}, "media_id": None})


def _messages_out(scene: Scene, kept: Retention) -> int:
    message = OutboundMessage
    values: dict[str, Any] = {"text": "", "choices": [], "sound": None}
    values |= {"picture": None, "about": None, "slots": None, "external_id": None}
    filled = (
        message.text != "",
        _has(message.choices, "[]"),
        message.sound.is_not(None),
        message.picture.is_not(None),
        _has(func.coalesce(cast(message.about, Text), "null"), "null"),
        _has(func.coalesce(cast(message.slots, Text), "null"), "null"),
        message.external_id.is_not(None),
    )
    old = (
        select(message.id)
        .join(Talk, Talk.id == message.talk_id)
        .where(
            message.created_at < _ago(scene, kept.messages_days),
            message.delivery != "queued",
            or_(*filled),
            ~_BUSY,
        )
    )
    return _empty(scene.db, message, old, values)


def _messages_of_the_desk(scene: Scene, kept: Retention) -> int:
    old = (
        select(DeskMessage.id)
        .join(Talk, Talk.id == DeskMessage.talk_id)
        .where(
            DeskMessage.at < _ago(scene, kept.messages_days),
            DeskMessage.dutch.is_not(None),
            ~_BUSY,
        )
    )
    return _empty(scene.db, DeskMessage, old, {"dutch": None})


def _speeches(scene: Scene, _: Retention) -> int:
    """Let go of what nobody read aloud in time: there is no voice, or it fails."""
    old = delete(Speech).where(Speech.created_at < _ago(scene, SPEECH_DAYS))
    return scene.db.execute(old).rowcount


def _tasks(scene: Scene, kept: Retention) -> int:
    filled = (
        Task.note != "",
        Task.outcome_note.is_not(None),
        Task.talk_id.is_not(None),
        Task.media_id.is_not(None),
    )
    old = select(Task.id).where(
        Task.done_at < _ago(scene, kept.tasks_days), or_(*filled)
    )
    values = {"note": "", "outcome_note": None, "talk_id": None, "media_id": None}
    return _empty(scene.db, Task, old, values)


def _plans(scene: Scene, _: Retention) -> int:
    """Take their authors' words out of plans that were not chosen, long after.

    What was public of them stays with the round's record.
    """
    db = scene.db
    filled = (
        PlanRow.text != "",
        PlanRow.place != "",
        PlanRow.entry_key.is_not(None),
        PlanRow.resident_id.is_not(None),
        PlanRow.talk_id.is_not(None),
        PlanRow.latitude.is_not(None),
    )
    over = _over(scene)
    old = select(PlanRow.id).where(
        PlanRow.round_id.in_(over),
        PlanRow.status.not_in([each.value for each in _CHOSEN]),
        or_(*filled),
    )
    ids = list(db.scalars(old.limit(AT_ONCE)))
    if not ids:
        return 0
    files = select(PlanMedia.media_id).where(PlanMedia.plan_id.in_(ids))
    gone = update(Media).where(Media.id.in_(files))
    db.execute(gone.values(delete_after=scene.now))
    db.execute(delete(PlanMedia).where(PlanMedia.plan_id.in_(ids)))
    values = {"text": "", "place": "", "entry_key": None, "resident_id": None}
    values |= {"talk_id": None, "latitude": None, "longitude": None}
    emptied = update(PlanRow).where(PlanRow.id.in_(ids))
    db.execute(emptied.values(values | dict(nothing_to_find())))
    return len(ids)


def _over(scene: Scene) -> list[int]:
    """Return the rounds whose plans have been kept long enough."""
    view = scene.house.catalog.view(scene.db)
    return [
        view.round_id(each.slug)
        for each in view.rounds
        if (end := end_of_round(each))
        and end + timedelta(days=each.retention.plans_days) < scene.now
    ]


def _ties(scene: Scene, _: Retention) -> int:
    """Let go of who supported, followed, met about or was asked in rounds long over."""
    db, over = scene.db, _over(scene)
    plans = select(PlanRow.id).where(PlanRow.round_id.in_(over))
    count = 0
    for table in (Support, Follow):
        count += db.execute(delete(table).where(table.plan_id.in_(plans))).rowcount
    met = or_(MeetingRow.plan_id.in_(plans), MeetingRow.other_id.in_(plans))
    count += db.execute(delete(MeetingRow).where(met)).rowcount
    asked = delete(TrustAsked).where(TrustAsked.round_id.in_(over))
    return count + db.execute(asked).rowcount


def _people(scene: Scene, kept: Retention) -> int:
    """Forget whoever has been away for long; plans stay without a name.

    Not while a chosen plan of hers is looked after, or a task about her is open.
    """
    other = Talk.__table__.alias("other")
    seen = func.coalesce(other.c.last_inbound_at, other.c.created_at)
    since = _ago(scene, kept.people_days)
    lately = exists().where(other.c.resident_id == Resident.id, seen >= since)
    waits = exists().where(
        Talk.resident_id == Resident.id, Task.talk_id == Talk.id, Task.done_at.is_(None)
    )
    cared = exists().where(
        PlanRow.resident_id == Resident.id,
        CareRow.plan_id == PlanRow.id,
        CareRow.next_at.is_not(None),
    )
    known = exists().where(Talk.resident_id == Resident.id, Talk.forgotten_at.is_(None))
    away = select(Resident.id).where(known, ~lately, ~waits, ~cared)
    found = list(scene.db.scalars(away.order_by(Resident.id).limit(AT_ONCE)))
    for resident_id in found:
        forget_meetings(scene, resident_id)
        erase_person(scene, resident_id, keep_plans=True)
        hers = select(Talk.id).where(Talk.resident_id == resident_id)
        for talk_id in list(scene.db.scalars(hers)):
            finish_forgetting(scene.db, talk_id)
    return len(found)


IN_USE = or_(
    *(
        exists().where(column == Media.id)
        for column in (
            PlanMedia.media_id,
            Spending.media_id,
            ContactRow.photo_id,
            PlanRow.picture_id,
            Recording.media_id,
            SoundRow.media_id,
            PlanLine.media_id,
            CheckInAnswer.media_id,
        )
    ),
    exists().where(Task.media_id == Media.id, Task.done_at.is_(None)),
)
"""Which files something still needs."""


def _files(scene: Scene, kept: Retention) -> int:
    """Give files that nothing needs any more to the sweep."""
    filled = or_(Media.key.is_not(None), Media.transcript.is_not(None))
    old = select(Media.id).where(
        and_(
            Media.created_at < _ago(scene, kept.messages_days),
            Media.delete_after.is_(None),
            filled,
            ~IN_USE,
        )
    )
    return _empty(scene.db, Media, old, {"delete_after": scene.now})


def _empty(db: Connection, table: Any, old: Any, values: Mapping[str, Any]) -> int:  # noqa: ANN401 - a table and a select of its ids
    ids = list(db.scalars(old.limit(AT_ONCE)))
    if ids:
        db.execute(update(table).where(table.id.in_(ids)).values(dict(values)))
    return len(ids)


BATCHES: Mapping[str, Batch] = {
    "messages_in": _messages_in,
    "messages_out": _messages_out,
    "messages_of_the_desk": _messages_of_the_desk,
    "speeches": _speeches,
    "tasks": _tasks,
    "plans": _plans,
    "ties": _ties,
    "people": _people,
    "files": _files,
}
"""What retires, by the word it is counted under."""
