"""Two real rounds from their files, from the call for plans to the last author told.

`BUURTSTEM_VOTERS` is of how many of the 8,000 passes the holders do something; in CI it
is all of them.
"""

import os
from datetime import timedelta
from fractions import Fraction
from pathlib import Path

import pytest

from bot.domain.passes import PassClass
from bot.domain.plans import Status
from bot.domain.rounds import Phase
from bot.services.pass_register import Letter
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
from tests.rounds.counts import most_votes_first, two_steps, votes_of
from tests.rounds.plans import (
    begins,
    decide,
    make_public,
    price_plans,
    support_plans,
    tell_plans,
)
from tests.rounds.town import TWO, Town, open_town
from tests.rounds.voters import (
    Electorate,
    Picks,
    comes_too_late,
    make_letters,
    vote,
)

PASSES = 8_000
VOTERS = int(os.environ.get("BUURTSTEM_VOTERS", "120"))
SEED = "4 17 23"


def up_to_five(town: Town) -> Picks:
    """Return one to five plans; some plans are much liked, others hardly."""
    plans = sorted(numbers_of(town, Status.ON_BALLOT))
    liked = [1 + 3 * (n % 13) for n in range(len(plans))]
    wanted = town.random.choices(plans, liked, k=town.random.randint(1, 5))
    return tuple(sorted(set(wanted)))


def some_of(town: Town, letters: list[Letter]) -> list[Letter]:
    """Return the passes whose holders do something in this run."""
    town.random.shuffle(letters)
    return letters[:VOTERS]


@pytest.mark.timeout(1_800)
def test_nieuw_west(tmp_path: Path) -> None:
    """144 plans, 40 on the ballot, 8,000 passes, and every author hears."""
    url = f"sqlite:///{tmp_path / 'city.db'}"
    with open_town(url, tmp_path / "media", "nieuw-west-2019.toml", seed=1) as town:
        plans = tell_plans(town, 144)
        make_public(town, plans)
        for n, each in enumerate(plans):
            each.supports = 31 if n < 70 else n % 7
        begins(town, Phase.SUPPORTING)
        support_plans(town, plans, people=31)
        begins(town, Phase.REVIEWING)
        few, done = plans[70:], plans[60:70]
        decide(town, few, Status.BELOW_THRESHOLD)
        decide(town, done, Status.INFEASIBLE)
        price_plans(town, plans[:60], 5_000, 60_000)
        on_ballot, others = plans[:40], plans[40:60]
        decide(town, on_ballot, Status.ON_BALLOT)
        decide(town, others, Status.NOT_PRESELECTED)
        letters = [
            *make_letters(town, PassClass.RESIDENT, 7_600),
            *make_letters(town, PassClass.BUSINESS, 400),
        ]
        town.declare_all()
        town.open_vote()
        begins(town, Phase.VOTING)
        electorate = Electorate(town, lambda: up_to_five(town), timedelta(days=28))
        vote(electorate, some_of(town, letters))
        begins(town, Phase.COUNTING)
        comes_too_late(electorate, letters[-1])
        the_chain_closes(town)
        the_box_holds_what_was_wanted(town, electorate)
        turnout_is_what_came(town, electorate)
        receipts_are_in_the_box(electorate)
        assert seal(town.world.house, town.slug, TWO).anew
        turnout_is_what_came(town, electorate)
        counted = count_round(town.world.house, town.slug, SEED)
        costs = priced(town, [each.number for each in on_ballot])
        ballots = [(each.picks, Fraction(1)) for each in electorate.wanted.values()]
        row = most_votes_first(costs, votes_of(ballots), SEED)
        chosen = two_steps(row, 500_000_00, {})
        assert {int(each) for each in counted.outcome.chosen} == chosen
        begins(town, Phase.DOING)
        funded = [each for each in on_ballot if each.number in chosen]
        unfunded = [each for each in on_ballot if each.number not in chosen]
        decide(town, funded, Status.CHOSEN)
        decide(town, unfunded, Status.NOT_VOTED_IN)
        for outcome, about in {
            Status.BELOW_THRESHOLD: few,
            Status.INFEASIBLE: done,
            Status.NOT_PRESELECTED: others,
            Status.ON_BALLOT: on_ballot,
            Status.CHOSEN: funded,
            Status.NOT_VOTED_IN: unfunded,
        }.items():
            every_author_was_told(town, about, outcome)


def as_many_as_fit(town: Town) -> Picks:
    """Return plans that fit into the money together; some are much liked."""
    costs = {
        each.number: each.cents
        for each in priced(town, numbers_of(town, Status.ON_BALLOT))
    }
    plans = list(costs)
    liked = [1 + 3 * (n % 13) for n in range(len(plans))]
    left, wanted = town.a_round.budget.cents, set[int]()
    for number in town.random.choices(plans, liked, k=town.random.randint(1, 12)):
        if number not in wanted and costs[number] <= left:
            wanted.add(number)
            left -= costs[number]
    return tuple(sorted(wanted))


@pytest.mark.timeout(1_800)
def test_kleine_wereld(tmp_path: Path) -> None:
    """52 plans in six themes with their own money, chats and paper half each."""
    url = f"sqlite:///{tmp_path / 'city.db'}"
    with open_town(url, tmp_path / "media", "kleine-wereld-2019.toml", seed=2) as town:
        plans = tell_plans(town, 52)
        make_public(town, plans)
        begins(town, Phase.REVIEWING)
        price_plans(town, plans, 3_000, 25_000)
        decide(town, plans, Status.ON_BALLOT)
        letters = list(make_letters(town, PassClass.RESIDENT, PASSES))
        town.declare_all()
        town.open_vote()
        begins(town, Phase.VOTING)
        electorate = Electorate(town, lambda: as_many_as_fit(town), timedelta(days=12))
        vote(electorate, some_of(town, letters))
        the_box_holds_what_was_wanted(town, electorate)
