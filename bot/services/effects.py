"""Carries out what a turn asked for: a plain dict from effect to function.

All of it happens inside the turn's transaction; nothing here talks to the outside.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from bot.domain import effects as ask
from bot.domain.errors import RefusedError
from bot.domain.places import rounded
from bot.domain.plans import CHANGEABLE, Status
from bot.domain.say import N_, Say
from bot.keys import keyed_hash
from bot.services import news
from bot.services.catalog import CatalogView
from bot.services.forget import erase
from bot.services.house import House, Scene
from bot.services.plans import add_stage
from bot.services.talks import TalkRow
from bot.store.civic import (
    BallotRow,
    CheckIn,
    CheckInAnswer,
    Decision,
    Follow,
    Mark,
    PlanMedia,
    PlanRow,
    Support,
    Task,
)
from bot.store.dialect import insert_once
from bot.store.prepared import Prepared
from bot.store.talks import InboundMessage, Media, Resident, Talk

ANSWER_DAYS = 7
SOUND_DAYS = 30
LISTEN_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Doing:
    """Where an effect happens: the scene, the talk, and the rounds as of now."""

    scene: Scene
    talk: TalkRow
    view: CatalogView

    @property
    def house(self) -> House:
        """The house of the scene."""
        return self.scene.house

    @property
    def db(self) -> Connection:
        """The transaction of the scene."""
        return self.scene.db

    @property
    def now(self) -> datetime:
        """The moment of the scene."""
        return self.scene.now


def apply_effect(doing: Doing, effect: ask.Effect) -> None:
    """Carry out one effect. Raises RefusedError if a rule says no after all."""
    _DO[type(effect)](doing, effect)


def _store_plan(doing: Doing, effect: ask.StorePlan) -> None:
    pin = effect.pin and rounded(effect.pin)
    plan = {
        "number": effect.number,
        "round_id": doing.view.round_id(effect.round),
        "resident_id": doing.talk.resident_id,
        "talk_id": doing.talk.id,
        "status": Status.RECEIVED.value,
        "text": effect.text,
        "language": doing.talk.language,
        "spoken": effect.spoken,
        "latitude": pin and pin.latitude,
        "longitude": pin and pin.longitude,
        "created_at": doing.now,
    }
    plan_id = _NEW_PLAN.value(doing.db, plan)
    add_stage(doing.db, plan_id, Status.RECEIVED, {}, "author", doing.now)
    _attach(doing, plan_id, effect.media, confirmed=bool(effect.text))


_PLAN_COLUMNS = (
    "number",
    "round_id",
    "resident_id",
    "talk_id",
    "status",
    "text",
    "language",
    "spoken",
    "latitude",
    "longitude",
    "created_at",
)
_NEW_PLAN = Prepared(
    insert(PlanRow)
    .values({name: bindparam(name) for name in _PLAN_COLUMNS})
    .values(place="", supports=0)
    .returning(PlanRow.id)
)


def _attach(
    doing: Doing, plan_id: int, media: tuple[int, ...], *, confirmed: bool
) -> None:
    """Tie notes and photos to the plan; sound goes 30 days after its text is sure."""
    for media_id in dict.fromkeys(media):
        tie = insert_once(doing.db, PlanMedia).values(
            plan_id=plan_id, media_id=media_id
        )
        doing.db.execute(tie)
    if media and confirmed:
        gone = doing.now + timedelta(days=SOUND_DAYS)
        notes = update(Media).where(Media.id.in_(media), Media.kind == "voice")
        doing.db.execute(notes.values(delete_after=gone))
    if media:
        tasks = update(Task).where(Task.media_id.in_(media), Task.plan_id.is_(None))
        doing.db.execute(tasks.values(plan_id=plan_id))


def _my_plan(doing: Doing, number: int) -> Any:  # noqa: ANN401 - a row
    """Return her plan with this number. Raises RefusedError if it is not hers."""
    row = doing.db.execute(
        select(PlanRow.id, PlanRow.status).where(
            PlanRow.number == number, PlanRow.resident_id == doing.talk.resident_id
        )
    ).one_or_none()
    if row is None:
        raise RefusedError(Say(N_("I do not know plan %(plan)s."), {"plan": number}))
    return row


def _change_plan(doing: Doing, effect: ask.ChangePlan) -> None:
    row = _my_plan(doing, effect.number)
    if Status(row.status) not in CHANGEABLE:
        raise RefusedError(Say(N_("This plan can no longer be changed here.")))
    doing.db.execute(
        update(PlanRow)
        .where(PlanRow.id == row.id)
        .values(
            text=effect.text,
            language=doing.talk.language,
            spoken=effect.spoken,
            status=Status.RECEIVED.value,
            title=None,
            summary=None,
            public_at=None,
        )
    )
    add_stage(doing.db, row.id, Status.RECEIVED, {}, "author", doing.now)
    _attach(doing, row.id, effect.media, confirmed=bool(effect.text))


def _place_plan(doing: Doing, effect: ask.PlacePlan) -> None:
    row = _my_plan(doing, effect.number)
    values: dict[str, Any] = {}
    if effect.pin:
        pin = rounded(effect.pin)
        values |= {"latitude": pin.latitude, "longitude": pin.longitude}
    if effect.words:
        values["place"] = effect.words
    if values:
        doing.db.execute(update(PlanRow).where(PlanRow.id == row.id).values(values))
    if effect.note:
        _attach(doing, row.id, (effect.note,), confirmed=False)
        listen = ask.RaiseTask(ask.TaskKind.LISTEN, effect.number, media=effect.note)
        _raise_task(doing, listen)


def _add_photo(doing: Doing, effect: ask.AddPhoto) -> None:
    row = _my_plan(doing, effect.number)
    _attach(doing, row.id, (effect.media,), confirmed=False)


def _withdraw(doing: Doing, effect: ask.WithdrawPlan) -> None:
    row = _my_plan(doing, effect.number)
    if Status(row.status) not in CHANGEABLE:
        raise RefusedError(Say(N_("This plan can no longer be changed here.")))
    gone = {"status": Status.WITHDRAWN.value}
    doing.db.execute(update(PlanRow).where(PlanRow.id == row.id).values(gone))
    add_stage(doing.db, row.id, Status.WITHDRAWN, {}, "author", doing.now)


def _support(doing: Doing, effect: ask.SupportPlan) -> None:
    """Count her once; at 10, 20 and the threshold the author hears of it."""
    plan_id = _plan_id(doing, effect.number)
    mine = insert_once(doing.db, Support).values(
        plan_id=plan_id, resident_id=doing.talk.resident_id, at=doing.now
    )
    if doing.db.execute(mine).rowcount == 0:
        return
    risen = (
        update(PlanRow)
        .where(PlanRow.id == plan_id)
        .values(supports=PlanRow.supports + 1)
    )
    doing.db.execute(risen)
    news.supports_risen(doing.scene, plan_id, doing.view)


def _follow(doing: Doing, effect: ask.FollowPlan) -> None:
    plan_id = _plan_id(doing, effect.number)
    doing.db.execute(
        insert_once(doing.db, Follow).values(
            plan_id=plan_id, resident_id=doing.talk.resident_id, at=doing.now
        )
    )


def _plan_id(doing: Doing, number: int) -> int:
    plan_id = doing.db.scalar(select(PlanRow.id).where(PlanRow.number == number))
    if plan_id is None:
        raise RefusedError(Say(N_("I do not know plan %(plan)s."), {"plan": number}))
    return plan_id


def _cast(doing: Doing, effect: ask.CastBallot) -> None:
    """Count the ballot; the voter's earlier one in this round gives way to it.

    What was chosen and who voted go to different tables; only a keyed hash joins a
    voter to a ballot, so that she can change it until closing. It is made from the
    address, so that being forgotten and coming back does not give a second ballot.
    """
    a_round = next(r for r in doing.view.rounds if r.slug == effect.round)
    if not a_round.takes_votes(doing.now):
        raise RefusedError(Say(N_("Voting is closed.")))
    round_id = doing.view.round_id(effect.round)
    voter = keyed_hash(
        doing.house.keys.ballots, effect.round, doing.talk.channel, doing.talk.address
    )
    ballot = {
        "id": uuid4().hex,
        "round": round_id,
        "voter": voter,
        "picks": sorted(effect.picks),
        "receipt": effect.receipt,
    }
    _EARLIER_BALLOT.run(doing.db, ballot)
    _BALLOT.run(doing.db, ballot)
    day = doing.now.astimezone(ZoneInfo(a_round.zone)).date().isoformat()
    mark = insert_once(doing.db, Mark).values(
        round_id=round_id, resident_id=doing.talk.resident_id, day=day
    )
    doing.db.execute(mark)


_EARLIER_BALLOT = Prepared(
    delete(BallotRow).where(
        BallotRow.round_id == bindparam("round"), BallotRow.voter == bindparam("voter")
    )
)
_BALLOT = Prepared(
    insert(BallotRow).values(
        id=bindparam("id"),
        round_id=bindparam("round"),
        voter=bindparam("voter"),
        picks=bindparam("picks"),
        receipt=bindparam("receipt"),
    )
)


def _raise_task(doing: Doing, effect: ask.RaiseTask) -> None:
    plan_id = None
    if effect.plan is not None:
        plan_id = doing.db.scalar(
            select(PlanRow.id).where(PlanRow.number == effect.plan)
        )
    doing.db.execute(
        insert(Task).values(
            kind=effect.kind,
            talk_id=doing.talk.id,
            plan_id=plan_id,
            media_id=effect.media,
            note=effect.note,
            due_at=doing.now + timedelta(days=ANSWER_DAYS),
            created_at=doing.now,
        )
    )


def _next_step(doing: Doing, effect: ask.AnswerNextStep) -> None:
    plan_id = _plan_id(doing, effect.plan)
    decision = update(Decision).where(Decision.plan_id == plan_id)
    doing.db.execute(decision.values(next_step=effect.answer))
    _answered(doing)
    if effect.answer != "nothing":
        note, media = effect.note, effect.media
        _raise_task(doing, ask.RaiseTask(effect.answer, effect.plan, note, media))


def _check_in(doing: Doing, effect: ask.AnswerCheckIn) -> None:
    """Keep how it goes on the plan's newest check-in; stuck becomes a task."""
    plan_id = _plan_id(doing, effect.plan)
    newest = (
        select(CheckIn.id)
        .where(CheckIn.plan_id == plan_id)
        .order_by(CheckIn.id.desc())
        .limit(1)
    )
    checkin_id = doing.db.scalar(newest)
    if checkin_id is None:
        return
    doing.db.execute(
        insert(CheckInAnswer).values(
            checkin_id=checkin_id,
            resident_id=doing.talk.resident_id,
            answer=effect.answer,
            text=effect.text,
            media_id=effect.media,
            at=doing.now,
        )
    )
    _answered(doing)
    if effect.answer == "stuck":
        _raise_task(doing, ask.RaiseTask(ask.TaskKind.STUCK, effect.plan))


def _answered(doing: Doing) -> None:
    """The open question of a push is answered: later words are something else."""
    talk = update(Talk).where(Talk.id == doing.talk.id)
    doing.db.execute(talk.values(about_id=None))


def _drop_media(doing: Doing, effect: ask.DropMedia) -> None:
    """Mark a spoken vote for deletion at once; the worker's next sweep removes it."""
    media = update(Media).where(Media.id == effect.media)
    gone = {"delete_after": doing.now, "transcript": None, "problem": "spoken_vote"}
    doing.db.execute(media.values(gone))


def _listen_again(doing: Doing, effect: ask.ListenAgain) -> None:
    waiting = update(InboundMessage).where(
        InboundMessage.media_id == effect.media,
        InboundMessage.talk_id == doing.talk.id,
    )
    doing.db.execute(waiting.values(stage="listening", leased_until=None, attempts=0))
    until = doing.now + timedelta(seconds=LISTEN_SECONDS)
    talk = update(Talk).where(Talk.id == doing.talk.id)
    doing.db.execute(talk.values(listening_until=until))


def _allow_writing(doing: Doing, effect: ask.AllowWriting) -> None:
    person = update(Resident).where(Resident.id == doing.talk.resident_id)
    doing.db.execute(person.values(may_write=effect.allowed))


def _stop(doing: Doing, _: ask.StopMessages) -> None:
    talk = update(Talk).where(Talk.id == doing.talk.id)
    doing.db.execute(talk.values(stopped_at=doing.now))


def _resume(doing: Doing, _: ask.ResumeMessages) -> None:
    talk = update(Talk).where(Talk.id == doing.talk.id)
    doing.db.execute(talk.values(stopped_at=None))


def _forget(doing: Doing, effect: ask.Forget) -> None:
    erase(doing.scene, doing.talk, keep_plans=effect.keep_plans)


_DO: Mapping[type[ask.Effect], Callable[[Doing, Any], None]] = {
    ask.StorePlan: _store_plan,
    ask.ChangePlan: _change_plan,
    ask.PlacePlan: _place_plan,
    ask.AddPhoto: _add_photo,
    ask.WithdrawPlan: _withdraw,
    ask.SupportPlan: _support,
    ask.FollowPlan: _follow,
    ask.CastBallot: _cast,
    ask.RaiseTask: _raise_task,
    ask.AnswerNextStep: _next_step,
    ask.AnswerCheckIn: _check_in,
    ask.DropMedia: _drop_media,
    ask.ListenAgain: _listen_again,
    ask.AllowWriting: _allow_writing,
    ask.StopMessages: _stop,
    ask.ResumeMessages: _resume,
    ask.Forget: _forget,
}
