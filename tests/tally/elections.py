"""Small elections for tests: made by hand, and by Hypothesis."""

from collections import Counter
from collections.abc import Iterable, Mapping
from fractions import Fraction
from itertools import permutations
from typing import Any

from hypothesis import strategies as st

from tally import (
    Ballot,
    Election,
    Measure,
    Plan,
    Quota,
    Rule,
    Settings,
    TieBreak,
    TieOrder,
    as_listed,
    count,
)

BY_MONEY = (Rule.SKIP, Rule.STOP, Rule.TWO_STEP)
CLASSES = ("resident", "committee")
THEMES = ("green", "young")
TIE_BREAKS = (
    (TieBreak.LISTED,),
    (TieBreak.CHEAPER, TieBreak.LOT),
    (TieBreak.DEARER,),
)


def election(
    budget: int,
    plans: Mapping[str, tuple[int, int]],
    themes: Mapping[str, str] | None = None,
    authors: Mapping[str, str] | None = None,
) -> Election:
    """Return an election of ballots with one pick: plan to (cost, votes)."""
    listed = [
        Plan(name, cost, (themes or {}).get(name, ""), (authors or {}).get(name, ""))
        for name, (cost, _) in plans.items()
    ]
    ballots = {Ballot((name,)): votes for name, (_, votes) in plans.items() if votes}
    return Election(budget, tuple(listed), ballots)


def by(rule: Rule, of: Election, **others: Any) -> Settings:
    """Return settings with ties in the order of the list, unless told otherwise."""
    return Settings(rule, **{"ties": as_listed(of.plans), **others})


def cast(*ballots: str, voters: str = "") -> dict[Ballot, int]:
    """Return ballots like "a,b" as an election has them."""
    return dict(Counter(Ballot(tuple(each.split(",")), (), voters) for each in ballots))


def chosen_in_any_order(of: Election, settings: Settings) -> set[frozenset[str]]:
    """Return every result that some tie order gives."""
    orders = permutations(plan.id for plan in of.plans)
    return {frozenset(chosen(of, settings, TieOrder(order))) for order in orders}


def chosen(of: Election, settings: Settings, ties: TieOrder) -> tuple[str, ...]:
    """Return what is chosen with another tie order."""
    return count(of, replaced(settings, ties=ties)).chosen


def replaced(settings: Settings, **others: Any) -> Settings:
    """Return the settings with some of them changed."""
    kept = {name: getattr(settings, name) for name in settings.__slots__}
    return Settings(**{**kept, **others})


@st.composite
def plans(draw: st.DrawFn, most: int = 5) -> tuple[Plan, ...]:
    """Draw plans whose costs meet often, some of them for nothing."""
    number = draw(st.integers(1, most))
    costs = st.sampled_from([0, 1, 2, 3, 5, 7, 10, 12])
    return tuple(
        Plan(
            "abcdefgh"[at],
            draw(costs) * 100,
            draw(st.sampled_from(THEMES)),
            draw(st.sampled_from(["", "x", "y"])),
        )
        for at in range(number)
    )


@st.composite
def elections(draw: st.DrawFn, measure: Measure = Measure.VOTES) -> Election:
    """Draw an election whose ballots suit the measure."""
    listed = draw(plans())
    names = [plan.id for plan in listed]
    picks = st.lists(st.sampled_from(names), max_size=4, unique=True).map(tuple)
    ballots = draw(
        st.lists(st.builds(_ballot, picks, st.sampled_from(CLASSES)), max_size=9)
    )
    if measure is Measure.POINTS:
        points = st.integers(0, 3) | st.just(Fraction(1, 2))
        ballots = [
            each._replace(points=tuple(draw(points) for _ in each.picks))
            for each in ballots
        ]
    return Election(draw(st.integers(0, 30)) * 100, listed, dict(Counter(ballots)))


def _ballot(picks: tuple[str, ...], voters: str) -> Ballot:
    return Ballot(picks, (), voters)


@st.composite
def counts(
    draw: st.DrawFn, rules: Iterable[Rule] = tuple(Rule)
) -> tuple[Election, Settings]:
    """Draw an election, and settings that fit it."""
    rule = draw(st.sampled_from(list(rules)))
    by_votes = rule is Rule.EQUAL_SHARES
    measure = Measure.VOTES if by_votes else draw(st.sampled_from(Measure))
    of = draw(elections(measure))
    ids = draw(st.permutations([plan.id for plan in of.plans]))
    places = st.integers(0, 3)
    return of, Settings(
        rule,
        TieOrder(tuple(ids), draw(st.sampled_from(TIE_BREAKS))),
        measure,
        threshold=Fraction(draw(st.integers(0, 3))),
        themes={name: draw(st.integers(0, 15)) * 100 for name in THEMES},
        quotas=tuple(Quota((name,), draw(places)) for name in CLASSES),
        per_author=draw(st.sampled_from([None, 1, 2])),
        weights=draw(
            st.sampled_from(
                [{}, {"committee": Fraction(1, 2)}, {"resident": Fraction(3)}]
            )
        ),
        first_place=4 if measure is Measure.BORDA else 0,
        increase=draw(st.sampled_from([None, 10, 100])) if by_votes else None,
        fill=draw(st.booleans()) if by_votes else False,
    )
