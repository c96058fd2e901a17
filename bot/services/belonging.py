"""What of the database belongs to one round, table by table, and what does not.

A table with `round_id` or `plan_id` is found by it. Every other one is named here: in
`_OWN` with how its rows are found, or in `STAYS` with why none of them goes. A table
that is in neither fails the build (`tests/services/test_destroying.py`).
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from sqlalchemy import (
    Connection,
    String,
    Table,
    cast,
    delete,
    false,
    literal,
    or_,
    select,
    union_all,
    update,
)

from bot.services.segments import Segment, parse_segment
from bot.store.after import MeetingRow, Renewal
from bot.store.audit import AuditLine
from bot.store.care import Handover, PlanLine
from bot.store.civic import CheckIn, CheckInAnswer, PlanRow, RoundRow, Task
from bot.store.desk_messages import DeskMessage
from bot.store.drafts import BroadcastDraft, CallMade
from bot.store.nights import Night, NightCorrection, NightPlan
from bot.store.outhooks import HookDispatch, HookEvent, HookTry
from bot.store.outreach import Broadcast
from bot.store.tables import all_tables
from bot.store.talks import OutboundMessage, Talk
from bot.store.voices import Speech


@dataclass(frozen=True, slots=True)
class Roots:
    """What the rows of a round hang on: row ids, and the public numbers of its plans.

    `events` and `drafts` are found by what stands in them.
    """

    slug: str
    round: int
    plans: tuple[int, ...]
    numbers: frozenset[int]
    nights: tuple[int, ...]
    broadcasts: tuple[int, ...]
    drafts: tuple[int, ...]
    events: tuple[int, ...]


def roots_of(db: Connection, slug: str, round_id: int) -> Roots:
    """Return what the rows of a round hang on."""
    found = select(PlanRow.id, PlanRow.number).where(PlanRow.round_id == round_id)
    plans = db.execute(found).all()
    numbers = frozenset(row.number for row in plans)
    cast_for = select(Broadcast.id).where(Broadcast.round_id == round_id)
    broadcasts = tuple(db.scalars(cast_for))
    return Roots(
        slug=slug,
        round=round_id,
        plans=tuple(row.id for row in plans),
        numbers=numbers,
        nights=tuple(db.scalars(select(Night.id).where(Night.round_id == round_id))),
        broadcasts=broadcasts,
        drafts=tuple(_drafts(db, slug, broadcasts, numbers)),
        events=tuple(_events(db, slug, numbers)),
    )


def _drafts(
    db: Connection, slug: str, broadcasts: tuple[int, ...], numbers: frozenset[int]
) -> Iterator[int]:
    """Yield drafts of these broadcasts, and those for people of this round alone."""
    draft = BroadcastDraft
    for row in db.execute(select(draft.id, draft.segment, draft.broadcast_id)):
        wanted = _segment(row.segment)
        is_for = wanted and (wanted.area == slug or wanted.plan in numbers)
        if is_for or row.broadcast_id in broadcasts:
            yield row.id


def _segment(text: str) -> Segment | None:
    """Read whom a draft is for; None as long as nobody has said so."""
    try:
        return parse_segment(text)
    except ValueError:
        return None


def _events(db: Connection, slug: str, numbers: frozenset[int]) -> Iterator[int]:
    for row in db.execute(select(HookEvent.id, HookEvent.data)):
        if row.data.get("round") == slug or row.data.get("plan") in numbers:
            yield row.id


def outbound_of(roots: Roots) -> Any:  # noqa: ANN401 - a condition
    """Return which messages told residents about the round as a whole, or a plan."""
    message = OutboundMessage
    return or_(
        message.round_id == roots.round, message.broadcast_id.in_(roots.broadcasts)
    )


def tasks_of(roots: Roots) -> Any:  # noqa: ANN401 - a condition
    """Return which tasks are about plans or messages of the round."""
    sent = select(OutboundMessage.id).where(outbound_of(roots))
    return or_(Task.plan_id.in_(roots.plans), Task.outbound_id.in_(sent))


def _sent(roots: Roots) -> Any:  # noqa: ANN401 - a select
    return select(OutboundMessage.id).where(outbound_of(roots))


def _asked(roots: Roots) -> Any:  # noqa: ANN401 - a select
    return select(CheckIn.id).where(CheckIn.plan_id.in_(roots.plans))


def _given(roots: Roots) -> Any:  # noqa: ANN401 - a select
    return select(HookDispatch.id).where(HookDispatch.event_id.in_(roots.events))


def lines_of(roots: Roots) -> Any:  # noqa: ANN401 - a condition
    """Return which lines of the trail are about the round or anything of it."""
    fixed = [f"round:{roots.slug}", *(f"plan:{each}" for each in sorted(roots.numbers))]
    fixed += [f"night:{each}" for each in roots.nights]
    fixed += [f"broadcast:{each}" for each in roots.broadcasts]
    fixed += [f"draft:{each}" for each in roots.drafts]
    found = (
        ("task", Task.id, tasks_of(roots)),
        ("line", PlanLine.id, PlanLine.plan_id.in_(roots.plans)),
    )
    named = union_all(
        *(
            select(literal(f"{kind}:") + cast(row, String)).where(condition)
            for kind, row, condition in found
        )
    )
    return or_(AuditLine.subject.in_(fixed), AuditLine.subject.in_(named))


_Found = Callable[[Roots], Any]
_OWN: Mapping[str, _Found] = MappingProxyType(
    {
        # In this order: each is found by rows that go after it.
        "audit_lines": lines_of,
        "calls_made": lambda r: CallMade.outbound_id.in_(_sent(r)),
        "speeches": lambda r: Speech.outbound_id.in_(_sent(r)),
        "desk_messages": lambda r: or_(
            DeskMessage.outbound_id.in_(_sent(r)),
            DeskMessage.task_id.in_(select(Task.id).where(tasks_of(r))),
        ),
        "checkin_answers": lambda r: CheckInAnswer.checkin_id.in_(_asked(r)),
        "hook_tries": lambda r: HookTry.dispatch_id.in_(_given(r)),
        "hook_dispatches": lambda r: HookDispatch.event_id.in_(r.events),
        "hook_events": lambda r: HookEvent.id.in_(r.events),
        "broadcast_drafts": lambda r: BroadcastDraft.id.in_(r.drafts),
        "meetings": lambda r: or_(
            MeetingRow.plan_id.in_(r.plans), MeetingRow.other_id.in_(r.plans)
        ),
        "renewals": lambda r: or_(
            Renewal.plan_id.in_(r.plans), Renewal.round_id == r.round
        ),
        "night_plans": lambda r: or_(
            NightPlan.night_id.in_(r.nights), NightPlan.plan_id.in_(r.plans)
        ),
        "night_corrections": lambda r: or_(
            NightCorrection.night_id.in_(r.nights),
            NightCorrection.plan_id.in_(r.plans),
        ),
        "tasks": tasks_of,
        "outbound_messages": outbound_of,
    }
)
_PEOPLE = "a resident's own, for all rounds; it goes on its day"
_CITY = "the city's own, for all rounds"
_SHORT = "goes by itself within days, and names no round"
STAYS: Mapping[str, str] = MappingProxyType(
    {
        "accounts": _CITY,
        "audit_chain": "hashes: of a line that went, its entry loses the secret number",
        "audit_openings": "a row stands in it only while a transaction goes on",
        "catalog": _CITY,
        "contacts": _CITY,
        "content_sids": _CITY,
        "corrections": "what a resident lets us keep of her voice; it goes on its day",
        "destroyed_rounds": "the proof",
        "desk_sessions": _SHORT,
        "door_tries": _SHORT,
        "erasures": "without it a restored backup would bring people back",
        "handovers": "officials' own; the round's plans are taken out of it",
        "hook_calls": _SHORT,
        "hook_endpoints": _CITY,
        "hook_wishes": _CITY,
        "inbound_messages": _PEOPLE,
        "media": "files of the round are emptied and deleted",
        "official_logins": _CITY,
        "officials": _CITY,
        "outages": _CITY,
        "pass_tries": _SHORT,
        "recordings": _CITY,
        "recovery_codes": _CITY,
        "residents": _PEOPLE,
        "sealing": _CITY,
        "sounds": "public words that were read aloud; unused ones go by themselves",
        "talks": _PEOPLE,
        "templates": _CITY,
    }
)
"""Tables of which no row goes with a round, and why."""


def belonging(roots: Roots) -> list[tuple[Table, Any]]:
    """Return which rows go, by table, in the order in which they can be deleted.

    Raises KeyError for a table that nobody has said anything about.
    """
    tables = {each.name: each for each in all_tables()}
    named = [(tables[name], found(roots)) for name, found in _OWN.items()]
    others = [
        (each, _by_column(each, roots))
        for each in reversed(all_tables())
        if each.name not in _OWN and each.name not in STAYS
    ]
    return [*named, *others]


def _by_column(table: Table, roots: Roots) -> Any:  # noqa: ANN401 - a condition
    if table.name == RoundRow.__tablename__:
        return table.c.id == roots.round
    if "round_id" in table.c:
        return table.c.round_id == roots.round
    return table.c["plan_id"].in_(roots.plans)


def delete_all(db: Connection, roots: Roots) -> dict[str, int]:
    """Delete all rows of a round; return how many of each table, where there were any.

    What points at them without being of the round lets go of them.
    """
    _let_go(db, roots)
    counts = {
        table.name: db.execute(delete(table).where(found)).rowcount
        for table, found in belonging(roots)
    }
    return {name: count for name, count in sorted(counts.items()) if count}


def _let_go(db: Connection, roots: Roots) -> None:
    sent = _sent(roots)
    for column in (Talk.asked_id, Talk.about_id):
        db.execute(update(Talk).where(column.in_(sent)).values({column: None}))
    _take_out_of_handovers(db, roots)
    _take_out_of_questions(db, roots)


def _take_out_of_handovers(db: Connection, roots: Roots) -> None:
    for row in db.execute(select(Handover.id, Handover.moves)).all():
        others = [move for move in row.moves if move[0] not in roots.plans]
        mine = Handover.id == row.id
        if not others:
            db.execute(delete(Handover).where(mine))
        elif others != row.moves:
            db.execute(update(Handover).where(mine).values(moves=others))


def _take_out_of_questions(db: Connection, roots: Roots) -> None:
    """Empty which plan a message asked about, where the message is of no round."""
    message = OutboundMessage
    asked = select(message.id, message.about).where(
        message.about.is_not(None), message.round_id.is_(None)
    )
    ids = [
        row.id
        for row in db.execute(asked)
        if isinstance(row.about, dict) and row.about.get("plan") in roots.numbers
    ]
    found = message.id.in_(ids) if ids else false()
    db.execute(update(message).where(found).values(about=None, slots=None))
