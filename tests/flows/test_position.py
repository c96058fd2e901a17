"""Whether a plan gets more votes for where it stands in the list of the ballot.

The residents tend to take what they meet first (`people.early`); all plans are as good.
Each voter is shown subjects and plans in an order of her own: so what stands first in
the list is not what most people meet first. `BUURTSTEM_RESIDENTS` sets how many walk.
"""

import os
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from random import Random
from statistics import mean

import pytest

from bot.domain.ballots import BallotPaper
from bot.domain.plans import Plan, plan_numbers
from bot.flows.state import Browsing, ConfirmingVote, Walking
from bot.flows.walk import ROOM
from tests.flows.cast import RULES, THEMES, VOTE, VOTING_ROUND, ballot_plan
from tests.flows.people import LIKES, early
from tests.flows.resident import Resident
from tests.flows.world import Person, World

RESIDENTS = int(os.environ.get("BUURTSTEM_RESIDENTS", "800"))
MOST_POINTS = 2.0
LIST = list(islice(plan_numbers(), 3 * ROOM))
"""All plans as they stand in the list: three subjects, seven of each."""
THIRD = ROOM // 3
Votes = Sequence[tuple[int, ...]]


def plans() -> tuple[Plan, ...]:
    """Return the plans of the list, under their subjects."""
    themes = [theme.key for theme in THEMES for _ in range(ROOM)]
    return tuple(map(ballot_plan, LIST, themes))


@dataclass(frozen=True)
class OneOrder(BallotPaper):
    """A ballot that everybody is shown in the same order."""

    def in_theme(self, theme: str, voter: str) -> tuple[Plan, ...]:
        """Return the theme's plans as they stand in the list."""
        return tuple(plan for plan in self.plans if plan.theme == theme)

    def themes(self, order: Iterable[str], voter: str) -> tuple[str, ...]:
        """Return the themes as they stand in the round."""
        return tuple(order)


@dataclass
class Walker:
    """Somebody who lets herself be helped; `met` are the plans in the order shown."""

    resident: Resident
    random: Random
    met: list[int]

    def votes(self) -> tuple[int, ...]:
        """Walk until the ballot is sent; return what is on it."""
        self.resident.taps("lang:en")
        self.resident.taps("menu:vote")
        self.resident.taps("vote:help")
        while not self.resident.world.ballots:
            self._goes_on()
        (ballot,) = self.resident.world.ballots.values()
        return ballot

    def _goes_on(self) -> None:
        talk = self.resident.talk
        if isinstance(talk.state, ConfirmingVote):
            self.resident.taps("yes")
        elif isinstance(talk.state, Browsing):
            themes = [each for each in talk.offered if each.startswith("theme:")]
            weights = [early(place) for place in range(len(themes))]
            self.resident.taps(self.random.choices(themes, weights)[0])
        elif isinstance(talk.state, Walking) and talk.state.asked:
            onward = [each for each in ("done", "more") if each in talk.offered]
            self.resident.taps((*onward, "vote:help")[0])
        else:
            self._judges()

    def _judges(self) -> None:
        """Look at the plan in view: she takes it the sooner the fewer she has seen."""
        state, talk = self.resident.talk.state, self.resident.talk
        assert isinstance(state, Walking)
        paper = self.resident.world.papers[VOTE]
        plan = paper.in_theme(state.theme, self.resident.person.name)[state.place]
        if plan.number not in self.met:
            self.met.append(plan.number)
        likes = self.random.random() < LIKES * early(state.place)
        chosen = talk.picks.numbers if talk.picks else ()
        self.resident.taps("yes" if likes and plan.number not in chosen else "next")


Walks = Sequence[tuple[Walker, tuple[int, ...]]]


def walked(paper: BallotPaper, count: int) -> Walks:
    """Let so many vote on this ballot; return each with what she voted for."""
    found = []
    for n in range(count):
        world = World(rounds=(VOTING_ROUND,), papers={VOTE: paper})
        walker = Walker(Resident(world, Person(f"voter {n}")), Random(f"walk {n}"), [])
        found.append((walker, walker.votes()))
    return found


def points_between(votes: Votes, first: Sequence[int], last: Sequence[int]) -> float:
    """Return on how many more of a hundred ballots a plan of `first` stands."""
    counts = Counter(number for ballot in votes for number in ballot)
    difference = mean(counts[n] for n in first) - mean(counts[n] for n in last)
    return 100 * difference / len(votes)


def of_plans(votes: Votes) -> float:
    """Compare the plans that stand first and last in the list of their subject."""
    rooms = [LIST[at : at + ROOM] for at in range(0, len(LIST), ROOM)]
    first = [number for room in rooms for number in room[:THIRD]]
    last = [number for room in rooms for number in room[-THIRD:]]
    return points_between(votes, first, last)


def of_subjects(votes: Votes) -> float:
    """Compare the plans of the subject that stands first and of the last one."""
    return points_between(votes, LIST[:ROOM], LIST[-ROOM:])


@pytest.fixture(scope="module")
def walks() -> Walks:
    """Let everybody vote on the ballot as the product shows it."""
    return walked(BallotPaper(VOTE, plans(), RULES), RESIDENTS)


def test_no_plan_gains_by_its_place_in_the_list(walks: Walks) -> None:
    votes = [ballot for _, ballot in walks]
    print(f"plans {of_plans(votes):.2f}, subjects {of_subjects(votes):.2f}")
    assert abs(of_plans(votes)) <= MOST_POINTS
    assert abs(of_subjects(votes)) <= MOST_POINTS


def test_one_order_for_all_is_noticed() -> None:
    paper = OneOrder(VOTE, plans(), RULES)
    votes = [ballot for _, ballot in walked(paper, 300)]
    assert of_plans(votes) > 3 * MOST_POINTS
    assert of_subjects(votes) > MOST_POINTS


def test_they_do_take_what_they_meet_first(walks: Walks) -> None:
    first = [number in ballot for each, ballot in walks for number in each.met[:2]]
    later = [number in ballot for each, ballot in walks for number in each.met[5:7]]
    print(f"of her first two {mean(first):.2f}, of those behind five {mean(later):.2f}")
    assert mean(first) > mean(later) + 0.1
