"""What is said in public of a published result: plans, steps, turnout."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from bot.domain.languages import pick_text
from bot.domain.money import Money
from bot.domain.say import Code
from bot.i18n import render
from bot.i18n.values import money_words
from bot.public_words import (
    BALLOTS,
    counted,
    day,
    language_name,
    route_name,
    word,
)
from bot.services.count_words import Account, account_of, result_rows, tie_rows
from bot.services.open_rounds import OpenRound
from bot.services.publishing import Published
from tally import Look, Outcome, Verdict

HIDDEN = "–"


class Ranked(NamedTuple):
    """A plan with what became of it, most votes first."""

    number: str
    title: str
    votes: str
    cost: str
    chosen: bool


class Spent(NamedTuple):
    """A plan that gets money, and what is left of all the money after it."""

    number: str
    title: str
    cost: str
    left: str


class Correction(NamedTuple):
    """A result that took the place of another one: when, why, and the one before.

    `told` and `earlier` are our words for both: a count that was wrong, or money that
    became free while the count stayed what it was.
    """

    day: str
    reason: str
    before: int
    told: str
    earlier: str


class PublicResult:
    """A published result in the words of one language."""

    def __init__(self, found: OpenRound, published: Published, language: str) -> None:
        self._found, self.language = found, language
        self._data = published.data
        self.budget_cents: int = self._data["budget_cents"]
        self.hash = published.hash
        self._at = published.at
        self.outcome = published.outcome()
        self.turnout = published.turnout()
        self._titles = {str(each["number"]): each["title"] for each in found.plans}

    @property
    def published(self) -> str:
        """On which day it was published."""
        told = day(self._at, self._found.a_round.zone, self.language)
        return word("published", self.language, day=told)

    @property
    def corrections(self) -> Iterator[Correction]:
        """Every result that came after another one, the newest first."""
        for before, each in reversed(tuple(pairwise(self._found.results))):
            goes_on = len(each.onward) > len(before.onward)
            keys = ("onward", "onward_earlier") if goes_on else ("corrected", "earlier")
            told, earlier = (word(key, self.language) for key in keys)
            at = day(each.at, self._found.a_round.zone, self.language)
            reason = pick_text(each.reason, self.language)
            yield Correction(at, reason, before.version, told, earlier)

    @property
    def later(self) -> Iterator[str]:
        """The plans that were chosen since, with money that became free."""
        for step in self._data.get("onward", []):
            for plan in step["chosen"]:
                title = pick_text(self._titles.get(plan, {}), self.language)
                yield f"{plan} – {title}" if title else plan

    @property
    def chosen(self) -> str:
        """The plans that get money, in a sentence."""
        rows = result_rows(self.outcome)
        return " ".join(render(row, self.language) for row in rows)

    @property
    def ranked(self) -> Iterator[Ranked]:
        """All plans, most votes first."""
        costs = {
            str(each["number"]): each["cost_cents"] for each in self._data["plans"]
        }
        totals = self.outcome.totals
        chosen = set(self.outcome.chosen)
        for plan in sorted(
            totals, key=lambda each: (-totals[each], each not in chosen)
        ):
            cost = money_words(Money(costs[plan]), self.language)
            title = pick_text(self._titles.get(plan, {}), self.language)
            yield Ranked(plan, title, f"{float(totals[plan]):g}", cost, plan in chosen)

    @property
    def spent(self) -> Iterator[Spent]:
        """The same in figures."""
        left = self.budget_cents
        for look in chosen_looks(self.outcome):
            left -= look.cost
            yield Spent(
                look.plan,
                pick_text(self._titles.get(look.plan, {}), self.language),
                money_words(Money(look.cost), self.language),
                money_words(Money(left), self.language),
            )

    @property
    def steps(self) -> Iterator[str]:
        """Every step of the count."""
        account = self._account
        for step in self.outcome.steps:
            yield " ".join(render(row, self.language) for row in account.step(step))

    @property
    def ties(self) -> Iterator[str]:
        """The ties that mattered, and what decided them."""
        for tie in self.outcome.ties:
            yield " ".join(render(row, self.language) for row in tie_rows(tie))

    @property
    def lot(self) -> str:
        """The public number of the lot, "" if none was drawn."""
        drawn = self._data["lot"]
        return word("lot", self.language, number=Code(drawn)) if drawn else ""

    @property
    def margins(self) -> Iterator[str]:
        """How many votes each plan that was not chosen lacked."""
        account = self._account
        for plan, needed in self.outcome.margins.items():
            if needed is not None:
                yield render(account.margin(plan, needed), self.language)

    @property
    def ballots(self) -> str:
        """How many ballots were counted, in a sentence."""
        return counted(BALLOTS, self.turnout.ballots, self.language)

    @property
    def languages(self) -> Sequence[tuple[str, str]]:
        """The languages of the turnout, each with its name."""
        codes = self.turnout.by_language
        return [(code, language_name(code, self.language)) for code in codes]

    @property
    def routes(self) -> Iterator[tuple[str, Sequence[str]]]:
        """The turnout: a row for each way with its sum, then the sums of languages."""
        turnout = self.turnout
        for route, total in turnout.by_route.items():
            cells = turnout.by_both[route].values()
            name = route_name(route, self.language)
            yield name, [_figure(each) for each in (*cells, total)]
        sums = (*turnout.by_language.values(), turnout.ballots)
        yield word("all", self.language), [_figure(each) for each in sums]

    @property
    def passes(self) -> Iterator[tuple[str, str, str]]:
        """Voting passes: who they were for, how many were sent and used."""
        for kind, (sent, used) in self.turnout.passes.items():
            yield word(kind, self.language), _figure(sent), _figure(used)

    @property
    def _account(self) -> Account:
        return account_of(self._found.a_round, self.outcome)


def _figure(n: int | None) -> str:
    return HIDDEN if n is None else str(n)


def chosen_looks(outcome: Outcome) -> Iterator[Look]:
    """Yield the steps that chose a plan, each plan once, in the order of choosing."""
    seen = set()
    for step in outcome.steps:
        match step:
            case Look(verdict=Verdict.CHOSEN) if step.plan not in seen:
                seen.add(step.plan)
                yield step
