"""Forgetting a person: her words, sounds and address go; her vote stays counted."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    String,
    delete,
    insert,
    literal,
    select,
    type_coerce,
    update,
)

from bot.domain.plans import Status
from bot.domain.spending import LineState
from bot.services.files import ELSEWHERE
from bot.services.forget_care import forget_care
from bot.services.house import Scene
from bot.services.plan_pictures import take_away
from bot.services.searching import nothing_to_find
from bot.services.task_rows import finish_tasks
from bot.services.trust_marks import forget_asked
from bot.store.civic import (
    CheckInAnswer,
    Correction,
    Follow,
    Mark,
    PlanMedia,
    PlanRow,
    PlanStage,
    Support,
    Task,
)
from bot.store.desk_messages import DeskMessage
from bot.store.spending import Spending
from bot.store.talks import InboundMessage, Media, OutboundMessage, Resident, Talk
from bot.store.voices import Speech

FORGOTTEN = "forgotten"
"""Who has done a task that nobody can do any more, and how it ended."""

KEPT = frozenset({Status.CHOSEN, Status.STARTED, Status.DONE, Status.STOPPED})


_BILLS = select(Spending.media_id).where(Spending.media_id.is_not(None))


def erase_person(scene: Scene, resident_id: int, *, keep_plans: bool) -> None:
    """Erase a person in every app she has linked. The ledger knows her already.

    Goes: address and number, messages in and out, sounds and photos, follows, tasks'
    words, what she told at check-ins. Stays without a name: a cast ballot, supports
    she gave (as a count), plans if `keep_plans`, and chosen plans with their payments
    and receipts in any case. Each address goes with `finish_forgetting`.
    """
    db, now = scene.db, scene.now
    talks = list(db.scalars(select(Talk.id).where(Talk.resident_id == resident_id)))
    forget_care(scene, resident_id)
    _erase_plans(scene, resident_id, keep_plans=keep_plans)
    forget_asked(scene, resident_id)
    _erase_words(db, talks, now)
    _erase_ties(db, resident_id)
    _close_talks(db, talks, now)


def _erase_plans(scene: Scene, resident_id: int, *, keep_plans: bool) -> None:
    """Cut plans loose from their author, or take them away with words and pictures."""
    db, now = scene.db, scene.now
    hers = PlanRow.resident_id == resident_id
    nameless = {"resident_id": None, "talk_id": None, "latitude": None}
    nameless |= {"longitude": None}
    if not keep_plans:
        gone = hers & PlanRow.status.not_in([each.value for each in KEPT])
        ids = list(db.scalars(select(PlanRow.id).where(gone)))
        take_away(db, ids, now)
        emptied = {"text": "", "title": None, "summary": None, "place": ""}
        emptied |= {"status": Status.WITHDRAWN.value, "public_at": None}
        emptied |= {"already": None, "entry_key": None, **nothing_to_find()}
        db.execute(update(PlanRow).where(gone).values(emptied))
        for plan_id in ids:
            db.execute(delete(PlanStage).where(PlanStage.plan_id == plan_id))
    db.execute(update(PlanRow).where(hers).values(nameless))


def _erase_words(db: Connection, talks: list[int], now: datetime) -> None:
    """Empty messages and give recordings to the sweep that deletes their files."""
    media = select(Media.id).where(Media.talk_id.in_(talks))
    db.execute(delete(PlanMedia).where(PlanMedia.media_id.in_(media)))
    db.execute(delete(Correction).where(Correction.talk_id.in_(talks)))
    _leave_to_sweep(db, talks, now)
    _keep_accounts(db, talks)
    sounds = update(Media).where(Media.talk_id.in_(talks), Media.id.not_in(_BILLS))
    db.execute(sounds.values(delete_after=now, transcript=None, source={"place": ""}))
    _erase_tasks(db, (Task.talk_id.in_(talks), Task.media_id.in_(media)), now)
    db.execute(
        update(CheckInAnswer)
        .where(CheckInAnswer.media_id.in_(media))
        .values(media_id=None)
    )
    words = update(DeskMessage).where(DeskMessage.talk_id.in_(talks))
    db.execute(words.values(dutch=None))
    db.execute(delete(Speech).where(Speech.talk_id.in_(talks)))
    said = update(InboundMessage).where(InboundMessage.talk_id.in_(talks))
    db.execute(said.values(body={}, stage="done", media_id=None))
    emptied: dict[str, Any] = {
        "text": "",
        "choices": [],
        "sound": None,
        "picture": None,
    }
    heard = update(OutboundMessage).where(
        OutboundMessage.talk_id.in_(talks), OutboundMessage.delivery != "queued"
    )
    db.execute(heard.values(emptied | {"about": None}))
    db.execute(
        update(OutboundMessage)
        .where(OutboundMessage.talk_id.in_(talks), OutboundMessage.delivery == "queued")
        .values(emptied | {"delivery": "dropped", "reason": "forgotten"})
    )


def _erase_tasks(
    db: Connection, hers: tuple[ColumnElement[bool], ...], now: datetime
) -> None:
    """Finish tasks and empty them; each condition is found by an index of its own."""
    ids = {each for one in hers for each in db.scalars(select(Task.id).where(one))}
    if not ids:
        return
    these = Task.id.in_(ids)
    finish_tasks(db, FORGOTTEN, now, these, outcome=FORGOTTEN)
    gone = {"note": "", "outcome_note": None, "talk_id": None, "media_id": None}
    db.execute(update(Task).where(these).values(gone))


def _keep_accounts(db: Connection, talks: list[int]) -> None:
    """Let payments stay with their receipts, which the law asks for, without a name.

    What was sent back is no payment: its photo goes.
    """
    hers = update(Spending).where(Spending.talk_id.in_(talks))
    back = hers.where(Spending.state == LineState.SENT_BACK.value)
    db.execute(back.values(media_id=None))
    db.execute(hers.values(talk_id=None))


def _leave_to_sweep(db: Connection, talks: list[int], now: datetime) -> None:
    """Have files deleted that we never fetched: they lie at a provider still.

    Such a row says nothing but where: nobody can tell any more whose it was.
    """
    unfetched = select(Media.channel, Media.source).where(
        Media.talk_id.in_(talks),
        Media.key.is_(None),
        Media.fetched_at.is_(None),
        Media.id.not_in(_BILLS),
    )
    times = {"fetched_at": now, "delete_after": now, "created_at": now}
    rows = [
        {
            "kind": ELSEWHERE,
            "channel": row.channel,
            "source": {"place": row.source["place"]},
            "key": "-",
            "mime": "",
            "attempts": 0,
        }
        | times
        for row in db.execute(unfetched)
        if row.source.get("place")
    ]
    if rows:
        db.execute(insert(Media), rows)


def _erase_ties(db: Connection, resident_id: int) -> None:
    """Let go of what ties the person to plans; the counts of supports stay."""
    db.execute(delete(Follow).where(Follow.resident_id == resident_id))
    db.execute(delete(Support).where(Support.resident_id == resident_id))
    db.execute(delete(Mark).where(Mark.resident_id == resident_id))
    told = update(CheckInAnswer).where(CheckInAnswer.resident_id == resident_id)
    db.execute(told.values(resident_id=None, text=""))
    person = update(Resident).where(Resident.id == resident_id)
    word = {"word_hash": None, "word_tries": None, "word_tried_at": None}
    db.execute(person.values(may_write=None, may_record=None, **word))


def _close_talks(db: Connection, talks: list[int], now: datetime) -> None:
    """Make the addresses unknown; the row stays so that the last reply can be sent.

    The address itself is emptied by `finish_forgetting`, once that reply is gone.
    """
    db.execute(
        update(Talk)
        .where(Talk.id.in_(talks))
        .values(
            state=None,
            picks=None,
            phone=None,
            about_id=None,
            asked_id=None,
            forgotten_at=now,
        )
    )


def finish_forgetting(db: Connection, talk_id: int) -> None:
    """Let go of the address itself, and of the last words we sent there."""
    queued = update(OutboundMessage).where(
        OutboundMessage.talk_id == talk_id, OutboundMessage.delivery == "queued"
    )
    db.execute(queued.values(delivery="dropped", reason="forgotten"))
    nobody = literal(f"forgotten:{talk_id}", String)  # in clear: it says nothing
    gone = {"address": nobody, "phone": None, "state": None}
    db.execute(update(Talk).where(Talk.id == talk_id).values(gone))
    ours = update(OutboundMessage).where(OutboundMessage.talk_id == talk_id)
    emptied: dict[str, Any] = {"text": "", "choices": []}
    emptied |= {"sound": None, "picture": None}
    db.execute(ours.values(emptied | {"external_id": None}))
    theirs = update(InboundMessage).where(InboundMessage.talk_id == talk_id)
    db.execute(theirs.values(body={}))


def forgotten_talks(db: Connection) -> list[int]:
    """Return talks to let go of: forgotten, and nothing is owed to them any more."""
    owed = (
        select(OutboundMessage.id)
        .where(OutboundMessage.talk_id == Talk.id, OutboundMessage.delivery == "queued")
        .exists()
    )
    found = select(Talk.id).where(
        Talk.forgotten_at.is_not(None),
        type_coerce(Talk.address, String).not_like("forgotten:%"),
        ~owed,
    )
    return list(db.scalars(found))
