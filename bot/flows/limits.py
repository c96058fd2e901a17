"""The limits of a ballot, as they are said: before, on every change, and at the end."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from bot.domain.ballots import BallotPaper, Fault, Limit, cost_of
from bot.domain.money import Money
from bot.domain.plans import Plan
from bot.domain.round_terms import BallotRules
from bot.domain.rounds import Round, Theme
from bot.domain.say import N_, NN_, Local, Param, Say


def limit_rows(a_round: Round, paper: BallotPaper) -> list[Say]:
    """Say how much and how many one may choose, a limit a row."""
    return rules_rows(paper.rules, a_round.themes, len(paper.plans))


def rules_rows(rules: BallotRules, themes: Sequence[Theme], plans: int) -> list[Say]:
    """Say the limits of a ballot on which so many plans stand.

    Where there is a sum, a number is said only if it can be reached.
    """
    says = []
    if rules.budget is not None:
        sum_ = {"amount": rules.budget}
        says.append(Say(N_("Your plans may cost %(amount)s together."), sum_))
    counts = rules.budget is None or rules.max_picks < plans
    return [*says, *_count_rows(rules, counts=counts), *_theme_rows(rules, themes)]


def _count_rows(rules: BallotRules, *, counts: bool) -> Iterator[Say]:
    if rules.min_picks <= 1:
        if counts:
            yield may_choose(rules.max_picks)
    elif rules.min_picks == rules.max_picks:
        one, many = NN_("Choose exactly one plan.", "Choose exactly %(n)s plans.")
        yield Say(one, {"n": rules.min_picks}, plural=many)
    else:
        one, many = NN_("Choose at least one plan.", "Choose at least %(n)s plans.")
        yield Say(one, {"n": rules.min_picks}, plural=many)
        if counts:
            yield _at_most(rules.max_picks)


def may_choose(most: int) -> Say:
    """Say how many plans one may choose."""
    one, many = NN_(
        "You may choose one plan.", "You may choose %(n)s plans. Fewer is fine."
    )
    return Say(one, {"n": most}, plural=many)


def _at_most(most: int) -> Say:
    one, many = NN_("Choose at most one plan.", "Choose at most %(n)s plans.")
    return Say(one, {"n": most}, plural=many)


def _theme_rows(rules: BallotRules, themes: Sequence[Theme]) -> Iterator[Say]:
    """Say the limits of themes: in one row where all have the same."""
    limits = [rules.per_theme.get(each.key) for each in themes]
    most = limits[0] if limits else None
    if most is not None and all(each == most for each in limits) and len(limits) > 1:
        one, many = NN_(
            "You may choose one plan of each subject.",
            "You may choose %(n)s plans of each subject.",
        )
        yield Say(one, {"n": most}, plural=many)
        return
    named = zip(themes, limits, strict=True)
    yield from (theme_row(each, most) for each, most in named if most is not None)


def theme_row(theme: Theme, most: int) -> Say:
    """Say how many plans of one theme one may choose."""
    one, many = NN_("%(theme)s: at most %(n)s plan.", "%(theme)s: at most %(n)s plans.")
    return Say(one, {"theme": Local(theme.title), "n": most}, plural=many)


def chosen_of(paper: BallotPaper, picks: Iterable[int]) -> Say:
    """Say how much of the sum is chosen, as a label and a value."""
    sums = {
        "amount": paper.cost(picks),
        "budget": paper.rules.budget or Money(0),
    }
    return Say(N_("Chosen so far: %(amount)s of %(budget)s."), sums)


def left_row(left: Money) -> Say:
    """Say how much is left of the sum."""
    if left <= Money(0):
        return Say(N_("There is no money left."))
    return Say(N_("There is %(amount)s left."), {"amount": left})


def balance_rows(paper: BallotPaper, picks: Iterable[int]) -> list[Say]:
    """Say what is left beside the picks, where there is a sum."""
    left = paper.left(picks)
    return [] if left is None else [left_row(left)]


def lacking_row(lacking: int) -> Say:
    """Say how many plans more the ballot takes."""
    one, many = NN_("Choose one more plan.", "Choose %(n)s more plans.")
    return Say(one, {"n": lacking}, plural=many)


def remarks(
    faults: Sequence[Fault], a_round: Round, paper: BallotPaper
) -> tuple[Say, ...]:
    """Say which numbers stayed off and why; the limit is said once for all of them."""
    says: list[Say] = []
    for fault in faults:
        told = _TOLD[fault.limit](fault, a_round, paper)
        says += [each for each in told if each not in says]
    return tuple(says)


def _not_listed(fault: Fault, _: Round, __: BallotPaper) -> list[Say]:
    number = {"plan": fault.plan or 0}
    return [Say(N_("Plan %(plan)s is not on the list."), number)]


def _twice(fault: Fault, _: Round, __: BallotPaper) -> list[Say]:
    number = {"plan": fault.plan or 0}
    return [Say(N_("Plan %(plan)s is there twice."), number)]


def _one_too_many(fault: Fault, _: Round, paper: BallotPaper) -> list[Say]:
    rules = paper.rules
    limit = may_choose if rules.min_picks <= 1 else _at_most
    return [limit(rules.max_picks), _stays_off(fault)]


def _too_dear(fault: Fault, _: Round, paper: BallotPaper) -> list[Say]:
    plan = _plan_of(fault, paper)
    cost: dict[str, Param] = {
        "plan": fault.plan or 0,
        "amount": cost_of(plan) if plan else Money(0),
    }
    dear = N_("Plan %(plan)s costs %(amount)s. That is more than what is left.")
    return [Say(dear, cost)]


def _theme_is_full(fault: Fault, a_round: Round, paper: BallotPaper) -> list[Say]:
    plan = _plan_of(fault, paper)
    theme = a_round.theme(plan.theme if plan else None)
    most = paper.rules.per_theme.get(theme.key) if theme else None
    limit = [theme_row(theme, most)] if theme and most is not None else []
    return [*limit, _stays_off(fault)]


def _too_few(fault: Fault, _: Round, __: BallotPaper) -> list[Say]:
    return [lacking_row(fault.lacking)]


def _stays_off(fault: Fault) -> Say:
    number = {"plan": fault.plan or 0}
    return Say(N_("This one is not on your list: plan %(plan)s."), number)


def _plan_of(fault: Fault, paper: BallotPaper) -> Plan | None:
    return None if fault.plan is None else paper.plan(fault.plan)


_TOLD: Mapping[Limit, Callable[[Fault, Round, BallotPaper], list[Say]]] = {
    Limit.LIST: _not_listed,
    Limit.TWICE: _twice,
    Limit.MOST: _one_too_many,
    Limit.MONEY: _too_dear,
    Limit.THEME: _theme_is_full,
    Limit.LEAST: _too_few,
}
