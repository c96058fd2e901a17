"""Help me choose: the plans of a theme one at a time, in this voter's own order.

Each has three answers: yes, the next one, and once more. After seven of them she is
asked whether she wants more, another theme, or is ready. All that is said here is
secret: were only an answer to yes erased, what is left would tell to which plan.
"""

from dataclasses import replace
from datetime import datetime

from bot.domain.ballots import BallotPaper
from bot.domain.facts import Facts
from bot.domain.money import Money
from bot.domain.plans import Plan
from bot.domain.rounds import Round
from bot.domain.say import N_, NN_, Brief, Button, Local, Reply, Say
from bot.flows.ballot import READY, open_paper, tally
from bot.flows.parts import MORE, cost_row, plan_row
from bot.flows.state import Talk, Turn, Walking
from bot.flows.talks import at

ROOM = 7
"""So many plans are shown in a row; hearing them takes less than two minutes."""

COINS = 10
TAKE = Button("yes", Say(N_("Yes, this plan")))
NEXT = Button("next", Say(N_("Next plan")))
ONCE_MORE = Button("repeat", Say(N_("Listen again")))
AS_LIST = Button("vote:list", Say(N_("Show a list")))
OTHER_THEME = Button("vote:help", Say(N_("Another subject")))


def enter(talk: Talk, theme: str, facts: Facts, now: datetime) -> Turn:
    """Show the first plan of a theme."""
    there = at(talk, Walking(theme))
    return Turn(there, [ask_walk(there, facts, now)])


def ask_walk(talk: Talk, facts: Facts, now: datetime) -> Reply:
    """Show the plan she is at; at the end of a part, ask how to go on."""
    del now
    a_round, paper = open_paper(talk, facts)
    if a_round is None or paper is None:
        return Reply((Say(N_("Voting is closed.")),))
    plan = in_view(talk, facts)
    if plan is None:
        return _ask_on(talk, paper, facts)
    return _show(talk, plan, a_round, facts)


def in_view(talk: Talk, facts: Facts) -> Plan | None:
    """Return the plan she looks at; None where she is asked how to go on."""
    state = talk.state
    plans = _plans(talk, facts)
    if not isinstance(state, Walking) or state.asked or state.place >= len(plans):
        return None
    return plans[state.place]


def past(talk: Talk, facts: Facts) -> Talk:
    """Return the talk behind the plan she looks at: at the next, or asked how on."""
    state = talk.state
    assert isinstance(state, Walking)  # noqa: S101 - narrows the type
    place = state.place + 1
    over = place % ROOM == 0 or place >= len(_plans(talk, facts))
    return at(talk, Walking(state.theme, place, asked=over))


def is_more(talk: Talk, facts: Facts) -> bool:
    """Tell whether there are plans of this theme which she has not seen."""
    state = talk.state
    return isinstance(state, Walking) and state.place < len(_plans(talk, facts))


def on(talk: Talk) -> Talk:
    """Return the talk at the plan that comes next."""
    state = talk.state
    assert isinstance(state, Walking)  # noqa: S101 - narrows the type
    return at(talk, Walking(state.theme, state.place))


def chosen(talk: Talk, number: int, facts: Facts, now: datetime) -> Turn:
    """Say that a plan is on her list now, and go on."""
    told = Say(N_("Plan %(plan)s is on your list."), {"plan": number})
    _, paper = open_paper(talk, facts)
    asked = ask_walk(talk, facts, now)
    count = tally(talk, paper) if paper and in_view(talk, facts) else []
    # The next plan answers her yes as well; its own words need the time.
    aloud = None if asked.aloud is None else (Say(N_("All right.")), *asked.aloud)
    says = (told, *count, *asked.says)
    return Turn(talk, [replace(asked, says=says, aloud=aloud)])


def _plans(talk: Talk, facts: Facts) -> tuple[Plan, ...]:
    _, paper = open_paper(talk, facts)
    state = talk.state
    if paper is None or not isinstance(state, Walking):
        return ()
    return paper.in_theme(state.theme, facts.me.voter)


def _show(talk: Talk, plan: Plan, a_round: Round, facts: Facts) -> Reply:
    """Show one plan: picture, number, title, summary, cost; said in 15 seconds."""
    about = []
    if any(plan.summary.values()):
        about.append(Say(N_("%(about)s"), {"about": Brief(plan.summary)}))
    if any(plan.already.values()):
        paid = {"already": Brief(plan.already)}
        about.append(Say(N_("The municipality already pays here: %(already)s"), paid))
    says, said = [plan_row(plan), *about], [plan_row(plan), *about]
    if plan.cost is not None:
        says += [cost_row(plan.cost), _coin_row(plan.cost, a_round.budget)]
        said.append(_coins(tenths(plan.cost, a_round.budget)))
    if talk.picks is not None and plan.number in talk.picks.numbers:
        mark = Say(N_("You chose this plan:"))
        says, said = [mark, *says], [mark, *said]
    said.append(Say(N_("Yes, or next?")))
    # Three fit a message of WhatsApp; a fourth would hide all of them behind a list.
    more = () if facts.channel == "whatsapp" else (AS_LIST,)
    buttons = (TAKE, NEXT, ONCE_MORE, *more)
    return Reply(
        tuple(says), buttons, secret=True, aloud=tuple(said), picture=plan.picture
    )


def tenths(cost: Money, budget: Money) -> int:
    """Return how many of ten coins a plan costs if all the money is ten: rounded up."""
    if budget.cents <= 0:
        return COINS
    return min(COINS, -(-cost.cents * COINS // budget.cents))


def _coins(count: int) -> Say:
    one, many = NN_("It costs one of ten coins.", "It costs %(n)s of ten coins.")
    return Say(one, {"n": count}, plural=many)


def _coin_row(cost: Money, budget: Money) -> Say:
    """Return the cost as a picture, and in words: "●●○○○○○○○○ It costs 2 of ten"."""
    count = tenths(cost, budget)
    picture = Local({"nl": "●" * count + "○" * (COINS - count)})
    return Say(N_("%(coins)s %(cost)s"), {"coins": picture, "cost": _coins(count)})


def _ask_on(talk: Talk, paper: BallotPaper, facts: Facts) -> Reply:
    """Ask how to go on: with more of this theme, another one, or to the read-back."""
    left = is_more(talk, facts)
    says = [Say(N_("There are more plans of this subject."))]
    if not left:
        says = [Say(N_("You have seen all plans of this subject."))]
    says += [*tally(talk, paper), Say(N_("How do you want to go on?"))]
    picked = talk.picks is not None and bool(talk.picks.numbers)
    buttons = [MORE] if left else []
    buttons += [OTHER_THEME, READY] if picked else [OTHER_THEME]
    return Reply(tuple(says), tuple(buttons), secret=True)
