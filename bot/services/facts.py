"""What a turn is told: one place with every query of a turn."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, func, select

from bot.domain.facts import About, Facts, Links, Me
from bot.domain.money import Money
from bot.domain.plans import Plan, Stage, Status, draft_title, next_number
from bot.domain.rounds import Phase, Round
from bot.flows.engine import Need
from bot.keys import keyed_hash
from bot.services.catalog import CatalogView
from bot.services.house import House
from bot.services.links import back_link
from bot.services.talks import TalkRow
from bot.store.civic import Follow, Mark, PlanRow, PlanStage, Support
from bot.store.talks import InboundMessage, Media, OutboundMessage, Resident, Talk

_COLUMNS = (
    PlanRow.id,
    PlanRow.number,
    PlanRow.round_id,
    PlanRow.resident_id,
    PlanRow.status,
    PlanRow.text,
    PlanRow.language,
    PlanRow.title,
    PlanRow.summary,
    PlanRow.theme,
    PlanRow.cost_cents,
    PlanRow.supports,
    PlanRow.votes,
    PlanRow.contact,
    PlanRow.place,
    PlanRow.public_at,
)
_PLANS: Select[Any] = select(*_COLUMNS)
_MINE = _PLANS.where(
    PlanRow.resident_id == bindparam("resident"),
    PlanRow.status != Status.WITHDRAWN.value,
).order_by(PlanRow.number)
_FOLLOWED = (
    _PLANS.join(Follow, Follow.plan_id == PlanRow.id)
    .where(Follow.resident_id == bindparam("resident"))
    .order_by(PlanRow.number)
)
_NAMED = _PLANS.where(PlanRow.number.in_(bindparam("numbers", expanding=True)))
_STAGES = (
    select(PlanStage.plan_id, PlanStage.status, PlanStage.at, PlanStage.note)
    .where(PlanStage.plan_id.in_(bindparam("plans", expanding=True)))
    .order_by(PlanStage.id)
)
_MARKS = select(Mark.round_id).where(Mark.resident_id == bindparam("resident"))
_MAY_WRITE = select(Resident.may_write).where(Resident.id == bindparam("resident"))
_SUPPORTS = select(func.count()).where(Support.resident_id == bindparam("resident"))
_LAST_NUMBER = select(func.max(PlanRow.number))
_ABOUT = select(OutboundMessage.about).where(OutboundMessage.id == bindparam("id"))
_KNOWN_TALK = (
    select(
        Talk.created_at,
        select(func.count())
        .where(InboundMessage.talk_id == Talk.id)
        .scalar_subquery()
        .label("messages"),
        select(func.count())
        .where(Media.talk_id == Talk.id, Media.key.is_not(None))
        .scalar_subquery()
        .label("recordings"),
    )
).where(Talk.id == bindparam("talk"))


def load_facts(
    house: House,
    db: Connection,
    talk: TalkRow,
    view: CatalogView,
    need: Need,
    numbers: Iterable[int],
    now: datetime,
    about_id: int | None = None,
) -> Facts:
    """Return what this turn needs to know, and no more.

    `numbers` are the plans the message names; `about_id` the tapped message of ours, if
    it is known.
    """
    rounds = tuple(each for each in view.rounds if _open(each, now))
    mine = need & (Need.MINE | Need.ALL)
    channel = house.channels.get(talk.channel)
    return Facts(
        city=rounds[0].municipality if rounds else "",
        zone=rounds[0].zone if rounds else "Europe/Amsterdam",
        channel=talk.channel,
        rounds=rounds,
        papers=view.papers or {},
        me=_me(house, db, talk, view, need) if mine else _stranger(house, talk),
        plans=_named(db, talk, view, numbers) if need & Need.PLANS else {},
        about=_about(db, about_id or talk.about_id) if need & Need.ABOUT else None,
        links=_links(house, talk) if need & Need.NUMBER else Links(),
        next_number=next_number(db.scalar(_LAST_NUMBER)) if need & Need.NUMBER else 0,
        receipt=house.receipt(),
        can_listen=house.transcriber is not None,
        shows_number=bool(channel and channel.shows_number and talk.phone),
        asks_consent=talk.channel == "whatsapp",
    )


def _open(each: Round, now: datetime) -> bool:
    return each.phase_at(now) is not Phase.CLOSED


def _stranger(house: House, talk: TalkRow) -> Me:
    return Me(voter=voter_seed(house, talk), stopped=talk.stopped_at is not None)


def voter_seed(house: House, talk: TalkRow) -> str:
    """Return what her own order of plans is drawn from."""
    return keyed_hash(house.keys.ballots, "order", str(talk.resident_id))[:16]


def _me(
    house: House, db: Connection, talk: TalkRow, view: CatalogView, need: Need
) -> Me:
    """Return the person who writes, with all of hers where everything is asked for."""
    resident = {"resident": talk.resident_id}
    rows = db.execute(_MINE, resident).all()
    everything = bool(need & Need.ALL)
    plans = (
        _with_history(db, rows, talk, view) if everything else _plain(rows, talk, view)
    )
    voted = frozenset(view.slug(row.round_id) for row in db.execute(_MARKS, resident))
    known = _known(db, talk) if everything else {}
    return Me(
        voter=voter_seed(house, talk),
        plans=plans,
        voted=voted,
        may_write=db.scalar(_MAY_WRITE, resident),
        stopped=talk.stopped_at is not None,
        followed=_followed(db, talk, view) if everything else (),
        supported=(db.scalar(_SUPPORTS, resident) or 0) if everything else 0,
        **known,
    )


def _known(db: Connection, talk: TalkRow) -> dict[str, Any]:
    row = db.execute(_KNOWN_TALK, {"talk": talk.id}).one()
    return {
        "since": row.created_at,
        "messages": row.messages,
        "recordings": row.recordings,
    }


def _plain(
    rows: Iterable[Row[Any]], talk: TalkRow, view: CatalogView
) -> tuple[Plan, ...]:
    return tuple(plan_value(row, talk, view) for row in rows)


def _with_history(
    db: Connection, rows: list[Row[Any]], talk: TalkRow, view: CatalogView
) -> tuple[Plan, ...]:
    history = stages(db, [row.id for row in rows])
    return tuple(plan_value(row, talk, view, history.get(row.id, ())) for row in rows)


def stages(db: Connection, plan_ids: list[int]) -> Mapping[int, tuple[Stage, ...]]:
    """Return the history of each plan, oldest first."""
    found: dict[int, tuple[Stage, ...]] = {}
    if plan_ids:
        for row in db.execute(_STAGES, {"plans": plan_ids}):
            stage = Stage(Status(row.status), row.at, row.note)
            found[row.plan_id] = (*found.get(row.plan_id, ()), stage)
    return found


def _followed(db: Connection, talk: TalkRow, view: CatalogView) -> tuple[Plan, ...]:
    rows = db.execute(_FOLLOWED, {"resident": talk.resident_id}).all()
    return tuple(plan_value(row, talk, view, followed=True) for row in rows)


def _named(
    db: Connection, talk: TalkRow, view: CatalogView, numbers: Iterable[int]
) -> Mapping[int, Plan]:
    """Return the plans with these numbers, and what she has to do with each."""
    rows = db.execute(_NAMED, {"numbers": list(numbers)[:20]}).all()
    ids = [row.id for row in rows]
    supported = _hers(db, Support, talk, ids)
    followed = _hers(db, Follow, talk, ids)
    history = stages(
        db, [row.id for row in rows if row.resident_id == talk.resident_id]
    )
    return {
        row.number: plan_value(
            row,
            talk,
            view,
            history.get(row.id, ()),
            supported=row.id in supported,
            followed=row.id in followed,
        )
        for row in rows
    }


def _hers(
    db: Connection, table: type[Support | Follow], talk: TalkRow, ids: list[int]
) -> frozenset[int]:
    if not ids:
        return frozenset()
    found = select(table.plan_id).where(
        table.resident_id == talk.resident_id, table.plan_id.in_(ids)
    )
    return frozenset(db.scalars(found))


def plan_value(
    row: Row[Any],
    talk: TalkRow,
    view: CatalogView,
    history: tuple[Stage, ...] = (),
    *,
    supported: bool = False,
    followed: bool = False,
) -> Plan:
    """Return a plan as the person of this talk may see it."""
    mine = row.resident_id is not None and row.resident_id == talk.resident_id
    public = row.public_at is not None
    title = row.title if public and row.title else {}
    if not title and mine:
        title = {row.language or "nl": draft_title(row.text) or "🎤"}
    return Plan(
        number=row.number,
        round=view.slug(row.round_id),
        status=Status(row.status),
        title=title,
        summary=(row.summary or {}) if public else {},
        cost=None if row.cost_cents is None else Money(row.cost_cents),
        theme=row.theme,
        supports=row.supports,
        public=public,
        mine=mine,
        supported=supported,
        followed=followed,
        place=row.place,
        history=history,
        contact=(row.contact or {}).get("name", ""),
        votes=row.votes,
    )


def _about(db: Connection, outbound_id: int | None) -> About | None:
    if outbound_id is None:
        return None
    about = db.scalar(_ABOUT, {"id": outbound_id})
    return About(about["kind"], about["plan"]) if about else None


def _links(house: House, talk: TalkRow) -> Links:
    return Links(back=back_link(house, talk) if talk.channel == "web" else "")
