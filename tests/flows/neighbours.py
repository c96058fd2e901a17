"""A neighbour with a valid pass who wants to vote, by the habits of `people`."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from random import Random

from bot.domain.effects import CastBallot
from bot.domain.languages import Language
from bot.flows.state import (
    Browsing,
    Checking,
    ConfirmingVote,
    Heard,
    Talk,
    Turn,
    Voting,
    Walking,
    is_at_pass,
    is_on_ballot,
)
from bot.i18n import render
from tests.flows.cast import BALLOT, MAX_PICKS, PASS_ROUND, TOKEN
from tests.flows.people import HABITS, LIKES, SAID, Ear, Habits
from tests.flows.resident import Recording, Resident
from tests.flows.world import Person, World

CHANNELS = ("telegram", "whatsapp", "web")
THEMES = ("green", "safe", "together")
NUMBERS = [plan.number for plan in BALLOT.plans]
LOST = 60
"""Messages after which anybody has given up (assumed)."""
_JOINTS: dict[Language, str] = {"nl": " en ", "en": " and ", "tr": " ve ", "ar": " و "}
_ARABIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")


@dataclass
class Neighbour:
    """She has the letter in her hand. `votes` tells whether her vote came in.

    `want` are the plans she means to vote for; `unclear` counts turns in a row that
    brought her no further; `meant` is what she answered last.
    """

    resident: Resident
    language: Language
    spoken: bool
    random: Random
    ear: Ear
    habits: Habits = HABITS
    want: set[int] = field(default_factory=set)
    knows: bool = True
    unclear: int = 0
    sent: int = 0
    meant: str = ""
    voted: bool = False
    gone: bool = False
    doubted: bool = False
    labels: dict[str, str] = field(default_factory=dict)

    def votes(self) -> bool:
        """Scan the letter and go on until the vote is in, or she has had enough."""
        self._takes(self.resident.follows_link(f"k_{TOKEN}"))
        self._takes(self.resident.taps(f"lang:{self.language}"))
        self.knows = self._is(self.habits.knows)
        if self.knows:
            count = self.random.randint(1, MAX_PICKS)
            self.want = set(self.random.sample(NUMBERS, count))
        while not (self.voted or self.gone):
            self._goes_on()
        return self.voted

    @property
    def talk(self) -> Talk:
        return self.resident.talk

    @property
    def picks(self) -> set[int]:
        """The plans that are on her ballot so far."""
        return set(self.talk.picks.numbers) if self.talk.picks else set()

    def _is(self, share: float) -> bool:
        return self.random.random() < share

    def _goes_on(self) -> None:
        if self.sent >= LOST:
            self.gone = True
        elif self._is(self.habits.silent):
            self._puts_it_away()
        elif self._is(self.habits.unclear):
            self._judged(self._is_unclear)
        elif self._is(self.habits.again):
            self._says_word("repeat")
        else:
            self._judged(self._answers)

    def _puts_it_away(self) -> None:
        if not self._is(self.habits.returns):
            self.gone = True
        elif self._is(0.5):
            self._takes(self.resident.follows_link(f"k_{TOKEN}"))

    def _judged(self, answers: Callable[[], None]) -> None:
        """Answer; give up or not if that brought her no further."""
        before = self._place()
        answers()
        on_ballot = is_on_ballot(self.talk.state) or isinstance(
            self.talk.state, Checking
        )
        further = self.voted or (on_ballot and self._place() != before)
        self.unclear = 0 if further else self.unclear + 1
        if self.unclear:
            chances = self.habits.gives_up
            self.gone = self._is(chances[min(self.unclear, len(chances)) - 1])

    def _place(self) -> object:
        return self.talk.state, self.talk.picks

    def _is_unclear(self) -> None:
        if self.spoken:
            heard = self.random.choice((Heard.BADLY, Heard.NOTHING))
            self._takes(self.resident.speaks(Recording("", heard)))
        else:
            self._takes(self.resident.types("hmpf"))

    # What she answers, by where the talk is

    def _answers(self) -> None:
        state = self.talk.state
        if isinstance(state, Checking):
            self._presses("yes" if state.act == self.meant else "no", checks=True)
        elif isinstance(state, ConfirmingVote):
            self._confirms()
        elif isinstance(state, Walking):
            self._walks(state)
        elif isinstance(state, Browsing):
            self._browses(state)
        elif isinstance(state, Voting):
            self._begins()
        else:
            self._finds_back()

    def _begins(self) -> None:
        if self.want != self.picks:
            self._names(sorted(self.want ^ self.picks))
        elif self.picks:
            self._presses("done")
        else:
            self._presses("vote:help")

    def _confirms(self) -> None:
        if self.want != self.picks and not self._is(self.habits.notices):
            self.want = self.picks
        if self.want == self.picks and not self.doubted:
            self.doubted = True
            if self._is(self.habits.changes_mind):
                others = [n for n in NUMBERS if n not in self.want]
                self.want = {*sorted(self.want)[1:], self.random.choice(others)}
        if self.want == self.picks:
            self._presses("yes")
        elif self._is(0.5):
            self._presses("no")
        else:
            self._names(sorted(self.want ^ self.picks))

    def _walks(self, state: Walking) -> None:
        plans = BALLOT.in_theme(state.theme, self.resident.person.name)
        if state.asked or state.place >= len(plans):
            self._at_the_end()
            return
        number = plans[state.place].number
        room = len(self.want) < MAX_PICKS and number not in self.picks
        if number in self.want - self.picks or (room and self._is(LIKES)):
            self.want.add(number)
            self._presses("yes")
        else:
            self._presses("next")

    def _at_the_end(self) -> None:
        if self.want and (len(self.want) == MAX_PICKS or self._is(0.6)):
            self._presses("done" if "done" in self.talk.offered else "vote:help")
        else:
            self._presses("more" if "more" in self.talk.offered else "vote:help")

    def _browses(self, state: Browsing) -> None:
        if state.theme:
            self._presses("back")
        elif self.picks and self.picks == self.want and self._is(0.5):
            self._presses("done")
        else:
            self._presses(f"theme:{self.random.choice(THEMES)}")

    def _finds_back(self) -> None:
        if is_at_pass(self.talk.state) or self._is(0.5):
            self._takes(self.resident.follows_link(f"k_{TOKEN}"))
        else:
            self._says_word("menu:vote")

    # How she answers

    def _presses(self, button: str, *, checks: bool = False) -> None:
        self.meant = self.meant if checks else button
        if button not in self.talk.offered:
            known = self.labels.get(button)
            self._gives(known or SAID[self.language][button])
            return
        ways = self.habits.words if self.spoken else self.habits.typing
        (way,) = self.random.choices([*ways], [*ways.values()])
        if self.unclear and self._is(self.habits.taps_instead):
            way = "tap"
        place = self.talk.offered.index(button) + 1
        if way == "tap":
            self._takes(self.resident.taps(button))
        elif way == "digit" and self.spoken:
            self._takes(self.resident.speaks(self.ear.counts([place])))
        elif way == "digit":
            self._takes(self.resident.types(str(place)))
        elif way == "word" and button in SAID[self.language]:
            self._says_word(button)
        else:
            self._gives(self.labels[button])

    def _says_word(self, act: str) -> None:
        self._gives(SAID[self.language][act])

    def _gives(self, words: str) -> None:
        if self.spoken:
            self._takes(self.resident.speaks(self.ear.says(words)))
        else:
            self._takes(self.resident.types(words))

    def _names(self, numbers: Sequence[int]) -> None:
        self.meant = "numbers"
        named = list(numbers)
        if self._is(self.habits.wrong_number):
            named[0] = self.random.choice([n for n in range(10, 100) if n not in named])
        if self.spoken:
            self._takes(self.resident.speaks(self.ear.counts(named)))
            return
        joint = self.random.choice((" ", ", ", _JOINTS[self.language]))
        words = joint.join(map(str, named))
        if self.language == "ar" and self.sent % 2:
            words = words.translate(_ARABIC)
        self._takes(self.resident.types(words))

    def _takes(self, steps: list[Turn]) -> None:
        """See what came of her message."""
        self.sent += 1
        effects = [effect for turn in steps for effect in turn.effects]
        self.voted = self.voted or any(isinstance(e, CastBallot) for e in effects)
        replies = [reply for turn in steps for reply in turn.replies]
        for button in (button for reply in replies for button in reply.buttons):
            self.labels[button.id] = render(button.label, self.language)


def neighbour(n: int, language: Language, *, spoken: bool) -> Neighbour:
    """Return person `n`: the same one whatever she speaks, and however she answers."""
    world = World()
    world.rounds = (PASS_ROUND,)
    world.passes = {TOKEN: None}
    resident = Resident(world, Person(f"voter {n}", CHANNELS[n % len(CHANNELS)]))
    ear = Ear(language, Random(f"ear {n}"))
    return Neighbour(resident, language, spoken, Random(f"person {n}"), ear)
