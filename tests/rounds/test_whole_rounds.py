"""Two real rounds from their files, from the call for plans to the last author told.

8,000 passes go out in each. `BUURTSTEM_VOTERS` says how many of their holders do
something; in CI 2,500 of them do.
"""

import os
from collections.abc import Callable, Sequence
from datetime import timedelta
from fractions import Fraction
from pathlib import Path

import pytest

from bot.domain.passes import PassClass
from bot.domain.plans import Status
from bot.domain.rounds import Phase
from bot.services.candidates import first_vote
from bot.services.opening import open_round
from bot.services.pass_register import Letter
from bot.services.preselecting import preselect
from bot.services.publishing import Publishing, publish_result
from bot.services.sealing import seal
from bot.services.tallying import count_round
from tests.rounds.checks import (
    every_author_was_told,
    numbers_of,
    priced,
    receipts_are_in_the_box,
    the_box_holds_what_was_wanted,
    the_chain_closes,
    turnout_is_what_came,
)
from tests.rounds.counts import (
    halves,
    most_votes_first,
    twenty_and_twenty,
    two_steps,
    votes_of,
)
from tests.rounds.plans import (
    Told,
    begins,
    decide,
    make_public,
    price_plans,
    support_plans,
    tell_plans,
)
from tests.rounds.town import ELS, TWO, Town, open_town
from tests.rounds.voters import (
    Electorate,
    Picks,
    comes_too_late,
    make_letters,
    vote,
)

PASSES = 8_000
VOTERS = int(os.environ.get("BUURTSTEM_VOTERS", "120"))
GUESTS = 400
"""How many came to the evening of the first vote in 2019."""

SEED = "4 17 23"
ON_PAPER = frozenset({"desk", "paper"})


@pytest.mark.timeout(2_400)
def test_nieuw_west(tmp_path: Path) -> None:
    """144 plans; 40 come on the ballot by a vote of their own; every author hears."""
    url = f"sqlite:///{tmp_path / 'city.db'}"
    with open_town(url, tmp_path / "media", "nieuw-west-2019.toml", seed=1) as town:
        plans = tell_plans(town, 144)
        make_public(town, plans)
        for n, each in enumerate(plans):
            each.supports = 31 if n < 70 else n % 7
        begins(town, Phase.SUPPORTING)
        support_plans(town, plans, people=31)
        begins(town, Phase.REVIEWING)
        few, undoable, fine = plans[70:], plans[60:70], plans[:60]
        decide(town, few, Status.BELOW_THRESHOLD)
        decide(town, undoable, Status.INFEASIBLE)
        price_plans(town, fine, 5_000, 60_000)
        letters = [
            *make_letters(town, PassClass.RESIDENT, 7_600),
            *make_letters(town, PassClass.BUSINESS, 400),
        ]
        town.random.shuffle(letters)
        town.declare_all()
        on_list = _first_vote(town, letters, fine)
        on_ballot = [each for each in fine if each.number in on_list]
        others = [each for each in fine if each.number not in on_list]
        town.open_vote()
        begins(town, Phase.VOTING)
        electorate = Electorate(
            town, town.slug, _some_of(town, 5, on_list), timedelta(days=28)
        )
        vote(electorate, letters[:VOTERS])
        begins(town, Phase.COUNTING)
        comes_too_late(electorate, _unused(electorate, letters))
        chosen = two_steps(
            most_votes_first(priced(town, on_list), _votes(electorate), SEED),
            town.a_round.budget.cents,
            {},
        )
        _is_counted_and_published(electorate, chosen)
        begins(town, Phase.DOING)
        funded, unfunded = _told_what_became(town, on_ballot, chosen)
        for outcome, about in {
            Status.BELOW_THRESHOLD: few,
            Status.INFEASIBLE: undoable,
            Status.NOT_PRESELECTED: others,
            Status.ON_BALLOT: on_ballot,
            Status.CHOSEN: funded,
            Status.NOT_VOTED_IN: unfunded,
        }.items():
            assert about
            every_author_was_told(town, about, outcome)


def _first_vote(
    town: Town, letters: Sequence[Letter], candidates: Sequence[Told]
) -> set[int]:
    """Play the evening that makes the ballot; return the plans that come on it."""
    committee = make_letters(town, PassClass.COMMITTEE, 20)
    slug, part = first_vote(town.slug), town.a_round.preselection
    assert part is not None
    town.act(open_round, slug, ELS)
    town.is_at(part.opens_at, minutes=5)
    numbers = {each.number for each in candidates}
    evening = part.closes_at - part.opens_at - timedelta(minutes=10)
    guests = Electorate(
        town, slug, _some_of(town, 20, numbers), evening / 2, has_paper=False
    )
    vote(guests, letters[: min(GUESTS, VOTERS)])
    before = dict(guests.wanted)
    vote(guests, committee)
    town.is_at(part.closes_at)
    the_chain_closes(guests)
    the_box_holds_what_was_wanted(guests)
    done = preselect(town.world.house, town.slug, ELS, SEED)
    members = [w for serial, w in guests.wanted.items() if serial not in before]
    expected = twenty_and_twenty(
        votes_of((each.picks, Fraction(1)) for each in before.values()),
        votes_of((each.picks, Fraction(1)) for each in members),
        priced(town, numbers),
        (20, 20),
        SEED,
    )
    assert set(done.chosen) == expected
    assert numbers_of(town, Status.ON_BALLOT) == expected
    return expected


@pytest.mark.timeout(2_400)
def test_kleine_wereld(tmp_path: Path) -> None:
    """52 plans in six themes with their own money; paper and chats count half each."""
    url = f"sqlite:///{tmp_path / 'city.db'}"
    with open_town(url, tmp_path / "media", "kleine-wereld-2019.toml", seed=2) as town:
        plans = tell_plans(town, 52)
        make_public(town, plans)
        begins(town, Phase.REVIEWING)
        price_plans(town, plans, 3_000, 25_000)
        decide(town, plans, Status.ON_BALLOT)
        letters = list(make_letters(town, PassClass.RESIDENT, PASSES))
        town.random.shuffle(letters)
        town.declare_all()
        town.open_vote()
        begins(town, Phase.VOTING)
        electorate = Electorate(
            town, town.slug, _as_many_as_fit(town), timedelta(days=12)
        )
        vote(electorate, letters[:VOTERS])
        begins(town, Phase.COUNTING)
        wanted = electorate.wanted.values()
        weights = halves([each.route for each in wanted], ON_PAPER)
        votes = votes_of(zip((w.picks for w in wanted), weights, strict=True))
        chosen = two_steps(
            most_votes_first(
                priced(town, [each.number for each in plans]), votes, SEED
            ),
            town.a_round.budget.cents,
            {
                each.key: each.budget.cents
                for each in town.a_round.themes
                if each.budget
            },
        )
        _is_counted_and_published(electorate, chosen)
        about = count_round(town.world.house, town.slug, SEED).document.about
        assert "max_length" not in about, "only the money sets a limit"
        begins(town, Phase.DOING)
        funded, unfunded = _told_what_became(town, plans, chosen)
        every_author_was_told(town, plans, Status.ON_BALLOT)
        every_author_was_told(town, funded, Status.CHOSEN)
        every_author_was_told(town, unfunded, Status.NOT_VOTED_IN)


def _is_counted_and_published(electorate: Electorate, chosen: set[int]) -> None:
    """Close, compare, seal, count and publish; `chosen` is what another hand found."""
    town = electorate.town
    the_chain_closes(electorate)
    the_box_holds_what_was_wanted(electorate)
    turnout_is_what_came(electorate)
    receipts_are_in_the_box(electorate)
    assert seal(town.world.house, town.slug, TWO).anew
    turnout_is_what_came(electorate)
    order = Publishing(town.slug, TWO, SEED)
    published, _ = publish_result(town.world.house, order)
    assert {int(each) for each in published.outcome().chosen} == chosen


def _told_what_became(
    town: Town, on_ballot: Sequence[Told], chosen: set[int]
) -> tuple[list[Told], list[Told]]:
    """Tell the authors of the ballot; return whose plans get money, and the others."""
    funded = [each for each in on_ballot if each.number in chosen]
    unfunded = [each for each in on_ballot if each.number not in chosen]
    assert funded
    assert unfunded
    decide(town, funded, Status.CHOSEN)
    decide(town, unfunded, Status.NOT_VOTED_IN)
    return funded, unfunded


def _votes(electorate: Electorate) -> dict[int, Fraction]:
    return votes_of((w.picks, Fraction(1)) for w in electorate.wanted.values())


def _unused(electorate: Electorate, letters: Sequence[Letter]) -> Letter:
    return next(each for each in letters if each.serial not in electorate.wanted)


def _some_of(town: Town, most: int, numbers: set[int]) -> Callable[[], Picks]:
    """Return who chooses one to so many plans; some are much liked, others hardly."""
    plans = sorted(numbers)
    liked = [1 + 3 * (n % 13) for n in range(len(plans))]

    def choose() -> Picks:
        many = town.random.randint(1, most)
        return tuple(sorted(set(town.random.choices(plans, liked, k=many))))

    return choose


def _as_many_as_fit(town: Town) -> Callable[[], Picks]:
    """Return who chooses plans that fit into the money together."""
    costs = {
        p.number: p.cents for p in priced(town, numbers_of(town, Status.ON_BALLOT))
    }
    liked = [1 + 3 * (n % 13) for n in range(len(costs))]

    def choose() -> Picks:
        left, wanted = town.a_round.budget.cents, set[int]()
        many = town.random.randint(1, 12)
        for number in town.random.choices(list(costs), liked, k=many):
            if number not in wanted and costs[number] <= left:
                wanted.add(number)
                left -= costs[number]
        return tuple(sorted(wanted))

    return choose
