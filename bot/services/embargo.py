"""Results that wait for their moment: authors hear first, voters then, all at last.

From the moment a results night is begun until its public moment is carried out, nobody
but the authors who were told learns anything: not in the chat, not on a page.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, select

from bot.store.civic import PlanRow
from bot.store.nights import DROPPED, Night, NightPlan


@dataclass(frozen=True, slots=True)
class Held:
    """What of a round's result is not for everybody yet.

    `since` is when the night was begun: what was published before is public. `before`
    is what each plan was, by number, before its author was told. `in_chat` tells that
    the voters were not told yet; after that only pages and files wait.
    """

    since: datetime
    in_chat: bool
    before: Mapping[int, str] = field(default_factory=dict)


def held_results(db: Connection) -> dict[int, Held]:
    """Return the results that wait, by the row of their round."""
    columns = (Night.id, Night.round_id, Night.made_at, Night.voters_done_at)
    waits = select(*columns).where(
        Night.public_done_at.is_(None), Night.state != DROPPED
    )
    return {
        row.round_id: Held(row.made_at, row.voters_done_at is None, _before(db, row.id))
        for row in db.execute(waits).all()
    }


def _before(db: Connection, night_id: int) -> dict[int, str]:
    told = (
        select(PlanRow.number, NightPlan.before)
        .join(PlanRow, PlanRow.id == NightPlan.plan_id)
        .where(NightPlan.night_id == night_id, NightPlan.before.is_not(None))
    )
    return {row.number: row.before for row in db.execute(told)}
