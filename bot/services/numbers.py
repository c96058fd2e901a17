"""Plan numbers: each is given once, and authors do not wait for each other."""

from sqlalchemy import (
    ARRAY,
    Connection,
    Integer,
    any_,
    bindparam,
    case,
    false,
    func,
    select,
    union_all,
)

from bot.domain.plans import FIRST_NUMBER, is_plan_number, next_number
from bot.store.civic import PlanRow
from bot.store.destroyed import DestroyedRound
from bot.store.prepared import Prepared

MOST_AT_ONCE = 1_000
"""More numbers than transactions can be open."""

_PLACE = 0x42757572
"""Where our locks are among others of the same database."""

_GIVEN = union_all(
    select(func.max(PlanRow.number).label("number")),
    select(func.max(DestroyedRound.last_number)),
).subquery()
_LAST = select(func.max(_GIVEN.c.number))
"""The last number given: a plan's whose round was destroyed is no other plan's."""

_LAST_NUMBER = Prepared(_LAST)


def free_number(db: Connection) -> int:
    """Return a plan number that nobody else is given until this transaction ends.

    On PostgreSQL each author holds the first number after the last that nobody else
    holds; where a holder gives up, that number is left out. If a holder commits just
    while we look, storing the plan fails on its key, and the turn is repeated.
    """
    if db.dialect.name == "sqlite":
        return next_number(_LAST_NUMBER.value(db, {}))
    return int(_HELD_NUMBER.value(db, {"endings": _ENDINGS}))


def _held_number() -> Prepared:
    """Return the statement that finds a number and holds it, for PostgreSQL."""
    after = func.coalesce(_LAST.scalar_subquery(), FIRST_NUMBER - 1) + 1
    number = func.generate_series(after, after + MOST_AT_ONCE).column_valued("number")
    endings = bindparam("endings", type_=ARRAY(Integer))
    held = func.pg_try_advisory_xact_lock(_PLACE, number)
    # As a case, so that only numbers a plan can have are held.
    free = case((number % 100 == any_(endings), held), else_=false())
    return Prepared(select(number).where(free).limit(1))


_ENDINGS = [ending for ending in range(100) if is_plan_number(100 + ending)]
_HELD_NUMBER = _held_number()
