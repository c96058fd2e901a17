"""Clocks of plans on Today: the first answer, contact after award, silent check-ins."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Select, exists, func, select

from bot.domain.clocks import (
    CHECKIN_DAYS,
    CONTACT_DAYS,
    FIRST_ANSWER_DAYS,
    Light,
    due_after,
    late_before,
)
from bot.domain.effects import TaskKind
from bot.domain.languages import pick_text
from bot.domain.plans import Status, draft_title
from bot.services.desk.handling import Outcome
from bot.services.desk.plan_list import told_at, waits_for_us
from bot.services.desk.today import (
    MOST_COUNTED,
    Asked,
    Found,
    Item,
    Waits,
    counted,
    zone_here,
)
from bot.services.house import Scene
from bot.store.civic import CheckIn, CheckInAnswer, Decision, PlanRow, Task
from bot.store.desk_messages import DeskMessage

FIRST, CONTACT, SILENT = "first_answer", "contact", "silent_checkin"
_SHORT = 80
_COLUMNS = (PlanRow.number, PlanRow.talk_id, PlanRow.text, PlanRow.title)


def _written_since(moment: Any) -> Any:  # noqa: ANN401 - a column, an SQL condition
    """Return whether an official has written to the plan's author since a moment."""
    return exists().where(
        DeskMessage.talk_id == PlanRow.talk_id,
        DeskMessage.outbound_id.is_not(None),
        DeskMessage.at >= moment,
    )


def _called_since(moment: Any) -> Any:  # noqa: ANN401 - a column, an SQL condition
    """Return whether an official has called about the plan since a moment."""
    return exists().where(
        Task.plan_id == PlanRow.id,
        Task.outcome == Outcome.CALLED.value,
        Task.done_at >= moment,
    )


def first_answers(scene: Scene, asked: Asked) -> Found:
    """Find new plans whose author has heard from nobody yet: within two days."""
    if asked.official is not None:
        return Found()
    zone = zone_here(scene)
    rows = select(*_COLUMNS, told_at.label("told")).where(waits_for_us)
    oldest = rows.order_by(told_at, PlanRow.number).limit(asked.most)
    items = [_new(row, zone) for row in scene.db.execute(oldest)]
    edge = late_before(scene.now, FIRST_ANSWER_DAYS, zone).astimezone(UTC)
    every = select(PlanRow.id).where(waits_for_us)
    late = every.where(told_at < edge)
    waits = Waits(_up_to(scene, every), _up_to(scene, late))
    return Found(items, {FIRST: waits})


def _new(row: Any, zone: str) -> Item:  # noqa: ANN401 - a row of a plan
    item = _item(FIRST, row, row.told, FIRST_ANSWER_DAYS, zone)
    return replace(item, page="plan", args={"number": row.number})


def contacts(scene: Scene, asked: Asked) -> Found:
    """Find chosen plans whose author nobody has called yet: within two weeks.

    Or before the day that was promised with the result.
    """
    if asked.official is not None:
        return Found()
    zone = zone_here(scene)
    rows = (
        select(*_COLUMNS, Decision.at, Decision.data)
        .join(Decision, Decision.plan_id == PlanRow.id)
        .where(
            PlanRow.status == Status.CHOSEN.value,
            PlanRow.talk_id.is_not(None),
            ~_written_since(Decision.at),
            ~_called_since(Decision.at),
        )
        .order_by(Decision.at, PlanRow.number)
        .limit(MOST_COUNTED)
    )
    items = [
        _item(CONTACT, row, row.at, CONTACT_DAYS, zone, _promised(row.data, zone))
        for row in scene.db.execute(rows)
    ]
    waits = counted(items, scene.now)
    return Found(items[: asked.most], {CONTACT: waits})


def silent_checkins(scene: Scene, asked: Asked) -> Found:
    """Find check-ins without an answer whose two weeks are nearly over: call her."""
    if asked.official is not None:
        return Found()
    zone = zone_here(scene)
    later = CheckIn.__table__.alias("later")
    rows = (
        select(*_COLUMNS, CheckIn.asked_at)
        .join(CheckIn, CheckIn.plan_id == PlanRow.id)
        .where(
            PlanRow.status.in_((Status.CHOSEN.value, Status.STARTED.value)),
            PlanRow.talk_id.is_not(None),
            ~exists().where(CheckInAnswer.checkin_id == CheckIn.id),
            ~exists().where(
                later.c.plan_id == CheckIn.plan_id, later.c.id > CheckIn.id
            ),
            ~_written_since(CheckIn.asked_at),
            ~_called_since(CheckIn.asked_at),
            ~exists().where(
                Task.plan_id == PlanRow.id,
                Task.kind == TaskKind.SILENT,
                Task.done_at.is_(None),
            ),
        )
        .order_by(CheckIn.asked_at, PlanRow.number)
        .limit(MOST_COUNTED)
    )
    found = scene.db.execute(rows)
    asks = [_item(SILENT, row, row.asked_at, CHECKIN_DAYS, zone) for row in found]
    items = [item for item in asks if item.light(scene.now) is not Light.GREEN]
    return Found(items[: asked.most], {SILENT: counted(items, scene.now)})


def _item(
    kind: str,
    row: Any,  # noqa: ANN401 - a row of a plan
    since: datetime,
    days: int,
    zone: str,
    promised: datetime | None = None,
) -> Item:
    title = pick_text(row.title, "nl") if row.title else draft_title(row.text)
    return Item(
        kind=kind,
        since=since,
        due=promised or due_after(since, days, zone),
        page="talk",
        args={"talk_id": row.talk_id, "plan": row.number},
        who=title[:_SHORT],
        plan=row.number,
        talk=row.talk_id,
    )


def _promised(data: Mapping[str, Any], zone: str) -> datetime | None:
    """Return when the day begins before which a call was promised."""
    try:
        day = date.fromisoformat(str(data.get("call_before")))
    except ValueError:
        return None
    return datetime.combine(day, time(), ZoneInfo(zone))


def _up_to(scene: Scene, rows: Select[Any]) -> int:
    """Count rows, but no further than a page can say."""
    few = rows.limit(MOST_COUNTED + 1).subquery()
    return scene.db.scalar(select(func.count()).select_from(few)) or 0
