"""Holders of passes who vote, change their mind, stop half way, and are helped.

Each goes one way to vote; what she wanted in the end is kept beside her pass, and the
box must hold exactly that.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from bot.domain.messages import Content, Tap, Text
from bot.domain.passes import PassClass, PassState, shown
from bot.services.entering import (
    DESK,
    PAPER,
    EntryError,
    draft,
    enter,
    read_numbers,
    read_secret,
)
from bot.services.pass_register import Letter, Making, make_passes, recast_pass
from tests.rounds.town import TWO, Neighbour, Town

VOTE = {"nl": "stemmen", "en": "vote", "tr": "oy", "ar": "تصويت"}
ARABIC_DIGITS = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
HOUSEHOLD = ((1, 2, 3, 6), (60, 25, 10, 5))
"""How many passes are used on one phone, and how often."""

Picks = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a holder of a pass wanted in the end, and how it reached us."""

    picks: Picks
    kind: PassClass
    route: str
    language: str


@dataclass
class Electorate:
    """All passes of a vote, and what their holders wanted, by serial.

    `slug` is the vote's: that of the round, or of the vote before the vote.
    """

    town: Town
    slug: str
    choose: Callable[[], Picks]
    votes_open: timedelta
    has_paper: bool = True
    wanted: dict[str, Wanted] = field(default_factory=dict)
    phones: dict[str, Neighbour] = field(default_factory=dict)
    seen: Counter[str] = field(default_factory=Counter)

    def cast(self, who: Neighbour, letter: Letter, picks: Picks, route: str) -> None:
        """Keep what she wanted: the last of it counts."""
        wanted = Wanted(picks, letter.kind, route, who.language)
        self.wanted[letter.serial] = wanted
        self.phones[letter.serial] = who

    # Ways to vote

    def scans(self, who: Neighbour, letter: Letter, *, known: bool) -> None:
        """Scan the square code, say the numbers, hear them, say yes: four messages."""
        picks = self.choose()
        first = _scanned(who, letter)
        if known:
            self.town.says(who, first)
        else:
            self.town.arrives(who, first)
        self.town.says(who, _typed(who, picks), Tap("yes"))
        self.cast(who, letter, picks, who.channel)

    def types(self, who: Neighbour, letter: Letter, *, known: bool) -> None:
        """Ask to vote, type the code in her own digits, type plans, say yes."""
        picks = self.choose()
        if known:
            self.town.says(who, VOTE[who.language])
        else:
            self.town.arrives(who, VOTE[who.language])
        code = shown(letter.code)
        if who.language == "ar":
            code = code.translate(ARABIC_DIGITS)
        self.town.says(who, code, _typed(who, picks), Tap("yes"))
        self.cast(who, letter, picks, who.channel)

    def changes_her_mind(self, who: Neighbour, letter: Letter) -> None:
        """Vote, and once more with other plans: the later ballot counts."""
        self.scans(who, letter, known=False)
        self.scans(who, letter, known=True)
        self.seen["changed"] += 1

    def stops_half_way(self, who: Neighbour, letter: Letter) -> None:
        """Hear her plans read back and never say yes: that is no ballot."""
        self.town.arrives(who, _scanned(who, letter))
        self.town.says(who, _typed(who, self.choose()))
        self.seen["half"] += 1

    def slips_first(self, who: Neighbour, letter: Letter) -> None:
        """Type two neighbouring digits the wrong way round, then the right code."""
        code = letter.code
        at = next(n for n in range(11) if code[n] != code[n + 1])
        wrong = code[:at] + code[at + 1] + code[at] + code[at + 2 :]
        self.town.arrives(who, VOTE[who.language])
        self.town.says(who, shown(wrong))
        picks = self.choose()
        self.town.says(who, shown(code), _typed(who, picks), Tap("yes"))
        self.cast(who, letter, picks, who.channel)
        self.seen["slips"] += 1

    def comes_to_the_counter(self, who: Neighbour, letter: Letter) -> None:
        """A relative used her pass; the counter cuts it loose, and she votes anew."""
        self.scans(who, letter, known=False)
        self.town.act(recast_pass, letter.serial, TWO)
        self.scans(self.town.neighbour(), letter, known=False)
        self.seen["recast"] += 1

    def fills_in_paper(self, who: Neighbour, letter: Letter) -> None:
        """Put a paper into the box; two officials enter it, with the code on it."""
        self._is_entered(who, letter, PAPER)
        self.seen["paper"] += 1

    def votes_at_the_desk(self, who: Neighbour, letter: Letter) -> None:
        """Be helped at the counter: the square code is scanned there."""
        self._is_entered(who, letter, DESK)
        self.seen["desk"] += 1

    def _is_entered(self, who: Neighbour, letter: Letter, route: str) -> None:
        picks = self.choose()
        secret = read_secret(letter.code if route == PAPER else f"k_{letter.token}")
        numbers = read_numbers(" ".join(map(str, picks)))
        ballot = self.town.act(draft, secret, numbers, route)
        assert ballot.slug == self.slug
        enter(self.town.world.house, ballot, TWO)
        self.wanted[letter.serial] = Wanted(picks, letter.kind, route, "")

    def is_on_paper_too(self, letter: Letter) -> None:
        """Enter a paper of somebody who has voted in a chat: that ballot stays."""
        picks = self.choose()
        ballot = self.town.act(draft, read_secret(letter.code), picks, PAPER)
        with pytest.raises(EntryError, match=letter.serial):
            enter(self.town.world.house, ballot, TWO)
        self.seen["paper refused"] += 1


def _scanned(who: Neighbour, letter: Letter) -> Content:
    """Return what scanning the square code sends on her channel."""
    if who.channel == "telegram":
        return Text("", start=f"k_{letter.token}")
    return Text(f"stem k_{letter.token}")


def _typed(who: Neighbour, picks: Picks) -> Content:
    words = " ".join(map(str, picks))
    return Text(words.translate(ARABIC_DIGITS) if who.language == "ar" else words)


def make_letters(town: Town, kind: PassClass, many: int) -> Sequence[Letter]:
    """Make open passes of a class, as many as the letters that went out."""
    making = Making(town.slug, kind, many, 12, TWO, PassState.OPEN)
    return town.act(make_passes, making)


def households(
    town: Town, letters: Sequence[Letter]
) -> Iterator[tuple[Neighbour, Sequence[Letter]]]:
    """Yield who has a phone, and the passes that are used on it."""
    left = list(letters)
    town.random.shuffle(left)
    while left:
        many = town.random.choices(*HOUSEHOLD)[0]
        yield town.neighbour(), left[:many]
        del left[:many]


WAYS: Mapping[str, int] = {
    "scans": 58,
    "types": 20,
    "changes_her_mind": 6,
    "stops_half_way": 5,
    "slips_first": 3,
    "comes_to_the_counter": 3,
    "fills_in_paper": 8,
    "votes_at_the_desk": 4,
    "stays_away": 5,
}
IN_A_CHAT = frozenset(WAYS) - {"fills_in_paper", "votes_at_the_desk"}


def vote(electorate: Electorate, letters: Sequence[Letter]) -> None:
    """Let everybody vote, or not, over all days of the vote; the chain goes along."""
    town = electorate.town
    homes = list(households(town, letters))
    started = town.now
    step = electorate.votes_open / (len(homes) + 1)
    day = 0
    for n, (who, passes) in enumerate(homes):
        town.is_at(started + step * n)
        if (town.now - started) // timedelta(days=1) > day:
            day = (town.now - started) // timedelta(days=1)
            town.chain()
        _household(electorate, who, passes)
        chatted = electorate.wanted.get(passes[0].serial)
        if electorate.has_paper and n % 50 == 0 and chatted:
            electorate.is_on_paper_too(passes[0])


def _household(
    electorate: Electorate, who: Neighbour, passes: Sequence[Letter]
) -> None:
    town = electorate.town
    if len(passes) > 1:
        for n, each in enumerate(passes):
            electorate.scans(who, each, known=n > 0)
        electorate.seen["shared phones"] += 1
        return
    ways = [each for each in WAYS if electorate.has_paper or each in IN_A_CHAT]
    way = town.random.choices(ways, [WAYS[each] for each in ways])[0]
    if way == "stays_away":
        electorate.seen["away"] += 1
        return
    if way in {"scans", "types"}:
        getattr(electorate, way)(who, passes[0], known=False)
    else:
        getattr(electorate, way)(who, passes[0])


def comes_too_late(electorate: Electorate, letter: Letter) -> None:
    """Let somebody vote after closing: she is told so, and nothing is counted."""
    town, who = electorate.town, electorate.town.neighbour()
    town.arrives(who, _scanned(who, letter))
    town.says(who, _typed(who, electorate.choose()), Tap("yes"))
    assert letter.serial not in electorate.wanted
