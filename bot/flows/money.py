"""Where did the money go: what a chosen plan was given, what is spent, what is left."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.domain.facts import Facts
from bot.domain.money import Money
from bot.domain.plans import Plan
from bot.domain.say import N_, Button, Local, Param, Reply, Say
from bot.domain.spending import MoneyLine, PaidTo, PlanMoney
from bot.flows.parts import LIST_ROWS, PERSON, menu_buttons, plan_row
from bot.flows.state import Message, Talk, Turn
from bot.flows.talks import rest

MOST_PLANS = 5
MOST_LINES = 3
"""Plans that one question is answered for, and payments told of each."""

_ROLES: Mapping[PaidTo, str] = {
    PaidTo.SHOP: N_("a shop"),
    PaidTo.COMPANY: N_("a company"),
    PaidTo.CLUB: N_("a club"),
    PaidTo.NEIGHBOURS: N_("neighbours"),
    PaidTo.CITY: N_("the municipality"),
    PaidTo.OTHER: N_("somebody else"),
}


def where_it_went(talk: Talk, message: Message, facts: Facts, now: datetime) -> Turn:
    """Tell of the plans she names, else of hers and those she follows.

    Who has none of them can choose among all that were chosen.
    """
    told = list(facts.money.values())[:MOST_PLANS]
    unpaid = [n for n in message.numbers if n not in facts.money][:MOST_PLANS]
    replies: list[Reply] = [Reply(_rows(each, facts)) for each in told]
    replies += [Reply(_no_money(number, facts)) for number in unpaid]
    if not replies:
        return Turn(rest(talk), [_choose(facts, now)])
    last = replies.pop()
    buttons = (*menu_buttons(facts, now)[:2], PERSON)
    return Turn(rest(talk), [*replies, Reply(last.says, buttons)])


def _rows(each: PlanMoney, facts: Facts) -> tuple[Say, ...]:
    says = [plan_row(each.plan)]
    if each.granted is not None:
        given = {"amount": each.granted}
        says.append(Say(N_("This plan was given %(amount)s."), given))
    says += _sums(each)
    if each.lines:
        says.append(Say(N_("These are the last payments:")))
        says += [_line(line) for line in each.lines[:MOST_LINES]]
    if each.plan.mine:
        says.append(Say(N_("You do not have to pay anything first.")))
        says.append(Say(N_("Do you have a receipt? Send a photo of it.")))
    return tuple(says)


def _sums(each: PlanMoney) -> Sequence[Say]:
    if not each.spent.cents and not each.lines:
        return [Say(N_("Nothing has been spent yet."))]
    says = [Say(N_("Spent so far: %(amount)s."), {"amount": each.spent})]
    left = each.left
    if left is not None and left.cents >= 0:
        says.append(Say(N_("Still left: %(amount)s."), {"amount": left}))
    elif left is not None:
        over = {"amount": Money(-left.cents)}
        says.append(Say(N_("That is %(amount)s too much. We look into it."), over))
    return says


def _line(line: MoneyLine) -> Say:
    told: dict[str, Param] = {"date": line.day, "what": Local(line.what)}
    if line.amount.cents < 0:
        back = told | {"amount": Money(-line.amount.cents)}
        return Say(N_("%(date)s: taken back, %(amount)s for %(what)s."), back)
    who = Say(_ROLES[line.paid_to])
    paid = told | {"amount": line.amount, "who": who}
    return Say(N_("%(date)s: %(amount)s to %(who)s, for %(what)s."), paid)


def _no_money(number: int, facts: Facts) -> tuple[Say, ...]:
    plan = facts.plans.get(number) or facts.mine(number)
    if plan is None or not (plan.public or plan.mine):
        return (
            Say(N_("I do not know plan %(plan)s."), {"plan": number}),
            Say(N_("Please look at the number again.")),
        )
    return (plan_row(plan), Say(N_("No money was given to this plan.")))


def _choose(facts: Facts, now: datetime) -> Reply:
    if not facts.chosen:
        says = (Say(N_("No plan has been given money yet.")),)
        return Reply(says, menu_buttons(facts, now))
    shown = facts.chosen[-(LIST_ROWS - 1) :]
    rows = (
        Say(N_("These plans were given money:")),
        *map(plan_row, shown),
        Say(N_("Which plan? Send its number.")),
    )
    return Reply(rows, tuple(map(money_button, shown)))


def money_button(plan: Plan) -> Button:
    """Return the button that tells where a plan's money went."""
    return Button(
        f"money:{plan.number}", Say(N_("Plan %(plan)s"), {"plan": plan.number})
    )
