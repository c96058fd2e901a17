"""Plans like another one, for an official to look at: at most five, without a score.

Public titles stand in four languages, so a plan in Turkish finds one in Dutch. Nothing
here changes a plan.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, case, or_, select

from bot.domain.languages import Texts
from bot.domain.plans import Status, draft_title
from bot.domain.similar import Point, Sketch, similar
from bot.flows.spelling import plain
from bot.services.desk.subjects import SUBJECTS
from bot.services.house import Scene
from bot.store.civic import PlanRow

CANDIDATES = 200
_MOST_PATTERNS, _STEM = 14, 5


@dataclass(frozen=True, slots=True)
class Alike:
    """A plan that may be like the one an official looks at."""

    number: int
    status: Status
    title: Texts
    words: str
    place: str


_COLUMNS = (
    PlanRow.id,
    PlanRow.number,
    PlanRow.status,
    PlanRow.title,
    PlanRow.text,
    PlanRow.place,
    PlanRow.latitude,
    PlanRow.longitude,
)


def alike_to(scene: Scene, plan_id: int) -> Sequence[Alike]:
    """Return at most five plans of the same round that may be like this one."""
    own = select(*_COLUMNS, PlanRow.round_id).where(PlanRow.id == plan_id)
    plan = scene.db.execute(own).one()
    rows = {row.number: row for row in _candidates(scene, plan)}
    mine = sketch_of(plan)
    found = similar(mine, [sketch_of(row) for row in rows.values()], SUBJECTS)
    return [_as_alike(rows[number]) for number in found]


def sketch_of(row: Any) -> Sketch:  # noqa: ANN401 - a row
    """Return what is compared of a plan: its public titles, else her words."""
    said = " ".join((row.title or {}).values()) or row.text
    at = None if row.latitude is None else Point(row.latitude, row.longitude)
    return Sketch(row.number, plain(said[:1_000]), plain(row.place), at)


def _candidates(scene: Scene, plan: Row[Any]) -> Sequence[Row[Any]]:
    """Return plans of the round that share a word, a subject or the place with it.

    The ones that share most; scoring them all would take too long for a page.
    """
    patterns = _patterns(sketch_of(plan))
    if not patterns:
        return []
    holds = [PlanRow.search.like(each) for each in patterns]
    shared: Any = sum(case((each, 1), else_=0) for each in holds)
    rows = (
        select(*_COLUMNS)
        .where(
            PlanRow.round_id == plan.round_id,
            PlanRow.id != plan.id,
            PlanRow.status != Status.WITHDRAWN.value,
            or_(*holds),
        )
        .order_by(shared.desc(), PlanRow.id.desc())
        .limit(CANDIDATES)
    )
    return scene.db.execute(rows).all()


def _patterns(plan: Sketch) -> list[str]:
    """Return what to look for: how its words and its subjects begin, and its place."""
    words = sorted({w for w in plan.words.split() if len(w) >= _STEM}, key=len)
    subjects = {
        subject
        for word in plan.words.split()
        for beginning, subject in SUBJECTS.items()
        if word.startswith(beginning)
    }
    named = [each for each, subject in SUBJECTS.items() if subject in subjects]
    places = [each for each in plan.place.split() if len(each) >= _STEM]
    stems = [*named, *(word[:_STEM] for word in reversed(words)), *places]
    return [f"%{each}%" for each in dict.fromkeys(stems)][:_MOST_PATTERNS]


def _as_alike(row: Row[Any]) -> Alike:
    status = Status(row.status)
    words = draft_title(row.text)
    return Alike(row.number, status, row.title or {}, words, row.place)
