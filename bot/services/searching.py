"""What of a plan can be found: her words, titles and place, spelled so as to compare.

Case, accents, vowel marks and the forms of Arabic letters make no difference, in what
is kept and in what is asked for. What is kept is written whenever a plan is; a plan
that has nothing yet, because an older version stored it, gets it from the worker.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, or_, select, update

from bot.domain.languages import Texts
from bot.flows.spelling import plain
from bot.services.house import House
from bot.store.civic import PlanRow

PORTION = 500
MOST_WORDS = 8
_PLACE = "@"
"""Stands before the place, which comes last; no spelled word has it."""


def searchable(
    text: str, title: Texts | None, summary: Texts | None, place: str
) -> str:
    """Return what a plan is found by: her words, the public ones, and its place."""
    said = [text, *(title or {}).values(), *(summary or {}).values()]
    return f"{' '.join(filter(None, map(plain, said)))} {_PLACE} {plain(place)}"


def index_plan(db: Connection, plan_id: int) -> None:
    """Write down anew what a plan is found by."""
    _index(db, PlanRow.id == plan_id)


def fill_search(house: House) -> bool:
    """Make a portion of plans that cannot be found yet findable; False if none is."""
    lacking = PlanRow.search.is_(None)
    if not house.db.read(lambda db: db.scalar(select(PlanRow.id).where(lacking))):
        return False
    return house.db.run(lambda db: _index(db, lacking)) > 0


def _index(db: Connection, which: ColumnElement[bool]) -> int:
    columns = (
        PlanRow.id,
        PlanRow.text,
        PlanRow.title,
        PlanRow.summary,
        PlanRow.place,
    )
    rows = db.execute(
        select(*columns).where(which).order_by(PlanRow.id).limit(PORTION)
    ).all()
    for row in rows:
        found = searchable(row.text, row.title, row.summary, row.place)
        mine = update(PlanRow).where(PlanRow.id == row.id)
        db.execute(mine.values(search=found))
    return len(rows)


def found_by(asked: str) -> ColumnElement[bool]:
    """Return the condition that every word of `asked` stands in a plan.

    A number also finds the plan that has it.
    """
    words = plain(asked[: 40 * MOST_WORDS]).split()[:MOST_WORDS]
    everywhere = and_(True, *(_holds(word) for word in words))  # noqa: FBT003 - SQL
    if len(words) == 1 and words[0].isdecimal() and len(words[0]) < MOST_WORDS:
        return or_(PlanRow.number == int(words[0]), everywhere)
    return everywhere


def found_at(place: str) -> ColumnElement[bool]:
    """Return the condition that every word of `place` stands in a plan's place."""
    words = plain(place[: 40 * MOST_WORDS]).split()[:MOST_WORDS]
    there = (PlanRow.search.like(f"%{_PLACE}%{word}%") for word in words)
    return and_(True, *there)  # noqa: FBT003 - SQL


def _holds(word: str) -> ColumnElement[bool]:
    # `plain` leaves letters and digits only: nothing in a word is a wildcard.
    return PlanRow.search.like(f"%{word}%")


def nothing_to_find() -> Mapping[str, Any]:
    """Return what a plan holds whose words are gone."""
    return {"search": f" {_PLACE} "}
