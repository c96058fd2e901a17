"""What a ballot counts: by its class, by how it came, and in shares of the outcome."""

from collections.abc import Mapping
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.round_terms import ROUTES, VoterKind, Weight
from bot.domain.weights import (
    Kind,
    Weighed,
    WeightError,
    covered_never,
    covered_twice,
    name_of,
    weigh,
)

HALF = Fraction(1, 2)
CHATS = Weight(routes=("whatsapp", "telegram", "web"), share=HALF)
BY_HAND = Weight(routes=("desk", "paper"), share=HALF)
KINDS = [(str(kind), route) for kind in VoterKind for route in ROUTES]
boxes = st.dictionaries(st.sampled_from(KINDS), st.integers(1, 10_000), min_size=1)


def made_up(weighed: Weighed, cast: Mapping[Kind, int]) -> dict[str, Fraction]:
    """Return how much the ballots of each group count together."""
    sums: dict[str, Fraction] = {}
    for kind, many in cast.items():
        name = weighed.groups[kind]
        each = weighed.weights.get(name, Fraction(1))
        sums[name] = sums.get(name, Fraction(0)) + many * each
    return sums


def test_two_halves_are_two_halves_however_many_came() -> None:
    cast = {("", "web"): 90, ("", "telegram"): 60, ("", "paper"): 25, ("", "desk"): 25}
    weighed = weigh((CHATS, BY_HAND), cast)
    assert weighed.weights == {
        "whatsapp-telegram-web": Fraction(2, 3),
        "desk-paper": Fraction(2),
    }
    assert weighed.missing == []


@given(boxes, st.integers(1, 5), st.integers(1, 5))
def test_a_group_makes_up_its_share_exactly(
    cast: dict[Kind, int], first: int, second: int
) -> None:
    whole = first + second
    laid_down = (
        Weight(routes=CHATS.routes, share=Fraction(first, whole)),
        Weight(routes=BY_HAND.routes, share=Fraction(second, whole)),
    )
    weighed = weigh(laid_down, cast)
    sums, ballots = made_up(weighed, cast), sum(cast.values())
    assert sum(sums.values()) == ballots
    assert set(sums) | set(weighed.missing) == set(weighed.shares)
    if not weighed.missing:
        assert sums == {name: s * ballots for name, s in weighed.shares.items()}


def test_of_a_group_without_ballots_the_others_make_up_the_whole() -> None:
    weighed = weigh((CHATS, BY_HAND), {("resident", "web"): 7, ("business", "web"): 2})
    assert weighed.missing == ["desk-paper"]
    assert weighed.weights == {"whatsapp-telegram-web": 1}


def test_an_empty_box_lacks_nobody() -> None:
    weighed = weigh((CHATS, BY_HAND), {})
    assert (weighed.weights, list(weighed.missing)) == ({}, [])


def test_what_each_ballot_counts_goes_by_class_and_route() -> None:
    paper = Weight((VoterKind.BUSINESS,), ("paper",), each=HALF)
    cast = {("business", "paper"): 3, ("business", "web"): 4, ("resident", "paper"): 5}
    weighed = weigh((paper,), cast)
    assert weighed.weights == {"business/paper": HALF}
    assert made_up(weighed, cast) == {"business/paper": Fraction(3, 2), "": 9}


def test_classes_alone_stay_classes() -> None:
    cast = {("resident", "web"): 3, ("business", ""): 4}
    weighed = weigh((Weight((VoterKind.BUSINESS,), each=HALF),), cast)
    assert set(weighed.groups.values()) == {"resident", "business"}
    assert weighed.weights == {"business": HALF}
    assert weigh((Weight(each=HALF),), cast).weights == dict.fromkeys(
        ("resident", "business"), HALF
    )


def test_a_class_may_have_a_share() -> None:
    laid_down = (
        Weight((VoterKind.RESIDENT,), share=Fraction(3, 4)),
        Weight((VoterKind.BUSINESS,), share=Fraction(1, 4)),
    )
    weighed = weigh(laid_down, {("resident", ""): 30, ("business", ""): 30})
    assert weighed.weights == {"resident": Fraction(3, 2), "business": HALF}


def test_a_ballot_of_which_nobody_knows_how_it_came_stops_the_count() -> None:
    with pytest.raises(WeightError, match="not known how it came"):
        weigh((CHATS, BY_HAND), {("resident", ""): 1})


def test_a_ballot_without_a_share_stops_the_count() -> None:
    with pytest.raises(WeightError, match="business by paper have no share"):
        weigh((CHATS,), {("resident", "web"): 1, ("business", "paper"): 1})


def test_kinds_that_two_weights_or_none_are_for_are_found() -> None:
    assert covered_twice((CHATS, BY_HAND), KINDS) is None
    assert covered_never((CHATS, BY_HAND), KINDS) is None
    twice = Weight((VoterKind.COMMITTEE,), each=HALF)
    assert covered_twice((CHATS, twice), KINDS) == ("committee", "whatsapp")
    assert covered_never((CHATS, twice), KINDS) == ("resident", "desk")


def test_a_group_is_named_by_what_is_in_it() -> None:
    assert name_of(BY_HAND) == "desk-paper"
    assert name_of(Weight((VoterKind.RESIDENT, VoterKind.BUSINESS), ("web",))) == (
        "resident-business/web"
    )
    assert name_of(Weight(share=Fraction(1))) == "all"
