"""How sends ended: sent, to be repeated, refused or unsure, written once each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, case, update

from bot.channels.base import ChannelError, Outcome, Sent
from bot.domain.messages import Delivery
from bot.services.accounts import pause
from bot.services.aftermath import Aftermath, aftermath
from bot.services.outbox import Owed, mark_done
from bot.services.unreached import did_not_arrive, find_row
from bot.store.prepared import Prepared
from bot.store.talks import OutboundMessage, Talk

MOST_TRIES = 200
"""About two days, so that a day without a provider loses nothing: the last waits are a
quarter of an hour each."""


BACK_OFF = (1, 2, 5, 15, 60, 300, 900)


@dataclass(frozen=True, slots=True)
class Outcomes:
    """How one send ended: with `sent`, or with an `error`."""

    owed: Owed
    sent: Sent | None
    error: ChannelError | None
    at: datetime


_ENDS = (
    OutboundMessage.id == bindparam("row"),
    OutboundMessage.delivery == "queued",
)
_SENT_ONE = (
    update(OutboundMessage)
    .where(*_ENDS)
    .values(
        delivery=bindparam("to"),
        external_id=bindparam("external"),
        sent_at=bindparam("at"),
        leased_until=None,
        leased_by=None,
    )
)
_SENT = Prepared(_SENT_ONE)
_SENT_SECRET = Prepared(_SENT_ONE.values(text="", choices=[], picture=None))
_FAILED = (
    update(OutboundMessage)
    .where(*_ENDS)
    .values(
        delivery=bindparam("to"),
        reason=bindparam("why"),
        due_at=bindparam("due"),
        external_id=bindparam("external"),
        leased_until=None,
        leased_by=None,
    )
)


_FAILED_SECRET = _FAILED.values(text="", choices=[], picture=None)


def record_outcomes(
    db: Connection, outcomes: Sequence[Outcomes], freed: Sequence[int] = ()
) -> None:
    """Write how sends ended, and give back the leases of `freed` rows.

    Repeating it changes nothing.
    """
    _release(db, freed)
    sent = [each for each in outcomes if each.sent is not None]
    _SENT.many(db, [_sent_values(each) for each in sent if not _erases(each)])
    _SENT_SECRET.many(db, [_sent_values(each) for each in sent if _erases(each)])
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
    follows = aftermath(error.code)
    again = _may_repeat(each.owed.attempt, error, follows)
    to = Delivery.QUEUED
    if not again:
        to = Delivery.UNSURE if error.outcome is Outcome.UNSURE else Delivery.FAILED
    values = {
        "row": each.owed.row,
        "to": to.value,
        "why": error.code[:64],
        "external": mark_done(error.done) if again else None,
        "due": each.at + timedelta(seconds=_wait(each.owed.attempt, error, follows)),
    }
    erases = each.owed.secret and not again
    ended = db.execute(_FAILED_SECRET if erases else _FAILED, values).rowcount
    if not ended:
        return
    _follow(db, each, error, follows)
    if to is Delivery.FAILED and (follows.elsewhere or error.closes):
        did_not_arrive(db, find_row(db, each.owed.row), each.at)


def _may_repeat(attempt: int, error: ChannelError, follows: Aftermath) -> bool:
    """Tell whether a message that did not arrive is worth another try from here."""
    if error.outcome is Outcome.RETRY:
        return attempt < MOST_TRIES
    return error.outcome is Outcome.REFUSED and attempt <= len(follows.waits)


def _follow(
    db: Connection, each: Outcomes, error: ChannelError, follows: Aftermath
) -> None:
    """Do what the reason asks for, to the account and to the talk."""
    if follows.pause and error.outcome is not Outcome.UNSURE:
        seconds = max(follows.pause, error.wait_seconds or 0)
        until = each.at + timedelta(seconds=seconds)
        pause(db, each.owed.channel, until, error.code)
    changes: dict[str, Any] = {}
    if error.closes:
        changes["closed_at"] = each.at
    if follows.stops:
        changes["stopped_at"] = each.at
    if follows.shuts:
        changes["window_until"] = each.at
    if changes:
        talk = update(Talk).where(Talk.id == each.owed.talk)
        db.execute(talk.values(changes))


def _wait(attempt: int, error: ChannelError, follows: Aftermath) -> float:
    """Return how many seconds to wait before the next try."""
    if error.wait_seconds is not None:
        return error.wait_seconds
    if error.outcome is Outcome.REFUSED and follows.waits:
        return follows.waits[min(attempt, len(follows.waits)) - 1]
    return BACK_OFF[min(attempt, len(BACK_OFF)) - 1]


def _release(db: Connection, rows: Sequence[int]) -> None:
    """Give leases back unused: what they were for is not a try."""
    if rows:
        free = update(OutboundMessage).where(
            OutboundMessage.id.in_(rows), OutboundMessage.delivery == "queued"
        )
        unused = case(
            (OutboundMessage.attempts > 0, OutboundMessage.attempts - 1), else_=0
        )
        db.execute(free.values(leased_until=None, leased_by=None, attempts=unused))
