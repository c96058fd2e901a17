"""A receipt for a chosen plan: a photo, which plan, how much, read back, kept."""

from dataclasses import replace
from datetime import datetime

from bot.domain.effects import KeepBill
from bot.domain.facts import Facts
from bot.domain.languages import FALLBACK
from bot.domain.money import Money
from bot.domain.plans import Plan
from bot.domain.say import N_, Button, Reply, Say
from bot.domain.spending import TAKES_RECEIPTS
from bot.flows import submit
from bot.flows.amounts import find_amount
from bot.flows.checking import NO, YES
from bot.flows.parts import BACK, HOW_GOES, MONEY, answer_day, menu_buttons, plan_row
from bot.flows.state import (
    AskingBill,
    ConfirmingBill,
    Kind,
    Message,
    PricingBill,
    Talk,
    Turn,
)
from bot.flows.talks import at, rest

MOST_PLANS = 8
NO_BILL = Button("no", Say(N_("No, something else")))
A_BILL = Button("yes", Say(N_("Yes, a receipt")))
_LEAVING = frozenset({"no", "back", "later", "nothing", "skip"})


def payable(facts: Facts) -> tuple[Plan, ...]:
    """Return her plans that a receipt can be for."""
    return tuple(each for each in facts.me.plans if each.status in TAKES_RECEIPTS)


def begins(message: Message, facts: Facts) -> bool:
    """Tell whether a photo, sent at rest, may be the receipt for a plan of hers."""
    shown = message.kind is Kind.PHOTO and message.media is not None
    return shown and not message.code and bool(payable(facts))


def begin(talk: Talk, message: Message, facts: Facts, now: datetime) -> Turn:
    """Ask whether a photo is a receipt; what else it may be is not lost."""
    asked = at(talk, AskingBill(message.media or 0, message.text))
    return Turn(asked, [ask_bill(asked, facts, now)])


def ask_bill(talk: Talk, facts: Facts, now: datetime) -> Reply:
    """Ask which of her plans the receipt is for, if it is one."""
    plans = payable(facts)
    if len(plans) == 1:
        (plan,) = plans
        asked = Say(N_("Is this a receipt for plan %(plan)s?"), {"plan": plan.number})
        return Reply((plan_row(plan), asked), (A_BILL, NO_BILL))
    says = [plan_row(plan) for plan in plans[:MOST_PLANS]]
    says.append(Say(N_("Is this a receipt? For which plan?")))
    buttons = [
        Button(f"bill:{plan.number}", Say(N_("Plan %(plan)s"), {"plan": plan.number}))
        for plan in plans[:MOST_PLANS]
    ]
    return Reply(tuple(says), (*buttons, NO_BILL))


def bill(talk: Talk, message: Message, facts: Facts, now: datetime) -> Turn | None:
    """Go on with the plan she names; on no the photo is what photos are elsewhere."""
    state = talk.state
    assert isinstance(state, AskingBill)  # noqa: S101 - narrows the type
    if message.kind is Kind.PHOTO and message.media:
        return begin(talk, message, facts, now)
    plans = payable(facts)
    if message.act in _LEAVING:
        photo = Message(Kind.PHOTO, state.caption, media=state.media)
        return submit.describe(rest(talk), photo, facts, now)
    named = [plan for plan in plans if plan.number in message.numbers]
    if message.act == "yes" and len(plans) == 1:
        named = list(plans)
    if len(named) != 1:
        return None
    asked = at(talk, PricingBill(named[0].number, state.media))
    return Turn(asked, [ask_price(asked, facts, now)])


def ask_price(talk: Talk, facts: Facts, now: datetime) -> Reply:
    """Ask how much it was."""
    says = (
        Say(N_("How many euros did it cost together?")),
        Say(N_("Say the amount, or type it.")),
    )
    return Reply(says, (BACK,))


def price(talk: Talk, message: Message, facts: Facts, now: datetime) -> Turn | None:
    """Read the amount back; a clearer photo replaces the first one."""
    state = talk.state
    assert isinstance(state, PricingBill)  # noqa: S101 - narrows the type
    if message.kind is Kind.PHOTO and message.media:
        asked = at(talk, replace(state, media=message.media))
        return Turn(asked, [ask_price(asked, facts, now)])
    if message.act in _LEAVING:
        kept = Say(N_("All right."))
        return Turn(rest(talk), [Reply((kept,), menu_buttons(facts, now))])
    if not message.is_words or message.tapped:
        return None
    cents = find_amount(message.text, talk.language or FALLBACK)
    if cents is None:
        unread = Say(N_("I cannot find an amount in that."))
        return Turn(talk, [ask_price(talk, facts, now).after(unread)])
    asked = at(talk, ConfirmingBill(state.plan, state.media, cents))
    return Turn(asked, [ask_sure(asked, facts, now)])


def ask_sure(talk: Talk, facts: Facts, now: datetime) -> Reply:
    """Read plan and amount back."""
    state = talk.state
    assert isinstance(state, ConfirmingBill)  # noqa: S101 - narrows the type
    says = (
        Say(N_("The receipt is for plan %(plan)s."), {"plan": state.plan}),
        Say(N_("It cost %(amount)s together."), {"amount": Money(state.cents)}),
        Say(N_("Is that right?")),
    )
    return Reply(says, (YES, NO))


def sure(talk: Talk, message: Message, facts: Facts, now: datetime) -> Turn | None:
    """Keep the receipt on yes; on no, or another amount, begin with the amount."""
    state = talk.state
    assert isinstance(state, ConfirmingBill)  # noqa: S101 - narrows the type
    before = at(talk, PricingBill(state.plan, state.media))
    if message.act == "no":
        return Turn(before, [ask_price(before, facts, now)])
    if message.act == "yes":
        return _kept(talk, state, facts, now)
    found = find_amount(message.text, talk.language or FALLBACK)
    if message.act is None and found is not None:
        return price(before, message, facts, now)
    return None


def _kept(talk: Talk, state: ConfirmingBill, facts: Facts, now: datetime) -> Turn:
    says = (
        Say(N_("Thank you. We have your receipt.")),
        Say(N_("A person looks at it.")),
        Say(
            N_("You will hear from us before %(date)s."),
            {"date": answer_day(facts, now)},
        ),
        Say(N_("Your photo is not public.")),
    )
    effect = KeepBill(state.plan, state.cents, state.media)
    return Turn(rest(talk), [Reply(says, (MONEY, HOW_GOES))], [effect])
