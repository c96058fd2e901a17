"""How sends ended: sent, to be repeated, refused or unsure, written once each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, update

from bot.channels.base import ChannelError, Outcome, Sent
from bot.domain.messages import Delivery
from bot.services.outbox import Owed, mark_done
from bot.store.prepared import Prepared
from bot.store.talks import OutboundMessage, Talk

MOST_TRIES = 100
"""About a day: the last waits are a quarter of an hour each."""


BACK_OFF = (1, 2, 5, 15, 60, 300, 900)


@dataclass(frozen=True, slots=True)
class Outcomes:
    """How one send ended: with `sent`, or with an `error`."""

    owed: Owed
    sent: Sent | None
    error: ChannelError | None
    at: datetime


_SENT_ONE = (
    update(OutboundMessage)
    .where(OutboundMessage.id == bindparam("row"), OutboundMessage.delivery == "queued")
    .values(
        delivery=bindparam("to"),
        external_id=bindparam("external"),
        sent_at=bindparam("at"),
        leased_until=None,
        leased_by=None,
    )
)
_SENT = Prepared(_SENT_ONE)
_SENT_SECRET = Prepared(_SENT_ONE.values(text="", choices=[]))
_FAILED = (
    update(OutboundMessage)
    .where(OutboundMessage.id == bindparam("row"), OutboundMessage.delivery == "queued")
    .values(
        delivery=bindparam("to"),
        reason=bindparam("why"),
        due_at=bindparam("due"),
        external_id=bindparam("external"),
        leased_until=None,
        leased_by=None,
    )
)


_FAILED_SECRET = _FAILED.values(text="", choices=[])


def record_outcomes(
    db: Connection, outcomes: Sequence[Outcomes], freed: Sequence[int] = ()
) -> None:
    """Write how sends ended, and give back the leases of `freed` rows.

    Repeating it changes nothing.
    """
    _release(db, freed)
    for each in outcomes:
        if each.sent is not None:
            statement = _SENT_SECRET if _erases(each) else _SENT
            statement.run(db, _sent_values(each))
    for each in outcomes:
        if each.error is not None:
            _record_failure(db, each, each.error)


def _erases(each: Outcomes) -> bool:
    """Tell whether a row that reveals a choice can be emptied now.

    Messenger apps have the text once it is sent; the web page fetches it later, and it
    is emptied when the page has asked for what came after it.
    """
    return each.owed.secret and each.owed.channel != "web"


def _sent_values(each: Outcomes) -> dict[str, Any]:
    assert each.sent is not None  # noqa: S101 - chosen by the caller
    return {
        "row": each.owed.row,
        "to": Delivery.SENT.value,
        "external": each.sent.external_id[:80],
        "at": each.at,
    }


def _record_failure(db: Connection, each: Outcomes, error: ChannelError) -> None:
    again = error.outcome is Outcome.RETRY and each.owed.attempt < MOST_TRIES
    to = Delivery.QUEUED
    if not again:
        to = Delivery.UNSURE if error.outcome is Outcome.UNSURE else Delivery.FAILED
    values = {
        "row": each.owed.row,
        "to": to.value,
        "why": error.code[:64],
        "external": mark_done(error.done) if again else None,
        "due": each.at + timedelta(seconds=_wait(each.owed.attempt, error)),
    }
    db.execute(_FAILED_SECRET if each.owed.secret and not again else _FAILED, values)
    if error.closes:
        closed = update(Talk).where(Talk.id == each.owed.talk).values(closed_at=each.at)
        db.execute(closed)


def _wait(attempt: int, error: ChannelError) -> float:
    """Return how many seconds to wait before the next try."""
    if error.wait_seconds is not None:
        return error.wait_seconds
    return BACK_OFF[min(attempt, len(BACK_OFF)) - 1]


def _release(db: Connection, rows: Sequence[int]) -> None:
    """Give leases back: somebody before these rows has to be paid first."""
    if rows:
        free = update(OutboundMessage).where(OutboundMessage.id.in_(rows))
        db.execute(free.values(leased_until=None, leased_by=None))
