"""Carries out what a turn asked for: a plain dict from effect to function.

All of it happens inside the turn's transaction; nothing here talks to the outside.
"""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import insert, select, update

from bot.domain import effects as ask
from bot.services import bills, caring, linking, meetings, passes, trust, unlinking
from bot.services import plan_effects as plans
from bot.services import vote_effects as votes
from bot.services.corrections import allow_recording
from bot.services.desk.hearing import keep_answer
from bot.services.doing import Doing, plan_id_of, raise_task
from bot.services.erasures import erase
from bot.services.mydata import asking
from bot.store.civic import (
    CheckIn,
    CheckInAnswer,
    Decision,
)
from bot.store.talks import InboundMessage, Media, Resident, Talk

LISTEN_SECONDS = 60


def apply_effect(doing: Doing, effect: ask.Effect) -> None:
    """Carry out one effect. Raises RefusedError if a rule says no after all."""
    _DO[type(effect)](doing, effect)


def _next_step(doing: Doing, effect: ask.AnswerNextStep) -> None:
    plan_id = plan_id_of(doing, effect.plan)
    decision = update(Decision).where(Decision.plan_id == plan_id)
    doing.db.execute(decision.values(next_step=effect.answer))
    _answered(doing)
    if effect.answer != "nothing":
        note, media = effect.note, effect.media
        raise_task(doing, ask.RaiseTask(effect.answer, effect.plan, note, media))


def _check_in(doing: Doing, effect: ask.AnswerCheckIn) -> None:
    """Keep how it goes on the plan's newest check-in; stuck becomes a task."""
    plan_id = plan_id_of(doing, effect.plan)
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
    caring.answered(doing.scene, plan_id, effect.answer)
    if effect.answer == "stuck":
        raise_task(doing, ask.RaiseTask(ask.TaskKind.STUCK, effect.plan))


def _answer_official(doing: Doing, effect: ask.AnswerOfficial) -> None:
    keep_answer(doing, effect)
    _answered(doing)


def _meeting(doing: Doing, effect: ask.AnswerMeeting) -> None:
    meetings.answer(doing, effect)
    _answered(doing)


def _answered(doing: Doing) -> None:
    """The open question of a push is answered: later words are something else."""
    talk = update(Talk).where(Talk.id == doing.talk.id)
    doing.db.execute(talk.values(about_id=None))


def _drop_media(doing: Doing, effect: ask.DropMedia) -> None:
    """Mark a spoken secret for deletion at once; the worker's next sweep removes it."""
    media = update(Media).where(Media.id == effect.media)
    gone = {"delete_after": doing.now, "transcript": None, "problem": "spoken_secret"}
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


def _allow_recording(doing: Doing, effect: ask.AllowRecording) -> None:
    allow_recording(doing.db, doing.talk.resident_id, allowed=effect.allowed)


def _stop(doing: Doing, _: ask.StopMessages) -> None:
    """Stop in all her apps: who says stop means us, not the app she says it in."""
    hers = update(Talk).where(Talk.resident_id == doing.talk.resident_id)
    doing.db.execute(hers.values(stopped_at=doing.now))


def _resume(doing: Doing, _: ask.ResumeMessages) -> None:
    """Go on in the app she writes in; the others stay silent until she writes there."""
    talk = update(Talk).where(Talk.id == doing.talk.id)
    doing.db.execute(talk.values(stopped_at=None))


def _forget(doing: Doing, effect: ask.Forget) -> None:
    erase(doing.scene, doing.talk, keep_plans=effect.keep_plans)


_DO: Mapping[type[ask.Effect], Callable[[Doing, Any], None]] = {
    ask.StorePlan: plans.store_plan,
    ask.ChangePlan: plans.change_plan,
    ask.PlacePlan: plans.place_plan,
    ask.AddPhoto: plans.add_photo,
    ask.FilePlan: plans.file_plan,
    ask.WithdrawPlan: plans.withdraw,
    ask.SupportPlan: plans.support,
    ask.FollowPlan: plans.follow,
    ask.CastBallot: votes.cast,
    ask.BindPass: passes.bind_pass,
    ask.WrongPass: passes.count_wrong,
    ask.RaiseTask: raise_task,
    ask.AnswerNextStep: _next_step,
    ask.AnswerCheckIn: _check_in,
    ask.AnswerOfficial: _answer_official,
    ask.KeepBill: bills.keep_bill,
    ask.BeginTrust: trust.begin_trust,
    ask.AnswerTrust: trust.answer_trust,
    ask.AnswerMeeting: _meeting,
    ask.EndMeetings: meetings.take_back,
    ask.CloseQuestion: lambda doing, _: _answered(doing),
    ask.DropMedia: _drop_media,
    ask.ListenAgain: _listen_again,
    ask.AllowWriting: _allow_writing,
    ask.AllowRecording: _allow_recording,
    ask.StopMessages: _stop,
    ask.ResumeMessages: _resume,
    ask.KeepWord: linking.keep_word,
    ask.JoinPerson: linking.join_person,
    ask.Unlink: unlinking.unlink,
    ask.WrongWord: linking.wrong_word,
    ask.GiveData: asking.ask,
    ask.Forget: _forget,
}
