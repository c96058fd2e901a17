"""What came in while we were away: asked for at the provider, and taken in once.

Webhooks are repeated for seconds only. Whoever wrote during an outage is found in the
provider's list; what was taken in already is known by its name, so that repeating any
of this is harmless.
"""

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import Connection, Select, or_, select, update

from bot.channels.base import ChannelError, InboundSource
from bot.domain.messages import Inbound, Received, Tap, Text
from bot.services.house import House
from bot.services.inbound import take_in
from bot.services.outages import UNWATCHED, Gap, record_outage
from bot.store.dialect import insert_once
from bot.store.outreach import Account
from bot.store.talks import InboundMessage, OutboundMessage, Talk

log = logging.getLogger(__name__)
EVERY = timedelta(minutes=5)
OVERLAP = timedelta(minutes=10)
MARGIN = timedelta(minutes=2)
"""A webhook still on its way goes first: only it knows which button was tapped."""

MOST = timedelta(hours=24)
SLICE = timedelta(hours=1)
LEASE = timedelta(minutes=10)
AT_ONCE = 500
OFFERS = 20
"""How many of our messages are looked through for the label of a button."""


@dataclass(frozen=True, slots=True)
class Recovered:
    """How a comparison ended: messages found that we did not have, and taken in.

    A message found and not taken in came by its webhook in the meantime. `failed` is
    {channel: machine word} of providers that did not answer; they are asked again.
    """

    found: int = 0
    taken: int = 0
    failed: Mapping[str, str] = field(default_factory=dict)


def recover(house: House, now: datetime, since: datetime | None = None) -> Recovered:
    """Take in what the providers have and we have not, oldest first. Commits.

    Looks back to where the last comparison ended, at most a day, or to `since`. The
    first one on a new installation begins now. What is older than two minutes counts as
    missed. A provider that does not answer is left for the next time. Raises if storing
    failed: what is not taken in then is found again.
    """
    total = Recovered()
    for name, source in _sources(house).items():
        one = _recover_from(house, name, source, now, since)
        total = Recovered(
            total.found + one.found,
            total.taken + one.taken,
            {**total.failed, **one.failed},
        )
    return total


def recover_missed(house: House) -> bool:
    """Compare where it is due and nobody else does; not to be run again at once."""
    now = house.clock()
    for name, source in _sources(house).items():
        if house.db.run(partial(_claim, channel=name, now=now)):
            try:
                _recover_from(house, name, source, now, None)
            finally:
                house.db.run(partial(_let_go, channel=name))
    return False


def _sources(house: House) -> dict[str, InboundSource]:
    return {
        name: channel
        for name, channel in house.channels.items()
        if isinstance(channel, InboundSource)
    }


def _claim(db: Connection, channel: str, now: datetime) -> bool:
    """Take the lease on a channel's comparison, unless one was made just now."""
    _know(db, channel, now)
    lately = now - MARGIN - EVERY / 2
    due = update(Account).where(
        Account.channel == channel,
        or_(Account.checked_to.is_(None), Account.checked_to <= lately),
        or_(Account.checking_until.is_(None), Account.checking_until <= now),
    )
    return db.execute(due.values(checking_until=now + LEASE)).rowcount > 0


def _know(db: Connection, channel: str, now: datetime) -> None:
    """Have a row for our account on this channel."""
    fresh = {"channel": channel, "next_at": now}
    db.execute(insert_once(db, Account).values(fresh))


def _let_go(db: Connection, channel: str) -> None:
    ours = update(Account).where(Account.channel == channel)
    db.execute(ours.values(checking_until=None))


def _recover_from(
    house: House,
    channel: str,
    source: InboundSource,
    now: datetime,
    since: datetime | None,
) -> Recovered:
    """Compare one channel, an hour at a time; the cursor follows what was taken in."""
    begin = since or house.db.run(partial(_cursor, channel=channel, now=now))
    known = partial(_known, house, channel)
    found = taken = 0
    for start, end in _slices(begin, now - MARGIN):
        try:
            missed = source.received_since(start, end, known)
        except ChannelError as error:
            log.warning("provider not compared channel=%s code=%s", channel, error.code)
            return Recovered(found, taken, {channel: error.code})
        _note_missed(house, channel, missed)
        found += len(missed)
        taken += sum(_take(house, each) for each in missed)
        house.db.run(partial(_move, channel=channel, end=end))
    if since is None:
        _note_unwatched(house, channel, begin + OVERLAP, now)
    if found:
        log.info("recovered channel=%s found=%s taken=%s", channel, found, taken)
    return Recovered(found, taken)


def _note_missed(house: House, channel: str, missed: Sequence[Received]) -> None:
    """Remember when messages did not reach us: a vote may have to close later."""
    if missed:
        times = [each.at for each in missed]
        gap = Gap(channel, min(times), max(times), len(missed))
        house.db.run(partial(record_outage, gap=gap))


def _note_unwatched(
    house: House, channel: str, checked: datetime, now: datetime
) -> None:
    """Remember that nobody compared for a while: no worker, or no answer."""
    if now - checked > UNWATCHED:
        house.db.run(partial(record_outage, gap=Gap(channel, checked, now, 0)))


def _cursor(db: Connection, channel: str, now: datetime) -> datetime:
    """Return from when to compare; a new installation has missed nothing yet."""
    _know(db, channel, now)
    checked = db.scalar(select(Account.checked_to).where(Account.channel == channel))
    if checked is None:
        _move(db, channel, now - MARGIN)
        return now - MARGIN
    if checked < now - MOST:
        log.warning("recovery begins a day back channel=%s", channel)
    return max(checked - OVERLAP, now - MOST)


def _slices(begin: datetime, until: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Yield the time from `begin` to `until` in parts of an hour."""
    while begin < until:
        yield begin, min(begin + SLICE, until)
        begin += SLICE


def _move(db: Connection, channel: str, end: datetime) -> None:
    """Move the cursor on, never back: two may compare at once."""
    _know(db, channel, end)
    ours = update(Account).where(
        Account.channel == channel,
        or_(Account.checked_to.is_(None), Account.checked_to < end),
    )
    db.execute(ours.values(checked_to=end))


def _known(house: House, channel: str, ids: Sequence[str]) -> set[str]:
    """Return those of the provider's names that we have already.

    Asked before anything is taken in: somebody who was forgotten since must not begin a
    talk anew with what she wrote before.
    """
    have = select(InboundMessage.external_id).where(InboundMessage.channel == channel)
    known: set[str] = set()
    for at in range(0, len(ids), AT_ONCE):
        some = have.where(InboundMessage.external_id.in_(ids[at : at + AT_ONCE]))
        known.update(house.db.read(partial(_scalars, some)))
    return known


def _scalars(statement: Select[str], db: Connection) -> Sequence[str]:
    return db.scalars(statement).all()


def _take(house: House, received: Received) -> bool:
    """Take one message in; False if its webhook came in the meantime."""
    inbound = house.db.read(lambda db: _as_tap(db, received))
    return take_in(house, inbound, received.at)


def _as_tap(db: Connection, received: Received) -> Inbound:
    """Return a message whose words are a button's label as a tap on that button.

    The provider's list knows no taps. The newest of our messages before it that had
    such a button was tapped; without one they are words like others.
    """
    inbound = received.inbound
    if not isinstance(inbound.content, Text):
        return inbound
    label = inbound.content.text.strip()
    for row in db.execute(_offers(inbound, received.at)):
        for button, shown, *_ in row.choices:
            if _is_label(label, shown):
                return replace(inbound, content=Tap(button, on=row.external_id))
    return inbound


def _offers(inbound: Inbound, before: datetime) -> Select[Any]:
    """Return a query of what we had sent her by then, newest first."""
    return (
        select(OutboundMessage.choices, OutboundMessage.external_id)
        .join(Talk, Talk.id == OutboundMessage.talk_id)
        .where(
            Talk.channel == inbound.channel,
            Talk.address == inbound.sender.user_id,
            OutboundMessage.external_id.is_not(None),
            OutboundMessage.created_at <= before,
        )
        .order_by(OutboundMessage.id.desc())
        .limit(OFFERS)
    )


def _is_label(text: str, label: str) -> bool:
    """Tell whether `text` is a label, or the beginning of one that had to be cut."""
    shown, cut, _ = text.partition("…")
    return text == label or bool(cut and shown and label.startswith(shown))
