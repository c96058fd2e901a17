"""Help me choose: the themes; and, for who asks for it, the plans of one as a list."""

from datetime import datetime

from bot.domain.ballots import BallotPaper
from bot.domain.facts import Facts
from bot.domain.plans import Plan
from bot.domain.rounds import Round
from bot.domain.say import N_, Button, Reply, Say
from bot.flows.ballot import READY, open_paper, tally
from bot.flows.parts import BACK, MORE, cost_row, plan_row, theme_label
from bot.flows.state import Browsing, Talk, Turn
from bot.flows.talks import at
from bot.flows.walk import ROOM as PAGE


def browse(talk: Talk, facts: Facts, now: datetime) -> Turn:
    """Open the themes, one room each."""
    asked = at(talk, Browsing())
    return Turn(asked, [ask_browse(asked, facts, now)])


def ask_browse(talk: Talk, facts: Facts, now: datetime) -> Reply:
    """Offer the themes, or one page of the plans in a theme."""
    del now
    a_round, paper = open_paper(talk, facts)
    if a_round is None or paper is None:
        return Reply((Say(N_("Voting is closed.")),))
    state = talk.state
    assert isinstance(state, Browsing)  # noqa: S101 - narrows the type
    if not state.theme:
        return _themes(talk, a_round, paper, facts)
    return _room(talk, a_round, paper, facts)


def _themes(talk: Talk, a_round: Round, paper: BallotPaper, facts: Facts) -> Reply:
    """Offer the themes in this voter's own order."""
    says = (
        Say(N_("Which subject do you want to hear about?")),
        Say(N_("You then get its plans one by one.")),
        Say(N_("All the money together is ten coins.")),
        *tally(talk, paper),
    )
    keys = paper.themes((each.key for each in a_round.themes), facts.me.voter)
    buttons = [Button(f"theme:{key}", _label(a_round, key)) for key in keys]
    ready = [READY] if talk.picks and talk.picks.numbers else []
    return Reply(says, (*buttons, *ready, BACK), secret=bool(ready))


def _label(a_round: Round, key: str) -> Say:
    theme = a_round.theme(key)
    return theme_label(theme) if theme else Say(N_("Other plans"))


def next_page(talk: Talk, facts: Facts) -> int:
    """Return the page after this one; after the last one the first again."""
    state = talk.state
    _, paper = open_paper(talk, facts)
    if not isinstance(state, Browsing) or paper is None:
        return 0
    plans = paper.in_theme(state.theme, facts.me.voter)
    return state.page + 1 if (state.page + 1) * PAGE < len(plans) else 0


def _room(talk: Talk, a_round: Round, paper: BallotPaper, facts: Facts) -> Reply:
    """Offer at most seven plans of a theme, in this voter's own order."""
    state = talk.state
    assert isinstance(state, Browsing)  # noqa: S101 - narrows the type
    plans = paper.in_theme(state.theme, facts.me.voter)
    shown = plans[state.page * PAGE : (state.page + 1) * PAGE]
    theme = a_round.theme(state.theme)
    says = [theme_label(theme)] if theme else []
    says.append(Say(N_("Tap a plan, or say its number, to choose it.")))
    says += [plan_row(plan) for plan in shown]
    says += tally(talk, paper)
    rows = [_plan_button(plan) for plan in shown]
    more = [MORE] if len(plans) > (state.page + 1) * PAGE else []
    ready = [READY] if talk.picks and talk.picks.numbers else []
    return Reply(tuple(says), (*rows, *more, *ready, BACK), secret=bool(ready))


def _plan_button(plan: Plan) -> Button:
    detail = None if plan.cost is None else cost_row(plan.cost)
    return Button(f"plan:{plan.number}", plan_row(plan), detail)
