"""What waits for a second person: broadcasts, results nights, changes of plans."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from bot.domain.changes import State
from bot.store.changes import FreedAward, PlanChange
from bot.store.civic import PlanRow, RoundRow
from bot.store.drafts import PROPOSED, BroadcastDraft
from bot.store.nights import DRAFT, Night, NightCorrection

AT_ONCE = 50


@dataclass(frozen=True, slots=True)
class Second:
    """Something that waits.

    `kind` is broadcast, night, night_incomplete, correction, change or freed. `number`
    is a draft's row for a broadcast, a plan's number for a correction and a change.
    Whoever is in `by` proposed it and may not release it.
    """

    kind: str
    number: int
    round: str
    by: str
    since: datetime


def waiting(db: Connection, now: datetime) -> list[Second]:
    """Return what waits for a second person, and nights that are not complete."""
    found = [*_drafts(db), *_nights(db), *_corrections(db), *_changes(db)]
    return sorted((each for each in found if each.since <= now), key=_since)


def _since(each: Second) -> datetime:
    return each.since


def _drafts(db: Connection) -> list[Second]:
    columns = (
        BroadcastDraft.id,
        BroadcastDraft.proposed_by,
        BroadcastDraft.proposed_at,
    )
    rows = select(*columns).where(BroadcastDraft.state == PROPOSED).limit(AT_ONCE)
    return [
        Second("broadcast", row.id, "", row.proposed_by or "", row.proposed_at)
        for row in db.execute(rows)
    ]


def _nights(db: Connection) -> list[Second]:
    columns = (
        Night.id,
        Night.state,
        Night.made_by,
        Night.made_at,
        Night.proposed_by,
        Night.proposed_at,
        RoundRow.slug,
    )
    rows = (
        select(*columns)
        .join(RoundRow, RoundRow.id == Night.round_id)
        .where(Night.state.in_((DRAFT, PROPOSED)))
        .limit(AT_ONCE)
    )
    return [
        Second("night", row.id, row.slug, row.proposed_by or "", row.proposed_at)
        if row.state == PROPOSED
        else Second("night_incomplete", row.id, row.slug, row.made_by, row.made_at)
        for row in db.execute(rows)
    ]


def _corrections(db: Connection) -> list[Second]:
    rows = (
        select(PlanRow.number, RoundRow.slug, NightCorrection.by, NightCorrection.at)
        .join(PlanRow, PlanRow.id == NightCorrection.plan_id)
        .join(RoundRow, RoundRow.id == PlanRow.round_id)
        .where(
            NightCorrection.confirmed_at.is_(None),
            NightCorrection.dropped_at.is_(None),
        )
        .limit(AT_ONCE)
    )
    return [
        Second("correction", row.number, row.slug, row.by, row.at)
        for row in db.execute(rows)
    ]


def _changes(db: Connection) -> list[Second]:
    """Return changes of chosen plans, and money that became free."""
    changed = (
        select(PlanRow.number, PlanChange.by, PlanChange.at)
        .join(PlanRow, PlanRow.id == PlanChange.plan_id)
        .where(PlanChange.state == State.PROPOSED.value)
    )
    freed = (
        select(RoundRow.slug, FreedAward.by, FreedAward.at)
        .join(RoundRow, RoundRow.id == FreedAward.round_id)
        .where(FreedAward.state == State.PROPOSED.value)
    )
    return [
        *(
            Second("change", row.number, "", row.by, row.at)
            for row in db.execute(changed.limit(AT_ONCE))
        ),
        *(
            Second("freed", 0, row.slug, row.by, row.at)
            for row in db.execute(freed.limit(AT_ONCE))
        ),
    ]
