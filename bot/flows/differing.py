"""*I disagree*, said anywhere: a person looks at it, and she knows before which day."""

from datetime import datetime

from bot.domain.effects import RaiseTask, TaskKind
from bot.domain.facts import Facts
from bot.domain.say import N_, Button, Free, Param, Reply, Say
from bot.flows.parts import answer_day
from bot.flows.state import Talk, TellingMore, Turn
from bot.flows.talks import at

DISAGREE = Button("disagree", Say(N_("I disagree")))


def disagree(talk: Talk, facts: Facts, now: datetime) -> Turn:
    """Ask a person to look at it with her, and let her say what she sees differently.

    What she was at is kept, as when she asks for a person.
    """
    plan = facts.about.plan if facts.about and facts.mine(facts.about.plan) else None
    says = (
        Say(N_("Thank you for telling us.")),
        Say(N_("A person will look at it with you.")),
        _promise(plan, facts, now),
        Say(N_("What do you see differently? Say it, or type it.")),
    )
    asked = at(talk, TellingMore(TaskKind.DISAGREE, plan))
    return Turn(asked, [Reply(says)], [RaiseTask(TaskKind.DISAGREE, plan)])


def _promise(plan: int | None, facts: Facts, now: datetime) -> Say:
    """Say who answers before which day: by telephone only where we have her number."""
    day = answer_day(facts, now)
    if not facts.shows_number:
        return Say(N_("You will hear from us before %(date)s."), {"date": day})
    mine = facts.mine(plan)
    if mine is None or not mine.contact:
        return Say(N_("A person will call you before %(date)s."), {"date": day})
    names: dict[str, Param] = {"contact": Free(mine.contact), "date": day}
    return Say(N_("%(contact)s will call you before %(date)s."), names)
