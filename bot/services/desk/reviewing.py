"""Feasibility reviews: given, settled by a second where there is money, undone.

What an author reads exists in her language before anything is stored. Her message is
held for ten minutes; until then the review can be undone as if it had not been.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update

from bot.domain.languages import FALLBACK, LANGUAGES, Texts
from bot.domain.money import Money
from bot.domain.plans import Status
from bot.domain.reviews import GROUNDS, HOLD, REVIEWABLE, State, Verdict
from bot.domain.say import Say
from bot.i18n import render
from bot.services import news
from bot.services.catalog import touch
from bot.services.desk.audit import note
from bot.services.freezing import on_frozen_ballot
from bot.services.house import Scene
from bot.services.officials import Person
from bot.services.plans import UnknownPlan, add_stage, note_answer, set_status
from bot.store.civic import Official, PlanRow, PlanStage
from bot.store.reviews import Review
from bot.store.talks import OutboundMessage

MOST_WORDS, MOST_NOTE, MOST_NAME = 2_000, 240, 80


class ReviewRefusedError(ValueError):
    """A review cannot be; `words` are our words for why, for the official."""

    def __init__(self, *words: str) -> None:
        super().__init__(", ".join(words))
        self.words = words


class OvertakenError(Exception):
    """Somebody was faster: the plan is no longer as the official saw it."""


@dataclass(frozen=True, slots=True)
class Advice:
    """What an official found. `seen` and `status` are what the page showed before.

    `words` are her grounds, `ground` a prepared one for the author or "", `texts` what
    the author reads instead, by language, `ticked` that somebody who knows those
    languages has read it.
    """

    verdict: Verdict
    words: str
    seen: int
    status: str
    ground: str = ""
    texts: Texts = field(default_factory=dict)
    ticked: bool = False
    department: str = ""
    person: str = ""
    cost: Money | None = None


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A review as the desk shows it. `by` and `second` are names."""

    id: int
    verdict: Verdict
    words: str
    note: Texts
    department: str
    person: str
    cost: Money | None
    state: State
    by: str
    by_email: str
    at: datetime
    second: str
    settled_at: datetime | None
    undo_until: datetime | None


def author_language(db: Connection, plan: Any) -> str:  # noqa: ANN401 - a row
    """Return the language in which the author of a plan reads what we write."""
    readers = news.authors(db, plan.resident_id)
    hers = readers[0].language if readers else None
    return hers or plan.language or FALLBACK


def prepared(verdict: Verdict, ground: str) -> Texts:
    """Return a prepared ground in all languages; empty if there is none like it."""
    words = GROUNDS[verdict].get(ground)
    return {code: render(Say(words), code) for code in LANGUAGES} if words else {}


def note_of(advice: Advice) -> Texts:
    """Return what the author would read, by language."""
    own = {code: text.strip() for code, text in advice.texts.items() if text.strip()}
    return {**prepared(advice.verdict, advice.ground), **own}


def faults_of(advice: Advice, language: str) -> list[str]:
    """Return our words for all that is wrong with a review; `language` is hers."""
    own = {code for code, text in advice.texts.items() if text.strip()}
    told = note_of(advice)
    named = advice.department.strip() and advice.person.strip()
    feasible = advice.verdict is Verdict.FEASIBLE
    lines = (advice.department, advice.person)
    wrong = {
        "review_no_words": not advice.words.strip(),
        "review_long_words": len(advice.words) > MOST_WORDS,
        "review_no_ground": not feasible and not told,
        "review_not_hers": bool(told) and not told.get(language),
        "review_not_ticked": bool(own - {FALLBACK}) and not advice.ticked,
        "review_long_note": any(len(text) > MOST_NOTE for text in told.values()),
        "review_nobody": feasible and not named,
        "review_long_name": any(len(each) > MOST_NAME for each in lines),
        "review_cost_only_feasible": advice.cost is not None and not feasible,
    }
    return [word for word, holds in wrong.items() if holds]


def review(scene: Scene, number: int, advice: Advice, by: Person) -> State:
    """Review a plan: at once, or proposed to a second official where there is money.

    Raises UnknownPlan, ReviewRefusedError with everything that is wrong, and
    OvertakenError if the plan was reviewed or moved since the page was shown.
    """
    plan = _locked(scene.db, number)
    if (advice.seen, advice.status) != (newest(scene.db, plan.id), plan.status):
        raise OvertakenError
    wrong = faults_of(advice, author_language(scene.db, plan))
    wrong += _not_now(scene.db, plan)
    if wrong:
        raise ReviewRefusedError(*wrong)
    _pass_over(scene.db, plan.id)
    row = _write(scene, plan, advice, by)
    if advice.cost is not None:
        told = {"verdict": advice.verdict.value, "review": row.id}
        told |= {"cost_cents": advice.cost.cents}
        note(scene, by.email, "plan.review.propose", f"plan:{number}", **told)
        return State.PROPOSED
    _carry_out(scene, plan, row, by)
    return State.DONE


def settle(
    scene: Scene, number: int, review_id: int, by: Person, *, agrees: bool
) -> State:
    """Let a second official agree to a proposed review, or anybody take it away.

    Raises UnknownPlan, OvertakenError if it no longer waits or the plan has moved, and
    ReviewRefusedError where it is her own, or the plan can no longer change.
    """
    plan = _locked(scene.db, number)
    row = _review(scene.db, plan.id, review_id)
    if row.state != State.PROPOSED:
        raise OvertakenError
    if not agrees:
        _end(scene, row.id, State.DECLINED, by)
        note(scene, by.email, "plan.review.decline", f"plan:{number}", review=row.id)
        return State.DECLINED
    if row.by == by.email:
        raise ReviewRefusedError("review_second_other")
    wrong = _not_now(scene.db, plan)
    if wrong:
        raise ReviewRefusedError(*wrong)
    if plan.asked_at is not None and plan.asked_at > row.at:
        raise ReviewRefusedError("review_words_changed")
    _carry_out(scene, plan, row, by)
    return State.DONE


def undo(scene: Scene, number: int, review_id: int, by: Person) -> None:
    """Take a review back while its message is held; nobody hears of it.

    Raises UnknownPlan, OvertakenError where something has happened since, and
    ReviewRefusedError where it is too late.
    """
    db = scene.db
    plan = _locked(db, number)
    row = _review(db, plan.id, review_id)
    if row.state != State.DONE or newest(db, plan.id) != row.id:
        raise OvertakenError
    if plan.asked_at is not None and plan.asked_at > row.settled_at:
        raise OvertakenError
    if plan.status != row.before["after"]:
        raise OvertakenError
    if scene.now >= row.settled_at + HOLD:
        raise ReviewRefusedError("review_too_late")
    _put_back(scene, plan, row)
    _end(scene, row.id, State.UNDONE, by)
    note(scene, by.email, "plan.review.undo", f"plan:{number}", review=row.id)


def reviews_of(scene: Scene, plan_id: int) -> Sequence[Reviewed]:
    """Return the reviews of a plan, newest first."""
    rows = scene.db.execute(
        _REVIEWS.where(Review.plan_id == plan_id).order_by(Review.id.desc()).limit(50)
    ).all()
    emails = {name for row in rows for name in (row.by, row.second) if name}
    known = select(Official.email, Official.name).where(Official.email.in_(emails))
    names = {email: name or email for email, name in scene.db.execute(known)}
    return [_as_reviewed(row, names, scene.now) for row in rows]


_REVIEWS = select(*Review.__table__.c)


def _as_reviewed(row: Row[Any], names: Mapping[str, str], now: datetime) -> Reviewed:
    until = row.settled_at + HOLD if row.settled_at else None
    can_undo = row.state == State.DONE and until is not None and now < until
    return Reviewed(
        id=row.id,
        verdict=Verdict(row.verdict),
        words=row.words,
        note=row.note,
        department=row.department,
        person=row.person,
        cost=None if row.cost_cents is None else Money(row.cost_cents),
        state=State(row.state),
        by=names.get(row.by, row.by),
        by_email=row.by,
        at=row.at,
        second=names.get(row.second, row.second or ""),
        settled_at=row.settled_at,
        undo_until=until if can_undo else None,
    )


def newest(db: Connection, plan_id: int) -> int:
    """Return the number of a plan's newest review; 0 for none."""
    ids = select(Review.id).where(Review.plan_id == plan_id)
    return db.scalar(ids.order_by(Review.id.desc()).limit(1)) or 0


def _locked(db: Connection, number: int) -> Row[Any]:
    plan = select(
        PlanRow.id,
        PlanRow.number,
        PlanRow.round_id,
        PlanRow.resident_id,
        PlanRow.status,
        PlanRow.language,
        PlanRow.title,
        PlanRow.cost_cents,
        PlanRow.asked_at,
        PlanRow.answered_at,
        PlanRow.advised_at,
    ).where(PlanRow.number == number)
    row = db.execute(plan.with_for_update()).one_or_none()
    if row is None:
        raise UnknownPlan(f"there is no plan {number}")
    return row


def _review(db: Connection, plan_id: int, review_id: int) -> Row[Any]:
    mine = _REVIEWS.where(Review.id == review_id, Review.plan_id == plan_id)
    row = db.execute(mine).one_or_none()
    if row is None:
        raise OvertakenError
    return row


def _not_now(db: Connection, plan: Row[Any]) -> list[str]:
    """Return our words for why a plan cannot be reviewed as things are."""
    if Status(plan.status) not in REVIEWABLE:
        return ["review_stage"]
    frozen = on_frozen_ballot(db, plan.round_id, plan.number)
    return ["review_frozen"] if frozen else []


def _pass_over(db: Connection, plan_id: int) -> None:
    """Let go of a proposal that a newer review takes the place of."""
    waiting = update(Review).where(
        Review.plan_id == plan_id, Review.state == State.PROPOSED.value
    )
    db.execute(waiting.values(state=State.DECLINED.value))


def _write(scene: Scene, plan: Row[Any], advice: Advice, by: Person) -> Row[Any]:
    values = {
        "plan_id": plan.id,
        "verdict": advice.verdict.value,
        "words": advice.words.strip(),
        "note": dict(note_of(advice)),
        "department": advice.department.strip(),
        "person": advice.person.strip(),
        "cost_cents": advice.cost and advice.cost.cents,
        "state": State.PROPOSED.value,
        "by": by.email,
        "at": scene.now,
    }
    made = insert(Review).values(values).returning(Review.id)
    return _review(scene.db, plan.id, scene.db.execute(made).scalar_one())


def _carry_out(scene: Scene, plan: Row[Any], row: Row[Any], by: Person) -> None:
    """Let a review hold: stage, cost, the message that waits, the trail."""
    db, verdict = scene.db, Verdict(row.verdict)
    status = _status_after(verdict, plan)
    hold = news.Hold(f"review:{row.id}:hers", HOLD.total_seconds())
    if verdict is Verdict.FEASIBLE:
        _keep_feasible(scene, plan, row, status)
        news.plan_possible(scene, plan.id, row.note, hold)
    else:
        set_status(scene, plan.number, status, row.note, row.by, hold)
    advised = update(PlanRow).where(PlanRow.id == plan.id)
    db.execute(advised.values(advised_at=scene.now))
    before = {
        "status": plan.status,
        "after": status.value,
        "cost_cents": plan.cost_cents,
        "answered_at": plan.answered_at and plan.answered_at.isoformat(),
        "advised_at": plan.advised_at and plan.advised_at.isoformat(),
    }
    second = None if by.email == row.by else by.email
    done = {"state": State.DONE.value, "settled_at": scene.now, "before": before}
    mine = update(Review).where(Review.id == row.id)
    db.execute(mine.values(**done, second=second))
    told = {"verdict": verdict.value, "review": row.id, "cost_cents": row.cost_cents}
    note(scene, by.email, "plan.review", f"plan:{plan.number}", **told)


def _status_after(verdict: Verdict, plan: Row[Any]) -> Status:
    if verdict is Verdict.INFEASIBLE:
        return Status.INFEASIBLE
    if verdict is Verdict.NEEDS_CHANGE:
        return Status.NEEDS_CHANGE
    if Status(plan.status) in {Status.INFEASIBLE, Status.NEEDS_CHANGE}:
        return Status.PUBLIC if plan.title else Status.RECEIVED
    return Status(plan.status)


def _keep_feasible(scene: Scene, plan: Row[Any], row: Row[Any], status: Status) -> None:
    values: dict[str, Any] = {"status": status.value}
    if row.cost_cents is not None:
        values["cost_cents"] = row.cost_cents
    scene.db.execute(update(PlanRow).where(PlanRow.id == plan.id).values(values))
    if status != plan.status:
        add_stage(scene.db, plan.id, status, {}, row.by, scene.now)
    note_answer(scene.db, plan.id, scene.now)
    touch(scene.db)


def _put_back(scene: Scene, plan: Row[Any], row: Row[Any]) -> None:
    """Make a plan what it was before a review, and drop what nobody has read."""
    db, was = scene.db, row.before
    values = {"status": was["status"], "cost_cents": was["cost_cents"]}
    for name in ("answered_at", "advised_at"):
        values[name] = was[name] and datetime.fromisoformat(was[name])
    db.execute(update(PlanRow).where(PlanRow.id == plan.id).values(values))
    stage = delete(PlanStage).where(
        PlanStage.plan_id == plan.id,
        PlanStage.at == row.settled_at,
        PlanStage.by == row.by,
    )
    db.execute(stage)
    held = update(OutboundMessage).where(
        OutboundMessage.dedupe_key.like(f"review:{row.id}:%"),
        OutboundMessage.delivery == "queued",
    )
    db.execute(held.values(delivery="dropped", reason="undone"))
    touch(db)


def _end(scene: Scene, review_id: int, state: State, by: Person) -> None:
    mine = update(Review).where(Review.id == review_id)
    ended: dict[str, Any] = {"state": state.value}
    if state is State.DECLINED:
        ended |= {"second": by.email, "settled_at": scene.now}
    scene.db.execute(mine.values(ended))
