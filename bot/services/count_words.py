"""The account of a count, in rows that can be read and heard: one thought each.

Every step of the count becomes a message of its own, so that a person can follow it
with paper and pencil, on a page or by ear.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from math import ceil
from typing import assert_never

from bot.domain.languages import LANGUAGES
from bot.domain.money import Money
from bot.domain.rounds import Round
from bot.domain.say import N_, NN_, Free, Local, Param, Say
from bot.i18n import render
from tally import (
    Look,
    Measure,
    Outcome,
    Pot,
    Rule,
    Source,
    Step,
    Tie,
    TieBreak,
    Verdict,
)
from tally.pabulib.amounts import written

Rows = tuple[Say, ...]

_VOTES = NN_("Plan %(plan)s has %(n)s vote.", "Plan %(plan)s has %(n)s votes.")
_POINTS = NN_("Plan %(plan)s has %(n)s point.", "Plan %(plan)s has %(n)s points.")
_RAISED = NN_(
    "We raised it %(n)s time to use more of the money.",
    "We raised it %(n)s times to use more of the money.",
)
_PLACES = NN_("There is %(n)s place to give.", "There are %(n)s places to give.")
_PLACES_LEFT = NN_("There is %(n)s place left.", "There are %(n)s places left.")
_NEEDED = NN_(
    "Plan %(plan)s needed %(n)s more vote.", "Plan %(plan)s needed %(n)s more votes."
)
_LACKED = NN_(
    "Plan %(plan)s needed %(n)s more point.", "Plan %(plan)s needed %(n)s more points."
)

_VERDICTS: Mapping[Verdict, Say] = {
    Verdict.CHOSEN: Say(N_("This plan is chosen.")),
    Verdict.TOO_DEAR: Say(N_("That is more than is left. So we look further.")),
    Verdict.STOPS: Say(N_("That is more than is left. So we stop here.")),
    Verdict.NOT_REACHED: Say(N_("We stopped before this plan.")),
    Verdict.NO_VOTES: Say(N_("Nobody voted for it.")),
    Verdict.BELOW_THRESHOLD: Say(N_("That is too few to take part.")),
    Verdict.AUTHOR_FULL: Say(N_("Its author has enough chosen plans already.")),
    Verdict.NO_PLACE: Say(N_("All places are taken.")),
    Verdict.NOT_PAID: Say(N_("Its voters have too little money left for it.")),
}
BROKEN_BY: Mapping[TieBreak, Say] = {
    TieBreak.CHEAPER: Say(N_("The cheaper plan goes first.")),
    TieBreak.DEARER: Say(N_("The dearer plan goes first.")),
    TieBreak.LISTED: Say(N_("The plan that is higher on the list goes first.")),
    TieBreak.LOT: Say(N_("The lot decides which plan goes first.")),
}


@dataclass(frozen=True, slots=True)
class Account:
    """A count told in rows.

    `name` gives the name of a theme or a class of voters by its key, `money` an amount
    of cents as a parameter; files may be in another currency than ours.
    """

    outcome: Outcome
    name: Callable[[str], Param] = Free
    money: Callable[[int], Param] = Money

    def rows(self) -> Iterator[Rows]:
        """Yield all of it: steps, ties that mattered, the result, and the margins."""
        yield from map(self.step, self.outcome.steps)
        yield from map(tie_rows, self.outcome.ties)
        yield result_rows(self.outcome)
        for plan, needed in self.outcome.margins.items():
            if needed is not None:
                yield (self.margin(plan, needed),)

    def step(self, step: Step) -> Rows:
        """Return one step of the count."""
        return tuple(self._pot(step) if isinstance(step, Pot) else self._look(step))

    def margin(self, plan: str, needed: int) -> Say:
        """Return how many votes or points more a plan would have needed."""
        return _counted(_NEEDED if self._by_votes else _LACKED, needed, plan=_id(plan))

    @property
    def _by_votes(self) -> bool:
        return self.outcome.measure is Measure.VOTES

    def _pot(self, pot: Pot) -> Iterator[Say]:
        money = {"amount": self.money(pot.amount)}
        match pot.source:
            case Source.ALL:
                yield Say(N_("There is %(amount)s for all plans."), money)
            case Source.THEME:
                told = money | {"theme": self.name(pot.name)}
                yield Say(N_("For the theme %(theme)s there is %(amount)s."), told)
            case Source.REST:
                yield Say(N_("All that is left is put together: %(amount)s."), money)
            case Source.SHARES:
                share = {"amount": self.money(int(pot.share))}
                yield Say(N_("There is %(amount)s for all plans."), money)
                yield Say(N_("Each voter gets an equal part: %(amount)s."), share)
                if pot.increases:
                    yield _counted(_RAISED, pot.increases)
            case Source.PLACES:
                voters = {"voters": self.name(pot.name)}
                yield Say(N_("Now these votes count: %(voters)s."), voters)
                yield _counted(_PLACES, pot.amount)
            case _:
                assert_never(pot.source)

    def _look(self, look: Look) -> Iterator[Say]:
        by_money = self.outcome.rule is not Rule.QUOTAS
        yield self._total(look)
        if by_money and look.verdict not in _TAKE_NO_PART:
            yield Say(N_("It costs %(amount)s."), {"amount": self.money(look.cost)})
        yield _VERDICTS[look.verdict]
        if look.price:
            price = {"amount": self.money(ceil(look.price))}
            yield Say(N_("Each of its voters pays at most %(amount)s."), price)
        if look.verdict is Verdict.CHOSEN and by_money:
            yield Say(
                N_("There is %(amount)s left."), {"amount": self.money(look.left)}
            )
        elif look.verdict is Verdict.CHOSEN:
            yield _counted(_PLACES_LEFT, look.left)

    def _total(self, look: Look) -> Say:
        plan = _id(look.plan)
        if not isinstance(look.total, int):
            told = {"plan": plan, "total": Free(written(look.total))}
            return Say(N_("Plan %(plan)s counts for %(total)s."), told)
        return _counted(_VOTES if self._by_votes else _POINTS, look.total, plan=plan)


def account_of(a_round: Round, outcome: Outcome) -> Account:
    """Return the account of a round, with the names of its themes and of voters."""
    themes = {each.key: each.title for each in a_round.themes}

    def name(key: str) -> Param:
        if key in themes:
            return Local(themes[key])
        classes = [_CLASSES.get(each) for each in key.split(", ")]
        known = [each for each in classes if each is not None]
        if len(known) < len(classes):
            return Free(key)
        return Local(
            {each: ", ".join(render(say, each) for say in known) for each in LANGUAGES}
        )

    return Account(outcome, name)


_CLASSES = {
    "resident": Say(N_("Residents")),
    "business": Say(N_("Businesses")),
    "committee": Say(N_("Committee")),
}


_TAKE_NO_PART = frozenset({Verdict.NO_VOTES, Verdict.BELOW_THRESHOLD})


def tie_rows(tie: Tie) -> Rows:
    """Return which plans were equal, and what decided between them."""
    equal = Say(N_("These plans are equal: %(plans)s."), {"plans": _ids(tie.plans)})
    return equal, BROKEN_BY[tie.broken_by]


def result_rows(outcome: Outcome) -> Rows:
    """Return which plans are chosen."""
    if not outcome.chosen:
        return (Say(N_("No plan is chosen.")),)
    return (Say(N_("Chosen are: %(plans)s."), {"plans": _ids(outcome.chosen)}),)


def _counted(ids: tuple[str, str], n: int, **others: Param) -> Say:
    one, many = ids
    return Say(one, {"n": n, **others}, plural=many)


def _id(plan: str) -> Param:
    """Return the number of a plan as a number; files also have other names."""
    return int(plan) if plan.isascii() and plan.isdecimal() else Free(plan)


def _ids(plans: tuple[str, ...]) -> Param:
    return Free(", ".join(plans))
