"""Places instead of money: the plans that each group of voters likes best go on."""

from collections.abc import Iterable, Mapping, Sequence

from tally.election import Election, Number
from tally.greedy import Purse, counts
from tally.outcome import Look, Pot, Source, Step, Verdict
from tally.settings import Quota, Settings
from tally.totals import ranked, totals_of

Shares = Sequence[Mapping[str, Number]]
"""Totals per plan, a mapping for each quota."""


def totals_by_quota(election: Election, settings: Settings) -> list[dict[str, Number]]:
    """Return what each plan has from the voters of each quota."""
    return [totals_of(election, settings, quota.classes) for quota in settings.quotas]


def preselect(
    election: Election, settings: Settings, totals: Shares, order: Iterable[str]
) -> tuple[tuple[str, ...], tuple[Step, ...]]:
    """Fill the places of each quota from the plans that have none yet."""
    purse = Purse({plan.id: plan for plan in election.plans}, settings.per_author)
    order = list(order)
    steps: list[Step] = []
    for quota, own in zip(settings.quotas, totals, strict=True):
        rest = [plan for plan in ranked(own, order) if plan not in purse.chosen]
        steps += _fill(quota, own, rest, purse, settings)
    return tuple(purse.chosen), tuple(steps)


def _fill(
    quota: Quota,
    own: Mapping[str, Number],
    rest: Iterable[str],
    purse: Purse,
    settings: Settings,
) -> list[Step]:
    left = quota.places
    steps: list[Step] = [Pot(Source.PLACES, left, ", ".join(quota.classes))]
    for each in rest:
        plan = purse.plans[each]
        if own[each] <= 0:
            verdict = Verdict.NO_VOTES
        elif not counts(own[each], settings):
            verdict = Verdict.BELOW_THRESHOLD
        elif not left:
            verdict = Verdict.NO_PLACE
        elif purse.is_full(plan):
            verdict = Verdict.AUTHOR_FULL
        else:
            verdict = Verdict.CHOSEN
            left -= 1
            purse.choose(plan)
        steps.append(Look(each, own[each], plan.cost, verdict, left))
    return steps
