"""Messages we begin: news about a plan, to its author and its followers.

Each becomes an outbox row with a key of its own, so that nobody is told twice. Pushes
wait for quiet hours to end; people who stopped us are left out when the row is sent.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Row, Select, bindparam, func, select, update

from bot.domain.languages import pick_text
from bot.domain.plans import Plan, Status
from bot.domain.rounds import Round
from bot.domain.say import N_, Button, Free, Local, Reply, Say
from bot.flows.parts import HOW_GOES
from bot.flows.stages import stage_row
from bot.services.catalog import CatalogView
from bot.services.house import House
from bot.services.outbox import Push, owe
from bot.store.civic import Follow, PlanRow
from bot.store.talks import OutboundMessage, Resident, Talk

MILESTONES = (10, 20)
_READERS: Select[Any] = select(
    Talk.id,
    Talk.channel,
    Talk.address,
    Talk.language,
    Talk.resident_id,
    Resident.may_write,
).join(Resident, Resident.id == Talk.resident_id)
_PLAN = select(
    PlanRow.id,
    PlanRow.number,
    PlanRow.round_id,
    PlanRow.resident_id,
    PlanRow.status,
    PlanRow.title,
    PlanRow.supports,
).where(PlanRow.id == bindparam("plan"))


def push_time(house: House, now: datetime, zone: str, *, after: float = 0) -> datetime:
    """Return when a push may go out: `after` seconds from now, outside quiet hours."""
    due = now + timedelta(seconds=after)
    quiet = house.settings.quiet_hours
    local = due.astimezone(ZoneInfo(zone))
    if quiet is None or not quiet.holds(local.time()):
        return due
    day = local.date()
    if local.time() >= quiet.end:
        day += timedelta(days=1)
    morning = datetime.combine(day, quiet.end, ZoneInfo(zone))
    return morning + timedelta(seconds=after % 600)


def authors(db: Connection, resident_id: int | None) -> list[Row[Any]]:
    """Return the talk to reach a person by: the one she wrote in last."""
    if resident_id is None:
        return []
    hers = _READERS.where(Talk.resident_id == resident_id)
    newest = hers.order_by(Talk.last_inbound_at.desc(), Talk.id.desc()).limit(1)
    return list(db.execute(newest))


def followers(db: Connection, plan_id: int) -> list[Row[Any]]:
    """Return one talk for each person who follows a plan."""
    following = select(Follow.resident_id).where(Follow.plan_id == plan_id)
    newest = (
        select(func.max(Talk.id))
        .where(Talk.resident_id.in_(following))
        .group_by(Talk.resident_id)
    )
    return list(db.execute(_READERS.where(Talk.id.in_(newest))))


def tell(
    house: House,
    db: Connection,
    reader: Row[Any],
    reply: Reply,
    key: str,
    now: datetime,
    zone: str,
    about: dict[str, Any] | None = None,
    after: float = 0,
) -> bool:
    """Owe one push; False if this key was owed before, or she said not to write."""
    if reader.may_write is False:
        return False
    taken = select(OutboundMessage.id).where(OutboundMessage.dedupe_key == key)
    if db.scalar(taken) is not None:
        return False
    push = Push(push_time(house, now, zone, after=after), about)
    owed = owe(db, reader, reply, key, now, push=push)
    talk: dict[str, Any] = {"asked_id": owed.row} if reply.buttons else {}
    if about:
        talk["about_id"] = owed.row
    if talk:
        db.execute(update(Talk).where(Talk.id == reader.id).values(talk))
    return True


def plan_rows(number: int, title: Mapping[str, str]) -> Say:
    """Return the sentence that names a plan in a message we begin."""
    words = Local(title) if title else Free(str(number))
    named = {"plan": number, "title": words}
    return Say(N_("Plan %(plan)s is called: %(title)s."), named)


def supports_risen(
    house: House, db: Connection, plan_id: int, view: CatalogView, now: datetime
) -> None:
    """Tell the author at 10 and 20 supports and at the round's threshold."""
    plan = db.execute(_PLAN, {"plan": plan_id}).one()
    a_round = _round(view, plan.round_id)
    if plan.supports not in {*MILESTONES, a_round.threshold}:
        return
    says = [
        Say(N_("Good news about your plan.")),
        plan_rows(plan.number, plan.title or {}),
        Say(
            N_("Support so far: %(supports)s of %(threshold)s."),
            {"supports": plan.supports, "threshold": a_round.threshold},
        ),
    ]
    if plan.supports == a_round.threshold:
        says.append(Say(N_("The municipality will now look at your plan.")))
    key = f"supports:{plan.id}:{plan.supports}"
    for reader in authors(db, plan.resident_id):
        tell(house, db, reader, Reply(tuple(says), (HOW_GOES,)), key, now, a_round.zone)


def _round(view: CatalogView, round_id: int) -> Round:
    slug = view.slug(round_id)
    return next(each for each in view.rounds if each.slug == slug)


def plan_public(house: House, db: Connection, plan_id: int, now: datetime) -> None:
    """Read the public version to the author, then give her a message to forward."""
    plan = db.execute(_PLAN, {"plan": plan_id}).one()
    view = house.catalog.view(db)
    zone = _round(view, plan.round_id).zone
    threshold = _round(view, plan.round_id).threshold
    read = (
        Say(N_("There is news about your plan.")),
        plan_rows(plan.number, plan.title),
        Say(N_("Neighbours can now see and support it.")),
        Say(N_("Ask your neighbours for support.")),
        Say(N_("Forward the next message to them.")),
        Say(
            N_("Support so far: %(supports)s of %(threshold)s."),
            {"supports": plan.supports, "threshold": threshold},
        ),
    )
    for reader in authors(db, plan.resident_id):
        key = f"public:{plan.id}:{now.timestamp():.0f}"
        if tell(house, db, reader, Reply(read), key, now, zone):
            invite = Reply(_invitation(house, reader, plan))
            tell(house, db, reader, invite, f"{key}:invite", now, zone)


def _invitation(house: House, reader: Row[Any], plan: Row[Any]) -> tuple[Say, ...]:
    """Return the message to forward; there is no number or name of hers in it."""
    says = [
        Say(N_("I have a plan for our neighbourhood:")),
        Say(N_("%(title)s"), {"title": Local(plan.title)}),
        Say(N_("Do you support my plan? Tap the link.")),
        Say(N_("It costs nothing.")),
    ]
    channel = house.channels.get(reader.channel)
    link = channel.support_link() if channel else ""
    if link:
        says.append(Say(N_("%(link)s"), {"link": link % plan.number}))
    return tuple(says)


def status_changed(
    house: House, db: Connection, plan_id: int, note: Mapping[str, str], now: datetime
) -> int:
    """Tell author and followers where a plan stands now; return how many are told."""
    plan = db.execute(_PLAN, {"plan": plan_id}).one()
    zone = _round(house.catalog.view(db), plan.round_id).zone
    value = Plan(plan.number, "", Status(plan.status), plan.title or {}, {})
    key = f"status:{plan.id}:{now.timestamp():.3f}"
    told = 0
    for reader in [*authors(db, plan.resident_id), *followers(db, plan.id)]:
        says = [
            Say(N_("There is news about a plan.")),
            plan_rows(plan.number, plan.title or {}),
            stage_row(value),
        ]
        if note:
            words = {"reason": Free(pick_text(note, reader.language or "nl"))}
            says.append(Say(N_("The reason is: %(reason)s"), words))
        reply = Reply(tuple(says), (HOW_GOES,))
        told += tell(house, db, reader, reply, f"{key}:{reader.resident_id}", now, zone)
    return told


def spread(
    rows: Iterable[Row[Any]], per_second: float
) -> Iterable[tuple[Row[Any], float]]:
    """Yield each reader with the seconds to wait for her turn, at this pace."""
    for place, row in enumerate(rows):
        yield row, place / per_second


def day_before(now: datetime, zone: str, days: int) -> date:
    """Return the local day that lies `days` after now: what a promise is kept before."""
    return now.astimezone(ZoneInfo(zone)).date() + timedelta(days=days)


LISTEN = Button("listen", Say(N_("Listen")))
