"""What staff and effects do to plans: stages, publication, status."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, update

from bot.domain.languages import LANGUAGES
from bot.domain.money import Money
from bot.domain.plans import Status
from bot.services import caring, news
from bot.services.catalog import touch
from bot.services.events import tell_stage
from bot.services.freezing import on_frozen_ballot
from bot.services.house import Scene
from bot.services.searching import index_plan
from bot.store.civic import PlanRow, PlanStage
from bot.store.prepared import Prepared

AUTHOR = "author"
"""Stands in a plan's history for the person whose plan it is."""


class UnknownPlan(LookupError):  # noqa: N818 - reads as what it is
    """There is no plan with this number."""


class PlanRefused(ValueError):  # noqa: N818 - reads as what it is
    """The plan cannot be changed like this; the message says why, for an official."""


@dataclass(frozen=True, slots=True)
class PlanKey:
    """A plan as staff name it."""

    id: int
    number: int
    round_id: int
    status: Status


def plan_key(db: Connection, number: int) -> PlanKey:
    """Return the plan with this number. Raises UnknownPlan."""
    row = db.execute(
        select(PlanRow.id, PlanRow.number, PlanRow.round_id, PlanRow.status).where(
            PlanRow.number == number
        )
    ).one_or_none()
    if row is None:
        raise UnknownPlan(f"there is no plan {number}")
    return PlanKey(row.id, row.number, row.round_id, Status(row.status))


def add_stage(
    db: Connection,
    plan_id: int,
    status: Status,
    note: Mapping[str, str],
    by: str,
    at: datetime,
) -> None:
    """Add a line to a plan's history. `by` is a person's e-mail, "author" or "hook".

    The first line of somebody at the municipality is her first answer. The city's own
    systems are told of it.
    """
    stage = {"plan": plan_id, "status": status.value, "note": dict(note)}
    _STAGE.run(db, stage | {"who": by, "at": at})
    if by != AUTHOR:
        note_answer(db, plan_id, at)
    tell_stage(db, plan_id, status, by, at)


def note_answer(db: Connection, plan_id: int, at: datetime) -> None:
    """Note when the municipality first answered the author of a plan."""
    waits = update(PlanRow).where(PlanRow.id == plan_id, PlanRow.answered_at.is_(None))
    db.execute(waits.values(answered_at=at))


def note_answers(db: Connection, talk_id: int, at: datetime) -> None:
    """Note that the author of all plans of a talk heard from the municipality."""
    waits = update(PlanRow).where(
        PlanRow.talk_id == talk_id, PlanRow.answered_at.is_(None)
    )
    db.execute(waits.values(answered_at=at))


_STAGE = Prepared(
    insert(PlanStage).values(
        plan_id=bindparam("plan"),
        status=bindparam("status"),
        note=bindparam("note"),
        by=bindparam("who"),
        at=bindparam("at"),
    )
)


def publish(
    scene: Scene,
    number: int,
    titles: Mapping[str, str],
    by: str,
    summary: Mapping[str, str] | None = None,
    already: Mapping[str, str] | None = None,
) -> None:
    """Tick a plan as public, with its public titles; the author hears that version.

    `titles` is {locale: text}; at least one is needed, others fall back to Dutch.
    `already` says in the same way what the municipality pays there already; it and
    `summary` stay as they are where they are None. Raises UnknownPlan, or PlanRefused
    for a text without a known language, a plan that was withdrawn, or one on a frozen
    ballot.
    """
    db, now = scene.db, scene.now
    plan = plan_key(db, number)
    wrong = [code for code in titles if code not in LANGUAGES]
    if wrong or not any(text.strip() for text in titles.values()):
        raise PlanRefused("give --title nl=… (languages: nl, en, tr, ar)")
    if any(code not in LANGUAGES for code in already or {}):
        raise PlanRefused("give --already nl=… (languages: nl, en, tr, ar)")
    if plan.status is Status.WITHDRAWN:
        raise PlanRefused(f"plan {number} was taken back by its author")
    refuse_frozen(db, plan)
    status = Status.PUBLIC if plan.status is Status.RECEIVED else plan.status
    values: dict[str, Any] = {"title": dict(titles), "public_at": now}
    values["status"] = status.value
    if summary is not None:
        values["summary"] = dict(summary)
    if already is not None:
        values["already"] = dict(already)
    db.execute(update(PlanRow).where(PlanRow.id == plan.id).values(values))
    index_plan(db, plan.id)
    add_stage(db, plan.id, status, {}, by, now)
    touch(db)
    news.plan_public(scene, plan.id)


def set_cost(scene: Scene, number: int, cost: Money, theme: str | None = None) -> None:
    """Keep what a plan costs, and its theme where one is given.

    Raises UnknownPlan, or PlanRefused for an amount of nothing, a theme that its round
    does not have, and a plan on a frozen ballot.
    """
    db = scene.db
    plan = plan_key(db, number)
    if cost.cents <= 0:
        raise PlanRefused("a plan costs something")
    refuse_frozen(db, plan)
    values: dict[str, Any] = {"cost_cents": cost.cents}
    if theme is not None:
        values["theme"] = _known_theme(scene, plan, theme)
    db.execute(update(PlanRow).where(PlanRow.id == plan.id).values(values))
    touch(db)


def _known_theme(scene: Scene, plan: PlanKey, theme: str) -> str:
    view = scene.house.catalog.view(scene.db)
    slug = view.slug(plan.round_id)
    a_round = next(each for each in view.rounds if each.slug == slug)
    if a_round.theme(theme) is None:
        known = ", ".join(each.key for each in a_round.themes) or "none"
        raise PlanRefused(f"{slug} has no theme {theme} (it has: {known})")
    return theme


def refuse_frozen(db: Connection, plan: PlanKey) -> None:
    """Raise PlanRefused for a plan on a ballot that was frozen."""
    if on_frozen_ballot(db, plan.round_id, plan.number):
        raise PlanRefused(
            f"plan {plan.number} is on a ballot that was frozen when the vote opened"
        )


def set_status(
    scene: Scene,
    number: int,
    status: Status,
    note: Mapping[str, str],
    by: str,
    hold: news.Hold | None = None,
) -> int:
    """Move a plan to another status and tell its author and followers.

    Returns how many people are told; with `hold` they are told a little later. Raises
    UnknownPlan.
    """
    db = scene.db
    plan = plan_key(db, number)
    moved = update(PlanRow).where(PlanRow.id == plan.id)
    db.execute(moved.values(status=status.value))
    add_stage(db, plan.id, status, note, by, scene.now)
    caring.follow_status(scene, plan.id, status)
    touch(db)
    return news.status_changed(scene, plan.id, note, hold)
