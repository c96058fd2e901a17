"""The figures of a plan's way, as far as they are known and true."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, select

from bot.domain.plans import Status
from bot.domain.rounds import Phase, Round
from bot.domain.say import Moment
from bot.services.decisions import ONGOING
from bot.services.house import Scene
from bot.services.stories import Figures
from bot.store.civic import PlanRow

_OPEN = (Status.RECEIVED, Status.PUBLIC, Status.NEEDS_CHANGE)
_LISTED = (Status.ON_BALLOT, Status.CHOSEN, Status.NOT_VOTED_IN, *ONGOING)
Room = tuple[int | None, int | None]


def figures(plan: Row[Any], a_round: Round, room: Room, now: datetime) -> Figures:
    """Return what can be said of a plan; `room` is what `voting_list` found.

    Support is compared with the threshold only where it was below it: neighbours may
    have supported on paper too, and a sum that does not add up is no reason.
    """
    below = plan.supports < a_round.threshold
    closes, result = a_round.closes_at, a_round.start_of(Phase.DOING)
    candidates, places = room
    return Figures(
        supports=plan.supports if below else None,
        threshold=a_round.threshold if below else None,
        votes=plan.votes,
        candidates=candidates,
        places=places,
        closes=Moment(closes, a_round.zone) if closes and closes > now else None,
        result_day=a_round.result_day if result and result > now else None,
    )


def voting_list(
    scene: Scene, round_id: int, as_if: Mapping[int, Status] | None = None
) -> Room:
    """Return how many plans stood for how many places on a round's voting list.

    Not known as long as a plan of the round is not decided about. `as_if` is what is
    decided already, by plan number, though it is not written down yet.
    """
    counted = (
        select(PlanRow.status, func.count())
        .where(PlanRow.round_id == round_id)
        .group_by(PlanRow.status)
    )
    if as_if:
        counted = counted.where(PlanRow.number.not_in(sorted(as_if)))
    counts = Counter({Status(row.status): row[1] for row in scene.db.execute(counted)})
    counts.update((as_if or {}).values())
    places = sum(counts.get(each, 0) for each in _LISTED)
    if not places or any(counts.get(each) for each in _OPEN):
        return None, None
    return places + counts.get(Status.NOT_PRESELECTED, 0), places
