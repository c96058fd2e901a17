"""What a turn is told: one place with every query of a turn."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Connection, Select, bindparam, exists, func, select

from bot.domain.care import Care, Line
from bot.domain.facts import About, Facts, Guess, Links, Me, Pushed
from bot.domain.kinds import ANSWER
from bot.domain.money import Money
from bot.domain.plans import ONCE_CHOSEN, Plan, Stage, Status, draft_title
from bot.domain.rounds import HOME_ZONE, Phase, Round
from bot.domain.spending import PlanMoney
from bot.flows.keeping import longest
from bot.flows.needs import Need
from bot.flows.official import ASKED
from bot.flows.trust import asked_about, moment_of
from bot.keys import keyed_hash
from bot.services.caring import care_value
from bot.services.catalog import CatalogView
from bot.services.corrections import has_corrections
from bot.services.desk.announcing import is_kept
from bot.services.earlier import earlier_picks
from bot.services.house import House, Scene
from bot.services.linking import judge
from bot.services.links import back_link
from bot.services.money_facts import money_of
from bot.services.numbers import free_number
from bot.services.passes import judge as judge_pass
from bot.services.plan_lines import own_lines, public_lines
from bot.services.talks import TalkRow
from bot.services.trust_marks import mark_of, was_asked
from bot.services.unlinking import linked_after
from bot.services.voters import free_receipt, has_ballot
from bot.store.care import CareRow
from bot.store.civic import Follow, Mark, PlanRow, PlanStage, RoundRow, Support
from bot.store.prepared import Prepared
from bot.store.results import ResultRow
from bot.store.talks import HER_DATA, InboundMessage, Media, OutboundMessage, Talk

MOST_NAMED = 20
RENEW = "renew"
MOST_CHOSEN = 100
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


class PlanFound(NamedTuple):
    """A plan's row, in the order of `_COLUMNS`."""

    id: int
    number: int
    round_id: int
    resident_id: int | None
    status: str
    text: str
    language: str | None
    title: dict[str, str] | None
    summary: dict[str, str] | None
    theme: str | None
    cost_cents: int | None
    supports: int
    votes: int | None
    contact: dict[str, str] | None
    place: str
    public_at: datetime | None


_MINE = Prepared(
    _PLANS.where(
        PlanRow.resident_id == bindparam("resident"),
        PlanRow.status != Status.WITHDRAWN.value,
    ).order_by(PlanRow.number)
)
_FOLLOWED = Prepared(
    _PLANS.join(Follow, Follow.plan_id == PlanRow.id)
    .where(Follow.resident_id == bindparam("resident"))
    .order_by(PlanRow.number)
)

_COUNTED = (
    select(RoundRow.slug).join(ResultRow, ResultRow.round_id == RoundRow.id).distinct()
)
_CHOSEN = (
    _PLANS.where(
        PlanRow.status.in_(sorted(ONCE_CHOSEN)), PlanRow.public_at.is_not(None)
    )
    .order_by(PlanRow.number.desc())
    .limit(MOST_CHOSEN)
)


def _hers(table: type[Support | Follow]) -> Any:  # noqa: ANN401 - a column
    tied = exists().where(
        table.plan_id == PlanRow.id, table.resident_id == bindparam("resident")
    )
    return tied.label(table.__tablename__)


_NAMED = Prepared(
    select(*_COLUMNS, _hers(Support), _hers(Follow)).where(
        PlanRow.number == bindparam("number")
    )
)
_STAGES = Prepared(
    select(PlanStage.plan_id, PlanStage.status, PlanStage.at, PlanStage.note)
    .join(PlanRow, PlanRow.id == PlanStage.plan_id)
    .where(PlanRow.resident_id == bindparam("resident"))
    .order_by(PlanStage.id)
)
_MARKS = Prepared(
    select(Mark.round_id).where(Mark.resident_id == bindparam("resident"))
)
_ABOUT = Prepared(
    select(OutboundMessage.about, OutboundMessage.created_at).where(
        OutboundMessage.id == bindparam("id")
    )
)
ASKED_DAYS = 14
"""So long an official's question is open; later words are something else."""

_HER_TALKS = select(Talk.id).where(Talk.resident_id == bindparam("resident"))
_KNOWN = Prepared(
    select(
        select(func.min(Talk.created_at))
        .where(Talk.resident_id == bindparam("resident"))
        .scalar_subquery()
        .label("since"),
        select(func.count())
        .where(InboundMessage.talk_id.in_(_HER_TALKS))
        .scalar_subquery()
        .label("messages"),
        select(func.count())
        .where(
            Media.talk_id.in_(_HER_TALKS),
            Media.key.is_not(None),
            Media.kind != HER_DATA,
        )
        .scalar_subquery()
        .label("recordings"),
        select(func.count())
        .where(Support.resident_id == bindparam("resident"))
        .scalar_subquery()
        .label("supported"),
        select(func.max(Media.created_at))
        .where(Media.talk_id.in_(_HER_TALKS), Media.kind == HER_DATA)
        .scalar_subquery()
        .label("asked_data_at"),
    )
)


@dataclass(frozen=True, slots=True)
class Asking:
    """What a turn asks to be told: see `bot.flows.engine.needs`.

    `numbers` are the plans the message names; `about_id` the message of ours that was
    tapped, if it is known; `guess` is the plan and word she wants to be known by,
    `secret` the code or token of the voting pass she shows, `ticket` what one that
    she has shown was exchanged for.
    """

    need: Need
    numbers: tuple[int, ...] = ()
    about_id: int | None = None
    guess: Guess | None = None
    secret: str = field(default="", repr=False)
    ticket: str = field(default="", repr=False)


def load_facts(scene: Scene, talk: TalkRow, view: CatalogView, asking: Asking) -> Facts:
    """Return what this turn needs to know, and no more."""
    house, db, now, need = scene.house, scene.db, scene.now, asking.need
    rounds = tuple(each for each in view.rounds if _open(each, now))
    channel = house.channels.get(talk.channel)
    me = _me(scene, talk, view, need)
    named = _named(db, talk, view, asking.numbers) if need & Need.PLANS else {}
    shown = judge_pass(scene, talk, view, asking.secret) if asking.secret else None
    ticket = shown.ticket if shown else asking.ticket
    return Facts(
        city=rounds[0].municipality if rounds else "",
        zone=rounds[0].zone if rounds else HOME_ZONE,
        channel=talk.channel,
        rounds=rounds,
        papers=view.papers or {},
        me=me,
        plans=named,
        chosen=_chosen(db, talk, view) if need & Need.CHOSEN else (),
        counts=_counts(house, db) if need & Need.CHOSEN else {},
        money=_money(db, talk, view, me, named) if need & Need.MONEY else {},
        asked_trust=_asked_trust(scene, talk, rounds) if need & Need.TRUST else False,
        about=_about(db, asking.about_id or talk.about_id, now)
        if need & Need.ABOUT
        else None,
        pushed=_pushed(db, talk, asking.about_id) if need & Need.PUSHED else None,
        links=_links(house, talk),
        next_number=free_number(db) if need & Need.NUMBER else 0,
        receipt=free_receipt(house, db) if need & Need.RECEIPT else "",
        can_listen=house.transcriber is not None,
        shows_number=bool(channel and channel.shows_number and talk.phone),
        asks_consent=talk.channel == "whatsapp",
        asks_recording=bool(need & Need.CORRECTED)
        and talk.may_record is None
        and has_corrections(db, talk.resident_id),
        verdict=judge(scene, talk, asking.guess) if asking.guess else None,
        admission=shown,
        pass_digits=view.pass_digits,
        earlier=earlier_picks(scene, talk, view, ticket)
        if need & Need.EARLIER or shown
        else {},
        kept=longest(view.rounds),
        cares=_cares(scene, talk) if need & Need.CARE else {},
        lines=_lines(db, talk, asking.numbers) if need & Need.CARE else {},
    )


def _asked_trust(scene: Scene, talk: TalkRow, rounds: tuple[Round, ...]) -> bool:
    """Tell whether she was asked about the round that is asked about now."""
    a_round = asked_about(rounds, scene.now)
    if a_round is None:
        return False
    moment = moment_of(a_round, scene.now)
    mark = mark_of(scene.house, talk.resident_id, a_round.slug, moment)
    return was_asked(scene.db, mark)


def _open(each: Round, now: datetime) -> bool:
    return each.phase_at(now) is not Phase.CLOSED


def voter_seed(house: House, talk: TalkRow) -> str:
    """Return what her own order of plans is drawn from."""
    return keyed_hash(house.keys.ballots, "order", str(talk.resident_id))[:16]


def _me(scene: Scene, talk: TalkRow, view: CatalogView, need: Need) -> Me:
    """Return the person who writes, as far as this turn needs her."""
    db, resident = scene.db, {"resident": talk.resident_id}
    plans: tuple[Plan, ...] = ()
    if need & Need.MINE:
        rows = [PlanFound(*row) for row in _MINE.rows(db, resident)]
        listed = _with_history if need & Need.ALL else _plain
        plans = listed(db, rows, talk, view)
    marks = _MARKS.rows(db, resident) if need & Need.VOTED else []
    voted = frozenset(view.slug(row[0]) for row in marks)
    by_pass = {each.slug for each in view.rounds if each.asks_pass}
    known = voted - by_pass
    here = {each for each in known if has_ballot(scene, talk, view, each)}
    me = Me(
        voter=voter_seed(scene.house, talk),
        plans=plans,
        voted=voted,
        voted_elsewhere=known - here,
        has_word=talk.has_word,
        linked_after=bool(need & Need.LINKED and linked_after(scene, talk.id)),
        may_write=talk.may_write,
        may_record=talk.may_record,
        stopped=talk.stopped_at is not None,
    )
    return _with_all(db, me, talk, view) if need & Need.ALL else me


def _with_all(db: Connection, me: Me, talk: TalkRow, view: CatalogView) -> Me:
    """Add what is asked for by "status" and "my data"."""
    known = _KNOWN.one(db, {"resident": talk.resident_id})
    assert known is not None  # noqa: S101 - counts are always there
    names = ("since", "messages", "recordings", "supported", "asked_data_at")
    told = dict(zip(names, known, strict=True))
    return replace(me, followed=_followed(db, talk, view), **told)


def _plain(
    _: Connection, rows: Iterable[PlanFound], talk: TalkRow, view: CatalogView
) -> tuple[Plan, ...]:
    return tuple(plan_value(row, talk, view) for row in rows)


def _with_history(
    db: Connection, rows: Sequence["PlanFound"], talk: TalkRow, view: CatalogView
) -> tuple[Plan, ...]:
    history = _stages(db, talk.resident_id) if rows else {}
    return tuple(plan_value(row, talk, view, history.get(row.id, ())) for row in rows)


def _stages(db: Connection, resident_id: int) -> Mapping[int, tuple[Stage, ...]]:
    """Return the history of each of her plans, by the plan's row, oldest first."""
    found: dict[int, tuple[Stage, ...]] = {}
    for plan_id, status, at, note in _STAGES.rows(db, {"resident": resident_id}):
        stage = Stage(Status(status), at, note)
        found[plan_id] = (*found.get(plan_id, ()), stage)
    return found


def _followed(db: Connection, talk: TalkRow, view: CatalogView) -> tuple[Plan, ...]:
    found = _FOLLOWED.rows(db, {"resident": talk.resident_id})
    rows = [PlanFound(*row) for row in found]
    return tuple(plan_value(row, talk, view, followed=True) for row in rows)


def _chosen(db: Connection, talk: TalkRow, view: CatalogView) -> tuple[Plan, ...]:
    """Return the newest plans that were chosen, by number, as far as all may know."""
    found = [PlanFound(*row) for row in db.execute(_CHOSEN)]
    told = [row for row in found if not _is_held(row, view)]
    return tuple(plan_value(row, talk, view) for row in reversed(told))


def _is_held(row: "PlanFound", view: CatalogView) -> bool:
    held = view.held.get(row.round_id)
    return held is not None and held.in_chat and row.number in held.before


def _counts(house: House, db: Connection) -> dict[str, str]:
    """Return the page of each round whose count is published, by its slug."""
    pages = f"{house.settings.public_url}/open/rounds"
    return {slug: f"{pages}/{slug}" for slug in db.scalars(_COUNTED)}


def _money(
    db: Connection,
    talk: TalkRow,
    view: CatalogView,
    me: Me,
    named: Mapping[int, Plan],
) -> Mapping[int, PlanMoney]:
    """Return the money of the plans named, else of hers and those she follows."""
    return money_of(db, named.values() or (*me.plans, *_followed(db, talk, view)))


def _named(
    db: Connection, talk: TalkRow, view: CatalogView, numbers: Iterable[int]
) -> Mapping[int, Plan]:
    """Return the plans with these numbers, and what she has to do with each."""
    named = {}
    for number in dict.fromkeys(list(numbers)[:MOST_NAMED]):
        found = {"number": number, "resident": talk.resident_id}
        row = _NAMED.one(db, found)
        if row is None:
            continue
        plan, supported, followed = PlanFound(*row[:-2]), bool(row[-2]), bool(row[-1])
        mine = plan.resident_id == talk.resident_id
        history = _stages(db, talk.resident_id).get(plan.id, ()) if mine else ()
        named[number] = plan_value(
            plan, talk, view, history, supported=supported, followed=followed
        )
    return named


def plan_value(
    row: "PlanFound",
    talk: TalkRow,
    view: CatalogView,
    history: tuple[Stage, ...] = (),
    *,
    supported: bool = False,
    followed: bool = False,
) -> Plan:
    """Return a plan as the person of this talk may see it."""
    mine = row.resident_id is not None and row.resident_id == talk.resident_id
    row = _as_told(row, view, mine=mine)
    public = row.public_at is not None
    title = row.title if public and row.title else {}
    if not title and mine:
        title = {row.language or "nl": draft_title(row.text)}
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


def _as_told(row: "PlanFound", view: CatalogView, *, mine: bool) -> "PlanFound":
    """Return a plan as it was before a result that this person may not know yet."""
    held = view.held.get(row.round_id)
    if held is None or not held.in_chat:
        return row
    if mine:
        return row if row.number in held.before else row._replace(votes=None)
    before = held.before.get(row.number)
    if before is None:
        return row._replace(votes=None)
    return row._replace(status=before, votes=None, contact=None)


def _cares(scene: Scene, talk: TalkRow) -> Mapping[int, Care]:
    """Return how her chosen plans are looked after, by number."""
    found = scene.db.execute(_CARES, {"resident": talk.resident_id})
    return {row.number: care_value(row, scene.now) for row in found}


_CARES = (
    select(PlanRow.number, CareRow.reported_at, CareRow.next_at, CareRow.steps)
    .join(PlanRow, PlanRow.id == CareRow.plan_id)
    .where(PlanRow.resident_id == bindparam("resident"))
)


def _lines(
    db: Connection, talk: TalkRow, numbers: Iterable[int]
) -> Mapping[int, tuple[Line, ...]]:
    """Return what happened with the plan named, as far as she may know it."""
    number = next(iter(numbers), None)
    found = select(PlanRow.id, PlanRow.resident_id, PlanRow.public_at).where(
        PlanRow.number == number
    )
    row = None if number is None else db.execute(found).one_or_none()
    if number is None or row is None:
        return {}
    if row.resident_id == talk.resident_id:
        return {number: own_lines(db, row.id)}
    return {number: public_lines(db, row.id)} if row.public_at else {}


def _about(db: Connection, outbound_id: int | None, now: datetime) -> About | None:
    row = None if outbound_id is None else _ABOUT.one(db, {"id": outbound_id})
    if row is None or not row[0]:
        return None
    about, asked_at = row
    if about["kind"] == ASKED and asked_at < now - timedelta(days=ASKED_DAYS):
        return None
    if about["kind"] == RENEW:
        return _renewed(db, about)
    return About(about["kind"], about.get("plan") or 0, about.get("asked", 0))


def _renewed(db: Connection, about: Mapping[str, Any]) -> About:
    kept = select(PlanRow.text).where(PlanRow.number == about["plan"])
    text = db.scalar(kept) or ""
    return About(RENEW, about["plan"], text=text, round=about["round"])


def _pushed(db: Connection, talk: TalkRow, tapped: int | None) -> Pushed | None:
    """Return the message she got as a template: the tapped one, else the newest.

    Without words where an official's answer is kept: that follows by itself.
    """
    if is_kept(db, talk.id):
        return Pushed("")
    hers = _TEMPLATED.where(OutboundMessage.talk_id == talk.id)
    if tapped is not None:
        hers = hers.where(OutboundMessage.id == tapped)
    row = db.execute(hers).first()
    if row is None:
        return None
    buttons = tuple((choice[0], choice[1]) for choice in row.choices)
    return Pushed(row.text, buttons, row.sound)


_TEMPLATED = (
    select(OutboundMessage.text, OutboundMessage.choices, OutboundMessage.sound)
    .where(
        OutboundMessage.template.is_not(None),
        OutboundMessage.text != "",
        OutboundMessage.kind != ANSWER,
    )
    .order_by(OutboundMessage.id.desc())
    .limit(1)
)


def _links(house: House, talk: TalkRow) -> Links:
    back = back_link(house, talk) if talk.channel == "web" else ""
    return Links(back, f"{house.settings.public_url}/phone")
