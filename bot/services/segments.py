"""Who a message of officials is for: a segment, in words that a hook can send.

    all | authors | authors:chosen | authors:not_chosen | voters | followers:<plan>

each optionally followed by `locale=` (nl, en, tr, ar) and `area=` (a round's slug), in
any order: "authors:not_chosen locale=tr area=slotermeer-2026". With an area, authors
are those of plans in that round, voters those of that round, and all are the people who
have a plan, a support, a follow or a vote in it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, select, union

from bot.domain.languages import LANGUAGES, is_language
from bot.domain.plans import NOT_CHOSEN, Status
from bot.services.answers import Fault, FaultyCallError
from bot.services.decisions import ONGOING
from bot.services.house import Scene
from bot.services.news import READERS, one_each
from bot.store.civic import Follow, Mark, PlanRow, Support
from bot.store.talks import Resident, Talk

CHOSEN = frozenset({Status.CHOSEN, *ONGOING})
PATH = "data.segment"
_WHO = re.compile(r"(all|authors|authors:chosen|authors:not_chosen|voters)")
_FOLLOWERS = re.compile(r"followers:([1-9][0-9]{1,5})")
People = Select[Any]
"""A query of resident ids."""


@dataclass(frozen=True, slots=True)
class Segment:
    """Some of the people we know. `plan` is set for the followers of one plan."""

    who: str
    plan: int | None = None
    locale: str | None = None
    area: str | None = None

    def __str__(self) -> str:
        """Return it as a hook sends it; `parse_segment` gives it back."""
        who = self.who if self.plan is None else f"{self.who}:{self.plan}"
        locale = f" locale={self.locale}" if self.locale else ""
        area = f" area={self.area}" if self.area else ""
        return who + locale + area


def parse_segment(text: str) -> Segment:
    """Return the segment that `text` names. Raises ValueError that says why not."""
    who, *filters = text.split() or [""]
    followed = _FOLLOWERS.fullmatch(who)
    if not followed and not _WHO.fullmatch(who):
        raise ValueError(
            "must begin with all, authors, authors:chosen, authors:not_chosen, voters "
            "or followers:<plan>"
        )
    wished = _filters(filters)
    return Segment(
        who="followers" if followed else who,
        plan=int(followed[1]) if followed else None,
        locale=wished.get("locale"),
        area=wished.get("area"),
    )


def _filters(words: Sequence[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for word in words:
        name, _, value = word.partition("=")
        if name not in {"locale", "area"} or name in found or not value:
            raise ValueError("may be followed by one locale= and one area=, no more")
        found[name] = value
    if "locale" in found and not is_language(found["locale"]):
        raise ValueError(f"locale= must be one of {', '.join(LANGUAGES)}")
    return found


def find_readers(scene: Scene, segment: Segment) -> list[Row[Any]]:
    """Return one talk for each person of a segment who can be reached.

    Raises FaultyCallError for a plan or an area that is not there.
    """
    return read_by(scene, segment, is_one_of(find_people(scene, segment)))


def read_by(
    scene: Scene, segment: Segment, people: ColumnElement[bool]
) -> list[Row[Any]]:
    """Return one talk for each of these people who can be reached in the segment."""
    readers = one_each(scene.db.execute(READERS.where(people)))
    if segment.locale is None:
        return readers
    return [each for each in readers if each.language == segment.locale]


def is_one_of(people: Sequence[People]) -> ColumnElement[bool]:
    """Tell whether a talk is of somebody in any of these queries."""
    return Talk.resident_id.in_(union(*people))


def next_people(
    db: Connection, people: Sequence[People], after: int, most: int
) -> list[int]:
    """Return the next residents in the order of their ids, after the id `after`.

    Each query is asked for so many only, along its index: however many people there
    are, the next ones cost the same.
    """
    pages = []
    for each in people:
        (resident,) = each.selected_columns
        page = each.where(resident > after).order_by(resident).distinct().limit(most)
        pages.append(select(page.subquery().c[0].label("resident")))
    found = union(*pages).subquery()
    ordered = select(found.c.resident).order_by(found.c.resident).limit(most)
    return list(db.scalars(ordered))


def find_plans(scene: Scene, segment: Segment) -> list[int]:
    """Return the numbers of the plans whose authors are in a segment.

    For followers that is the plan they follow. Plans that were taken back are left
    out, and so are those that are not chosen, unless the segment asks for them: nobody
    can say how such a plan goes. Raises FaultyCallError like `find_readers`.
    """
    round_id = _round_id(scene, segment)
    if segment.plan is not None:
        return [segment.plan]
    people = _people(segment, round_id)
    mine = _plans(segment.who, round_id)
    if segment.who != "authors:not_chosen":
        mine.append(PlanRow.status.not_in([each.value for each in NOT_CHOSEN]))
    mine.append(PlanRow.resident_id.in_(union(*people)))
    numbers = select(PlanRow.number).where(*mine).order_by(PlanRow.number)
    return list(scene.db.scalars(numbers))


def find_people(scene: Scene, segment: Segment) -> tuple[People, ...]:
    """Return queries of resident ids: whoever is in one of them is in the segment.

    Raises FaultyCallError like `find_readers`.
    """
    return _people(segment, _round_id(scene, segment))


def _people(segment: Segment, round_id: int | None) -> tuple[People, ...]:
    match segment.who:
        case "all":
            if round_id is None:
                return (select(Resident.id),)
            return _anybody_in(round_id)
        case "voters":
            voted = select(Mark.resident_id)
            if round_id is not None:
                voted = voted.where(Mark.round_id == round_id)
            return (voted,)
        case "followers":
            followed = select(PlanRow.id).where(PlanRow.number == segment.plan)
            if round_id is not None:
                followed = followed.where(PlanRow.round_id == round_id)
            return (select(Follow.resident_id).where(Follow.plan_id.in_(followed)),)
        case _:
            return (select(PlanRow.resident_id).where(*_plans(segment.who, round_id)),)


def _plans(who: str, round_id: int | None) -> list[ColumnElement[bool]]:
    """Return which plans count for `who`; taken back they count for nobody."""
    found = [
        PlanRow.resident_id.is_not(None),
        PlanRow.status != Status.WITHDRAWN.value,
    ]
    statuses = {"authors:chosen": CHOSEN, "authors:not_chosen": NOT_CHOSEN}.get(who)
    if statuses:
        found.append(PlanRow.status.in_([each.value for each in statuses]))
    if round_id is not None:
        found.append(PlanRow.round_id == round_id)
    return found


def _anybody_in(round_id: int) -> tuple[People, ...]:
    plans = select(PlanRow.id).where(PlanRow.round_id == round_id)
    return (
        select(PlanRow.resident_id).where(*_plans("authors", round_id)),
        select(Support.resident_id).where(Support.plan_id.in_(plans)),
        select(Follow.resident_id).where(Follow.plan_id.in_(plans)),
        select(Mark.resident_id).where(Mark.round_id == round_id),
    )


def _round_id(scene: Scene, segment: Segment) -> int | None:
    """Return the round of the area. Raises FaultyCallError if it or the plan is not."""
    known = scene.house.catalog.view(scene.db).ids or {}
    if segment.area is not None and segment.area not in known:
        raise FaultyCallError([Fault(PATH, "area= is no round here")])
    if segment.plan is not None:
        plan = select(PlanRow.id).where(PlanRow.number == segment.plan)
        if scene.db.scalar(plan) is None:
            raise FaultyCallError([Fault(PATH, f"there is no plan {segment.plan}")])
    return None if segment.area is None else known[segment.area]
