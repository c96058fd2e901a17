"""Most votes first: with skip, with stop, and in two steps with money per theme."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from tally.election import Election, Number, Plan
from tally.outcome import Look, Pot, Source, Step, Verdict
from tally.settings import Rule, Settings
from tally.totals import ranked


@dataclass(slots=True)
class Purse:
    """What has been chosen so far, and how many plans of each author that honours."""

    plans: Mapping[str, Plan]
    per_author: int | None
    chosen: list[str] = field(default_factory=list)
    honoured: Counter[str] = field(default_factory=Counter)
    spent: int = 0

    def is_full(self, plan: Plan) -> bool:
        """Tell whether the author of a plan has as many chosen ones as may be."""
        if self.per_author is None or not plan.author:
            return False
        return self.honoured[plan.author] >= self.per_author

    def choose(self, plan: Plan) -> None:
        """Take a plan in."""
        self.chosen.append(plan.id)
        self.honoured[plan.author] += 1
        self.spent += plan.cost

    def go_down(
        self, order: Sequence[str], money: int, *, stops: bool
    ) -> Iterator[tuple[str, Verdict, int]]:
        """Look at plans in `order`; yield each with what became of it and what is left.

        Ends with the first plan that does not fit if the rule `stops` there.
        """
        for plan in map(self.plans.__getitem__, order):
            if self.is_full(plan):
                yield plan.id, Verdict.AUTHOR_FULL, money
            elif plan.cost <= money:
                money -= plan.cost
                self.choose(plan)
                yield plan.id, Verdict.CHOSEN, money
            elif stops:
                yield plan.id, Verdict.STOPS, money
                return
            else:
                yield plan.id, Verdict.TOO_DEAR, money


Found = tuple[str, Verdict, int]


def allocate(
    election: Election,
    settings: Settings,
    totals: Mapping[str, Number],
    order: Iterable[str],
) -> tuple[tuple[str, ...], list[Pot | Found]]:
    """Give the money away; return the chosen plans, and how that went.

    `order` is the tie order. Plans without a vote and below the threshold take no part.
    """
    purse = Purse({plan.id: plan for plan in election.plans}, settings.per_author)
    going = [plan for plan in ranked(totals, order) if counts(totals[plan], settings)]
    went: list[Pot | Found] = []
    if settings.rule is Rule.TWO_STEP:
        for theme, amount in settings.themes.items():
            of_theme = [plan for plan in going if purse.plans[plan].theme == theme]
            pot = min(amount, election.budget - purse.spent)
            went.append(Pot(Source.THEME, pot, theme))
            went += purse.go_down(of_theme, pot, stops=True)
        going = [plan for plan in going if plan not in purse.chosen]
    rest = election.budget - purse.spent
    source = Source.REST if settings.rule is Rule.TWO_STEP else Source.ALL
    went.append(Pot(source, rest))
    went += purse.go_down(going, rest, stops=settings.rule is Rule.STOP)
    return tuple(purse.chosen), went


def counts(total: Number, settings: Settings) -> bool:
    """Tell whether a plan has enough to take part."""
    return total > 0 and total >= settings.threshold


def steps_of(
    election: Election,
    settings: Settings,
    totals: Mapping[str, Number],
    went: Iterable[Pot | Found],
) -> tuple[Step, ...]:
    """Return the account of `allocate`, ended by the plans it did not come to."""
    costs = election.costs()
    steps: list[Step] = []
    left = election.budget
    for each in went:
        if isinstance(each, Pot):
            steps.append(each)
            left = each.amount
        else:
            plan, verdict, left = each
            steps.append(Look(plan, totals[plan], costs[plan], verdict, left))
    seen = {step.plan for step in steps if isinstance(step, Look)}
    for plan in ranked(totals, settings.ties.ids):
        if plan not in seen:
            verdict = unseen(totals[plan], settings)
            steps.append(Look(plan, totals[plan], costs[plan], verdict, left))
    return tuple(steps)


def unseen(total: Number, settings: Settings) -> Verdict:
    """Return why a plan was not looked at."""
    if total <= 0:
        return Verdict.NO_VOTES
    if total < settings.threshold:
        return Verdict.BELOW_THRESHOLD
    return Verdict.NOT_REACHED
