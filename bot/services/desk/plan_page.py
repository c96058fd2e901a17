"""All that the page of one plan shows, read once and frozen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, select

from bot.domain.clocks import Clock
from bot.domain.languages import Texts
from bot.domain.money import Money
from bot.domain.plans import ONCE_CHOSEN, Status, draft_title
from bot.domain.rounds import Round
from bot.services.desk.plan_history import Line, history_of
from bot.services.desk.plan_list import clock_of, rounds_by_id, told_at
from bot.services.desk.reviewing import Reviewed, author_language, reviews_of
from bot.services.desk.similar_plans import Alike, alike_to
from bot.services.freezing import is_frozen
from bot.services.house import Scene
from bot.services.news import authors
from bot.services.plans import UnknownPlan
from bot.store.civic import Follow, PlanMedia, PlanRow
from bot.store.talks import Media


@dataclass(frozen=True, slots=True)
class Note:
    """A voice note of a plan. `here` tells whether its sound can still be played."""

    media: int
    here: bool
    seconds: float | None
    transcript: str | None
    language: str | None


@dataclass(frozen=True, slots=True)
class Photo:
    """A photo of a plan, the `place`-th from 1. `here`: it can be shown."""

    media: int
    place: int
    here: bool


@dataclass(frozen=True, slots=True)
class Head:
    """What stands at the top of a plan's page. `clock` and `answers` as in a list.

    `talk` is the talk in which its author told it; `was_chosen`: money was granted.
    """

    number: int
    status: Status
    named: Texts
    words: str
    a_round: Round
    told: datetime
    clock: Clock | None
    answers: bool
    frozen: bool
    talk: int | None
    was_chosen: bool


@dataclass(frozen=True, slots=True)
class Told:
    """What its author told: her words, notes and photos, and where the plan is.

    `reads` is the language in which she reads what we write.
    """

    text: str
    language: str | None
    reads: str
    spoken: bool
    entry: str | None
    reachable: bool
    has_author: bool
    notes: Sequence[Note]
    photos: Sequence[Photo]
    place: str
    point: tuple[float, float] | None


@dataclass(frozen=True, slots=True)
class Public:
    """What everybody can read of it, by language. `picture` is the media it is."""

    title: Texts
    summary: Texts
    already: Texts
    since: datetime | None
    picture: int | None


@dataclass(frozen=True, slots=True)
class PlanPage:
    """A plan as an official sees it, one value for each section of the page."""

    head: Head
    told: Told
    public: Public
    theme: str | None
    cost: Money | None
    supports: int
    follows: int
    votes: int | None
    contact: Mapping[str, str]
    reviews: Sequence[Reviewed]
    similar: Sequence[Alike]
    history: Sequence[Line] = field(default_factory=list)

    @property
    def newest_review(self) -> int:
        """The number of the newest review; 0 for none. A form says what it has seen."""
        return self.reviews[0].id if self.reviews else 0


def plan_page(scene: Scene, number: int) -> PlanPage:
    """Return all that the page of a plan shows. Raises UnknownPlan."""
    db = scene.db
    plan = db.execute(_PLAN.where(PlanRow.number == number)).one_or_none()
    if plan is None:
        raise UnknownPlan(f"there is no plan {number}")
    return PlanPage(
        head=_head(scene, plan),
        told=_told(db, plan),
        public=Public(
            plan.title or {},
            plan.summary or {},
            plan.already or {},
            plan.public_at,
            plan.picture_id,
        ),
        theme=plan.theme,
        cost=None if plan.cost_cents is None else Money(plan.cost_cents),
        supports=plan.supports,
        follows=db.scalar(_FOLLOWS.where(Follow.plan_id == plan.id)) or 0,
        votes=plan.votes,
        contact=plan.contact or {},
        reviews=reviews_of(scene, plan.id),
        similar=alike_to(scene, plan.id),
        history=history_of(db, plan.id),
    )


_PLAN: Any = select(*PlanRow.__table__.c, told_at.label("told"))
_FOLLOWS = select(func.count()).select_from(Follow)


def _head(scene: Scene, plan: Row[Any]) -> Head:
    a_round = rounds_by_id(scene)[plan.round_id]
    clock, answers = clock_of(plan, a_round, scene.now)
    return Head(
        number=plan.number,
        status=Status(plan.status),
        named=plan.title or {},
        words=draft_title(plan.text),
        a_round=a_round,
        told=plan.told,
        clock=clock,
        answers=answers,
        frozen=is_frozen(scene.db, plan.round_id, plan.number),
        talk=plan.talk_id,
        was_chosen=Status(plan.status) in ONCE_CHOSEN,
    )


def _told(db: Connection, plan: Row[Any]) -> Told:
    media = select(
        Media.id,
        Media.kind,
        Media.key,
        Media.seconds,
        Media.transcript,
        Media.language,
    ).join(PlanMedia, PlanMedia.media_id == Media.id)
    rows = db.execute(
        media.where(PlanMedia.plan_id == plan.id).order_by(Media.id)
    ).all()
    notes = [
        Note(row.id, row.key is not None, row.seconds, row.transcript, row.language)
        for row in rows
        if row.kind == "voice"
    ]
    photos = [row for row in rows if row.kind == "photo"]
    point = None
    if plan.latitude is not None and plan.longitude is not None:
        point = (plan.latitude, plan.longitude)
    return Told(
        text=plan.text,
        language=plan.language,
        reads=author_language(db, plan),
        spoken=plan.spoken,
        entry=plan.entry,
        reachable=bool(authors(db, plan.resident_id)),
        has_author=plan.resident_id is not None,
        notes=notes,
        photos=[
            Photo(row.id, place, row.key is not None)
            for place, row in enumerate(photos, 1)
        ],
        place=plan.place,
        point=point,
    )
