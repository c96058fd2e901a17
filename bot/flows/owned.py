"""What an author can do with a plan that is stored: change it, or take it back."""

from dataclasses import replace
from datetime import datetime

from bot.domain.effects import FilePlan, WithdrawPlan
from bot.domain.facts import Facts
from bot.domain.plans import CHANGEABLE, Plan
from bot.domain.round_terms import Act
from bot.domain.say import N_, Button, Reply, Say
from bot.flows.drafts import changing
from bot.flows.elsewhere import tell_where
from bot.flows.parts import BACK, PERSON, menu_buttons, plan_row, theme_label
from bot.flows.state import (
    ChoosingTheme,
    DescribingPlan,
    Message,
    Talk,
    Turn,
    Withdrawing,
)
from bot.flows.talks import at, rest
from bot.flows.themes import theme_meant, themes_of


def change(talk: Talk, number: int, facts: Facts, now: datetime) -> Turn:
    """Let an author tell a plan anew, until it is reviewed."""
    plan = facts.mine(number)
    if plan is None or plan.status not in CHANGEABLE:
        return Turn(rest(talk), [too_late(facts, now)])
    if elsewhere := told_elsewhere(plan, facts, now):
        return Turn(rest(talk), [elsewhere])
    begun = talk.revision if _is_for(talk, number) else None
    told = at(replace(talk, revision=begun), DescribingPlan(number))
    says = (
        Say(N_("Tell the plan again, as it should be.")),
        Say(N_("Say it in a voice message, or type it.")),
    )
    return Turn(told, [Reply(says, (BACK,))])


def _is_for(talk: Talk, number: int) -> bool:
    """Tell whether the words begun belong to this plan, so that they may be kept."""
    return changing(talk) == number


def told_elsewhere(plan: Plan, facts: Facts, now: datetime) -> Reply | None:
    """Return where the words of this plan can be changed; None if here."""
    a_round = facts.round(plan.round)
    if a_round is None or facts.allows(Act.PLAN, plan.round):
        return None
    return tell_where(Act.PLAN, (a_round,), facts, now)


def withdraw(talk: Talk, number: int, facts: Facts, now: datetime) -> Turn:
    """Ask whether she really wants to take her plan back."""
    plan = facts.mine(number)
    if plan is None or plan.status not in CHANGEABLE:
        return Turn(rest(talk), [too_late(facts, now)])
    asked = at(talk, Withdrawing(number))
    return Turn(asked, [ask_withdraw(asked, facts, now)])


def ask_withdraw(talk: Talk, facts: Facts, now: datetime) -> Reply:
    """Read back which plan would go."""
    del now
    assert isinstance(talk.state, Withdrawing)  # noqa: S101 - narrows the type
    plan = facts.mine(talk.state.plan)
    says = [plan_row(plan)] if plan else []
    says.append(Say(N_("Do you want to take this plan back?")))
    return Reply(tuple(says), (TAKE_BACK, LEAVE_IT))


TAKE_BACK = Button("yes", Say(N_("Yes, take it back")))


LEAVE_IT = Button("no", Say(N_("No, leave it")))


def withdrawing(
    talk: Talk, message: Message, facts: Facts, now: datetime
) -> Turn | None:
    """Take the plan back on yes."""
    assert isinstance(talk.state, Withdrawing)  # noqa: S101 - narrows the type
    number = talk.state.plan
    if message.act in {"no", "back"}:
        kept = Say(N_("All right. Your plan stays."))
        return Turn(rest(talk), [Reply((kept,), menu_buttons(facts, now))])
    if message.act != "yes":
        return None
    plan = facts.mine(number)
    if plan is None or plan.status not in CHANGEABLE:
        return Turn(rest(talk), [too_late(facts, now)])
    gone = Say(N_("Your plan is taken back. Thank you."))
    reply = Reply((gone,), menu_buttons(facts, now))
    return Turn(rest(talk), [reply], [WithdrawPlan(number)])


def too_late(facts: Facts, now: datetime) -> Reply:
    """Say that review has begun, and that a person can still help."""
    says = (
        Say(N_("This plan can no longer be changed here.")),
        Say(N_("A person can help you.")),
    )
    return Reply(says, (PERSON, *menu_buttons(facts, now)[:2]))


def choose_theme(talk: Talk, number: int, facts: Facts, now: datetime) -> Turn:
    """Let an author say what her plan is about; staff file plans otherwise."""
    plan = facts.mine(number)
    if plan is None or plan.status not in CHANGEABLE or not themes_of(facts, plan):
        return Turn(rest(talk), [too_late(facts, now)])
    asked = at(talk, ChoosingTheme(number))
    return Turn(asked, [ask_theme(asked, facts, now)])


def ask_theme(talk: Talk, facts: Facts, now: datetime) -> Reply:
    """Offer the themes of the plan's round."""
    assert isinstance(talk.state, ChoosingTheme)  # noqa: S101 - narrows the type
    plan = facts.mine(talk.state.plan)
    says = (*((plan_row(plan),) if plan else ()), Say(N_("What is your plan about?")))
    themes = themes_of(facts, plan) if plan else ()
    buttons = [Button(f"theme:{each.key}", theme_label(each)) for each in themes]
    return Reply(says, (*buttons, BACK))


def theme_chosen(
    talk: Talk, message: Message, facts: Facts, now: datetime
) -> Turn | None:
    """File the plan under the theme she tapped or named."""
    assert isinstance(talk.state, ChoosingTheme)  # noqa: S101 - narrows the type
    if message.act in {"back", "no", "later", "nothing"}:
        fine = Say(N_("All right."))
        return Turn(rest(talk), [Reply((fine,), menu_buttons(facts, now))])
    plan = facts.mine(talk.state.plan)
    if plan is None or plan.status not in CHANGEABLE:
        return Turn(rest(talk), [too_late(facts, now)])
    key = theme_meant(talk, message, themes_of(facts, plan))
    if key is None:
        return None
    noted = Say(N_("Thank you. I wrote it down."))
    reply = Reply((noted,), menu_buttons(facts, now))
    return Turn(rest(talk), [reply], [FilePlan(plan.number, key)])
