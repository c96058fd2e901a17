"""Which rows are hers, table by table, and what of them she gets.

Nothing here can show a choice: what is secret is left out of messages, and a recording
that may hold a vote or a pass is not given before it was heard.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, and_, or_, select

from bot.flows.saved import load_talk
from bot.services.arriving import SEALED
from bot.store.after import CallRow, MeetingRow, Renewal
from bot.store.care import CareRow, PlanLine
from bot.store.civic import (
    CheckIn,
    CheckInAnswer,
    Correction,
    Decision,
    Follow,
    Mark,
    PlanMedia,
    PlanRow,
    PlanStage,
    RoundRow,
    Support,
    Task,
)
from bot.store.desk_messages import DeskMessage
from bot.store.drafts import CallMade
from bot.store.given import NOT_GIVEN
from bot.store.spending import Activity, Spending
from bot.store.tables import METADATA
from bot.store.talks import (
    HER_DATA,
    InboundMessage,
    Media,
    OutboundMessage,
    Resident,
    Talk,
)

Row = dict[str, Any]
Rows = Mapping[str, Sequence[Row]]
"""Her rows, by table; values as the database gives them, decrypted."""

SPOKEN = "spoken"


@dataclass(frozen=True, slots=True)
class Hers:
    """All that is hers: her rows, the files that belong to them, what they name.

    `files` are (media id, storage key), newest first. `plans` are number and public
    title or own words of each plan that a row names, hers or not; `rounds` are titles.
    """

    rows: Rows
    files: Sequence[tuple[int, str]]
    plans: Mapping[int, tuple[int, Mapping[str, str]]]
    rounds: Mapping[int, Mapping[str, str]]


def all_of_hers(db: Connection, resident_id: int, now: datetime) -> Hers:
    """Return all that is kept of a person, in every app she has linked."""
    mine = _Mine(resident_id)
    found = {
        name: _rows(db, METADATA.tables[name], condition(mine))
        for name, condition in _HERS.items()
    }
    safe = _safe_files(found, now)
    files = [(row["id"], row["key"]) for row in found["media"] if row["id"] in safe]
    rows = {name: _given(name, each, safe) for name, each in found.items()}
    rows["meetings"] = _own_sides(found["meetings"], {r["id"] for r in found["plans"]})
    return Hers(rows, files[::-1], _plans(db, found), _rounds(db, found))


class _Mine:
    """What conditions are made of: her row, and selects of what hangs on it."""

    def __init__(self, resident_id: int) -> None:
        self.resident = resident_id
        self.talks = select(Talk.id).where(Talk.resident_id == resident_id)
        self.plans = select(PlanRow.id).where(PlanRow.resident_id == resident_id)


def _of_plan(column: Any) -> "_Condition":  # noqa: ANN401 - a column
    return lambda mine: column.in_(mine.plans)


def _of_talk(column: Any) -> "_Condition":  # noqa: ANN401 - a column
    return lambda mine: column.in_(mine.talks)


def _media(mine: _Mine) -> ColumnElement[bool]:
    """Return which files are hers: sent in her talks, or of her plans."""
    of_plans = select(PlanMedia.media_id).where(PlanMedia.plan_id.in_(mine.plans))
    shown = select(PlanRow.picture_id).where(PlanRow.resident_id == mine.resident)
    of_plan = or_(Media.id.in_(of_plans), Media.id.in_(shown))
    return or_(Media.talk_id.in_(mine.talks), of_plan)


_Condition = Callable[[_Mine], ColumnElement[bool]]
_HERS: Mapping[str, _Condition] = MappingProxyType(
    {
        "residents": lambda mine: Resident.id == mine.resident,
        "talks": lambda mine: Talk.resident_id == mine.resident,
        "inbound_messages": _of_talk(InboundMessage.talk_id),
        "outbound_messages": _of_talk(OutboundMessage.talk_id),
        "desk_messages": _of_talk(DeskMessage.talk_id),
        "calls_made": lambda mine: CallMade.outbound_id.in_(
            select(OutboundMessage.id).where(OutboundMessage.talk_id.in_(mine.talks))
        ),
        "media": _media,
        "corrections": _of_talk(Correction.talk_id),
        "tasks": lambda mine: or_(
            Task.talk_id.in_(mine.talks),
            and_(Task.talk_id.is_(None), Task.plan_id.in_(mine.plans)),
        ),
        "plans": lambda mine: PlanRow.resident_id == mine.resident,
        "plan_stages": _of_plan(PlanStage.plan_id),
        "plan_media": _of_plan(PlanMedia.plan_id),
        "plan_lines": lambda mine: and_(
            PlanLine.plan_id.in_(mine.plans), PlanLine.told_at.is_not(None)
        ),
        "plan_care": _of_plan(CareRow.plan_id),
        "decisions": _of_plan(Decision.plan_id),
        "calls": _of_plan(CallRow.plan_id),
        "renewals": _of_plan(Renewal.plan_id),
        "meetings": lambda mine: or_(
            MeetingRow.plan_id.in_(mine.plans), MeetingRow.other_id.in_(mine.plans)
        ),
        "checkins": _of_plan(CheckIn.plan_id),
        "checkin_answers": lambda mine: CheckInAnswer.resident_id == mine.resident,
        "activities": _of_plan(Activity.plan_id),
        "spendings": lambda mine: or_(
            Spending.plan_id.in_(mine.plans), Spending.talk_id.in_(mine.talks)
        ),
        "supports": lambda mine: Support.resident_id == mine.resident,
        "follows": lambda mine: Follow.resident_id == mine.resident,
        "marks": lambda mine: Mark.resident_id == mine.resident,
    }
)
"""How the rows of a table are found that are hers."""


def _rows(db: Connection, table: Table, hers: ColumnElement[bool]) -> list[Row]:
    found: Any = select(table).where(hers).order_by(*table.primary_key)
    return [dict(row._mapping) for row in db.execute(found)]  # noqa: SLF001 - its public name


def _safe_files(found: Rows, now: datetime) -> frozenset[int]:
    """Return the files that can hold no vote and no pass, and are not due to go."""
    open_ones = {
        row["media_id"] for row in found["inbound_messages"] if row["stage"] != "done"
    }
    told = {row["sound"] for row in found["outbound_messages"] if not row["secret"]}
    return frozenset(
        row["id"]
        for row in found["media"]
        if row["key"]
        and row["kind"] != HER_DATA
        and (row["kind"] != SPOKEN or row["id"] in told)
        and row["id"] not in open_ones
        and not (row["source"].get("looked") and row["fetched_at"] is None)
        and (row["delete_after"] is None or row["delete_after"] > now)
    )


def _given(table: str, rows: Sequence[Row], safe: frozenset[int]) -> list[Row]:
    """Leave out of rows what is not hers to have; see `bot.store.given`."""
    shown = [_without_choice(table, row, safe) for row in rows]
    return [
        {
            name: value
            for name, value in row.items()
            if f"{table}.{name}" not in NOT_GIVEN
        }
        for row in shown
    ]


def _without_choice(table: str, row: Row, safe: frozenset[int]) -> Row:
    """Empty what would show a choice, a pass, or words that were not heard yet."""
    if table == "outbound_messages" and row["secret"]:
        hidden: Row = {"text": "", "choices": [], "sound": None, "picture": None}
        return row | hidden | {"about": None, "slots": None}
    if table == "inbound_messages" and SEALED in row["body"]:
        return row | {"body": {}}
    if table == "media" and row["id"] not in safe and row["key"]:
        return row | {"transcript": None}
    if table == "talks":
        return row | {"draft": _draft(row["state"])}
    return row


def _draft(state: str | None) -> Mapping[str, Any] | None:
    """Return the plan she has begun and not sent yet; never a ballot."""
    draft = load_talk(state).draft
    if draft is None:
        return None
    return {"text": draft.text, "media": [*draft.notes, *draft.photos]}


def _own_sides(rows: Sequence[Row], plans: frozenset[int] | set[int]) -> list[Row]:
    """Return meetings from her side: what the other author said is not hers."""
    told = []
    for row in rows:
        side = "" if row["plan_id"] in plans else "other_"
        told.append(
            {
                "plan_id": row["plan_id"] if not side else row["other_id"],
                "answer": row[f"{side}answer"],
                "words": row[f"{side}words"],
                "at": row["at"],
                "met_at": row["met_at"],
                "ended_at": row["ended_at"],
            }
        )
    return told


def _plans(db: Connection, found: Rows) -> Mapping[int, tuple[int, Mapping[str, str]]]:
    """Return number and title of each plan that her rows name."""
    mine = {row["id"]: row for row in found["plans"]}
    named = {row.get("plan_id") for rows in found.values() for row in rows}
    columns = (PlanRow.id, PlanRow.number, PlanRow.title, PlanRow.public_at)
    rows = db.execute(select(*columns).where(PlanRow.id.in_(named - {None})))
    known = {
        row.id: (row.number, (row.title or {}) if row.public_at else {}) for row in rows
    }
    own = {
        key: (row["number"], row["title"] or {row["language"] or "nl": row["text"]})
        for key, row in mine.items()
    }
    return known | own


def _rounds(db: Connection, found: Rows) -> Mapping[int, Mapping[str, str]]:
    named = {row.get("round_id") for rows in found.values() for row in rows} - {None}
    rows = db.execute(select(RoundRow.id, RoundRow.data).where(RoundRow.id.in_(named)))
    return {row.id: row.data["title"] for row in rows}
