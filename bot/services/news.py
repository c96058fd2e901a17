"""Messages we begin: news about a plan, to its author and its followers.

Each becomes an outbox row with a key of its own, so that nobody is told twice. Pushes
wait for quiet hours to end; people who stopped us are left out when the row is sent.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Row, bindparam, select

from bot.domain.kinds import PUBLIC, STATUS, SUPPORTS
from bot.domain.plans import NOT_CHOSEN, Plan, Status, draft_title
from bot.domain.rounds import Round
from bot.domain.say import N_, Button, Free, Local, Param, Reply, Say
from bot.flows.parts import HOW_GOES
from bot.flows.stages import stage_row
from bot.services.catalog import CatalogView
from bot.services.house import House, Scene
from bot.services.outbox import Letter, Push, owe
from bot.services.questions import open_question
from bot.services.speaking import read_along
from bot.store.civic import Follow, PlanRow
from bot.store.talks import OutboundMessage, Resident, Talk

MILESTONES = (10, 20)
REASONS = NOT_CHOSEN | {Status.NEEDS_CHANGE, Status.STOPPED}
"""Where the note of a change of status says why it came to this."""

READERS: Any = (
    select(
        Talk.id,
        Talk.channel,
        Talk.address,
        Talk.language,
        Talk.resident_id,
        Talk.window_until,
        Talk.heard_by,
        Talk.aloud,
        Resident.may_write,
        Resident.pushed_at,
    )
    .join(Resident, Resident.id == Talk.resident_id)
    .where(
        Talk.stopped_at.is_(None),
        Talk.closed_at.is_(None),
        Talk.forgotten_at.is_(None),
        Resident.may_write.is_not(False),
    )
    .order_by(Talk.last_inbound_at.desc().nulls_last(), Talk.id.desc())
)
"""Talks we may begin a message in, the one she wrote in last first."""

_PLAN = select(
    PlanRow.id,
    PlanRow.number,
    PlanRow.round_id,
    PlanRow.resident_id,
    PlanRow.status,
    PlanRow.text,
    PlanRow.title,
    PlanRow.supports,
).where(PlanRow.id == bindparam("plan"))


@dataclass(frozen=True, slots=True)
class Telling:
    """Where and when something is told; `zone` is whose quiet hours hold.

    `round_id` is the round whose message budget pays for it.
    """

    scene: Scene
    zone: str
    round_id: int | None = None


@dataclass(frozen=True, slots=True)
class News:
    """A message that we begin, and what stands for it as a template.

    `about` says what it asks, so that an answer finds its plan.
    """

    reply: Reply
    letter: Letter = field(default_factory=Letter)
    about: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Hold:
    """What lets a message wait so that it can be taken back: its key, and seconds."""

    key: str
    seconds: float


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
    """Return the talk to reach a person by; none if she cannot be, or wants not to."""
    if resident_id is None:
        return []
    hers = READERS.where(Talk.resident_id == resident_id)
    return list(db.execute(hers.limit(1)))


def followers(db: Connection, plan_id: int) -> list[Row[Any]]:
    """Return one talk for each person who follows a plan and can be reached."""
    following = select(Follow.resident_id).where(Follow.plan_id == plan_id)
    return one_each(db.execute(READERS.where(Talk.resident_id.in_(following))))


def one_each(rows: Iterable[Row[Any]]) -> list[Row[Any]]:
    """Keep the first talk of each person."""
    found: dict[int, Row[Any]] = {}
    for row in rows:
        found.setdefault(row.resident_id, row)
    return list(found.values())


def tell(
    telling: Telling,
    reader: Row[Any],
    news: News,
    key: str,
    after: float = 0,
) -> datetime | None:
    """Owe one push and return when it is due; None if this key was owed before.

    Its buttons are open once it is due: until then she answers what she can see.
    """
    scene = telling.scene
    taken = select(OutboundMessage.id).where(OutboundMessage.dedupe_key == key)
    if scene.db.scalar(taken) is not None:
        return None
    due = push_time(scene.house, scene.now, telling.zone, after=after)
    push = Push(due, news.about, news.letter, telling.round_id)
    owed = owe(scene, reader, news.reply, key, push=push)
    if reader.aloud:
        read_along(scene, reader, news.reply, owed.row)
    if due <= scene.now and (news.about or news.reply.buttons):
        open_question(scene.db, reader.id, owed.row)
    return due


def plan_rows(number: int, title: Mapping[str, str]) -> Say:
    """Return the sentence that names a plan in a message we begin."""
    if not title:
        return Say(N_("Plan %(plan)s."), {"plan": number})
    named: dict[str, Param] = {"plan": number, "title": Local(title)}
    return Say(N_("Plan %(plan)s is called: %(title)s."), named)


def own_plan(number: int, title: Mapping[str, str] | None, text: str) -> Say:
    """Name a plan to its author: by its first words, until it has a public title."""
    words = draft_title(text).rstrip(" .!?…")
    if title or not words:
        return plan_rows(number, title or {})
    named: dict[str, Param] = {"plan": number, "title": Free(words)}
    return Say(N_("Plan %(plan)s is called: %(title)s."), named)


def supports_risen(scene: Scene, plan_id: int, view: CatalogView) -> None:
    """Tell the author at 10 and 20 supports and at the round's threshold."""
    db = scene.db
    plan = db.execute(_PLAN, {"plan": plan_id}).one()
    a_round = _round(view, plan.round_id)
    if plan.supports not in {*MILESTONES, a_round.threshold}:
        return
    says = [
        Say(N_("Good news about your plan.")),
        own_plan(plan.number, plan.title, plan.text),
        Say(
            N_("Support so far: %(supports)s of %(threshold)s."),
            {"supports": plan.supports, "threshold": a_round.threshold},
        ),
    ]
    if plan.supports == a_round.threshold:
        says.append(Say(N_("The municipality will now look at your plan.")))
    key = f"supports:{plan.id}:{plan.supports}"
    telling = Telling(scene, a_round.zone, plan.round_id)
    counted = {"supports": plan.supports, "threshold": a_round.threshold}
    letter = Letter(SUPPORTS, own_slots(plan) | counted)
    news = News(Reply(tuple(says), (HOW_GOES,)), letter)
    for reader in authors(db, plan.resident_id):
        tell(telling, reader, news, key)


def _round(view: CatalogView, round_id: int) -> Round:
    slug = view.slug(round_id)
    return next(each for each in view.rounds if each.slug == slug)


def plan_public(scene: Scene, plan_id: int) -> None:
    """Read the public version to the author, then give her a message to forward."""
    house, db, now = scene.house, scene.db, scene.now
    plan = db.execute(_PLAN, {"plan": plan_id}).one()
    view = house.catalog.view(db)
    a_round = _round(view, plan.round_id)
    telling = Telling(scene, a_round.zone, plan.round_id)
    read = (
        Say(N_("There is news about your plan.")),
        plan_rows(plan.number, plan.title),
        Say(N_("Neighbours can now see and support it.")),
        Say(N_("Ask your neighbours for support.")),
        Say(N_("Forward the next message to them.")),
        Say(
            N_("Support so far: %(supports)s of %(threshold)s."),
            {"supports": plan.supports, "threshold": a_round.threshold},
        ),
    )
    for reader in authors(db, plan.resident_id):
        key = f"public:{plan.id}:{now.timestamp():.0f}"
        told = News(Reply(read), Letter(PUBLIC, own_slots(plan)))
        if tell(telling, reader, told, key):
            invite = News(Reply(_invitation(house, reader, plan)))
            tell(telling, reader, invite, f"{key}:invite", after=1)


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
    scene: Scene, plan_id: int, note: Mapping[str, str], hold: Hold | None = None
) -> int:
    """Tell author and followers where a plan stands now; return how many are told.

    With `hold` the messages wait that long, under its key.
    """
    house, db, now = scene.house, scene.db, scene.now
    plan = db.execute(_PLAN, {"plan": plan_id}).one()
    a_round = _round(house.catalog.view(db), plan.round_id)
    telling = Telling(scene, a_round.zone, plan.round_id)
    key = hold.key if hold else f"status:{plan.id}:{now.timestamp():.3f}"
    after = hold.seconds if hold else 0
    hers = authors(db, plan.resident_id)
    others = [row for row in followers(db, plan.id) if row not in hers]
    told = [
        tell(telling, each, _status_news(plan, note, own=True), key, after)
        for each in hers
    ]
    news = _status_news(plan, note, own=False)
    told += [
        tell(telling, each, news, f"{key}:{each.resident_id}", after) for each in others
    ]
    return len([due for due in told if due])


def plan_possible(
    scene: Scene, plan_id: int, note: Mapping[str, str], hold: Hold
) -> int:
    """Tell the author that her plan is possible; return how many are told."""
    plan = scene.db.execute(_PLAN, {"plan": plan_id}).one()
    a_round = _round(scene.house.catalog.view(scene.db), plan.round_id)
    telling = Telling(scene, a_round.zone, plan.round_id)
    possible = Say(N_("Your plan is possible."))
    says = [
        Say(N_("There is news about your plan.")),
        own_plan(plan.number, plan.title, plan.text),
        Say(N_("We looked at your plan with care.")),
        possible,
    ]
    if note:
        says.append(Say(N_("%(words)s"), {"words": Local(note)}))
    letter = Letter(STATUS, own_slots(plan) | {"words": possible})
    news = News(Reply(tuple(says), (HOW_GOES,)), letter)
    told = [
        tell(telling, each, news, hold.key, hold.seconds)
        for each in authors(scene.db, plan.resident_id)
    ]
    return len([due for due in told if due])


def _status_news(plan: Row[Any], note: Mapping[str, str], *, own: bool) -> News:
    """Say where a plan stands, and what officials wrote about it."""
    status = Status(plan.status)
    title = plan.title or {}
    value = Plan(plan.number, "", status, title, {})
    if own:
        first = Say(N_("There is news about your plan."))
        named = own_plan(plan.number, title, plan.text)
    else:
        first = Say(N_("There is news about a plan."))
        named = plan_rows(plan.number, title)
    says = [first, named, stage_row(value)]
    if note and status in REASONS:
        says.append(Say(N_("The reason is: %(reason)s"), {"reason": Local(note)}))
    elif note:
        says.append(Say(N_("%(words)s"), {"words": Local(note)}))
    slots = own_slots(plan) if own else public_slots(plan)
    letter = Letter(STATUS, slots | {"words": stage_row(value)})
    return News(Reply(tuple(says), (HOW_GOES,)), letter)


def own_slots(plan: Row[Any]) -> dict[str, Param]:
    """Return a plan's number and title as its author may read them in a template."""
    title = plan.title or {}
    words: Param = (
        Local(title) if title else Free(draft_title(plan.text).rstrip(" .!?…"))
    )
    return {"plan": plan.number, "title": words}


def public_slots(plan: Row[Any]) -> dict[str, Param]:
    """Return a plan's number and public title for a template."""
    return {"plan": plan.number, "title": Local(plan.title or {})}


def day_before(now: datetime, zone: str, days: int) -> date:
    """Return the local day `days` after now: what a promise is kept before."""
    return now.astimezone(ZoneInfo(zone)).date() + timedelta(days=days)


LISTEN = Button("listen", Say(N_("Listen")))
