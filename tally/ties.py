"""Ties that matter: where another order of equal plans gives another result."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from tally.election import Number
from tally.outcome import Tie
from tally.settings import TieBreak, TieOrder

Recount = Callable[[Sequence[str]], frozenset[str]]
"""From a tie order to the plans that are chosen."""


def ties_that_matter(
    groups: Mapping[Number, Sequence[str]],
    ties: TieOrder,
    costs: Mapping[str, int],
    recount: Recount,
) -> tuple[Tie, ...]:
    """Return the groups of equal plans of which an order decides, most votes first.

    Each plan of a group is put before and behind the others of it, and all is counted
    again. So it is among those that cost the same, where the cost goes first.
    """
    found = []
    base = recount(ties.ids)
    for total in sorted(groups, reverse=True):
        group = groups[total]
        apart = _moved_by(group, ties, recount, base)
        if not apart:
            continue
        contested = tuple(each for each in group if each in apart) or tuple(group)
        broken_by, *then = (*ties.by, TieBreak.LISTED)
        if broken_by in _BY_COST and _cost_is_not_all(
            group, ties, costs, recount, base
        ):
            broken_by = then[0]
        chosen = tuple(each for each in contested if each in base)
        found.append(Tie(contested, chosen, total, broken_by))
    return tuple(found)


def equals(
    totals: Mapping[str, Number], plans: Iterable[str]
) -> dict[Number, list[str]]:
    """Return the totals that several of `plans` have, with these, in their order."""
    groups = defaultdict(list)
    for plan in plans:
        groups[totals[plan]].append(plan)
    return {total: group for total, group in groups.items() if len(group) > 1}


_BY_COST = frozenset({TieBreak.CHEAPER, TieBreak.DEARER})


def _cost_is_not_all(
    group: Sequence[str],
    ties: TieOrder,
    costs: Mapping[str, int],
    recount: Recount,
    base: frozenset[str],
) -> bool:
    """Tell whether an order of plans that cost the same decides as well."""
    alike = defaultdict(list)
    for plan in group:
        alike[costs[plan]].append(plan)
    return any(_moved_by(each, ties, recount, base) for each in alike.values())


def _moved_by(
    group: Sequence[str], ties: TieOrder, recount: Recount, base: frozenset[str]
) -> frozenset[str]:
    """Return the plans whose fate hangs on the order of the group."""
    apart: frozenset[str] = frozenset()
    for order in _orders(group, ties.ids):
        apart |= recount(order) ^ base
    return apart


def _orders(group: Sequence[str], ids: Sequence[str]) -> Iterator[list[str]]:
    """Yield tie orders with each of the group first, and last, among the group."""
    places = [place for place, plan in enumerate(ids) if plan in group]
    for plan in group:
        others = [ids[place] for place in places if ids[place] != plan]
        for moved in ([plan, *others], [*others, plan]):
            order = list(ids)
            for place, each in zip(places, moved, strict=True):
                order[place] = each
            yield order
