"""Two authors who are brought together: only where both have said yes, each apart.

Nobody learns who said no: whoever said yes hears that it is not possible now, be it for
a no, for no answer in two weeks, or because the other one took it back.
"""

from datetime import timedelta
from functools import partial
from typing import Any

from sqlalchemy import Connection, Row, bindparam, insert, or_, select, update

from bot.domain import effects as ask
from bot.domain.errors import RefusedError
from bot.domain.kinds import STATUS
from bot.domain.say import N_, Button, Free, Reply, Say
from bot.services import news
from bot.services.doing import Doing
from bot.services.house import House, Scene
from bot.services.news import News, Telling
from bot.services.outbox import Letter
from bot.store.after import MeetingRow
from bot.store.civic import PlanRow

YES, NO = "yes", "no"
OPEN_DAYS = 14
AT_ONCE = 50
WANT = Button("yes", Say(N_("Yes, I want that")))
NOT_NOW = Button("no", Say(N_("Not now")))


class MeetingError(ValueError):
    """Two authors who cannot be asked; the message is a machine word.

    It is same, unknown, private (a plan is not public), unreached or asked.
    """


_PLANS: Any = select(
    PlanRow.id,
    PlanRow.number,
    PlanRow.title,
    PlanRow.text,
    PlanRow.round_id,
    PlanRow.resident_id,
    PlanRow.public_at,
).where(PlanRow.number.in_(bindparam("numbers", expanding=True)))


def propose(scene: Scene, number: int, other: int, by: str) -> int:
    """Ask the authors of two plans whether they want to meet; return the row.

    Raises MeetingError.
    """
    found = scene.db.execute(_PLANS, {"numbers": [number, other]}).all()
    plans = {row.number: row for row in found}
    if {number, other} - plans.keys():
        raise MeetingError("unknown")
    one, two = plans[number], plans[other]
    _refuse(scene, one, two)
    row = insert(MeetingRow).values(
        plan_id=one.id, other_id=two.id, by=by, at=scene.now
    )
    made = int(scene.db.execute(row.returning(MeetingRow.id)).scalar_one())
    _offer(scene, one, two, f"meet:{made}")
    _offer(scene, two, one, f"meet:{made}")
    return made


def _refuse(scene: Scene, one: Row[Any], two: Row[Any]) -> None:
    if one.resident_id == two.resident_id:
        raise MeetingError("same")
    if one.public_at is None or two.public_at is None:
        raise MeetingError("private")
    if not all(news.authors(scene.db, each.resident_id) for each in (one, two)):
        raise MeetingError("unreached")
    pair = {one.id, two.id}
    known = select(MeetingRow.id).where(
        MeetingRow.plan_id.in_(pair), MeetingRow.other_id.in_(pair)
    )
    if scene.db.execute(known.limit(1)).first():
        raise MeetingError("asked")


def _offer(scene: Scene, own: Row[Any], other: Row[Any], key: str) -> None:
    """Ask one author, in her language; no is the default, and nobody hears of it."""
    says = (
        Say(N_("Another author has a plan that is like yours.")),
        news.plan_rows(other.number, other.title or {}),
        Say(N_("Do you want to talk with each other?")),
        Say(N_("If you say no, nobody hears that.")),
    )
    about = {"kind": "join", "plan": own.number}
    _tell(
        scene, own, News(Reply(says, (WANT, NOT_NOW)), _letter(own, says), about), key
    )


def _letter(plan: Row[Any], says: tuple[Say, ...]) -> Letter:
    return Letter(STATUS, news.own_slots(plan) | {"words": says[0]})


def _tell(scene: Scene, plan: Row[Any], told: News, key: str) -> None:
    view = scene.house.catalog.view(scene.db)
    slug = view.slug(plan.round_id)
    zone = next(each.zone for each in view.rounds if each.slug == slug)
    telling = Telling(scene, zone, plan.round_id)
    for reader in news.authors(scene.db, plan.resident_id):
        news.tell(telling, reader, told, f"{key}:{plan.id}")


def answer(doing: Doing, effect: ask.AnswerMeeting) -> None:
    """Keep her side; with both, names are exchanged, with a no nothing is left."""
    scene = doing.scene
    found = _meetings(scene.db, doing.talk.resident_id)
    number = _number(scene.db, effect.plan)
    rows = [row for row in found if number in {row.plan_id, row.other_id}]
    row = next((each for each in rows if each.met_at is None), None)
    if row is None:
        raise RefusedError(Say(N_("There is no question open now.")))
    mine, words = _sides(row, number)
    if not effect.agrees:
        _end(scene, row, number)
        return
    side = {mine: YES, words: effect.words}
    _write(scene.db, row.id, **side)
    other_side = row.other_answer if mine == "answer" else row.answer
    if other_side == YES:
        _introduce(scene, row.id)


def _number(db: Connection, number: int) -> int | None:
    return db.scalar(select(PlanRow.id).where(PlanRow.number == number))


def _sides(row: Row[Any], plan_id: int | None) -> tuple[str, str]:
    """Return the columns of one plan's side: its answer, and its words."""
    if row.plan_id == plan_id:
        return "answer", "words"
    return "other_answer", "other_words"


def _meetings(db: Connection, resident_id: int) -> list[Row[Any]]:
    """Return the meetings of a person's plans that have not ended, newest first."""
    hers = select(PlanRow.id).where(PlanRow.resident_id == resident_id)
    mine = or_(MeetingRow.plan_id.in_(hers), MeetingRow.other_id.in_(hers))
    found: Any = (
        select(*MeetingRow.__table__.c)
        .where(mine, MeetingRow.ended_at.is_(None))
        .order_by(MeetingRow.id.desc())
        .with_for_update()
    )
    return list(db.execute(found))


def _write(db: Connection, meeting_id: int, **values: object) -> None:
    db.execute(update(MeetingRow).where(MeetingRow.id == meeting_id).values(values))


def _plan(db: Connection, plan_id: int) -> Row[Any]:
    found: Any = select(
        PlanRow.id,
        PlanRow.number,
        PlanRow.title,
        PlanRow.text,
        PlanRow.round_id,
        PlanRow.resident_id,
    ).where(PlanRow.id == plan_id)
    row: Row[Any] = db.execute(found).one()
    return row


def _introduce(scene: Scene, meeting_id: int) -> None:
    """Give each author what the other one gave, then keep it no longer."""
    found: Any = select(*MeetingRow.__table__.c).where(MeetingRow.id == meeting_id)
    row = scene.db.execute(found).one()
    sides = ((row.plan_id, row.other_words), (row.other_id, row.words))
    for plan_id, words in sides:
        plan = _plan(scene.db, plan_id)
        says = (
            Say(N_("The other author said yes too.")),
            Say(N_("%(words)s"), {"words": Free(words)}),
            Say(N_("You can call each other now.")),
            Say(N_("Take it back? Type or say: not together.")),
        )
        told = News(Reply(says), _letter(plan, says))
        _tell(scene, plan, told, f"met:{meeting_id}")
    _write(scene.db, meeting_id, met_at=scene.now, words=None, other_words=None)


def _end(scene: Scene, row: Row[Any], by_plan: int | None) -> None:
    """Let go of both names; tell the other one, if she had said yes."""
    gone: dict[str, object] = {
        "words": None,
        "other_words": None,
        "ended_at": scene.now,
    }
    if by_plan is not None:
        gone[_sides(row, by_plan)[0]] = NO
    _write(scene.db, row.id, **gone)
    sides = ((row.plan_id, row.answer), (row.other_id, row.other_answer))
    for plan_id, said in sides:
        if said == YES and plan_id != by_plan:
            plan = _plan(scene.db, plan_id)
            says = _over() if row.met_at else _not_now()
            told = News(Reply(says), _letter(plan, says))
            _tell(scene, plan, told, f"unmet:{row.id}")


def _not_now() -> tuple[Say, ...]:
    return (
        Say(N_("Meeting the other author is not possible now.")),
        Say(N_("Nobody got your name or your number.")),
    )


def _over() -> tuple[Say, ...]:
    return (
        Say(N_("The talk with the other author has ended.")),
        Say(N_("Please do not call there any more.")),
    )


def take_back(doing: Doing, _: ask.EndMeetings) -> None:
    """Take back every yes of hers. Raises RefusedError if there is none."""
    rows = _meetings(doing.db, doing.talk.resident_id)
    hers = select(PlanRow.id).where(PlanRow.resident_id == doing.talk.resident_id)
    mine = set(doing.db.scalars(hers))
    if not rows:
        raise RefusedError(Say(N_("No other author has your name or your number.")))
    end_meetings(doing.scene, rows, mine)


def end_meetings(scene: Scene, rows: list[Row[Any]], mine: set[int]) -> None:
    """End these meetings for the author of the plans `mine`."""
    for row in rows:
        _end(scene, row, row.plan_id if row.plan_id in mine else row.other_id)


def forget_meetings(scene: Scene, resident_id: int) -> None:
    """End the meetings of somebody who wants to be forgotten."""
    hers = select(PlanRow.id).where(PlanRow.resident_id == resident_id)
    mine = set(scene.db.scalars(hers))
    end_meetings(scene, _meetings(scene.db, resident_id), mine)


def end_old_meetings(house: House) -> bool:
    """No answer in two weeks is no; True if more wait. Repeating it changes nothing."""
    until = house.clock() - timedelta(days=OPEN_DAYS)
    found = (
        select(MeetingRow.id)
        .where(
            MeetingRow.ended_at.is_(None),
            MeetingRow.met_at.is_(None),
            MeetingRow.at <= until,
        )
        .limit(AT_ONCE)
    )
    old = house.db.read(lambda db: list(db.scalars(found)))
    for meeting_id in old:
        house.db.run(partial(_end_old, house, meeting_id))
    return len(old) == AT_ONCE


def _end_old(house: House, meeting_id: int, db: Connection) -> None:
    found: Any = select(*MeetingRow.__table__.c).where(
        MeetingRow.id == meeting_id,
        MeetingRow.ended_at.is_(None),
        MeetingRow.met_at.is_(None),
    )
    row = db.execute(found.with_for_update()).one_or_none()
    if row is not None:
        _end(Scene(house, db, house.clock()), row, None)
