"""What changed about chosen plans: found, made to hold, put back, and told."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, Select, delete, insert, select, update

from bot.domain.changes import Kind, State
from bot.domain.kinds import STATUS
from bot.domain.languages import LANGUAGES, Texts
from bot.domain.money import Money
from bot.domain.plans import Status
from bot.domain.reviews import HOLD
from bot.domain.say import N_, Code, Free, Local, Reply, Say
from bot.flows.differing import DISAGREE
from bot.flows.parts import HOW_GOES
from bot.i18n import render
from bot.services import caring, news
from bot.services.catalog import touch
from bot.services.decisions import FINAL
from bot.services.house import Scene
from bot.services.news import News, Telling
from bot.services.outbox import Letter
from bot.services.plan_lines import CHANGED, Written, write_line
from bot.services.plans import add_stage
from bot.services.searching import index_plan
from bot.store.care import PlanLine
from bot.store.changes import PlanChange
from bot.store.civic import Decision, PlanRow, PlanStage
from bot.store.talks import OutboundMessage

MOST_CHANGES = 200
_ASKED = ("next_at", "asked_at", "stuck_at", "late_at")
"""What a plan that stops loses of its care, and gets back if that is undone."""


@dataclass(frozen=True, slots=True)
class Change:
    """A change of the plan with number `plan`: proposed, or one that holds.

    `was` and `now` are what the kind changes: money, a place or a name.
    """

    id: int
    plan: int
    kind: Kind
    was: Mapping[str, Any]
    now: Mapping[str, Any]
    reason: Texts
    translator: str
    state: State
    by: str
    at: datetime
    second: str | None
    settled_at: datetime | None

    @property
    def amount(self) -> Money | None:
        """What the plan gets from now on, where that changes."""
        cents = self.now.get("amount_cents")
        return None if cents is None else Money(cents)

    @property
    def amount_before(self) -> Money | None:
        """What it got before, where that changes."""
        cents = self.was.get("amount_cents")
        return None if cents is None else Money(cents)

    @property
    def words(self) -> str:
        """The new place, or who carries it out now; "" for a change of money."""
        return str(self.now.get("place") or self.now.get("carrier") or "")

    def can_be_undone(self, now: datetime) -> bool:
        """Tell whether nobody has heard of it yet."""
        if self.state is not State.DONE or self.settled_at is None:
            return False
        return now < self.settled_at + HOLD


_CHANGES: Select[Any] = select(*PlanChange.__table__.c, PlanRow.number).join(
    PlanRow, PlanRow.id == PlanChange.plan_id
)


def changes_of(db: Connection, number: int) -> list[Change]:
    """Return the changes of a plan that were not let be, newest first."""
    mine = _CHANGES.where(
        PlanRow.number == number, PlanChange.state != State.DROPPED.value
    )
    rows = mine.order_by(PlanChange.id.desc()).limit(MOST_CHANGES)
    return [_change(row) for row in db.execute(rows)]


def told_changes(
    db: Connection, round_id: int, now: datetime
) -> Mapping[int, Sequence[Change]]:
    """Return what everybody may know changed in a round, by plan, oldest first.

    Public once it can no longer be undone, like what the author is told.
    """
    told = _CHANGES.where(
        PlanRow.round_id == round_id,
        PlanRow.public_at.is_not(None),
        PlanChange.state == State.DONE.value,
        PlanChange.settled_at <= now - HOLD,
    )
    found: dict[int, list[Change]] = {}
    for each in map(_change, db.execute(told.order_by(PlanChange.id))):
        found.setdefault(each.plan, []).append(each)
    return found


def change_row(db: Connection, number: int, change_id: int) -> Row[Any] | None:
    """Return a change of a plan as it stands in its table, locked."""
    mine: Any = _CHANGES.where(PlanRow.number == number, PlanChange.id == change_id)
    row: Row[Any] | None = db.execute(mine.with_for_update(of=PlanChange)).one_or_none()
    return row


def undoable_in(db: Connection, round_id: int, now: datetime) -> bool:
    """Tell whether a change in a round can still be undone."""
    young = _CHANGES.where(
        PlanRow.round_id == round_id,
        PlanChange.state == State.DONE.value,
        PlanChange.settled_at > now - HOLD,
    )
    return db.execute(young.limit(1)).first() is not None


def _change(row: Row[Any]) -> Change:
    return Change(
        id=row.id,
        plan=row.number,
        kind=Kind(row.kind),
        was=row.was,
        now=row.now,
        reason=row.reason,
        translator=row.translator,
        state=State(row.state),
        by=row.by,
        at=row.at,
        second=row.second,
        settled_at=row.settled_at,
    )


def carry_out(scene: Scene, row: Row[Any]) -> None:
    """Make a change hold and owe its news, which waits while it can be undone.

    All in the caller's transaction: whatever ends the program, either nothing holds or
    everybody will be told.
    """
    change = _change(row)
    was = dict(row.was) | _effect(scene, row.plan_id, change)
    line = write_line(
        scene, row.plan_id, Written(CHANGED, line_texts(change), change.by)
    )
    ticked = update(PlanLine).where(PlanLine.id == line)
    scene.db.execute(ticked.values(public_at=scene.now, public_by=change.by))
    done = {"state": State.DONE.value, "settled_at": scene.now}
    kept = update(PlanChange).where(PlanChange.id == change.id)
    scene.db.execute(kept.values(done | {"was": was | {"line": line}}))
    touch(scene.db)
    _tell(scene, row.plan_id, change)


def _effect(scene: Scene, plan_id: int, change: Change) -> dict[str, Any]:
    """Write what changes; return what more is needed to put it back."""
    match change.kind:
        case Kind.SHRINKS:
            grant(scene, plan_id, change.now["amount_cents"])
            return {}
        case Kind.STOPS:
            grant(scene, plan_id, change.now["amount_cents"])
            return _stop(scene, plan_id, change.by)
        case Kind.MOVES:
            return _move(scene, plan_id, change.now["place"])
        case Kind.CHANGES_HANDS:
            return {}


def grant(scene: Scene, plan_id: int, cents: int) -> None:
    """Write what a chosen plan gets from now on."""
    mine = select(Decision.data).where(Decision.plan_id == plan_id)
    known = scene.db.execute(mine.with_for_update()).scalar_one_or_none()
    data = {**(known or {}), "amount_cents": cents}
    if known is not None:
        changed = update(Decision).where(Decision.plan_id == plan_id)
        scene.db.execute(changed.values(data=data))
        return
    first = {"outcome": Status.CHOSEN.value, "standing": FINAL, "at": scene.now}
    scene.db.execute(insert(Decision).values(plan_id=plan_id, data=data, **first))


def _stop(scene: Scene, plan_id: int, by: str) -> dict[str, Any]:
    """Stop a plan: nobody asks its author how it goes any more."""
    db = scene.db
    care, status = caring.care_row(db, plan_id, lock=True), _status(db, plan_id)
    moved = update(PlanRow).where(PlanRow.id == plan_id)
    db.execute(moved.values(status=Status.STOPPED.value))
    add_stage(db, plan_id, Status.STOPPED, {}, by, scene.now)
    caring.follow_status(scene, plan_id, Status.STOPPED)
    asked = {name: getattr(care, name) for name in _ASKED} if care else {}
    kept = {name: at and at.isoformat() for name, at in asked.items()}
    return {"status": status, "care": kept}


def _status(db: Connection, plan_id: int) -> str:
    return db.execute(select(PlanRow.status).where(PlanRow.id == plan_id)).scalar_one()


def _move(scene: Scene, plan_id: int, place: str) -> dict[str, Any]:
    """Write a plan's new place; the point on the map was that of the old one."""
    mine = select(PlanRow.latitude, PlanRow.longitude).where(PlanRow.id == plan_id)
    point = scene.db.execute(mine).one()
    _place(scene, plan_id, {"place": place, "latitude": None, "longitude": None})
    return {"point": [point.latitude, point.longitude]}


def _place(scene: Scene, plan_id: int, values: Mapping[str, Any]) -> None:
    scene.db.execute(update(PlanRow).where(PlanRow.id == plan_id).values(values))
    index_plan(scene.db, plan_id)


def put_back(scene: Scene, row: Row[Any]) -> None:
    """Make a plan what it was before a change that nobody has heard of."""
    db, was, kind = scene.db, row.was, Kind(row.kind)
    if kind in {Kind.SHRINKS, Kind.STOPS}:
        grant(scene, row.plan_id, was["amount_cents"])
    if kind is Kind.STOPS:
        _start_again(scene, row)
    if kind is Kind.MOVES:
        latitude, longitude = was["point"]
        point = {"latitude": latitude, "longitude": longitude}
        _place(scene, row.plan_id, point | {"place": was["place"]})
    db.execute(delete(PlanLine).where(PlanLine.id == was["line"]))
    held = update(OutboundMessage).where(
        OutboundMessage.dedupe_key.like(f"change:{row.id}:%"),
        OutboundMessage.delivery == "queued",
    )
    db.execute(held.values(delivery="dropped", reason="undone"))
    undone = update(PlanChange).where(PlanChange.id == row.id)
    db.execute(undone.values(state=State.UNDONE.value))
    touch(db)


def _start_again(scene: Scene, row: Row[Any]) -> None:
    db, was = scene.db, row.was
    back = update(PlanRow).where(PlanRow.id == row.plan_id)
    db.execute(back.values(status=was["status"]))
    stage = delete(PlanStage).where(
        PlanStage.plan_id == row.plan_id,
        PlanStage.at == row.settled_at,
        PlanStage.status == Status.STOPPED.value,
    )
    db.execute(stage)
    care = {name: at and datetime.fromisoformat(at) for name, at in was["care"].items()}
    if care:
        caring.keep(db, row.plan_id, **care)


def change_rows(change: Change) -> tuple[Say, ...]:
    """Say what changed, a sentence for each row; why comes behind it."""
    match change.kind:
        case Kind.SHRINKS:
            amount = {"amount": Money(change.now["amount_cents"])}
            return (
                Say(N_("This plan gets less money than before.")),
                Say(N_("The money for this plan is now %(amount)s."), amount),
            )
        case Kind.MOVES:
            place = {"place": Free(change.now["place"])}
            return (
                Say(N_("This plan moves to another place.")),
                Say(N_("The new place is: %(place)s."), place),
            )
        case Kind.CHANGES_HANDS:
            carrier = {"carrier": Free(change.now["carrier"])}
            return (
                Say(N_("Somebody else will carry out this plan.")),
                Say(N_("It will be done by: %(carrier)s."), carrier),
            )
        case Kind.STOPS:
            return (Say(N_("Work on this plan has stopped.")),)


def _why(change: Change) -> Say:
    return Say(N_("The reason is: %(reason)s"), {"reason": Local(change.reason)})


def line_texts(change: Change) -> dict[str, str]:
    """Return what stands in the plan's timeline, in each language."""
    rows = (*change_rows(change), _why(change))
    return {each: " ".join(render(row, each) for row in rows) for each in LANGUAGES}


def _tell(scene: Scene, plan_id: int, change: Change) -> None:
    """Owe the news to author and followers; it waits while it can be undone."""
    plan: Any = scene.db.execute(_PLAN.where(PlanRow.id == plan_id)).one()
    view = scene.house.catalog.view(scene.db)
    slug = view.slug(plan.round_id)
    zone = next(each.zone for each in view.rounds if each.slug == slug)
    telling = Telling(scene, zone, plan.round_id)
    key, after = f"change:{change.id}", HOLD / timedelta(seconds=1)
    for reader in news.authors(scene.db, plan.resident_id):
        news.tell(telling, reader, _to_author(plan, change), f"{key}:hers", after)
    others = _to_follower(plan, change)
    for reader in news.followers(scene.db, plan_id):
        if reader.resident_id != plan.resident_id:
            own = f"{key}:{reader.resident_id}"
            news.tell(telling, reader, others, own, after)


_PLAN = select(
    PlanRow.id,
    PlanRow.number,
    PlanRow.title,
    PlanRow.text,
    PlanRow.round_id,
    PlanRow.resident_id,
    PlanRow.contact,
)


def _to_author(plan: Row[Any], change: Change) -> News:
    contact = plan.contact or {}
    says = [
        Say(N_("There is news about your plan.")),
        news.own_plan(plan.number, plan.title, plan.text),
        *change_rows(change),
        _why(change),
    ]
    if contact.get("name"):
        who = {"contact": Free(contact["name"])}
        says.append(Say(N_("Your contact person is %(contact)s."), who))
    if contact.get("phone"):
        phone = {"phone": Code(contact["phone"])}
        says.append(Say(N_("The phone number is %(phone)s."), phone))
    if change.kind is Kind.STOPS:
        says.append(Say(N_("We ask you nothing more about this plan.")))
    says.append(Say(N_("Do you see it differently? Please tell us.")))
    slots = news.own_slots(plan) | {"words": change_rows(change)[-1]}
    about = {"kind": "change", "plan": plan.number}
    return News(Reply(tuple(says), (DISAGREE, HOW_GOES)), Letter(STATUS, slots), about)


def _to_follower(plan: Row[Any], change: Change) -> News:
    says = (
        Say(N_("There is news about a plan.")),
        news.plan_rows(plan.number, plan.title or {}),
        *change_rows(change),
        _why(change),
    )
    slots = news.public_slots(plan) | {"words": change_rows(change)[-1]}
    return News(Reply(says, (HOW_GOES,)), Letter(STATUS, slots))
