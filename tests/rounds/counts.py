"""The count once more, by other hands: a few lines, written from the page of rules.

Nothing of `tally` is used here, and nothing of what it was written from.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from hashlib import sha256

Order = Callable[[int], tuple[object, ...]]


@dataclass(frozen=True, slots=True)
class Priced:
    """A plan with its cost in cents and its theme."""

    number: int
    cents: int
    theme: str


def votes_of(ballots: Iterable[tuple[Sequence[int], Fraction]]) -> dict[int, Fraction]:
    """Add up what each plan got from ballots of some weight."""
    votes: dict[int, Fraction] = {}
    for picks, weight in ballots:
        for number in picks:
            votes[number] = votes.get(number, Fraction(0)) + weight
    return votes


def halves(routes: Sequence[str], paper: frozenset[str]) -> list[Fraction]:
    """Return what each ballot counts where paper and chats make up half each."""
    sizes = Counter(route in paper for route in routes)
    return [
        Fraction(len(routes), 2 * sizes[route in paper])
        if len(sizes) > 1
        else Fraction(1)
        for route in routes
    ]


def most_votes_first(
    plans: Iterable[Priced], votes: Mapping[int, Fraction], seed: str
) -> list[Priced]:
    """Return plans with votes: most first, then cheaper, then by the lot."""

    def place(plan: Priced) -> tuple[Fraction, int, str]:
        lot = sha256(f"{seed}{plan.number}".encode()).hexdigest()
        return -votes[plan.number], plan.cents, lot

    return sorted((each for each in plans if votes.get(each.number)), key=place)


def two_steps(
    row: Sequence[Priced], budget: int, themes: Mapping[str, int]
) -> set[int]:
    """Return what is chosen: each theme until one does not fit, then all together."""
    chosen: list[Priced] = []
    for theme, money in themes.items():
        left = money
        for each in (plan for plan in row if plan.theme == theme):
            if each.cents > left:
                break
            left -= each.cents
            chosen.append(each)
    left = budget - sum(each.cents for each in chosen)
    for each in row:
        if each not in chosen and each.cents <= left:
            left -= each.cents
            chosen.append(each)
    return {each.number for each in chosen}


def twenty_and_twenty(
    first: Mapping[int, Fraction],
    then: Mapping[int, Fraction],
    plans: Iterable[Priced],
    places: tuple[int, int],
    seed: str,
) -> set[int]:
    """Return who comes on the ballot: some by one group, then others by the next."""
    known = list(plans)
    chosen = {each.number for each in most_votes_first(known, first, seed)[: places[0]]}
    rest = [each for each in known if each.number not in chosen]
    return chosen | {
        each.number for each in most_votes_first(rest, then, seed)[: places[1]]
    }
