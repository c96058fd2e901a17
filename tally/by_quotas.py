"""The outcome of quotas: places on the ballot, group of voters by group of voters."""

from collections.abc import Mapping, Sequence

from tally.election import Election, Number
from tally.greedy import counts
from tally.margins import margin
from tally.outcome import Outcome, Tie
from tally.quotas import Shares, preselect, totals_by_quota
from tally.settings import Settings
from tally.ties import equals, ties_that_matter
from tally.totals import totals_of


def by_quotas(election: Election, settings: Settings) -> Outcome:
    """Count places; costs and money play no part, except to break ties.

    The margin of a plan is what it would have needed in the quota where that is least.
    """
    shares = totals_by_quota(election, settings)
    chosen, steps = preselect(election, settings, shares, settings.ties.ids)
    places = sum(quota.places for quota in settings.quotas)
    rest = [plan.id for plan in election.plans if plan.id not in chosen]
    return Outcome(
        rule=settings.rule,
        measure=settings.measure,
        chosen=chosen,
        totals=totals_of(election, settings),
        steps=steps,
        left=places - len(chosen),
        ties=_ties(election, settings, shares),
        margins={plan: _margin(plan, election, settings, shares) for plan in rest},
    )


def _margin(
    plan: str, election: Election, settings: Settings, shares: Shares
) -> int | None:
    found = []
    for at, own in enumerate(shares):

        def gets(changed: Mapping[str, Number], at: int = at) -> bool:
            totals = [*shares[:at], changed, *shares[at + 1 :]]
            return plan in preselect(election, settings, totals, settings.ties.ids)[0]

        found.append(margin(plan, own, settings.threshold, gets))
    return min((each for each in found if each is not None), default=None)


def _ties(election: Election, settings: Settings, shares: Shares) -> tuple[Tie, ...]:
    """Return what an order decided among the votes of each quota, each tie once."""

    def recount(ids: Sequence[str]) -> frozenset[str]:
        return frozenset(preselect(election, settings, shares, ids)[0])

    found: dict[tuple[str, ...], Tie] = {}
    for own in shares:
        going = [plan for plan in settings.ties.ids if counts(own[plan], settings)]
        groups = equals(own, going)
        for tie in ties_that_matter(groups, settings.ties, election.costs(), recount):
            found.setdefault(tie.plans, tie)
    return tuple(found.values())
