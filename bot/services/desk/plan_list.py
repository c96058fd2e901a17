"""All plans as officials look through them: a board of stages, and a list in pages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, case, func, select

from bot.domain import clocks
from bot.domain.clocks import Clock
from bot.domain.languages import Texts
from bot.domain.plans import CHANGEABLE, Status, draft_title
from bot.domain.rounds import HOME_ZONE, Phase, Round
from bot.services.house import Scene
from bot.services.searching import found_at, found_by
from bot.store.civic import PlanRow
from bot.store.reviews import Review

AT_ONCE, FIRST_FEW = 25, 3
NO_THEME = "-"
"""Asks for plans that nobody has filed under a theme."""

UNDER_REVIEW = frozenset({Status.RECEIVED, Status.PUBLIC, Status.NEEDS_CHANGE})


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which plans an official wants to see; what is "" or None makes no difference.

    `spoken` tells voice from text, `waiting` asks for what we have not answered, `page`
    counts from 1.
    """

    round: str = ""
    stage: Status | None = None
    language: str = ""
    theme: str = ""
    place: str = ""
    spoken: bool | None = None
    waiting: bool = False
    asked: str = ""
    page: int = 1

    @property
    def is_all(self) -> bool:
        """Whether nothing but a round is asked for."""
        return self == Wanted(self.round)


@dataclass(frozen=True, slots=True)
class Card:
    """A plan as a list shows it. `clock` is the one that runs on us, if one does.

    `words` is its public title by language, or her first words. `answers` tells that
    the clock is that of the first answer, not that of the advice. `proposed` tells that
    a review waits for a second official.
    """

    number: int
    status: Status
    title: Texts
    words: str
    language: str | None
    spoken: bool
    place: str
    theme: str | None
    supports: int
    told: datetime
    clock: Clock | None
    answers: bool
    proposed: bool


@dataclass(frozen=True, slots=True)
class Found:
    """A page of plans, oldest unanswered first, and how many there are in all."""

    cards: Sequence[Card]
    count: int
    page: int

    @property
    def pages(self) -> int:
        """How many pages there are; one where nothing is found."""
        return max(1, -(-self.count // AT_ONCE))


@dataclass(frozen=True, slots=True)
class Column:
    """A stage of the board: how many plans are there, and the first few of them."""

    stage: Status
    count: int
    cards: Sequence[Card]


told_at: Any = func.coalesce(PlanRow.asked_at, PlanRow.created_at)
"""Since when we owe the author of a plan an answer."""

_PROPOSED = (
    select(Review.id)
    .where(Review.plan_id == PlanRow.id, Review.state == "proposed")
    .exists()
)
_COLUMNS = (
    PlanRow.number,
    PlanRow.round_id,
    PlanRow.status,
    PlanRow.title,
    PlanRow.text,
    PlanRow.language,
    PlanRow.spoken,
    PlanRow.place,
    PlanRow.theme,
    PlanRow.supports,
    told_at.label("told"),
    PlanRow.answered_at,
    PlanRow.advised_at,
    _PROPOSED.label("proposed"),
)
waits_for_us: ColumnElement[bool] = PlanRow.answered_at.is_(None) & (
    PlanRow.status.in_(sorted(CHANGEABLE))
)
"""The condition that nobody at the municipality has answered a plan yet."""

_ORDER = (case((waits_for_us, 0), else_=1), told_at, PlanRow.number)


def find_plans(scene: Scene, wanted: Wanted) -> Found:
    """Return a page of the plans that are wanted; the last one where it is too far."""
    conditions = _conditions(scene, wanted)
    counted = select(func.count()).select_from(PlanRow).where(*conditions)
    count = scene.db.scalar(counted) or 0
    page = min(max(wanted.page, 1), max(1, -(-count // AT_ONCE)))
    rows = (
        select(*_COLUMNS)
        .where(*conditions)
        .order_by(*_ORDER)
        .limit(AT_ONCE)
        .offset((page - 1) * AT_ONCE)
    )
    return Found(_cards(scene, scene.db.execute(rows).all()), count, page)


def board(scene: Scene, slug: str = "") -> Sequence[Column]:
    """Return the stages that plans are in, in the order of a plan's life."""
    within = _of_round(scene, slug)
    counted = select(PlanRow.status, func.count()).where(*within)
    counts = {
        Status(status): count
        for status, count in scene.db.execute(counted.group_by(PlanRow.status))
    }
    place = func.row_number().over(partition_by=PlanRow.status, order_by=_ORDER)
    ranked = select(PlanRow.id, place.label("place")).where(*within).subquery()
    first = (
        select(*_COLUMNS)
        .join(ranked, ranked.c.id == PlanRow.id)
        .where(ranked.c.place <= FIRST_FEW)
        .order_by(ranked.c.place)
    )
    cards = _cards(scene, scene.db.execute(first).all())
    return [
        Column(stage, counts[stage], [each for each in cards if each.status is stage])
        for stage in Status
        if stage in counts
    ]


def count_waiting(db: Connection) -> int:
    """Return how many plans wait for their first answer."""
    waiting = select(func.count()).select_from(PlanRow).where(waits_for_us)
    return db.scalar(waiting) or 0


def clock_of(
    row: Any,  # noqa: ANN401 - a row
    a_round: Round | None,
    now: datetime,
) -> tuple[Clock | None, bool]:
    """Return the clock that runs on us for a plan, and whether it is the first answer.

    `row` has status, told, answered_at, advised_at and supports. A plan comes to its
    review once the round's review has begun and it has enough support.
    """
    if Status(row.status) not in UNDER_REVIEW:
        return None, False
    zone = a_round.zone if a_round else HOME_ZONE
    first = clocks.first_answer(row.told, row.answered_at, now, zone)
    if first is not None or a_round is None:
        return first, True
    if row.supports < a_round.threshold:
        return None, False
    began = a_round.start_of(Phase.REVIEWING)
    return clocks.advice(began, row.advised_at, now, zone), False


def rounds_by_id(scene: Scene) -> Mapping[int, Round]:
    """Return all rounds by the numbers of their rows."""
    view = scene.house.catalog.view(scene.db)
    return {view.round_id(each.slug): each for each in view.rounds}


def _conditions(scene: Scene, wanted: Wanted) -> list[ColumnElement[bool]]:
    found = _of_round(scene, wanted.round)
    if wanted.stage is not None:
        found.append(PlanRow.status == wanted.stage.value)
    if wanted.language:
        found.append(PlanRow.language == wanted.language)
    if wanted.theme:
        theme = None if wanted.theme == NO_THEME else wanted.theme
        found.append(PlanRow.theme.is_not_distinct_from(theme))
    if wanted.place.strip():
        found.append(found_at(wanted.place))
    if wanted.spoken is not None:
        found.append(PlanRow.spoken.is_(wanted.spoken))
    if wanted.waiting:
        found.append(waits_for_us)
    if wanted.asked.strip():
        found.append(found_by(wanted.asked))
    return found


def _of_round(scene: Scene, slug: str) -> list[ColumnElement[bool]]:
    ids = scene.house.catalog.view(scene.db).ids or {}
    return [PlanRow.round_id == ids[slug]] if slug in ids else []


def _cards(scene: Scene, rows: Sequence[Row[Any]]) -> list[Card]:
    rounds = rounds_by_id(scene)
    return [_card(row, rounds.get(row.round_id), scene.now) for row in rows]


def _card(row: Row[Any], a_round: Round | None, now: datetime) -> Card:
    clock, answers = clock_of(row, a_round, now)
    return Card(
        number=row.number,
        status=Status(row.status),
        title=row.title or {},
        words=draft_title(row.text),
        language=row.language,
        spoken=row.spoken,
        place=row.place,
        theme=row.theme,
        supports=row.supports,
        told=row.told,
        clock=clock,
        answers=answers,
        proposed=row.proposed,
    )
