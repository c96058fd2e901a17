"""What a ballot counts where a round weighs ballots by class, by route or in shares."""

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from itertools import combinations, product
from typing import NamedTuple

from bot.domain.round_terms import Weight

Kind = tuple[str, str]
"""What is known of a ballot beside its picks: class and route, "" for what is not."""


class Weighed(NamedTuple):
    """The group of each kind of ballot, what a ballot of a group counts, what lacks.

    A group that is not in `weights` counts one. `shares` is what each group makes up of
    the outcome, `missing` those of which there is no ballot: the others make up the
    whole.
    """

    groups: Mapping[Kind, str]
    weights: Mapping[str, Fraction]
    shares: Mapping[str, Fraction]
    missing: Sequence[str]


class WeightError(ValueError):
    """A ballot cannot be weighed; the message says which kind, and why."""


def weigh(laid_down: Sequence[Weight], cast: Mapping[Kind, int]) -> Weighed:
    """Return what every ballot counts, by how many were `cast` of each kind.

    A group is all that one weight covers: no more is told of a ballot than is needed to
    count it. Where routes and shares play no part it is the class. Raises WeightError
    for a ballot of which it is not known how it came, and for one that no share covers.
    """
    if not any(each.routes or each.share for each in laid_down):
        return _by_class(laid_down, cast)
    groups = {kind: _group(laid_down, kind) for kind in cast}
    sizes = {name_of(each): 0 for each in laid_down}
    for kind, many in cast.items():
        if groups[kind]:
            sizes[groups[kind]] += many
    each = {name_of(one): one.each for one in laid_down if one.each is not None}
    shares = {name_of(one): one.share for one in laid_down if one.share is not None}
    there = {name: share for name, share in shares.items() if sizes[name]}
    ballots, whole = sum(cast.values()), sum(there.values())
    for name, share in there.items():
        each[name] = share / whole * ballots / sizes[name]
    missing = [name for name in shares if name not in there] if ballots else []
    return Weighed(groups, each, shares, missing)


def _by_class(laid_down: Sequence[Weight], cast: Mapping[Kind, int]) -> Weighed:
    present = dict.fromkeys(voters for voters, _ in cast)
    weights = {
        str(voters): weight.each
        for weight in laid_down
        if weight.each is not None
        for voters in weight.classes or present
    }
    return Weighed({kind: kind[0] for kind in cast}, weights, {}, ())


def _group(laid_down: Sequence[Weight], kind: Kind) -> str:
    voters, route = kind
    if not route and any(each.routes for each in laid_down):
        raise WeightError("of a ballot it is not known how it came")
    covering = _covering(laid_down, kind)
    if covering is not None:
        return name_of(covering)
    if any(each.share for each in laid_down):
        raise WeightError(f"ballots of {voters or 'voters'} by {route} have no share")
    return ""


def _covering(laid_down: Iterable[Weight], kind: Kind) -> Weight | None:
    return next((each for each in laid_down if covers(each, kind)), None)


def covers(weight: Weight, kind: Kind) -> bool:
    """Tell whether a weight is meant for ballots of this kind."""
    voters, route = kind
    return (not weight.classes or voters in weight.classes) and (
        not weight.routes or route in weight.routes
    )


def name_of(weight: Weight) -> str:
    """Return what a group is called in a file: "desk-paper", "resident/web", "all"."""
    parts = ("-".join(map(str, each)) for each in (weight.classes, weight.routes))
    return "/".join(part for part in parts if part) or "all"


def covered_twice(laid_down: Sequence[Weight], kinds: Iterable[Kind]) -> Kind | None:
    """Return a kind of ballot that two weights are meant for, if there is one."""
    pairs = product(kinds, combinations(laid_down, 2))
    return next(
        (kind for kind, two in pairs if all(covers(each, kind) for each in two)), None
    )


def covered_never(laid_down: Sequence[Weight], kinds: Iterable[Kind]) -> Kind | None:
    """Return a kind of ballot that no weight is meant for, if there is one."""
    return next((kind for kind in kinds if _covering(laid_down, kind) is None), None)
