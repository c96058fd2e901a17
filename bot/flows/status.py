"""How is it going: everything of mine in one message, and the next date."""

from datetime import datetime

from bot.domain.facts import Facts
from bot.domain.plans import SUPPORTABLE, Plan
from bot.domain.round_terms import Act
from bot.domain.rounds import Phase, Round
from bot.domain.say import N_, Button, Local, Reply, Say
from bot.flows.elsewhere import tell_where
from bot.flows.parts import LIST_ROWS, closing, menu_buttons, plan_row
from bot.flows.stages import stage_row
from bot.flows.state import Talk, Turn
from bot.flows.talks import rest
from bot.flows.underway import care_rows

PLANS_A_MESSAGE = 15
MOST_WITH_CARE = 5
"""Whoever has more plans hears who helps with one by asking for it by its number."""
_NEXT = (
    (Phase.SUPPORTING, N_("Support starts on %(date)s.")),
    (Phase.REVIEWING, N_("The municipality looks at the plans from %(date)s.")),
    (Phase.VOTING, N_("Voting starts on %(date)s.")),
    (Phase.DOING, N_("The result comes on %(date)s.")),
)


def status(talk: Talk, facts: Facts, now: datetime) -> Turn:
    """List each of my plans once with its stage, then support, vote and next dates."""
    says = [say for plan in facts.me.plans for say in _my_plan(plan, facts)]
    if not says:
        says = [Say(N_("You have no plan here yet."))]
    says += [say for plan in facts.me.followed for say in _followed(plan)]
    if facts.me.supported:
        count = {"count": facts.me.supported}
        says.append(Say(N_("Plans you support: %(count)s."), count))
    for each in facts.rounds:
        says += _round_rows(each, facts, now)
    return Turn(rest(talk), [Reply(tuple(says), _buttons(facts, now))])


def _my_plan(plan: Plan, facts: Facts) -> list[Say]:
    rows = [plan_row(plan), stage_row(plan)]
    if plan.status in SUPPORTABLE:
        a_round = facts.round(plan.round)
        figures = {
            "supports": plan.supports,
            "threshold": a_round.threshold if a_round else 0,
        }
        rows.append(Say(N_("Support so far: %(supports)s of %(threshold)s."), figures))
    cared = len(facts.me.plans) <= MOST_WITH_CARE
    return [*rows, *(care_rows(plan, facts) if cared else ())]


def _followed(plan: Plan) -> list[Say]:
    return [Say(N_("You follow this plan:")), plan_row(plan), stage_row(plan)]


def _round_rows(each: Round, facts: Facts, now: datetime) -> list[Say]:
    """Say that I have voted (never what), and the next date of the round."""
    rows = []
    if each.slug in facts.me.voted:
        rows.append(Say(N_("We have your vote.")))
    elif each.takes_votes(now):
        rows.append(Say(N_("You have not voted yet.")))
    if each.takes_votes(now) and (moment := closing(each)):
        rows.append(Say(N_("You can vote until %(closing)s."), {"closing": moment}))
    steps = [step for step in _NEXT if not _begun(step[0], each, now)]
    dates = ((each.start_of(phase), each.day_of(phase), row) for phase, row in steps)
    coming = [(start, day, row) for start, day, row in dates if start and start > now]
    if coming:
        _, day, row = min(coming, key=lambda item: item[0])
        rows.append(Say(row, {"date": day} if day else {}))
    return [_area(each), *rows] if rows else []


def _begun(phase: Phase, each: Round, now: datetime) -> bool:
    """Tell whether a step is possible already: support begins with the collecting."""
    return phase is Phase.SUPPORTING and each.takes_supports(now)


def _buttons(facts: Facts, now: datetime) -> tuple[Button, ...]:
    """Offer each of my plans by its number, then what can be begun."""
    begin = [each for each in menu_buttons(facts, now) if each.id != "menu:status"]
    mine = [
        Button(f"plan:{plan.number}", Say(N_("Plan %(plan)s"), {"plan": plan.number}))
        for plan in facts.me.plans
    ]
    return (*mine[: LIST_ROWS - len(begin)], *begin)


def result(talk: Talk, facts: Facts, now: datetime) -> Turn:
    """Tell the result as far as there is one: what was chosen, mine, or the date."""
    here = [each for each in facts.rounds if facts.allows(Act.RESULTS, each.slug)]
    if facts.rounds and not here:
        where = tell_where(Act.RESULTS, facts.rounds, facts, now)
        return Turn(rest(talk), [where])
    told = [page for each in here for page in _result_pages(each, facts)]
    others = [say for plan in facts.me.plans for say in _my_plan(plan, facts)]
    decided = {plan.round for plan in facts.chosen}
    for each in here:
        others += [] if each.slug in decided else _result_day(each, now)
    if not told and not others:
        others = [Say(N_("There is no result yet."))]
    if others:
        told.append(tuple(others))
    *first, last = told
    replies = [*map(Reply, first), Reply(last, menu_buttons(facts, now))]
    return Turn(rest(talk), replies)


def _result_pages(each: Round, facts: Facts) -> list[tuple[Say, ...]]:
    """Name what was chosen in a round; once its count is published, where that is."""
    pages = _chosen_pages(each, facts)
    address = facts.counts.get(each.slug)
    if address is None:
        return pages
    link = Say(N_("%(link)s"), {"link": address})
    *first, last = pages or [(_area(each),)]
    return [*first, (*last, Say(N_("See the whole count here:")), link)]


def _chosen_pages(each: Round, facts: Facts) -> list[tuple[Say, ...]]:
    """Name the plans that were chosen in a round, a message for so many of them."""
    chosen = [plan_row(plan) for plan in facts.chosen if plan.round == each.slug]
    head = (_area(each), Say(N_("These plans are chosen:")))
    pages = range(0, len(chosen), PLANS_A_MESSAGE)
    return [(*head, *chosen[at : at + PLANS_A_MESSAGE]) for at in pages]


def _result_day(each: Round, now: datetime) -> list[Say]:
    """Say when a result comes that is still to come."""
    day, start = each.result_day, each.start_of(Phase.DOING)
    if not (day and start and start > now):
        return []
    return [_area(each), Say(N_("The result comes on %(date)s."), {"date": day})]


def _area(each: Round) -> Say:
    return Say(N_("%(area)s:"), {"area": Local(each.title)})
