"""Buttons and sentences that several talks share."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain.facts import Facts
from bot.domain.languages import FALLBACK, pick_text
from bot.domain.money import Money
from bot.domain.plans import Plan
from bot.domain.rounds import Round, Theme
from bot.domain.say import N_, Button, Free, Local, Moment, Reply, Say

ANSWER_DAYS = 7
LIST_ROWS = 10

BACK = Button("back", Say(N_("Back")))
MORE = Button("more", Say(N_("More plans")))
PERSON = Button("person", Say(N_("Ask a person")))
RULES = Button("rules", Say(N_("The rules")))
HAVE_PLAN = Button("menu:plan", Say(N_("I have a plan")))
WANT_VOTE = Button("menu:vote", Say(N_("I want to vote")))
HOW_GOES = Button("menu:status", Say(N_("How is it going?")))
MONEY = Button("money", Say(N_("Where did money go?")))


def local_day(facts: Facts, now: datetime) -> date:
    """Return the day it is for the residents."""
    return now.astimezone(ZoneInfo(facts.zone)).date()


def answer_day(facts: Facts, now: datetime) -> date:
    """Return the day before which a person has answered."""
    return local_day(facts, now) + timedelta(days=ANSWER_DAYS)


def closing(a_round: Round) -> Moment | None:
    """Return when voting in `a_round` closes, ready to be said."""
    at = a_round.closes_at
    return None if at is None else Moment(at, a_round.zone)


def menu_buttons(facts: Facts, now: datetime) -> tuple[Button, ...]:
    """Return what can be begun at `now`, at most three buttons."""
    buttons = [HAVE_PLAN] if facts.collecting(now) else []
    buttons += [WANT_VOTE] if facts.voting(now) else []
    return (*buttons, HOW_GOES)


def plan_row(plan: Plan) -> Say:
    """Return the line that names a plan: "21 – A bench under the trees"."""
    return Say(N_("%(plan)s – %(title)s"), {"plan": plan.number, "title": title(plan)})


def title(plan: Plan) -> Free | Local | Say:
    """Return a plan's title, in the reader's language where there are several.

    A plan that is only sound so far is called by what it is.
    """
    if not any(plan.title.values()):
        return Say(N_("Voice message"))
    if len(plan.title) == 1:
        return Free(pick_text(plan.title, ""))
    return Local(plan.title)


def theme_label(theme: Theme) -> Say:
    """Return a theme as a button says it: its icon and its name."""
    words = {"icon": Local({FALLBACK: theme.icon}), "theme": Local(theme.title)}
    return Say(N_("%(icon)s %(theme)s"), words)


def cost_row(cost: Money) -> Say:
    """Return what a plan costs, in whole euros."""
    return Say(N_("It costs %(amount)s."), {"amount": cost})


def note(says: list[Say], *buttons: Button) -> Reply:
    """Return a reply of these rows."""
    return Reply(tuple(says), buttons)
