"""Plans that go from one contact person to another, and everybody who is told.

Files and names move at once; people are told ten minutes later, by the worker. Until
then it can be undone, and nobody has heard of it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

from sqlalchemy import Connection, Row, bindparam, insert, select, update

from bot.domain.kinds import STATUS
from bot.domain.say import N_, Code, Free, Reply, Say
from bot.flows.parts import HOW_GOES
from bot.services import caring, news
from bot.services.house import House, Scene
from bot.services.news import News, Telling
from bot.services.outbox import Letter
from bot.store.care import CareRow, ContactRow, Handover
from bot.store.civic import PlanRow

UNDO = timedelta(minutes=10)
AT_ONCE = 20


@dataclass(frozen=True, slots=True)
class Takeover:
    """Who takes over which plans (`to` by plan row) from whom. `leaves`: for good."""

    contact: int | None
    to: Mapping[int, int]
    leaves: bool
    by: str


def hand_over(scene: Scene, order: Takeover) -> int:
    """Move plans to other contact persons; return the row to undo it by.

    What was moved meanwhile by somebody else stays where it is. Raises LookupError for
    a new contact person who is not there.
    """
    names = _names(scene.db, set(order.to.values()))
    moves = []
    for plan_id, to in order.to.items():
        if _move(scene.db, plan_id, order.contact, to, names):
            moves.append([plan_id, order.contact, to])
    if order.leaves and order.contact is not None:
        left = update(ContactRow).where(ContactRow.id == order.contact)
        scene.db.execute(left.values(left_at=scene.now))
    row = insert(Handover).values(
        contact_id=order.contact or 0,
        moves=moves,
        left=order.leaves,
        by=order.by,
        at=scene.now,
    )
    return int(scene.db.execute(row.returning(Handover.id)).scalar_one())


def _names(db: Connection, contacts: set[int]) -> dict[int, dict[str, str]]:
    found = select(ContactRow.id, ContactRow.name, ContactRow.phone).where(
        ContactRow.id.in_(contacts), ContactRow.left_at.is_(None)
    )
    names = {r.id: {"name": r.name, "phone": r.phone} for r in db.execute(found)}
    if contacts - names.keys():
        raise LookupError(min(contacts - names.keys()))
    return names


def _move(
    db: Connection,
    plan_id: int,
    former: int | None,
    to: int,
    names: Mapping[int, dict[str, str]],
) -> bool:
    """Give a plan to `to`, if it is still with `former`."""
    row = caring.care_row(db, plan_id, lock=True)
    if row is None or row.contact_id != former or former == to:
        return False
    caring.keep(db, plan_id, contact_id=to)
    named = update(PlanRow).where(PlanRow.id == plan_id)
    db.execute(named.values(contact=names[to]))
    return True


def undo(scene: Scene, handover_id: int) -> bool:
    """Give all plans back; False once people were told, or if it was undone before."""
    found: Any = select(*Handover.__table__.c).where(
        Handover.id == handover_id,
        Handover.told_at.is_(None),
        Handover.undone_at.is_(None),
    )
    row = scene.db.execute(found.with_for_update()).one_or_none()
    if row is None or row.at + UNDO <= scene.now:
        return False
    if row.left:
        back = update(ContactRow).where(ContactRow.id == row.contact_id)
        scene.db.execute(back.values(left_at=None))
    for plan_id, former, to in row.moves:
        _give_back(scene.db, plan_id, former, to)
    undone = update(Handover).where(Handover.id == handover_id)
    scene.db.execute(undone.values(undone_at=scene.now))
    return True


def _give_back(db: Connection, plan_id: int, former: int | None, to: int) -> None:
    row = caring.care_row(db, plan_id, lock=True)
    if row is None or row.contact_id != to:
        return
    caring.keep(db, plan_id, contact_id=former)
    found = select(ContactRow.name, ContactRow.phone).where(ContactRow.id == former)
    was = None if former is None else db.execute(found).one_or_none()
    contact = {"name": was.name, "phone": was.phone} if was else None
    plan = update(PlanRow).where(PlanRow.id == plan_id)
    db.execute(plan.values(contact=contact))


def tell_handovers(house: House) -> bool:
    """Tell people whose contact person changed, once it can no longer be undone.

    One handover in one transaction; repeating it tells nobody twice.
    """
    until = house.clock() - UNDO
    found = (
        select(Handover.id)
        .where(
            Handover.told_at.is_(None),
            Handover.undone_at.is_(None),
            Handover.at <= until,
        )
        .order_by(Handover.id)
        .limit(AT_ONCE)
    )
    due = house.db.read(lambda db: list(db.scalars(found)))
    for handover_id in due:
        house.db.run(partial(_tell_one, house, handover_id))
    return len(due) == AT_ONCE


def _tell_one(house: House, handover_id: int, db: Connection) -> None:
    scene = Scene(house, db, house.clock())
    open_: Any = select(Handover.moves).where(
        Handover.id == handover_id,
        Handover.told_at.is_(None),
        Handover.undone_at.is_(None),
    )
    moves: Sequence[Any] | None = db.scalar(open_.with_for_update())
    if moves is None:
        return
    for plan_id, former, to in moves:
        _tell_plan(scene, plan_id, former, to, f"handover:{handover_id}")
    told = update(Handover).where(Handover.id == handover_id)
    db.execute(told.values(told_at=scene.now))


def _tell_plan(
    scene: Scene, plan_id: int, former: int | None, to: int, key: str
) -> None:
    """Tell the author and who follows the plan by whom they are now helped."""
    plan: Any = scene.db.execute(_PLAN.where(PlanRow.id == plan_id)).one_or_none()
    if plan is None or plan.contact_id != to:
        return
    people: dict[int, Any] = {
        r.id: r for r in scene.db.execute(_PEOPLE, {"ids": [former or 0, to]})
    }
    view = scene.house.catalog.view(scene.db)
    slug = view.slug(plan.round_id)
    zone = next(each.zone for each in view.rounds if each.slug == slug)
    telling = Telling(scene, zone, plan.round_id)
    hers = news.authors(scene.db, plan.resident_id)
    for reader in hers:
        told = _to_author(plan, people[to], people.get(former or 0))
        news.tell(telling, reader, told, f"{key}:{plan_id}")
    for reader in news.followers(scene.db, plan_id):
        if reader.resident_id != plan.resident_id:
            own = f"{key}:{plan_id}:{reader.resident_id}"
            news.tell(telling, reader, _to_follower(plan, people[to]), own)


_PLAN: Any = select(
    PlanRow.id,
    PlanRow.number,
    PlanRow.title,
    PlanRow.text,
    PlanRow.round_id,
    PlanRow.resident_id,
    CareRow.contact_id,
).join(CareRow, CareRow.plan_id == PlanRow.id)


_PEOPLE = select(
    ContactRow.id, ContactRow.name, ContactRow.phone, ContactRow.photo_id
).where(ContactRow.id.in_(bindparam("ids", expanding=True)))


def _to_author(plan: Row[Any], now: Row[Any], former: Row[Any] | None) -> News:
    says = [
        Say(N_("Your plan has a new contact person.")),
        news.own_plan(plan.number, plan.title, plan.text),
        Say(N_("Your contact person is %(contact)s."), {"contact": Free(now.name)}),
    ]
    if now.phone:
        phone = {"phone": Code(now.phone)}
        says.append(Say(N_("The phone number is %(phone)s."), phone))
    if former:
        was = {"contact": Free(former.name)}
        says.append(Say(N_("Before, that was %(contact)s."), was))
    says.append(Say(N_("All that we agreed with you stays the same.")))
    slots = news.own_slots(plan) | {"words": says[0]}
    return News(
        Reply(tuple(says), (HOW_GOES,), picture=now.photo_id), Letter(STATUS, slots)
    )


def _to_follower(plan: Row[Any], now: Row[Any]) -> News:
    says = (
        Say(N_("A plan that you follow has a new contact person.")),
        news.plan_rows(plan.number, plan.title or {}),
        Say(N_("The contact person is %(contact)s."), {"contact": Free(now.name)}),
    )
    slots = news.public_slots(plan) | {"words": says[0]}
    return News(Reply(says, (HOW_GOES,)), Letter(STATUS, slots))
