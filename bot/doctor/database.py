"""Is the database there, at the newest schema, and set up to be relied on?"""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy.exc import SQLAlchemyError

from bot.doctor.clock import drift
from bot.domain.findings import Finding, bad, ok, warn
from bot.services.health import DatabaseState, database_state
from bot.services.house import House

LEAST_POSTGRES = 150_000
MOST_FREE = 0.5
WORTH_BYTES = 100 * 1024 * 1024
_NAME, _SCHEMA = "database", "database schema"


def check_database(house: House) -> Iterator[Finding]:
    """Yield what the database says of itself; one bad finding if it says nothing."""
    try:
        state = house.db.read(database_state)
    except SQLAlchemyError as error:
        kind = type(getattr(error, "orig", None) or error).__name__
        yield bad(_NAME, f"it does not answer ({kind})", "Is DATABASE_URL right?")
        return
    if house.db.is_sqlite:
        yield _sqlite(state)
    else:
        yield _postgres(state)
        yield _its_clock(state, house.clock())
    yield _schema(state)


def _schema(state: DatabaseState) -> Finding:
    if state.revision == state.newest:
        return ok(_SCHEMA, f"{state.revision} is the newest")
    seen = f"it is at {state.revision}" if state.revision else "there is none"
    return bad(_SCHEMA, f"{seen}, the newest is {state.newest}", "buurtstem migrate")


def _sqlite(state: DatabaseState) -> Finding:
    seen = f"SQLite, {state.size_bytes // 1024**2} MiB, {state.free:.0%} free"
    if state.journal != "wal":
        advice = "Put it on a local disk: network file systems have no shared memory."
        return bad(_NAME, f"{seen}, journal mode {state.journal}, not WAL", advice)
    if state.free > MOST_FREE and state.size_bytes > WORTH_BYTES:
        return warn(_NAME, seen, "Stop the processes and VACUUM it.")
    return ok(_NAME, f"{seen}, WAL")


def _postgres(state: DatabaseState) -> Finding:
    version = state.version or 0
    seen = f"PostgreSQL {version // 10_000}.{version % 10_000}"
    if version < LEAST_POSTGRES:
        return bad(_NAME, seen, "It has to be 15 or newer.")
    return ok(_NAME, seen)


def _its_clock(state: DatabaseState, now: datetime) -> Finding:
    seconds = (now - state.clock).total_seconds() if state.clock else 0.0
    return drift("database clock", seconds)
