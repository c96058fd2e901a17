"""Times in which residents' messages did not reach us, and what they mean for a vote.

Known from comparing with the provider (`bot.services.recovery`): messages were found
that no webhook had brought, or nobody compared for a while. Of channels that keep no
list of messages (Telegram, the web page) nothing is known here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, insert, select

from bot.domain.rounds import Round
from bot.services.house import House
from bot.store.frozen import Outage

BEFORE_CLOSING = timedelta(hours=24)
UNWATCHED = timedelta(minutes=30)
"""So long without a comparison means that no worker ran, or no provider answered."""


@dataclass(frozen=True, slots=True)
class Gap:
    """An outage on one channel; `missed` messages were found afterwards."""

    channel: str
    began_at: datetime
    ended_at: datetime
    missed: int


def record_outage(db: Connection, gap: Gap) -> None:
    """Keep an outage."""
    values = {"channel": gap.channel, "missed": gap.missed}
    times = {"began_at": gap.began_at, "ended_at": gap.ended_at}
    db.execute(insert(Outage).values(values | times))


def late_outages(db: Connection, a_round: Round, now: datetime) -> Sequence[Gap]:
    """Return the outages of the last day of a vote that is still open.

    They are a reason to let voting close later; only officials can decide that.
    """
    closes = a_round.closes_at
    if closes is None or a_round.opened_at is None or not a_round.takes_votes(now):
        return ()
    columns = (Outage.channel, Outage.began_at, Outage.ended_at, Outage.missed)
    rows = select(*columns).where(
        Outage.ended_at > closes - BEFORE_CLOSING, Outage.began_at < closes
    )
    return tuple(Gap(*row) for row in db.execute(rows.order_by(Outage.began_at)))


@dataclass(frozen=True, slots=True)
class Late:
    """An open vote that closes soon after an outage; `missed` messages came late."""

    a_round: Round
    missed: int


def late_rounds(house: House) -> list[Late]:
    """Return the votes of which officials should decide whether they close later."""
    now = house.clock()

    def look(db: Connection) -> list[Late]:
        rounds = house.catalog.view(db).rounds
        found = [(each, late_outages(db, each, now)) for each in rounds]
        return [Late(each, sum(g.missed for g in gaps)) for each, gaps in found if gaps]

    return house.db.read(look)
