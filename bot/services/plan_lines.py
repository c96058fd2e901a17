"""What happened with a chosen plan, line by line: written, told, and made public."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from bot.domain.care import Line
from bot.domain.kinds import STATUS
from bot.domain.languages import Texts
from bot.domain.say import N_, Local, Reply, Say
from bot.flows.parts import HOW_GOES
from bot.services import caring, news
from bot.services.house import Scene
from bot.services.news import News, Telling
from bot.services.outbox import Letter
from bot.store.care import PlanLine
from bot.store.civic import PlanRow

DID, ANSWER, TOLD, CHANGED = "did", "answer", "told", "changed"
MOST_LINES = 10


@dataclass(frozen=True, slots=True)
class Written:
    """A line as an official wrote it: of which kind, and who it was."""

    kind: str
    texts: Texts
    by: str
    sound: int | None = None


def write_line(scene: Scene, plan_id: int, line: Written) -> int:
    """Add a line and return its row. The municipality's silence ends with it."""
    row = insert(PlanLine).values(
        plan_id=plan_id,
        kind=line.kind,
        texts=dict(line.texts),
        media_id=line.sound,
        by=line.by,
        at=scene.now,
        told_at=None if line.kind == DID else scene.now,
    )
    made = scene.db.execute(row.returning(PlanLine.id)).scalar_one()
    if line.kind != TOLD:
        caring.reported(scene, plan_id, line.by)
    return int(made)


def untold(db: Connection, plan_id: int) -> list[Row[Any]]:
    """Return what the municipality did and the author was not told yet, oldest first.

    The newest few: a question opens with them.
    """
    found = (
        select(PlanLine.id, PlanLine.texts)
        .where(
            PlanLine.plan_id == plan_id,
            PlanLine.kind == DID,
            PlanLine.told_at.is_(None),
        )
        .order_by(PlanLine.id.desc())
        .limit(_MOST_TOLD)
    )
    return list(reversed(db.execute(found).all()))


_MOST_TOLD = 3
"""Deeds that one question opens with: it has to be heard to its end."""


def mark_told(scene: Scene, plan_id: int) -> None:
    """Note that the author was told all of it."""
    waiting = update(PlanLine).where(
        PlanLine.plan_id == plan_id, PlanLine.told_at.is_(None)
    )
    scene.db.execute(waiting.values(told_at=scene.now))


def make_public(scene: Scene, line_id: int, by: str) -> bool:
    """Tick a line: everybody may read it, followers are told, the author hears it.

    False for an answer to what was stuck, which stays between author and contact, and
    for a line that is public already.
    """
    ticked = update(PlanLine).where(
        PlanLine.id == line_id, PlanLine.kind != ANSWER, PlanLine.public_at.is_(None)
    )
    values = {"public_at": scene.now, "public_by": by}
    columns = (PlanLine.plan_id, PlanLine.kind, PlanLine.texts)
    row = scene.db.execute(ticked.values(values).returning(*columns)).one_or_none()
    if row is None:
        return False
    _tell_followers(scene, row, f"line:{line_id}")
    return True


def take_back(scene: Scene, line_id: int) -> bool:
    """Make a line private again; False if it was."""
    public = update(PlanLine).where(
        PlanLine.id == line_id, PlanLine.public_at.is_not(None)
    )
    private = public.values(public_at=None, public_by=None)
    return scene.db.execute(private).rowcount > 0


def _tell_followers(scene: Scene, line: Row[Any], key: str) -> None:
    """Tell who follows a plan; its author too, where the words are of what she said."""
    plan = scene.db.execute(_PLAN.where(PlanRow.id == line.plan_id)).one()
    view = scene.house.catalog.view(scene.db)
    slug = view.slug(plan.round_id)
    zone = next(each.zone for each in view.rounds if each.slug == slug)
    telling = Telling(scene, zone, plan.round_id)
    words = {"words": Local(line.texts)}
    first = Say(N_("There is news about a plan."))
    rows = (first, news.plan_rows(plan.number, plan.title or {}))
    reply = Reply((*rows, Say(N_("%(words)s"), words)), (HOW_GOES,))
    told = News(reply, Letter(STATUS, news.public_slots(plan) | words))
    readers = news.followers(scene.db, plan.id)
    if line.kind == TOLD:
        readers += news.authors(scene.db, plan.resident_id)
    for reader in news.one_each(readers):
        if line.kind == TOLD or reader.resident_id != plan.resident_id:
            news.tell(telling, reader, told, f"{key}:{reader.resident_id}")


_PLAN = select(
    PlanRow.id, PlanRow.number, PlanRow.title, PlanRow.round_id, PlanRow.resident_id
)


def public_lines(db: Connection, plan_id: int) -> tuple[Line, ...]:
    """Return what everybody may read, oldest first: the newest ten."""
    return _lines(db, plan_id, PlanLine.public_at.is_not(None))


def own_lines(db: Connection, plan_id: int) -> tuple[Line, ...]:
    """Return what the author was told, and what is public."""
    known = PlanLine.told_at.is_not(None) | PlanLine.public_at.is_not(None)
    return _lines(db, plan_id, known & (PlanLine.kind != TOLD) | public())


def public() -> Any:  # noqa: ANN401 - an SQL condition
    """Return the condition of what a reviewer has ticked."""
    return PlanLine.public_at.is_not(None)


def _lines(db: Connection, plan_id: int, which: Any) -> tuple[Line, ...]:  # noqa: ANN401
    found = (
        select(PlanLine.at, PlanLine.texts)
        .where(PlanLine.plan_id == plan_id, which)
        .order_by(PlanLine.id.desc())
        .limit(MOST_LINES)
    )
    rows: Sequence[Row[Any]] = db.execute(found).all()
    return tuple(Line(row.at, row.texts) for row in reversed(rows) if row.texts)
