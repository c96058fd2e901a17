"""The outcome of the rules that go down the votes (or points) with the money."""

from collections.abc import Mapping, Sequence

from tally.election import Election, Number
from tally.greedy import allocate, counts, steps_of
from tally.margins import margin
from tally.outcome import Outcome
from tally.settings import Settings
from tally.ties import equals, ties_that_matter
from tally.totals import totals_of


def by_votes(election: Election, settings: Settings) -> Outcome:
    """Count with skip, with stop or in two steps."""
    totals, costs = totals_of(election, settings), election.costs()
    order = settings.ties.ids
    chosen, went = allocate(election, settings, totals, order)

    def recount(ids: Sequence[str]) -> frozenset[str]:
        return frozenset(allocate(election, settings, totals, ids)[0])

    def margin_of(plan: str) -> int | None:
        def gets(others: Mapping[str, Number]) -> bool:
            return plan in allocate(election, settings, others, order)[0]

        return margin(plan, totals, settings.threshold, gets)

    going = [plan for plan in order if counts(totals[plan], settings)]
    return Outcome(
        rule=settings.rule,
        measure=settings.measure,
        chosen=chosen,
        totals=totals,
        steps=steps_of(election, settings, totals, went),
        left=election.budget - sum(costs[plan] for plan in chosen),
        ties=ties_that_matter(equals(totals, going), settings.ties, costs, recount),
        margins={plan: margin_of(plan) for plan in totals if plan not in chosen},
    )
