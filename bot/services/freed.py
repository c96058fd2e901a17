"""Money of a round that nobody gets by now, and who is next by the published rule.

The rule, its limits, the votes and the order of ties are those of the published result;
what was decided since is fixed. Reading changes nothing: officials give it away
(`bot.services.desk.freeing`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from bot.domain.money import Money
from bot.domain.plans import Status
from bot.domain.rounds import Round
from bot.services.count_json import step_to_json
from bot.services.house import Scene
from bot.services.publishing import Published, published
from bot.services.spending import accounts_in
from bot.services.tallying import TallyError, as_published
from bot.store.civic import PlanRow
from tally import ElectionError, Onward, Outcome, Standing, count, go_on
from tally.pabulib import Document

MOST_PLANS = 10_000
_STILL_NEXT = frozenset({Status.ON_BALLOT, Status.NOT_VOTED_IN})
"""What a plan of the vote is that can still be chosen."""


class FreedError(ValueError):
    """Nobody can be named as next; the message is a word of the desk."""


@dataclass(frozen=True, slots=True)
class Next:
    """What is free in a round, and the plans that come next.

    `titles` are those of all plans of the vote, by number.
    """

    a_round: Round
    round_id: int
    result: Published
    standing: Standing
    onward: Onward
    costs: Mapping[str, int]
    titles: Mapping[str, Mapping[str, str]]

    @property
    def free(self) -> Money:
        """What is free now; less than nothing where more was promised."""
        return Money(self.onward.free)

    @property
    def left(self) -> Money:
        """What would still be free then."""
        return Money(self.onward.left)

    @property
    def plans(self) -> list[tuple[int, Money]]:
        """The plans that come next, with what each gets."""
        return [(int(each), Money(self.costs[each])) for each in self.onward.chosen]

    def as_step(self) -> dict[str, Any]:
        """Return what is published of it: how plans stand, and the way to the next."""
        standing, onward = self.standing, self.onward
        return {
            "kept": dict(standing.kept),
            "stopped": sorted(standing.stopped),
            "out": sorted(standing.out),
            "besides": standing.besides,
            "free": onward.free,
            "chosen": list(onward.chosen),
            "steps": [step_to_json(each) for each in onward.steps],
            "left": onward.left,
        }


def who_is_next(scene: Scene, slug: str) -> Next:
    """Return what is free in a round and who is next. Changes nothing.

    Raises FreedError where no result is published and told, or where the ballots no
    longer give what was published.
    """
    view = scene.house.catalog.view(scene.db)
    a_round = next((each for each in view.rounds if each.slug == slug), None)
    if a_round is None:
        raise FreedError("freed_no_round")
    round_id = view.round_id(slug)
    result = published(scene.db, round_id)
    if result is None or a_round.before or view.held.get(round_id) is not None:
        raise FreedError("freed_no_result")
    document, counted = _counted(scene.db, a_round, round_id, result)
    election = document.election
    standing = _standing(scene.db, round_id, result)
    try:
        onward = go_on(election, document.settings, standing, counted)
    except ElectionError as error:
        raise FreedError("freed_other_count") from error
    titles = _titles(scene.db, round_id)
    costs = election.costs()
    return Next(a_round, round_id, result, standing, onward, costs, titles)


def _counted(
    db: Connection, a_round: Round, round_id: int, result: Published
) -> tuple[Document, Outcome]:
    """Return the election of a published result, counted once more to be sure."""
    try:
        document = as_published(db, a_round, round_id, result.data)
        again = count(document.election, document.settings)
    except (TallyError, ElectionError) as error:
        raise FreedError("freed_other_count") from error
    was = result.outcome()
    if (again.chosen, dict(again.totals)) != (was.chosen, dict(was.totals)):
        raise FreedError("freed_other_count")
    return document, again


def still_stands(scene: Scene, found: Next) -> bool:
    """Tell whether all is as it was when `found` was looked up.

    The plans that it is about are locked until the caller's transaction ends.
    """
    numbers = [int(each) for each in (*found.standing.kept, *found.onward.chosen)]
    mine = select(PlanRow.id).where(PlanRow.number.in_(numbers)).order_by(PlanRow.id)
    scene.db.execute(mine.with_for_update()).all()
    newest = published(scene.db, found.round_id)
    if newest is None or newest.hash != found.result.hash:
        return False
    return _standing(scene.db, found.round_id, newest) == found.standing


def _standing(db: Connection, round_id: int, result: Published) -> Standing:
    """Return what chosen plans get by now, and who can still be chosen."""
    listed = {str(each["number"]) for each in result.data["plans"]}
    by_number = {
        str(each.plan): each for each in accounts_in(db, round_id, most=MOST_PLANS)
    }
    first = [plan for plan in result.outcome().chosen if plan in by_number]
    order = [*first, *(plan for plan in by_number if plan not in first)]
    statuses = _statuses(db, round_id)
    if any(statuses.get(plan) is Status.ON_BALLOT for plan in result.outcome().chosen):
        raise FreedError("freed_not_told")
    return Standing(
        kept={plan: by_number[plan].takes.cents for plan in order if plan in listed},
        stopped=frozenset(
            plan
            for plan, each in by_number.items()
            if plan in listed and each.status is Status.STOPPED
        ),
        out=frozenset(
            plan
            for plan in listed - by_number.keys()
            if statuses.get(plan) not in _STILL_NEXT or plan in result.outcome().chosen
        ),
        besides=sum(
            each.takes.cents for plan, each in by_number.items() if plan not in listed
        ),
    )


def _statuses(db: Connection, round_id: int) -> dict[str, Status]:
    found = select(PlanRow.number, PlanRow.status).where(PlanRow.round_id == round_id)
    return {str(row.number): Status(row.status) for row in db.execute(found)}


def _titles(db: Connection, round_id: int) -> dict[str, Mapping[str, str]]:
    found = select(PlanRow.number, PlanRow.title).where(PlanRow.round_id == round_id)
    return {str(row.number): row.title or {} for row in db.execute(found)}
