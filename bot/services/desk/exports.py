"""Tables to take away: plans, decisions, tasks, payments, reach and answer times.

No voter and no choice is in any of them, and no words of a plan that a reviewer has not
made public. Rows are read 1,000 at a time.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, Select, exists, func, select

from bot.domain.effects import TaskKind
from bot.domain.languages import pick_text
from bot.domain.money import Money
from bot.services.desk.audit import note
from bot.services.desk.sheets import Row, as_file
from bot.services.house import House, Scene
from bot.store.civic import Decision, PlanRow, PlanStage, Task
from bot.store.spending import Activity, Spending
from bot.store.talks import Talk

PORTION = 1_000
_NUMBER = PlanRow.number.label("plan")


@dataclass(frozen=True, slots=True)
class Table:
    """What is exported: machine words for the heads, the rows, how a row is made."""

    head: tuple[str, ...]
    query: Callable[[int], Select[Any]]
    row: Callable[[Any], Row]


def export(
    house: House, slug: str, what: str, form: str, by: str
) -> tuple[bytes, str] | None:
    """Return a table of a round in `form` ("csv", "xlsx") and its file's name.

    Commits a line of the trail: who took which table away. None for a round or a table
    that is not there.
    """
    view, table = house.db.read(house.catalog.view), TABLES.get(what)
    a_round = next((each for each in view.rounds if each.slug == slug), None)
    if a_round is None or table is None:
        return None
    round_id, now = view.round_id(slug), house.clock()

    def trail(db: Connection) -> None:
        subject = f"round:{slug}"[:80]
        note(Scene(house, db, now), by, "export", subject, table=what, form=form)

    house.db.run(trail)
    file = house.db.read(
        lambda db: as_file(
            form, table.head, _rows(db, table, round_id), a_round.zone, what
        )
    )
    return file, f"{slug}-{what}.{form}"


def _rows(db: Connection, table: Table, round_id: int) -> Iterator[Row]:
    found = db.execution_options(yield_per=PORTION).execute(table.query(round_id))
    for row in found:
        yield table.row(row)


def _public(texts: Mapping[str, str] | None, at: Any) -> str:  # noqa: ANN401 - a moment
    return pick_text(texts or {}, "nl") if at is not None else ""


def _money(cents: int | None) -> Money | None:
    return None if cents is None else Money(int(cents))


def _of_round(columns: Select[Any], round_id: int) -> Select[Any]:
    return columns.where(PlanRow.round_id == round_id)


def _plans(round_id: int) -> Select[Any]:
    columns: Any = select(
        _NUMBER,
        PlanRow.title,
        PlanRow.public_at,
        PlanRow.status,
        PlanRow.theme,
        PlanRow.language,
        PlanRow.spoken,
        PlanRow.supports,
        PlanRow.votes,
        PlanRow.cost_cents,
        PlanRow.created_at,
    )
    return _of_round(columns, round_id).order_by(PlanRow.number)


def _plan(row: Any) -> Row:  # noqa: ANN401 - a row
    return (
        row.plan,
        _public(row.title, row.public_at),
        row.status,
        row.theme,
        row.language,
        row.spoken,
        row.supports,
        row.votes,
        _money(row.cost_cents),
        row.created_at,
        row.public_at,
    )


def _decisions(round_id: int) -> Select[Any]:
    columns: Any = select(
        _NUMBER,
        PlanRow.title,
        PlanRow.public_at,
        Decision.outcome,
        Decision.standing,
        Decision.data,
        Decision.next_step,
        Decision.at,
    ).join(PlanRow, PlanRow.id == Decision.plan_id)
    return _of_round(columns, round_id).order_by(PlanRow.number)


def _decision(row: Any) -> Row:  # noqa: ANN401 - a row
    return (
        row.plan,
        _public(row.title, row.public_at),
        row.outcome,
        row.standing,
        pick_text(row.data.get("reason") or {}, "nl"),
        _money(row.data.get("amount_cents")),
        row.next_step,
        row.at,
    )


def _tasks(round_id: int) -> Select[Any]:
    columns: Any = select(
        Task.id, _NUMBER, Task.kind, Task.created_at, Task.due_at, Task.done_at
    ).join(PlanRow, PlanRow.id == Task.plan_id)
    return _of_round(columns, round_id).order_by(Task.id)


def _task(row: Any) -> Row:  # noqa: ANN401 - a row
    late = row.done_at is not None and row.done_at > row.due_at
    return (
        row.id,
        row.plan,
        row.kind,
        row.created_at,
        row.due_at,
        row.done_at,
        late,
    )


def _spending(round_id: int) -> Select[Any]:
    columns: Any = (
        select(
            Spending.id,
            _NUMBER,
            Spending.day,
            Spending.cents,
            Spending.what,
            Spending.paid_to,
            Spending.kind,
            Activity.name,
            Spending.state,
            Spending.counters,
            Spending.entered_by,
            Spending.decided_by,
        )
        .join(PlanRow, PlanRow.id == Spending.plan_id)
        .outerjoin(Activity, Activity.id == Spending.activity_id)
    )
    return _of_round(columns, round_id).order_by(Spending.id)


def _payment(row: Any) -> Row:  # noqa: ANN401 - a row
    return (
        row.id,
        row.plan,
        date.fromisoformat(row.day),
        Money(row.cents),
        pick_text(row.what, "nl"),
        row.paid_to,
        row.kind,
        row.name,
        row.state,
        row.counters,
        row.entered_by,
        row.decided_by,
    )


def _reach(round_id: int) -> Select[Any]:
    unreached = (Task.plan_id == PlanRow.id) & (Task.kind == TaskKind.UNREACHED)
    way = exists().where(
        Talk.resident_id == PlanRow.resident_id,
        Talk.stopped_at.is_(None),
        Talk.closed_at.is_(None),
        Talk.forgotten_at.is_(None),
    )
    columns: Any = select(
        _NUMBER,
        Decision.outcome,
        Decision.at,
        PlanRow.resident_id.is_not(None).label("known"),
        way.label("way"),
        exists().where(unreached, Task.done_at.is_(None)).label("to_call"),
        exists().where(unreached, Task.done_at.is_not(None)).label("called"),
    ).join(PlanRow, PlanRow.id == Decision.plan_id)
    return _of_round(columns, round_id).order_by(PlanRow.number)


def _reached(row: Any) -> Row:  # noqa: ANN401 - a row
    return (
        row.plan,
        row.outcome,
        row.at,
        bool(row.known),
        bool(row.way),
        bool(row.to_call),
        bool(row.called),
    )


def _answers(round_id: int) -> Select[Any]:
    first = (
        select(PlanStage.plan_id, func.min(PlanStage.at).label("answered"))
        .where(PlanStage.by != "author")
        .group_by(PlanStage.plan_id)
        .subquery()
    )
    columns: Any = select(_NUMBER, PlanRow.created_at, first.c.answered).outerjoin(
        first, first.c.plan_id == PlanRow.id
    )
    return _of_round(columns, round_id).order_by(PlanRow.number)


def _answer(row: Any) -> Row:  # noqa: ANN401 - a row
    days = None
    if row.answered is not None:
        days = round((row.answered - row.created_at).total_seconds() / 86_400, 2)
    return (row.plan, row.created_at, row.answered, days)


TABLES: Mapping[str, Table] = {
    "plans": Table(
        tuple(
            "plan title status theme language spoken supports votes cost told_at "
            "public_at".split()
        ),
        _plans,
        _plan,
    ),
    "decisions": Table(
        tuple("plan title outcome standing reason amount next_step at".split()),
        _decisions,
        _decision,
    ),
    "tasks": Table(
        tuple("task plan kind asked_at due_at done_at late".split()), _tasks, _task
    ),
    "spending": Table(
        tuple(
            "line plan day amount what paid_to kind activity state takes_back "
            "entered_by decided_by".split()
        ),
        _spending,
        _payment,
    ),
    "reach": Table(
        tuple(
            "plan outcome decided_at author_known can_be_written to_call called".split()
        ),
        _reach,
        _reached,
    ),
    "answers": Table(tuple("plan told_at answered_at days".split()), _answers, _answer),
}
"""What can be exported, by the word that names it in the address."""
