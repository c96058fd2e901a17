"""How many messages a vote takes, from the scanned pass to the receipt.

Invented residents, drawn with a seed: in four languages, on three channels, tapping or
speaking. Some mumble, ask for the same once more, type nonsense, or change their mind
when the ballot is read back. Everything goes through the real turn, stored as JSON
between all messages.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from itertools import product
from random import Random
from statistics import median, quantiles

import pytest

from bot.domain.effects import CastBallot
from bot.domain.languages import LANGUAGES, Language
from bot.flows.state import Browsing, ConfirmingVote, Heard, Turn, Voting, Walking
from bot.flows.vocabulary import WORDS
from tests.flows.cast import BALLOT, MAX_PICKS, PASS_ROUND, TOKEN
from tests.flows.resident import Recording, Resident
from tests.flows.test_numbers import SCHOOLBOOK
from tests.flows.world import Person, World

CHANNELS = ("telegram", "whatsapp", "web")
EACH = 12
"""Residents of each language, channel and way of answering."""

KNOWN_MEDIAN, CHOOSING_MOST, IN_A_ROW = 6, 20, 2
LOST = 60
"""Messages after which somebody would have given up."""

THEMES = ("green", "safe", "together")
NUMBERS = [plan.number for plan in BALLOT.plans]


@dataclass
class Voter:
    """Somebody with a pass: what she does, and how often she had to write."""

    resident: Resident
    language: Language
    random: Random
    spoken: bool
    clumsy: float
    sent: int = 0
    in_a_row: list[int] = field(default_factory=list)

    @property
    def state(self) -> object:
        return self.resident.talk.state

    def is_at(self, state: type) -> bool:
        """Tell whether her talk is in such a state."""
        return isinstance(self.state, state)

    @property
    def has_voted(self) -> bool:
        return any(isinstance(each, CastBallot) for each in self.resident.effects)

    def scans(self) -> None:
        """Come in by the square code, and choose a language."""
        self._counted(self.resident.follows_link(f"k_{TOKEN}"))
        self.presses(f"lang:{self.language}")

    def presses(self, button: str) -> None:
        """Answer with a button: tapped, its digit typed, or its word or digit said."""
        self._stumbles()
        place = self.resident.talk.offered.index(button) + 1
        word = WORDS.get(button, {}).get(self.language, "").split("|")[0]
        digit = SCHOOLBOOK[self.language](place)
        if self.spoken and self.resident.talk.language is not None:
            self._says(word or digit)
        elif self.random.random() < 0.3:
            self._counted(self.resident.types(str(place)))
        else:
            self._counted(self.resident.taps(button))

    def names(self, numbers: list[int]) -> None:
        """Name plans by number, in one breath."""
        self._stumbles()
        if self.spoken:
            self._says(" ".join(map(SCHOOLBOOK[self.language], numbers)))
        else:
            self._counted(self.resident.types(" ".join(map(str, numbers))))

    def _says(self, words: str) -> None:
        self._counted(self.resident.speaks(Recording(words)))

    def _stumbles(self) -> None:
        """Now and then something goes wrong, and she has to answer once more."""
        if self.random.random() >= self.clumsy or self.resident.talk.language is None:
            return
        if self.spoken:
            unclear = Recording("", self.random.choice((Heard.BADLY, Heard.NOTHING)))
            self._counted(self.resident.speaks(unclear))
        else:
            asks = WORDS["repeat"][self.language].split("|")[0]
            self._counted(self.resident.types(self.random.choice((asks, "hmpf"))))

    def _counted(self, steps: list[Turn]) -> None:
        self.sent += 1
        self.in_a_row.append(sum(len(turn.replies) for turn in steps))
        assert self.sent < LOST, f"lost at {self.state}"


def knows_her_plans(voter: Voter) -> None:
    """Vote for one to three plans whose numbers she has from a poster."""
    voter.scans()
    plans = voter.random.sample(NUMBERS, voter.random.randint(1, MAX_PICKS))
    voter.names(plans)
    hands_in(voter)


def is_helped(voter: Voter) -> None:
    """Choose three plans of one theme, hearing them one by one."""
    voter.scans()
    voter.presses("vote:help")
    theme = voter.random.choice(THEMES)
    voter.presses(f"theme:{theme}")
    picks = 0
    while isinstance(voter.state, Walking | Browsing):
        assert isinstance(voter.state, Walking)
        if voter.state.asked:
            voter.presses("more" if "more" in voter.resident.talk.offered else "done")
            continue
        left = len(BALLOT.in_theme(theme, "voter")) - voter.state.place
        likes = left <= MAX_PICKS - picks or voter.random.random() < 0.45
        voter.presses("yes" if likes else "next")
        picks += likes
    hands_in(voter)


def hands_in(voter: Voter) -> None:
    """Say yes to the read-back; some look again and change one plan first."""
    assert voter.is_at(ConfirmingVote)
    if voter.random.random() < voter.clumsy:
        voter.presses("no")
        assert voter.is_at(Voting)
        picks = voter.resident.talk.picks
        voter.names(list(picks.numbers[:1]) if picks else [])
        if not voter.is_at(ConfirmingVote):
            voter.names([NUMBERS[0]])
    while not voter.has_voted:
        voter.presses("yes")


def voters(seed: int, clumsy: float) -> Iterator[Voter]:
    """Yield residents of every language, channel and way of answering."""
    random = Random(seed)
    for language, channel, spoken in product(LANGUAGES, CHANNELS, (False, True)):
        for _ in range(EACH):
            world = World()
            world.rounds = (PASS_ROUND,)
            world.passes = {TOKEN: None}
            resident = Resident(world, Person("voter", channel))
            yield Voter(resident, language, random, spoken, clumsy)


def all_vote(way: Callable[[Voter], None], clumsy: float, seed: int = 1) -> list[Voter]:
    """Let everybody vote; return them. Each has exactly one ballot in the end."""
    found = []
    for voter in voters(seed, clumsy):
        way(voter)
        assert len(voter.resident.world.ballots) == 1
        found.append(voter)
    return found


@pytest.fixture(scope="module")
def known() -> list[Voter]:
    return all_vote(knows_her_plans, 0.15)


@pytest.fixture(scope="module")
def helped() -> list[Voter]:
    return all_vote(is_helped, 0.15)


def of(voters: list[Voter], language: str, channel: str, *, spoken: bool) -> list[int]:
    """Return how many messages these residents took."""
    return [
        each.sent
        for each in voters
        if each.language == language
        and each.resident.person.channel == channel
        and each.spoken is spoken
    ]


GROUPS = list(product(LANGUAGES, CHANNELS, (False, True)))


@pytest.mark.parametrize(("language", "channel", "spoken"), GROUPS)
def test_known_plans_take_six_messages_at_most(
    known: list[Voter], language: str, channel: str, *, spoken: bool
) -> None:
    taken = of(known, language, channel, spoken=spoken)
    assert len(taken) == EACH
    assert median(taken) <= KNOWN_MEDIAN, sorted(taken)


@pytest.mark.parametrize(("language", "channel", "spoken"), GROUPS)
def test_help_me_choose_takes_twenty_messages_at_most(
    helped: list[Voter], language: str, channel: str, *, spoken: bool
) -> None:
    taken = of(helped, language, channel, spoken=spoken)
    assert len(taken) == EACH
    assert median(taken) <= CHOOSING_MOST, sorted(taken)


def test_nine_of_ten_who_are_helped_take_no_more_than_twenty(
    helped: list[Voter],
) -> None:
    assert quantiles([each.sent for each in helped], n=10)[-1] <= CHOOSING_MOST


def test_whoever_makes_no_slip_never_takes_more() -> None:
    for seed in range(3):
        helped = all_vote(is_helped, 0.0, seed)
        assert max(each.sent for each in helped) <= CHOOSING_MOST
        known = all_vote(knows_her_plans, 0.0, seed)
        assert max(each.sent for each in known) <= KNOWN_MEDIAN


def test_she_never_gets_more_than_two_messages_in_a_row(
    known: list[Voter], helped: list[Voter]
) -> None:
    assert max(max(each.in_a_row) for each in (*known, *helped)) <= IN_A_ROW


def test_somebody_who_only_mumbles_is_noticed() -> None:
    voter = replace(next(voters(1, 0.0)), clumsy=1.0)
    voter.sent = LOST - 1
    with pytest.raises(AssertionError, match="lost"):
        voter.scans()
