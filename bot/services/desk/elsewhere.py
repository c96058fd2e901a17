"""What other parts of the desk ask of officials, as Today shows it.

Advice on plans, what waits for a second person, money, authors whom no news reached,
and contact persons who have left.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, select

from bot.domain.clocks import ADVICE_DAYS, due_after
from bot.domain.reviews import State
from bot.domain.rounds import Phase, Round
from bot.services.desk import afterwards, second, spending, takeovers
from bot.services.desk.plan_care import Waits as Owed
from bot.services.desk.plan_list import UNDER_REVIEW
from bot.services.desk.today import Asked, Found, Item, Waits, counted, zone_here
from bot.services.house import Scene
from bot.store.civic import PlanRow
from bot.store.reviews import Review

SECOND_DAYS = 2
"""Until a second person has looked at what a first one proposed."""

MONEY_DAYS = 7
"""Until somebody has looked at a payment."""

ADVICE, REVIEW = "advice", "second_review"
_AT_ONCE = 200
_PAGES = {
    "broadcast": "draft",
    "night": "night",
    "night_incomplete": "night",
    "change": "plan_change",
    "freed": "freed",
}
_BY_NUMBER = frozenset({"broadcast", "change"})


def _shared(read: Callable[[Scene], Sequence[Item]]) -> Callable[[Scene, Asked], Found]:
    """Make a source of items that belong to no official alone."""

    def source(scene: Scene, asked: Asked) -> Found:
        if asked.official is not None:
            return Found()
        items = sorted(read(scene), key=lambda item: item.since)
        kinds = {item.kind for item in items}
        waits: dict[str, Waits] = {
            kind: counted([each for each in items if each.kind == kind], scene.now)
            for kind in sorted(kinds)
        }
        return Found(items[: asked.most], waits)

    return source


def _advice(scene: Scene) -> Sequence[Item]:
    """Find plans whose review has begun and that have no advice yet: six weeks."""
    view = scene.house.catalog.view(scene.db)
    found: list[Item] = []
    for each in view.rounds:
        found += _advice_in(scene, each, view.round_id(each.slug))
    return found


def _advice_in(scene: Scene, a_round: Round, round_id: int) -> list[Item]:
    began = a_round.start_of(Phase.REVIEWING)
    if began is None or began > scene.now:
        return []
    due = due_after(began, ADVICE_DAYS, a_round.zone)
    rows = (
        select(PlanRow.number, PlanRow.place)
        .where(
            PlanRow.round_id == round_id,
            PlanRow.status.in_(sorted(UNDER_REVIEW)),
            PlanRow.supports >= a_round.threshold,
            PlanRow.answered_at.is_not(None),
            PlanRow.advised_at.is_(None),
        )
        .order_by(PlanRow.number)
        .limit(_AT_ONCE)
    )
    return [
        _of_plan(ADVICE, row.number, began, due, who=row.place)
        for row in scene.db.execute(rows)
    ]


def _second(scene: Scene) -> Sequence[Item]:
    """Find what a first person proposed: messages, results, corrections, reviews."""
    zone = zone_here(scene)
    found = [
        Item(
            kind=f"second_{each.kind}",
            since=each.since,
            due=due_after(each.since, SECOND_DAYS, zone),
            page=_PAGES.get(each.kind, "night_plans"),
            args={"number": each.number}
            if each.kind in _BY_NUMBER
            else {"slug": each.round},
            who=each.by,
        )
        for each in second.waiting(scene.db, scene.now)
    ]
    return [*found, *_reviews(scene.db, zone)]


def _reviews(db: Connection, zone: str) -> list[Item]:
    rows = (
        select(PlanRow.number, Review.at, Review.by)
        .join(PlanRow, PlanRow.id == Review.plan_id)
        .where(Review.state == State.PROPOSED.value)
        .order_by(Review.at)
        .limit(_AT_ONCE)
    )
    return [
        _of_plan(
            REVIEW, row.number, row.at, due_after(row.at, SECOND_DAYS, zone), row.by
        )
        for row in db.execute(rows)
    ]


def _money(scene: Scene) -> Sequence[Item]:
    """Find payments for a second person, and what is wrong in the accounts."""
    zone, waits = zone_here(scene), spending.waiting(scene.db, scene.now)
    lines = {"money_line": waits.lines, "money_loose": waits.loose}
    found = [
        _of_money(kind, line.plan, line.at, due_after(line.at, MONEY_DAYS, zone))
        for kind, kept in lines.items()
        for line in kept
    ]
    over = [
        _of_money("money_over", each.plan, scene.now, scene.now) for each in waits.over
    ]
    return [*found, *over]


def _left(scene: Scene) -> Sequence[Item]:
    """Find contact persons who are not there any more and still have plans."""
    return [
        Item(
            kind="contact_left",
            since=each.since,
            due=each.due,
            page="contact",
            args={"contact": each.contact_id or 0},
        )
        for each in takeovers.waiting(scene.db, scene.now)
    ]


def _untold(scene: Scene) -> Sequence[Item]:
    """Find authors whom no news of a result has reached, once it should have."""
    return [
        _untold_item(each)
        for each in afterwards.waiting(scene.db, scene.now - _PATIENCE)
    ]


_PATIENCE = timedelta(days=1)
"""How long messages may be on their way before somebody should call instead."""


def _untold_item(owed: Owed) -> Item:
    return _of_plan(owed.what, owed.plan or 0, owed.since, owed.due)


def _of_plan(
    kind: str, number: int, since: datetime, due: datetime, who: str = ""
) -> Item:
    return Item(kind, since, due, "plan", {"number": number}, who, number)


def _of_money(kind: str, number: int, since: datetime, due: datetime) -> Item:
    return Item(kind, since, due, "money_of", {"plan": number}, "", number)


advice = _shared(_advice)
second_person = _shared(_second)
money = _shared(_money)
contacts_left = _shared(_left)
untold = _shared(_untold)
