"""The outcome of equal shares: what voters buy, then perhaps the rest by votes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from tally.election import Election, Number
from tally.greedy import Found, Purse, counts, unseen
from tally.outcome import Look, Outcome, Pot, Source, Step, Tie, Verdict
from tally.settings import Settings
from tally.shares import Bought, Sharing, Shop, Voters, share_out
from tally.ties import equals, ties_that_matter
from tally.totals import plain, ranked


def by_shares(election: Election, settings: Settings) -> Outcome:
    """Count by equal shares, with the increase and the filling of the settings.

    Ties are looked for in the run whose shares decided, and in the filling.
    """
    return _Count.of(election, settings).outcome()


@dataclass(frozen=True, slots=True)
class _Count:
    """An election with its totals, and the shares that decided."""

    election: Election
    settings: Settings
    totals: Mapping[str, Number]
    shop: Shop
    sharing: Sharing

    @classmethod
    def of(cls, election: Election, settings: Settings) -> "_Count":
        voters = Voters.of(election, settings)
        shop = Shop.of(election, settings, voters)
        totals = {
            plan.id: plain(Fraction(shop.supporters[plan.id], voters.unit))
            for plan in election.plans
        }
        sharing = share_out(election, settings, shop)
        return cls(election, settings, totals, shop, sharing)

    def outcome(self) -> Outcome:
        filled = self.filling(self.sharing.plans, self.settings.ties.ids)
        more = [plan for plan, verdict, _ in filled if verdict is Verdict.CHOSEN]
        chosen = (*self.sharing.plans, *more)
        return Outcome(
            rule=self.settings.rule,
            measure=self.settings.measure,
            chosen=chosen,
            totals=self.totals,
            steps=tuple(self.steps(filled)),
            left=self.left(chosen),
            ties=self.ties(),
            margins={},
        )

    def left(self, plans: Sequence[str]) -> int:
        """Return what is left of the money after these plans."""
        return self.election.budget - self.shop.cost_of(plans)

    def filling(self, bought: Sequence[str], order: Sequence[str]) -> list[Found]:
        """Spend what is left after `bought` by votes, if the settings say so."""
        if not self.settings.fill:
            return []
        purse = Purse(self.shop.plans, self.settings.per_author)
        for plan in bought:
            purse.choose(self.shop.plans[plan])
        rest = [plan for plan in ranked(self.totals, order) if self.takes_part(plan)]
        rest = [plan for plan in rest if plan not in purse.chosen]
        return list(purse.go_down(rest, self.left(bought), stops=False))

    def takes_part(self, plan: str) -> bool:
        """Tell whether a plan has enough votes."""
        return counts(self.totals[plan], self.settings)

    def recount(self, order: Sequence[str]) -> frozenset[str]:
        """Return what would be chosen with the same shares and another tie order."""
        bought = self.shop.run(self.sharing.share, order).plans
        found = self.filling(bought, order)
        more = [plan for plan, verdict, _ in found if verdict is Verdict.CHOSEN]
        return frozenset((*bought, *more))

    def ties(self) -> tuple[Tie, ...]:
        """Return the ties of the sharing, then those of the filling."""
        alike: dict[Number, list[str]] = {}
        for each in self.sharing.bought:
            if len(each.equals) > 1:
                known = alike.setdefault(_full_votes(each), [])
                known += [plan for plan in each.equals if plan not in known]
        groups = [alike]
        if self.settings.fill:
            rest = [p for p in self.settings.ties.ids if p not in self.sharing.plans]
            groups.append(equals(self.totals, filter(self.takes_part, rest)))
        ties, costs = self.settings.ties, self.election.costs()
        found = [ties_that_matter(each, ties, costs, self.recount) for each in groups]
        return tuple({tie.plans: tie for part in found for tie in part}.values())

    def steps(self, filled: Sequence[Found]) -> list[Step]:
        """Return the account: purchases, filling, and what nobody could pay for."""
        unit, left = self.shop.voters.unit, self.election.budget
        share = self.sharing.share * unit
        steps: list[Step] = [
            Pot(Source.SHARES, left, share=share, increases=self.sharing.increases)
        ]
        for each in self.sharing.bought:
            left -= self.shop.plans[each.plan].cost
            price = each.price * unit
            steps.append(self.look(each.plan, Verdict.CHOSEN, left, price))
        if filled:
            steps.append(Pot(Source.REST, left))
        for plan, verdict, after in filled:
            left = after
            steps.append(self.look(plan, verdict, left))
        seen = {step.plan for step in steps if isinstance(step, Look)}
        rest = [p for p in ranked(self.totals, self.settings.ties.ids) if p not in seen]
        return steps + [self.look(plan, self.unbought(plan), left) for plan in rest]

    def unbought(self, plan: str) -> Verdict:
        """Return why a plan was neither bought nor looked at in the filling."""
        if not self.takes_part(plan):
            return unseen(self.totals[plan], self.settings)
        purse = Purse(self.shop.plans, self.settings.per_author)
        for each in self.sharing.plans:
            purse.choose(self.shop.plans[each])
        full = purse.is_full(self.shop.plans[plan])
        return Verdict.AUTHOR_FULL if full else Verdict.NOT_PAID

    def look(
        self, plan: str, verdict: Verdict, left: int, price: Fraction = Fraction(0)
    ) -> Look:
        """Return the step that looks at a plan."""
        cost = next(each.cost for each in self.election.plans if each.id == plan)
        return Look(plan, self.totals[plan], cost, verdict, left, price)


def _full_votes(bought: Bought) -> Fraction:
    return 1 / bought.part if bought.part else Fraction(0)
