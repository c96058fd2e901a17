"""Is the work done: nothing late, nothing stuck, nothing waiting for a person?"""

from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy import Connection

from bot.domain.findings import Finding, bad, ok, warn
from bot.domain.passes import ALARM_AN_HOUR, WRONG_AN_HOUR
from bot.services.approvals import State, states
from bot.services.house import House
from bot.services.passes import wrong_lately
from bot.services.queue import (
    MOST_PUSH_SECONDS,
    MOST_REPLY_SECONDS,
    QueueState,
    queue_state,
)

MOST_NAMED = 6


def check_work(house: House) -> Iterator[Finding]:
    """Yield how the queue is and what is held up. Only reads."""
    now = house.clock()
    state, wordings = house.db.read(lambda db: _read(db, now))
    wrong = house.db.read(lambda db: wrong_lately(db, now))
    yield _late("replies", state.oldest_reply_seconds, MOST_REPLY_SECONDS)
    yield _late("pushes", state.oldest_push_seconds, MOST_PUSH_SECONDS)
    yield _unsure(state)
    yield from _held(state)
    yield from _paused(state)
    yield _unheard(state)
    yield _wrong_passes(wrong)
    if "whatsapp" in house.channels:
        yield _templates(wordings)


def _read(db: Connection, now: datetime) -> tuple[QueueState, tuple[State, ...]]:
    return queue_state(db, now), states(db)


def _late(name: str, seconds: float, most: float) -> Finding:
    if seconds > most:
        seen = f"the oldest has been due for {seconds / 60:.0f} min"
        return bad(name, seen, "Does a worker run? Its log says what holds it up.")
    return ok(name, "none is late")


_ADVICE = {
    "template": "They go once it is approved: buurtstem templates sync",
    "paused": "They go once the broadcast is resumed.",
    "unreachable": "They go once she writes; what was decided is a task at the desk.",
}


def _unsure(state: QueueState) -> Finding:
    if not state.unsure:
        return ok("unsure", "no message waits for its status")
    seen = f"{state.unsure} messages may or may not have arrived, for over an hour"
    return warn("unsure", seen, "They are not sent again: look at them at the desk.")


def _held(state: QueueState) -> Iterator[Finding]:
    for reason, count in state.held.items():
        advice = _ADVICE.get(reason, "Look at them at the desk.")
        yield warn("held", f"{count} messages wait: {reason}", advice)
    if not state.held:
        yield ok("held", "no message is held back")


def _paused(state: QueueState) -> Iterator[Finding]:
    for each in state.paused:
        seen = f"nothing we begin goes out until {each.until:%Y-%m-%d %H:%M} UTC"
        advice = "Look at the provider's console for the reason."
        yield bad(f"{each.channel} paused", f"{seen}: {each.reason}", advice)
    if not state.paused:
        yield ok("paused", "no channel is")


def _unheard(state: QueueState) -> Finding:
    if not state.unheard:
        return ok("voice notes", "none waits to be recognised")
    seen = f"{state.unheard} wait to be recognised for over 10 min"
    return warn("voice notes", seen, "Does a worker run? Give it more WORKERS.")


def _wrong_passes(wrong: int) -> Finding:
    name = "passes"
    seen = f"{wrong} unknown codes in the last hour"
    if wrong >= ALARM_AN_HOUR:
        return bad(
            name, seen, "Somebody guesses codes: docs/passes.md says what to do."
        )
    if wrong >= WRONG_AN_HOUR:
        return warn(name, seen, "New chats cannot type codes now; scanning works.")
    return ok(name, seen)


def _templates(found: Sequence[State]) -> Finding:
    """Return for which messages no wording is approved, if any."""
    name, advice = "templates", "Run: buurtstem templates sync"
    missing = [f"{each.kind} {each.language}" for each in found if not each.in_use]
    if len(missing) == len(found):
        return warn(name, "none is approved", advice)
    if not missing:
        return ok(name, f"all {len(found)} are approved")
    named = ", ".join(missing[:MOST_NAMED])
    more = len(missing) - MOST_NAMED
    seen = f"not approved: {named}{f' and {more} more' if more > 0 else ''}"
    return warn(name, seen, advice)
