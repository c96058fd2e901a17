"""What is said in public of a round before its result: rules, dates, plans."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from bot.domain.languages import pick_text
from bot.domain.money import Money
from bot.domain.round_terms import BallotKind, Tie
from bot.domain.rounds import Phase
from bot.domain.say import Say
from bot.i18n import render
from bot.i18n.values import money_words
from bot.public_words import CHOICE, PHASES, RULES, counted, day, word
from bot.services.count_words import BROKEN_BY
from bot.services.open_rounds import OpenRound
from bot.services.tallying import TIES, rule_of

_AFTER = frozenset({Phase.COUNTING, Phase.DOING, Phase.CLOSED})


class Date(NamedTuple):
    """A phase of the round, the day it begins, and whether it is now."""

    phase: str
    begins: str
    is_now: bool


class PlanRow(NamedTuple):
    """A plan as it is listed; `votes` is "" while nobody may know them."""

    number: int
    title: str
    theme: str
    cost: str
    votes: str


class PublicRound:
    """A round in the words of one language."""

    def __init__(self, found: OpenRound, language: str) -> None:
        self._found, self._language = found, language
        self.title = pick_text(found.a_round.title, language)
        self.area = pick_text(found.a_round.area, language)
        self.hash = found.settings_hash
        self.chain = found.chain
        self.is_voting = found.phase is Phase.VOTING
        self.waits_for_result = found.result is None and found.phase in _AFTER

    @property
    def budget(self) -> str:
        """How much money there is."""
        return word("budget", self._language, amount=self._found.a_round.budget)

    @property
    def decides(self) -> str:
        """What the vote decides: in the round's own words, if it has some."""
        own = self._found.a_round.decides.get(self._language, "").strip()
        return own or word("which", self._language)

    @property
    def dates(self) -> Iterator[Date]:
        """The phases of the round, in order."""
        a_round = self._found.a_round
        for phase in Phase:
            if begins := a_round.start_of(phase):
                yield Date(
                    render(Say(PHASES[phase]), self._language),
                    day(begins, a_round.zone, self._language),
                    phase is self._found.phase,
                )

    @property
    def rules(self) -> Iterator[str]:
        """How many plans one may choose, and how votes become money."""
        a_round = self._found.a_round
        basket = a_round.ballot_budget
        if a_round.ballot_kind is BallotKind.KNAPSACK and basket is not None:
            yield word("basket", self._language, amount=basket)
        else:
            one = a_round.ballot_kind is BallotKind.ONE
            most = 1 if one else a_round.max_picks
            yield counted(CHOICE, most, self._language)
        for rule in RULES[rule_of(a_round)]:
            yield render(Say(rule), self._language)

    @property
    def ties(self) -> Iterator[str]:
        """What decides between plans with equally many votes, first things first."""
        for tie in self._found.a_round.allocation.ties:
            yield render(BROKEN_BY[TIES[Tie(tie)]], self._language)

    @property
    def plans(self) -> Iterator[PlanRow]:
        """The public plans."""
        for plan in self._found.plans:
            yield self._plan(plan)

    def _plan(self, plan: Mapping[str, Any]) -> PlanRow:
        theme = self._found.a_round.theme(plan["theme"])
        cost = plan["cost_cents"]
        return PlanRow(
            number=plan["number"],
            title=pick_text(plan["title"], self._language),
            theme=pick_text(theme.title, self._language) if theme else "",
            cost="" if cost is None else money_words(Money(cost), self._language),
            votes=str(plan.get("votes", "")),
        )
