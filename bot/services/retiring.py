"""What is old retires: words of messages and tasks, plans' own words, addresses.

Once a day, each table from its first row to its last in short pieces, so that nobody
waits for it; broken off, it goes on with what is left. How long something is kept is
round data (`bot.domain.round_terms.Retention`); what belongs to no round is kept as
long as the round that keeps it longest. What goes is counted, and nothing else logged.
"""

import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any, NamedTuple

from sqlalchemy import (
    Connection,
    Text,
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
from bot.services.walking import AT_ONCE, Piece, piece
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
SPEECH_DAYS = 1
PEOPLE_AT_ONCE = 10
PLANS_AT_ONCE = 10
"""To forget a person is some twenty statements; a plan has many who supported it."""


class Gone(NamedTuple):
    """How many rows one transaction let go of, and where to go on; None at the end."""

    rows: int
    on: Any


Batch = Callable[[Scene, Retention, Any], Gone]
"""Lets go of the next rows after a place in its table."""

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
        gone[name] = walk(house, batch)
    for name, count in gone.items():
        if count:
            log.info("retired what=%s rows=%s", name, count)
    return gone


def walk(house: House, batch: Batch) -> int:
    """Run a batch from the first row to the last; return how many rows went."""
    rows, gone = 0, Gone(0, 0)
    while gone.on is not None:
        gone = house.db.run(partial(_run, house, batch, gone.on))
        rows += gone.rows
    return rows


def _run(house: House, batch: Batch, after: object, db: Connection) -> Gone:
    kept = longest(house.catalog.view(db).rounds)
    return batch(Scene(house, db, house.clock()), kept, after)


def end_of_round(a_round: Round) -> datetime | None:
    """Return when a round is over: closed, or where it never closes, decided."""
    return a_round.start_of(Phase.CLOSED) or a_round.start_of(Phase.DOING)


def _quiet(talk_id: Any) -> Any:  # noqa: ANN401 - a column and a condition
    """Return the condition that no task about her is open."""
    return ~exists().where(Task.talk_id == talk_id, Task.done_at.is_(None))


def _ago(scene: Scene, days: int) -> datetime:
    return scene.now - timedelta(days=days)


def _has(column: Any, empty: str) -> Any:  # noqa: ANN401 - a JSON column
    """Return whether a column of JSON is not this text."""
    return cast(column, Text) != empty


def _messages_in(scene: Scene, kept: Retention, after: int) -> Gone:
    message = InboundMessage
    found = piece(
        scene.db,
        message,
        after,
        message.received_at < _ago(scene, kept.messages_days),
        message.stage.in_(("done", "failed")),
        or_(_has(message.body, "{}"), message.media_id.is_not(None)),
        _quiet(message.talk_id),
    )
    return _empty(scene.db, message, found, {"body": {}, "media_id": None})


def _messages_out(scene: Scene, kept: Retention, after: int) -> Gone:
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
    found = piece(
        scene.db,
        message,
        after,
        message.created_at < _ago(scene, kept.messages_days),
        message.delivery != "queued",
        or_(*filled),
        _quiet(message.talk_id),
    )
    return _empty(scene.db, message, found, values)


def _messages_of_the_desk(scene: Scene, kept: Retention, after: int) -> Gone:
    found = piece(
        scene.db,
        DeskMessage,
        after,
        DeskMessage.at < _ago(scene, kept.messages_days),
        DeskMessage.dutch.is_not(None),
        _quiet(DeskMessage.talk_id),
    )
    return _empty(scene.db, DeskMessage, found, {"dutch": None})


def _speeches(scene: Scene, _: Retention, after: int) -> Gone:
    """Let go of what nobody read aloud in time: there is no voice, or it fails."""
    old = Speech.created_at < _ago(scene, SPEECH_DAYS)
    found = piece(scene.db, Speech, after, old)
    scene.db.execute(delete(Speech).where(Speech.id.in_(found.ids)))
    return Gone(len(found.ids), found.on)


def _tasks(scene: Scene, kept: Retention, after: int) -> Gone:
    filled = (
        Task.note != "",
        Task.outcome_note.is_not(None),
        Task.talk_id.is_not(None),
        Task.media_id.is_not(None),
    )
    old = Task.done_at < _ago(scene, kept.tasks_days)
    found = piece(scene.db, Task, after, old, or_(*filled))
    values = {"note": "", "outcome_note": None, "talk_id": None, "media_id": None}
    return _empty(scene.db, Task, found, values)


def _plans(scene: Scene, _: Retention, after: int) -> Gone:
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
    found = piece(
        db,
        PlanRow,
        after,
        PlanRow.round_id.in_(_over(scene)),
        PlanRow.status.not_in([each.value for each in _CHOSEN]),
        or_(*filled),
    )
    ids = found.ids
    if not ids:
        return Gone(0, found.on)
    files = select(PlanMedia.media_id).where(PlanMedia.plan_id.in_(ids))
    gone = update(Media).where(Media.id.in_(files))
    db.execute(gone.values(delete_after=scene.now))
    db.execute(delete(PlanMedia).where(PlanMedia.plan_id.in_(ids)))
    values = {"text": "", "place": "", "entry_key": None, "resident_id": None}
    values |= {"talk_id": None, "latitude": None, "longitude": None}
    return _empty(db, PlanRow, found, values | dict(nothing_to_find()))


def _over(scene: Scene) -> list[int]:
    """Return the rounds whose plans have been kept long enough."""
    view = scene.house.catalog.view(scene.db)
    return [
        view.round_id(each.slug)
        for each in view.rounds
        if (end := end_of_round(each))
        and end + timedelta(days=each.retention.plans_days) < scene.now
    ]


def _ties(scene: Scene, _: Retention, after: int) -> Gone:
    """Let go of who supported, followed or met about plans of rounds long over."""
    db, over = scene.db, _over(scene)
    found = piece(db, PlanRow, after, PlanRow.round_id.in_(over), most=PLANS_AT_ONCE)
    plans, count = found.ids, 0
    for table in (Support, Follow):
        count += db.execute(delete(table).where(table.plan_id.in_(plans))).rowcount
    met = or_(MeetingRow.plan_id.in_(plans), MeetingRow.other_id.in_(plans))
    count += db.execute(delete(MeetingRow).where(met)).rowcount
    return Gone(count, found.on)


def _asked(scene: Scene, _: Retention, after: str | int) -> Gone:
    """Let go of who was asked about trust; these rows have a hash, and no number."""
    rest = TrustAsked.mark > (after or "")
    rows = select(TrustAsked.mark, TrustAsked.round_id).where(rest)
    seen = scene.db.execute(rows.order_by(TrustAsked.mark).limit(AT_ONCE)).all()
    over = set(_over(scene))
    marks = [mark for mark, round_id in seen if round_id in over]
    scene.db.execute(delete(TrustAsked).where(TrustAsked.mark.in_(marks)))
    return Gone(len(marks), seen[-1].mark if len(seen) == AT_ONCE else None)


def _people(scene: Scene, kept: Retention, after: int) -> Gone:
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
    away = (known, ~lately, ~waits, ~cared)
    found = piece(scene.db, Resident, after, *away, most=PEOPLE_AT_ONCE)
    for resident_id in found.ids:
        forget_meetings(scene, resident_id)
        erase_person(scene, resident_id, keep_plans=True)
        hers = select(Talk.id).where(Talk.resident_id == resident_id)
        for talk_id in list(scene.db.scalars(hers)):
            finish_forgetting(scene.db, talk_id)
    return Gone(len(found.ids), found.on)


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


def _files(scene: Scene, kept: Retention, after: int) -> Gone:
    """Give files that nothing needs any more to the sweep."""
    found = piece(
        scene.db,
        Media,
        after,
        Media.created_at < _ago(scene, kept.messages_days),
        Media.delete_after.is_(None),
        or_(Media.key.is_not(None), Media.transcript.is_not(None)),
        ~IN_USE,
    )
    return _empty(scene.db, Media, found, {"delete_after": scene.now})


def _empty(
    db: Connection,
    table: Any,  # noqa: ANN401 - a table
    found: Piece,
    values: Mapping[str, Any],
) -> Gone:
    if found.ids:
        these = table.id.between(found.ids[0], found.ids[-1]) & table.id.in_(found.ids)
        db.execute(update(table).where(these).values(dict(values)))
    return Gone(len(found.ids), found.on)


BATCHES: Mapping[str, Batch] = {
    "messages_in": _messages_in,
    "messages_out": _messages_out,
    "messages_of_the_desk": _messages_of_the_desk,
    "speeches": _speeches,
    "tasks": _tasks,
    "plans": _plans,
    "ties": _ties,
    "asked": _asked,
    "people": _people,
    "files": _files,
}
"""What retires, by the word it is counted under."""
