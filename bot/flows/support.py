"""One plan by its number: seeing it, supporting it, following it."""

from collections.abc import Sequence
from datetime import datetime

from bot.domain.effects import FollowPlan, SupportPlan
from bot.domain.facts import Facts
from bot.domain.plans import CHANGEABLE, ONCE_CHOSEN, SUPPORTABLE, Plan, Status
from bot.domain.round_terms import Act
from bot.domain.rounds import Phase, Round
from bot.domain.say import N_, Button, Reply, Say
from bot.flows.elsewhere import tell_where
from bot.flows.parts import (
    BACK,
    MONEY,
    WANT_VOTE,
    cost_row,
    local_day,
    menu_buttons,
    plan_row,
    title,
)
from bot.flows.stages import stage_row
from bot.flows.state import Message, NamingPlan, Talk, Turn
from bot.flows.talks import at, rest
from bot.flows.underway import care_rows, line_rows, step_rows


def show(talk: Talk, number: int, facts: Facts, now: datetime) -> Turn:
    """Show one plan: to its author with its history, to others as it is public."""
    plan = facts.plans.get(number) or facts.mine(number)
    if plan is None or not (plan.public or plan.mine):
        return Turn(rest(talk), [_unknown(number, facts, now)])
    says = [plan_row(plan), stage_row(plan)]
    if plan.summary and not plan.mine:
        says.insert(1, Say(N_("%(words)s"), {"words": title(_summed(plan))}))
    if plan.cost is not None:
        says.append(cost_row(plan.cost))
    if plan.status in SUPPORTABLE:
        says.append(_support_row(plan, facts))
    says += _history(plan, facts) if plan.mine else []
    if plan.mine:
        care = facts.cares.get(number)
        says += [*care_rows(plan, facts), *step_rows(care.steps if care else ())]
    says += line_rows(number, facts)
    return Turn(rest(talk), [Reply(tuple(says), _choices(plan, facts, now))])


def _summed(plan: Plan) -> Plan:
    """Return the plan with its summary where `title` looks for the words."""
    return Plan(plan.number, plan.round, plan.status, plan.summary, {})


def _support_row(plan: Plan, facts: Facts) -> Say:
    a_round = facts.round(plan.round)
    return Say(
        N_("Support so far: %(supports)s of %(threshold)s."),
        {"supports": plan.supports, "threshold": a_round.threshold if a_round else 0},
    )


def _history(plan: Plan, facts: Facts) -> list[Say]:
    """Return what happened to the plan, oldest first, a line each."""
    rows = []
    for each in plan.history:
        stage = stage_row(plan, each.status)
        day = local_day(facts, each.at)
        rows.append(Say(N_("%(date)s: %(status)s"), {"date": day, "status": stage}))
        if each.note:
            words = title(Plan(0, "", each.status, each.note, {}))
            rows.append(Say(N_("The reason is: %(reason)s"), {"reason": words}))
    return rows


def _choices(plan: Plan, facts: Facts, now: datetime) -> tuple[Button, ...]:
    a_round = facts.round(plan.round)
    if plan.mine and plan.status in CHANGEABLE:
        return _own_choices(plan, a_round, facts)
    buttons = []
    supportable = _can_support(plan, a_round, now) and _allowed(plan, facts)
    if supportable and not plan.supported and not plan.mine:
        buttons.append(Button(f"support:{plan.number}", Say(N_("I support this plan"))))
    if a_round in facts.voting(now) and plan.status is Status.ON_BALLOT:
        buttons.append(WANT_VOTE)
    if plan.status in ONCE_CHOSEN:
        buttons.append(Button(f"money:{plan.number}", MONEY.label))
    if not plan.followed and not plan.mine:
        buttons.append(follow_button(plan.number))
    return tuple(buttons) or menu_buttons(facts, now)


def _own_choices(plan: Plan, a_round: Round | None, facts: Facts) -> tuple[Button, ...]:
    change = Button(f"change:{plan.number}", Say(N_("Change my plan")))
    withdraw = Button(f"withdraw:{plan.number}", Say(N_("Take it back")))
    about = Button(f"about:{plan.number}", Say(N_("Choose the subject")))
    told_here = [change] if facts.allows(Act.PLAN, plan.round) else []
    return (*told_here, withdraw, *([about] if a_round and a_round.themes else []))


def follow_button(number: int) -> Button:
    """Return the button that follows plan `number`."""
    return Button(f"follow:{number}", Say(N_("Follow this plan")))


def _can_support(plan: Plan, a_round: Round | None, now: datetime) -> bool:
    return bool(
        plan.public
        and plan.status in SUPPORTABLE
        and a_round
        and a_round.takes_supports(now)
    )


def _allowed(plan: Plan, facts: Facts) -> bool:
    return facts.allows(Act.SUPPORT, plan.round)


def support(talk: Talk, message: Message, facts: Facts, now: datetime) -> Turn:
    """Count her support for each plan she names, once; say what it is and is not."""
    if not message.numbers:
        return ask_which(talk, "support")
    turns = [_support(talk, number, facts, now) for number in _each(message)]
    return _together(talk, turns)


def _each(message: Message) -> Sequence[int]:
    """Return the numbers named, each once."""
    return list(dict.fromkeys(message.numbers))[:MOST]


MOST = 5
"""Plans that one message can support or follow."""


def _together(talk: Talk, turns: Sequence[Turn]) -> Turn:
    replies = [reply for turn in turns for reply in turn.replies]
    effects = [effect for turn in turns for effect in turn.effects]
    return Turn(rest(talk), replies, effects)


def _support(talk: Talk, number: int, facts: Facts, now: datetime) -> Turn:
    plan = facts.plans.get(number)
    if plan is None or not (plan.public or plan.mine):
        return Turn(talk, [_unknown(number, facts, now)])
    a_round = facts.round(plan.round)
    if plan.mine:
        own = Say(N_("This is your own plan. Your neighbours can support it."))
        reply = Reply((plan_row(plan), own), menu_buttons(facts, now))
        return Turn(talk, [reply])
    if not _can_support(plan, a_round, now):
        return Turn(talk, [_not_now(plan, facts, now)])
    if a_round and not _allowed(plan, facts):
        return Turn(talk, [tell_where(Act.SUPPORT, (a_round,), facts, now)])
    if plan.supported:
        says = (Say(N_("You support this plan already:")), plan_row(plan))
        return Turn(talk, [Reply(says, (follow_button(number),))])
    reply = Reply(_thanks(plan, a_round), _after_support(plan, facts, now))
    return Turn(talk, [reply], [SupportPlan(number)])


def _thanks(plan: Plan, a_round: Round | None) -> tuple[Say, ...]:
    says = [
        Say(N_("Thank you. You now support this plan:")),
        plan_row(plan),
        Say(N_("This is not a vote yet.")),
    ]
    start = a_round.day_of(Phase.VOTING) if a_round else None
    if start:
        says.append(Say(N_("Voting starts on %(date)s."), {"date": start}))
    return tuple(says)


def _after_support(plan: Plan, facts: Facts, now: datetime) -> tuple[Button, ...]:
    follow = () if plan.followed else (follow_button(plan.number),)
    return (*follow, *menu_buttons(facts, now))[:3]


def _not_now(plan: Plan, facts: Facts, now: datetime) -> Reply:
    says = (
        plan_row(plan),
        stage_row(plan),
        Say(N_("This plan needs no support now.")),
    )
    return Reply(says, _choices(plan, facts, now))


def follow(talk: Talk, message: Message, facts: Facts, now: datetime) -> Turn:
    """Tell her from now on what becomes of somebody else's plans."""
    if not message.numbers:
        return ask_which(talk, "follow")
    turns = [_follow(talk, number, facts, now) for number in _each(message)]
    return _together(talk, turns)


def _follow(talk: Talk, number: int, facts: Facts, now: datetime) -> Turn:
    plan = facts.plans.get(number)
    if plan is None or not (plan.public or plan.mine):
        return Turn(talk, [_unknown(number, facts, now)])
    if plan.mine or plan.followed:
        told = Say(N_("You hear from us about this plan already."))
        reply = Reply((plan_row(plan), told), menu_buttons(facts, now))
        return Turn(talk, [reply])
    says = (
        Say(N_("You now follow this plan:")),
        plan_row(plan),
        Say(N_("We will tell you how it goes.")),
    )
    reply = Reply(says, menu_buttons(facts, now))
    return Turn(talk, [reply], [FollowPlan(number)])


def ask_which(talk: Talk, act: str) -> Turn:
    """Ask for the number of the plan to support or follow."""
    asked = at(talk, NamingPlan(act))
    return Turn(asked, [_ask(act)])


def ask_number(talk: Talk, facts: Facts, now: datetime) -> Reply:
    """Ask again which plan it is."""
    state = talk.state
    assert isinstance(state, NamingPlan)  # noqa: S101 - narrows the type
    return _ask(state.act)


def _ask(act: str) -> Reply:
    questions = {
        "support": N_("Which plan do you support? Send its number."),
        "follow": N_("Which plan do you follow? Send its number."),
    }
    return Reply((Say(questions[act]),), (BACK,))


def number_named(
    talk: Talk, message: Message, facts: Facts, now: datetime
) -> Turn | None:
    """Support or follow the plan whose number was asked for."""
    state = talk.state
    assert isinstance(state, NamingPlan)  # noqa: S101 - narrows the type
    if message.act in {"back", "no", "later", "nothing"}:
        fine = Say(N_("All right."))
        return Turn(rest(talk), [Reply((fine,), menu_buttons(facts, now))])
    if not message.numbers:
        return None
    act = support if state.act == "support" else follow
    return act(talk, message, facts, now)


def _unknown(number: int, facts: Facts, now: datetime) -> Reply:
    says = (
        Say(N_("I do not know plan %(plan)s."), {"plan": number}),
        Say(N_("Please look at the number again.")),
    )
    return Reply(says, menu_buttons(facts, now))
