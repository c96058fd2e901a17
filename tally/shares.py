"""Equal shares: every voter has the same money, and pays for plans she voted for.

The method of equal shares with the cost of a plan as what it is worth to a voter. Of
all plans whose voters can pay for them together, the one comes first of which each has
to pay the smallest part: the price over the cost. Who has less than the price left
pays what she has, and the others make up for it.

All is exact. Money left is kept as whole numbers of a unit that is divided further
when a price asks for it. Voters with equal ballots always have equally much, so they
are one; and of all voters only a few different amounts have to be looked at.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import gcd, lcm

from tally.election import Election, Plan
from tally.greedy import Purse, counts
from tally.settings import Settings
from tally.totals import weight


@dataclass(frozen=True, slots=True)
class Bought:
    """A plan its voters paid for: at most `price` cents each, `part` of its cost.

    `equals` are the plans that would have taken the same part, itself included.
    """

    plan: str
    price: Fraction
    part: Fraction
    equals: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sharing:
    """One run: what each voter had to begin with, in cents, and what was bought."""

    share: Fraction
    increases: int
    bought: tuple[Bought, ...]

    @property
    def plans(self) -> tuple[str, ...]:
        """The plans in the order in which they were bought."""
        return tuple(each.plan for each in self.bought)


@dataclass(slots=True)
class Voters:
    """Voters by the plans they picked, in whole numbers; weights are multiplied out."""

    counts: Mapping[tuple[str, ...], int]
    total: int
    unit: int
    """How many of these one ballot of weight 1 is."""

    _of: dict[frozenset[str], list[tuple[tuple[str, ...], int]]] = field(
        default_factory=dict
    )

    @classmethod
    def of(cls, election: Election, settings: Settings) -> "Voters":
        """Return the voters of an election; who picks a plan twice picks it once."""
        classes = {ballot.voters for ballot in election.ballots}
        unit = lcm(*(weight(settings, each).denominator for each in classes))
        found: Counter[tuple[str, ...]] = Counter()
        for ballot, count in election.ballots.items():
            times = int(weight(settings, ballot.voters) * unit)
            found[tuple(sorted(set(ballot.picks)))] += count * times
        return cls(found, found.total(), unit)

    def supporters(self) -> Counter[str]:
        """Return how many voters picked each plan."""
        found: Counter[str] = Counter()
        for picks, count in self.counts.items():
            for plan in picks:
                found[plan] += count
        return found

    def reduced_to(self, plans: Iterable[str]) -> list[tuple[tuple[str, ...], int]]:
        """Return the voters by which of `plans` they picked. The last is remembered."""
        kept = frozenset(plans)
        if kept not in self._of:
            found: Counter[tuple[str, ...]] = Counter()
            for picks, count in self.counts.items():
                found[tuple(plan for plan in picks if plan in kept)] += count
            self._of.clear()
            self._of[kept] = list(found.items())
        return self._of[kept]


@dataclass(slots=True)
class Wallets:
    """What groups of equal voters have left: `levels[level[group]]` units a head.

    A cent is `units` of these units.
    """

    sizes: Sequence[int]
    levels: list[int]
    level: list[int]
    units: int

    def price(self, cost: int, groups: Iterable[int]) -> tuple[int, int] | None:
        """Return what nobody pays more than for a plan: units, as a fraction.

        None if the groups cannot pay `cost` cents together.
        """
        heads: dict[int, int] = {}
        for group in groups:
            at = self.level[group]
            heads[at] = heads.get(at, 0) + self.sizes[group]
        rest, rich = cost * self.units, sum(heads.values())
        for has, count in sorted((self.levels[at], n) for at, n in heads.items()):
            if rest <= has * rich:
                return rest, rich
            rest -= has * count
            rich -= count
        return None

    def pay(self, price: tuple[int, int], groups: Iterable[int]) -> None:
        """Take the price, or all that is there, from each voter of the groups."""
        rest, rich = price
        shared = gcd(rest, rich)
        finer, amount = rich // shared, rest // shared
        if finer > 1:
            self.units *= finer
            self.levels = [has * finer for has in self.levels]
        places = {has: at for at, has in enumerate(self.levels)}
        moved: dict[int, int] = {}
        for group in groups:
            at = self.level[group]
            if at not in moved:
                left = max(0, self.levels[at] - amount)
                moved[at] = places.setdefault(left, len(self.levels))
                if moved[at] == len(self.levels):
                    self.levels.append(left)
            self.level[group] = moved[at]


@dataclass(slots=True)
class Market:
    """Plans that can still be bought, with the part of its cost each asks for at least.

    Money only goes down, so a part that was worked out once can only rise.
    """

    costs: Mapping[str, int]
    groups: Mapping[str, Sequence[int]]
    wallets: Wallets
    parts: dict[str, Fraction]

    def best(self, place: Mapping[str, int]) -> tuple[Bought, tuple[int, int]] | None:
        """Return the plan that asks for the smallest part; a tie goes by `place`.

        With it, its price in units. Plans that cannot be paid any more are taken out.
        """
        lowest: Fraction | None = None
        tied: dict[str, tuple[int, int]] = {}
        for plan in sorted(self.parts, key=self.parts.__getitem__):
            if lowest is not None and self.parts[plan] > lowest:
                break
            price = self.wallets.price(self.costs[plan], self.groups[plan])
            if price is None:
                del self.parts[plan]
                continue
            part = self._part(plan, price)
            self.parts[plan] = part
            if lowest is None or part < lowest:
                lowest, tied = part, {}
            if part == lowest:
                tied[plan] = price
        if lowest is None:
            return None
        equals = tuple(sorted(tied, key=place.__getitem__))
        price = tied[equals[0]]
        cents = Fraction(price[0], price[1] * self.wallets.units)
        return Bought(equals[0], cents, lowest, equals), price

    def buy(self, plan: str, price: tuple[int, int]) -> None:
        """Let the plan's voters pay for it."""
        self.wallets.pay(price, self.groups[plan])
        del self.parts[plan]

    def _part(self, plan: str, price: tuple[int, int]) -> Fraction:
        """Return price over cost; what costs nothing asks for as little as it can."""
        rest, rich = price
        cost = self.costs[plan]
        return Fraction(rest, rich * cost * self.wallets.units) if cost else Fraction(0)


@dataclass(frozen=True, slots=True)
class Shop:
    """The plans that take part and their voters; sells as often as it is asked."""

    plans: Mapping[str, Plan]
    voters: Voters
    supporters: Counter[str]
    per_author: int | None

    @classmethod
    def of(cls, election: Election, settings: Settings, voters: Voters) -> "Shop":
        """Open a shop for the plans with enough votes to take part."""
        supporters = voters.supporters()
        plans = {
            plan.id: plan
            for plan in election.plans
            if counts(Fraction(supporters[plan.id], voters.unit), settings)
        }
        return cls(plans, voters, supporters, settings.per_author)

    def run(self, share: Fraction, order: Sequence[str]) -> Sharing:
        """Let voters with `share` cents each buy plans until they can buy no more."""
        place = {plan: at for at, plan in enumerate(order)}
        purse = Purse(self.plans, self.per_author)
        market = self.market(share)
        bought = []
        while best := market.best(place):
            plan = self.plans[best[0].plan]
            if purse.is_full(plan):
                del market.parts[plan.id]
                continue
            market.buy(plan.id, best[1])
            purse.choose(plan)
            bought.append(best[0])
        return Sharing(share, 0, tuple(bought))

    def could_sell_more(self, sold: Sequence[str], budget: int) -> bool:
        """Tell whether a plan that is not sold could be had for what is left."""
        purse = Purse(self.plans, self.per_author)
        for plan in sold:
            purse.choose(self.plans[plan])
        left = budget - purse.spent
        rest = (plan for plan in self.plans.values() if plan.id not in purse.chosen)
        return any(plan.cost <= left and not purse.is_full(plan) for plan in rest)

    def cost_of(self, plans: Iterable[str]) -> int:
        """Return what plans cost together, in cents."""
        return sum(self.plans[plan].cost for plan in plans)

    def market(self, share: Fraction) -> Market:
        """Return a market of the plans that all their voters together can pay for."""
        costs = {
            plan.id: plan.cost
            for plan in self.plans.values()
            if plan.cost <= self.supporters[plan.id] * share
        }
        groups: dict[str, list[int]] = {plan: [] for plan in costs}
        reduced = self.voters.reduced_to(costs)
        for at, (picks, _) in enumerate(reduced):
            for plan in picks:
                groups[plan].append(at)
        sizes = [count for _, count in reduced]
        wallets = Wallets(sizes, [share.numerator], [0] * len(sizes), share.denominator)
        parts = {
            plan: Fraction(1, self.supporters[plan]) if cost else Fraction(0)
            for plan, cost in costs.items()
        }
        return Market(costs, groups, wallets, parts)


def share_out(election: Election, settings: Settings, shop: Shop) -> Sharing:
    """Let voters buy plans, raising all shares by the increase as long as it helps.

    It helps while a plan could still be bought with what is left over. If the plans
    would then cost more than there is, the result before that one holds.
    """
    voters, order = shop.voters, settings.ties.ids
    share = Fraction(election.budget, voters.total) if voters.total else Fraction(0)
    found = shop.run(share, order)
    if settings.increase is None:
        return found
    increases, step = 0, Fraction(settings.increase, voters.unit)
    while shop.could_sell_more(found.plans, election.budget):
        increases += 1
        more = shop.run(share + increases * step, order)
        if shop.cost_of(more.plans) > election.budget:
            break
        found = Sharing(more.share, increases, more.bought)
    return found
