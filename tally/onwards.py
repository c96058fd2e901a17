"""What the rule goes on to choose once money has become free, all else being fixed.

Nothing that was chosen is taken away again, and nothing is counted anew: the votes, the
order and the limits are those of the count. Only the money that is free is given away.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

from tally.count import count
from tally.election import Election, ElectionError, Number
from tally.greedy import Found, Purse, counts
from tally.outcome import Look, Outcome, Pot, Source, Step, Verdict
from tally.settings import Rule, Settings
from tally.shares import Market, Sharing, Shop, Voters, share_out
from tally.totals import ranked


@dataclass(frozen=True, slots=True)
class Standing:
    """How things stand now: plans by id.

    `kept` is what each plan that was chosen costs now, in whole cents, in the order of
    choosing; of one that stopped, what was paid. `stopped` are those of them that are
    no longer carried out: they count against no author. `out` are plans that can no
    longer be chosen. `besides` is what plans get that were never listed.
    """

    kept: Mapping[str, int]
    stopped: Collection[str] = ()
    out: Collection[str] = ()
    besides: int = 0

    @property
    def spent(self) -> int:
        """What all of it costs, in cents."""
        return sum(self.kept.values()) + self.besides


@dataclass(frozen=True, slots=True)
class Onward:
    """The plans that come next, the way there, and what is free then, in cents.

    `free` is what was there to give; less than nothing where more was promised.
    """

    chosen: tuple[str, ...]
    steps: tuple[Step, ...]
    free: int
    left: int


def go_on(
    election: Election,
    settings: Settings,
    standing: Standing,
    counted: Outcome | None = None,
) -> Onward:
    """Go on with the rule of an election where it stands.

    `counted` is its outcome, where that is known: it saves a count.
    Raises ElectionError for places instead of money, for a plan that is not listed, and
    if the settings do not fit.
    """
    if settings.rule is Rule.QUOTAS:
        raise ElectionError("places hold no money that could become free")
    known = {plan.id for plan in election.plans}
    if unknown := sorted({*standing.kept, *standing.out} - known):
        raise ElectionError(f"a plan is not listed: {unknown[0]}")
    free = election.budget - standing.spent
    if free <= 0:
        return Onward((), (), free, free)
    walk = _Walk.of(election, settings, standing, counted, free)
    match settings.rule:
        case Rule.EQUAL_SHARES:
            walk.by_shares()
        case Rule.TWO_STEP:
            walk.by_themes()
            walk.down(Pot(Source.REST, walk.left))
        case _:
            stops = settings.rule is Rule.STOP
            walk.down(Pot(Source.ALL, walk.left), stops=stops)
    return Onward(tuple(walk.chosen), tuple(walk.steps), free, walk.left)


@dataclass(slots=True)
class _Walk:
    """One way through the plans that are left, with what is free."""

    election: Election
    settings: Settings
    standing: Standing
    counted: Outcome
    purse: Purse
    left: int
    chosen: list[str] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)

    @classmethod
    def of(
        cls,
        election: Election,
        settings: Settings,
        standing: Standing,
        counted: Outcome | None,
        free: int,
    ) -> "_Walk":
        plans = {plan.id: plan for plan in election.plans}
        purse = Purse(plans, settings.per_author)
        for plan in standing.kept:
            if plan not in standing.stopped:
                purse.choose(plans[plan])
        known = counted or count(election, settings)
        return cls(election, settings, standing, known, purse, free)

    def going(self, theme: str | None = None) -> list[str]:
        """Return the plans that can come next, most votes first."""
        gone = {*self.standing.kept, *self.standing.out, *self.chosen}
        totals, plans = self.counted.totals, self.purse.plans
        return [
            plan
            for plan in ranked(totals, self.settings.ties.ids)
            if plan not in gone
            and counts(totals[plan], self.settings)
            and theme in {None, plans[plan].theme}
        ]

    def down(self, pot: Pot, *, stops: bool = False, theme: str | None = None) -> None:
        """Open a pot, go down the votes with it, and note what became of each."""
        self.steps.append(pot)
        found = self.purse.go_down(self.going(theme), pot.amount, stops=stops)
        for each in list(found):
            self._note(each)

    def by_themes(self) -> None:
        """Give what each theme has left of its own to plans of that theme."""
        for theme, left in self._themes_left().items():
            pot = max(0, min(left, self.left))
            self.down(Pot(Source.THEME, pot, theme), stops=True, theme=theme)

    def _themes_left(self) -> dict[str, int]:
        """Return what each theme has left, with what its plans cost now.

        A plan that came in later is paid out of its theme as far as that reaches.
        """
        left = dict(self.settings.themes)
        paid_by = _paid_by(self.counted.steps)
        for plan, cost in self.standing.kept.items():
            theme = self.purse.plans[plan].theme
            late = plan not in paid_by and cost <= left.get(theme, 0)
            if paid_by.get(plan) == theme or late:
                left[theme] -= cost
        return left

    def by_shares(self) -> None:
        """Let voters buy with what they have left of their shares; then by votes."""
        voters = Voters.of(self.election, self.settings)
        shop = Shop.of(self.election, self.settings, voters)
        sharing = share_out(self.election, self.settings, shop)
        market = self._market(voters, sharing)
        share = sharing.share * voters.unit
        raised = sharing.increases
        self.steps.append(Pot(Source.SHARES, self.left, "", share, raised))
        place = {plan: at for at, plan in enumerate(self.settings.ties.ids)}
        while best := market.best(place):
            bought, price = best
            plan = self.purse.plans[bought.plan]
            if self.purse.is_full(plan) or plan.cost > self.left:
                del market.parts[plan.id]
                continue
            market.buy(plan.id, price)
            self.purse.choose(plan)
            left = self.left - plan.cost
            self._note((plan.id, Verdict.CHOSEN, left), bought.price * voters.unit)
        if self.settings.fill:
            self.down(Pot(Source.REST, self.left))

    def _market(self, voters: Voters, sharing: Sharing) -> Market:
        """Return a market where voters paid what their plans cost now.

        What the filling chose was never paid out of shares. A plan that came in later
        was, where its voters have enough.
        """
        kept = self.standing.kept
        plans = (
            replace(each, cost=kept.get(each.id, each.cost))
            for each in self.election.plans
        )
        now = replace(self.election, plans=tuple(plans))
        market = Shop.of(now, self.settings, voters).market(sharing.share)
        late = [plan for plan in kept if plan not in self.counted.chosen]
        for plan in (*(each for each in sharing.plans if each in kept), *late):
            price = plan in market.parts and market.wallets.price(
                kept[plan], market.groups[plan]
            )
            if price:
                market.buy(plan, price)
        going = self.going()
        market.parts = {
            plan: market.parts[plan] for plan in going if plan in market.parts
        }
        return market

    def _note(self, found: Found, price: Fraction = Fraction(0)) -> None:
        plan, verdict, left = found
        total: Number = self.counted.totals[plan]
        cost = self.purse.plans[plan].cost
        if verdict is Verdict.CHOSEN:
            self.chosen.append(plan)
            self.left -= cost
        self.steps.append(Look(plan, total, cost, verdict, left, price))


def _paid_by(steps: Sequence[Step]) -> dict[str, str]:
    """Return out of which theme each chosen plan was paid; "" for the rest."""
    found: dict[str, str] = {}
    theme = ""
    for step in steps:
        if isinstance(step, Pot):
            theme = step.name if step.source is Source.THEME else ""
        elif step.verdict is Verdict.CHOSEN:
            found[step.plan] = theme
    return found
